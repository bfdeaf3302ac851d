package host_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/submit"
)

// withEdges is the office with edges from its assets to vulnerabilities.
func withEdges(g graph, ends ...[2]string) graph {
	return changed(g, func(g graph) {
		for _, e := range ends {
			g.edges["asset_vulnerability"][e] = object{}
		}
	})
}

func (f *fixture) edge(from, to string) bool {
	f.t.Helper()
	_, there := f.graph().Edges[carserver.EdgeID{Collection: "asset_vulnerability", From: from, To: to}]
	return there
}

// An edge at a vertex that is nowhere is told and left out of every import, and comes with its
// vertex.
func TestDanglingEdges(t *testing.T) {
	for strategy, name := range map[strategy]string{wholes: "wholes", parts: "parts", deltas: "deltas"} {
		t.Run(name, func(t *testing.T) {
			f := ready(t)
			with := withEdges(office(), [2]string{"1", "v2"}, [2]string{"nobody", "v2"})
			c := &tabular{strategy: strategy, states: []graph{
				with,
				withEdges(with, [2]string{"2", "v3"}, [2]string{"1", "v1"}), // v1 is in CAR alone
				changed(with, func(g graph) {
					g.vertices["vulnerability"]["v2"] = object{"name": "late"}
					g.edges["asset_vulnerability"][[2]string{"1", "v2"}] = object{"risk_score": 1.0}
				}),
			}}
			r := f.ok(c, host.ModeFull)
			want := []submit.Dangling{
				{
					Collection: "asset_vulnerability", End: "to", Vertex: "vulnerability", Reason: submit.NotAdded,
					Count: 2, FirstKey: "v2", FirstEdge: "1 → v2",
				},
				{
					Collection: "asset_vulnerability", End: "from", Vertex: "asset", Reason: submit.NotAdded, Count: 1,
					FirstKey: "nobody", FirstEdge: "nobody → v2",
				},
			}
			if diff := cmp.Diff(want, r.Dangling); diff != "" {
				t.Error(diff)
			}
			if got := r.Collections["asset_vulnerability"]; got != (submit.Count{Sent: 1, Dangling: 2}) {
				t.Errorf("counts %+v", got)
			}
			if log := f.log.String(); strings.Count(log, "with a missing end") != 2 || !strings.Contains(log, "[WARN]") {
				t.Errorf("log:\n%s", log)
			}
			f.sequence()
			for c.at = 1; c.at < 3; c.at++ {
				f.ok(c, host.ModeIncremental)
				f.sameAsFull(c)
			}
			if !f.edge("1", "v2") || f.edge("nobody", "v2") {
				t.Errorf("edges: %v", f.graph().Edges)
			}
		})
	}
}

// An edge that CAR was sent in spite of its missing vertex ends when it is reported again without
// it.
func TestKeepDangling(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{withEdges(office(), [2]string{"1", "v2"}), withEdges(office(), [2]string{"1", "v2"}, [2]string{"1", "v1"})}}
	options := f.options()
	options.KeepDangling = true
	if r := host.Import(context.Background(), c, options); r.ExitCode != 0 || len(r.Dangling) != 0 || !f.edge("1", "v2") {
		t.Fatalf("exit code %d, %+v, the edge is in CAR: %v", r.ExitCode, r.Dangling, f.edge("1", "v2"))
	}
	c.at = 1
	if r := host.Import(context.Background(), c, options); r.Collections["asset_vulnerability"].Unchanged != 2 || !f.edge("1", "v2") {
		t.Errorf("kept again: %+v", r.Collections)
	}
	c.at = 0
	if r := f.ok(c, host.ModeIncremental); len(r.Dangling) != 1 || f.edge("1", "v2") {
		t.Errorf("%+v, the edge is in CAR: %v", r.Dangling, f.edge("1", "v2"))
	}
	f.sameAsFull(c)
}

// Where CAR does not say which vertices it has, edges at them are sent; where the question fails,
// so does the run.
func TestNoAnswerAboutEnds(t *testing.T) {
	for status, want := range map[int]int{http.StatusOK: 0, http.StatusNotFound: 0, http.StatusForbidden: 10} {
		f := ready(t)
		c := &tabular{states: []graph{office()}}
		f.ok(c, host.ModeFull)
		c.hooks = map[string]hook{"edges": func(_ context.Context, run *host.Run) error {
			for _, to := range []string{"v1", "v2"} {
				draft, err := run.Submission().Link("asset_vulnerability", "1", to)
				if err != nil {
					return err
				}
				if _, err := draft.Commit(); err != nil {
					return err
				}
			}
			return nil
		}}
		if status != http.StatusOK {
			f.fail(status, "POST query")
		}
		r := f.run(c)
		f.heal()
		if r.ExitCode != want || f.edge("1", "v1") != (want == 0) || f.edge("1", "v2") != (status == http.StatusNotFound) {
			t.Errorf("%d: exit code %d, edges %v, %+v", status, r.ExitCode, f.graph().Edges, r.Failure)
		}
	}
}
