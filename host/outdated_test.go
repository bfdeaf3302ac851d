package host_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
)

// lax runs the connector without limits, which must succeed.
func (f *fixture) lax(c host.Connector, mode host.Mode) *host.Report {
	f.t.Helper()
	options := f.options()
	options.MaxSkipped, options.MaxDeletions = &host.Limit{Off: true}, &host.Limit{Off: true}
	r := host.Import(context.Background(), c, options)
	if r.ExitCode != 0 || r.Mode != mode {
		f.t.Fatalf("exit code %d, mode %s: %+v\n%s", r.ExitCode, r.Mode, r.Failure, f.log.String())
	}
	return r
}

// spoil makes some objects invalid, and others valid again.
func spoil(g graph, random *rand.Rand) graph {
	return changed(g, func(g graph) {
		for _, name := range []string{"asset", "vulnerability"} {
			for _, key := range sorted(g.vertices[name]) {
				switch random.IntN(6) {
				case 0:
					g.vertices[name][key] = object{"name": "n", "risk": 11.0, "base_score": "high"}
				case 1:
					g.vertices[name][key] = object{"name": fmt.Sprint(random.IntN(3))}
				}
			}
		}
		for _, ends := range sortedEnds(g.edges["asset_vulnerability"]) {
			switch random.IntN(6) {
			case 0:
				g.edges["asset_vulnerability"][ends] = object{"risk_score": "high"}
			case 1:
				g.edges["asset_vulnerability"][ends] = object{"risk_score": 3.0}
			}
		}
	})
}

// An object that becomes invalid stays in CAR as it was, with its edges, and that is told: once it
// is valid again, CAR has what a full import gives.
func TestInvalidObjectsAreKept(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 7))
			f := newFixture(t, carserver.Config{Prepared: true, PlainAddressIDs: seed%2 == 1})
			c := &tabular{states: []graph{office()}, strategy: plain}
			f.lax(c, host.ModeFull)
			for range 4 {
				valid := c.states[len(c.states)-1]
				before := f.graph()
				c.states = append(c.states, spoil(valid, random))
				c.at++
				r := f.lax(c, host.ModeIncremental)
				told := map[string]int{}
				for _, o := range r.Outdated {
					told[o.Collection] = o.Count
				}
				for name, count := range r.Collections {
					if count.Skipped != told[name] {
						t.Errorf("%d of %s skipped, and %d told", count.Skipped, name, told[name])
					}
				}
				if n := len(f.graph().Vertices) + len(f.graph().Edges); n != len(before.Vertices)+len(before.Edges) {
					t.Errorf("%d objects are left:\n%s", n, strings.Join(before.Diff(f.graph()), "\n"))
				}
				c.states = append(c.states, valid)
				c.at++
				if r := f.lax(c, host.ModeIncremental); len(r.Outdated) > 0 {
					t.Errorf("told although all is valid: %+v", r.Outdated)
				}
				f.sameAsFull(c)
			}
		})
	}
}

// What is invalid in one form and valid in another was reported, and stays.
func TestInvalidAndValid(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}}
	f.ok(c, host.ModeFull)
	before := f.graph()
	c.hooks = map[string]hook{
		"vertices": func(_ context.Context, run *host.Run) error {
			for _, o := range []object{{"name": "server", "business_value": 5.0}, {"name": "x", "risk": 11.0},
				{"name": "server", "business_value": 5.0}} {
				if err := addVertex(run, "asset", "2", o); err != nil {
					return err
				}
			}
			return addVertex(run, "asset", "never there", object{"risk": 11.0})
		},
		"edges": func(_ context.Context, run *host.Run) error {
			for _, o := range []object{{"risk_score": "x"}, {"risk_score": 3.0}, {"risk_score": "y"}} {
				draft, err := run.Submission().Link("asset_vulnerability", "2", "v1")
				if err != nil {
					return err
				}
				if err := push(draft, o); err != nil {
					return err
				}
			}
			return nil
		},
	}
	r := f.lax(c, host.ModeIncremental)
	if diff := before.Diff(f.graph()); len(diff) > 0 {
		t.Errorf("CAR changed:\n%s", strings.Join(diff, "\n"))
	}
	if len(r.Outdated) > 0 {
		t.Errorf("told: %+v", r.Outdated)
	}
}

// A CAR that does not answer queries ends no run because of this.
func TestInvalidObjectsWithoutQueries(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office(), changed(office(), func(g graph) {
		g.vertices["asset"]["1"] = object{"risk": 11.0}
	})}, strategy: plain}
	f.lax(c, host.ModeFull)
	c.at = 1
	f.fail(404, "POST query")
	if r := f.lax(c, host.ModeIncremental); len(r.Outdated) > 0 ||
		!strings.Contains(f.log.String(), "cannot tell which of the invalid objects CAR keeps") {
		t.Errorf("%+v\n%s", r.Outdated, f.log.String())
	}
}
