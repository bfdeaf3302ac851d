package host_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/failure"
	"carjs/host/model"
)

// importing runs what a connector does in an incremental import, on a CAR that has the office.
func importing(t *testing.T, step string, do hook) (*fixture, *host.Report) {
	t.Helper()
	f := ready(t)
	c := &tabular{states: []graph{office()}}
	f.ok(c, host.ModeFull)
	f.sequence()
	c.hooks = map[string]hook{step: do}
	return f, f.run(c)
}

func TestReplaceSendsDifferences(t *testing.T) {
	f, r := importing(t, "vertices", func(ctx context.Context, run *host.Run) error {
		if err := run.Replace(ctx, "asset", host.Scope{}); err != nil {
			return err
		}
		if err := run.Replace(ctx, "asset_ipaddress", host.Scope{To: []string{"ipaddress/10.0.0.1", "10.0.0.2"}}); err != nil {
			return err
		}
		if err := addVertex(run, "asset", "2", office().vertices["asset"]["2"]); err != nil { // as it was
			return err
		}
		if err := addVertex(run, "asset", "3", object{"name": "new"}); err != nil {
			return err
		}
		draft, err := run.Submission().Link("asset_ipaddress", "2", "10.0.0.1")
		if err != nil {
			return err
		}
		_, err = draft.Commit()
		return err
	})
	if r.ExitCode != 0 {
		t.Fatal(r.Failure)
	}
	if c := r.Collections["asset"]; c.Sent != 1 || c.Unchanged != 1 || c.Deleted != 1 {
		t.Errorf("asset: %+v", c)
	}
	if c := r.Collections["asset_ipaddress"]; c.Sent != 1 || c.Deleted != 2 {
		t.Errorf("asset_ipaddress: %+v", c)
	}
	var got []string
	for id := range f.graph().Edges {
		got = append(got, id.String())
	}
	if all := strings.Join(got, "\n"); strings.Contains(all, "asset_ipaddress/1") || !strings.Contains(all, "asset_ipaddress/2 -> 10.0.0.1") {
		t.Errorf("edges:\n%s", all)
	}
}

// An empty part is a part in which there is nothing: no limit at all would delete everything.
func TestReplaceEmptyScope(t *testing.T) {
	f, r := importing(t, "vertices", func(ctx context.Context, run *host.Run) error {
		if err := run.Replace(ctx, "asset_ipaddress", host.Scope{From: []string{}}); err != nil {
			return err
		}
		return run.Replace(ctx, "asset", host.Scope{Keys: []string{}})
	})
	if r.ExitCode != 0 || len(r.Collections) > 0 {
		t.Errorf("%+v %+v", r.Failure, r.Collections)
	}
	for _, request := range f.sequence() {
		if request == "POST query" {
			t.Error("CAR was asked for nothing")
		}
	}
}

func TestReplaceMistakes(t *testing.T) {
	tests := []struct {
		name, collection string
		scope            host.Scope
		message          string
	}{
		{"unknown", "asett", host.Scope{}, `no collection "asett"`},
		{"ends of a vertex", "asset", host.Scope{From: []string{"1"}}, "asset: it is a vertex collection"},
		{"keys of an edge", "asset_ipaddress", host.Scope{Keys: []string{"1"}}, "asset_ipaddress: it is an edge collection"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, r := importing(t, "vertices", func(ctx context.Context, run *host.Run) error {
				return run.Replace(ctx, test.collection, test.scope)
			})
			if r.ExitCode != 1 || !strings.Contains(r.Failure.Message, test.message) || r.Failure.Hint == "" {
				t.Errorf("%+v", r.Failure)
			}
		})
	}
	t.Run("outside an import", func(t *testing.T) {
		_, r := importing(t, "start", func(ctx context.Context, run *host.Run) error {
			if err := run.SendEdges(ctx); err == nil {
				t.Error("edges were sent")
			}
			if err := run.SendVertices(ctx); err == nil {
				t.Error("vertices were sent")
			}
			return run.Replace(ctx, "asset", host.Scope{})
		})
		if r.ExitCode != 1 || !strings.Contains(r.Failure.Message, "no import is under way") {
			t.Errorf("%+v", r.Failure)
		}
	})
	t.Run("too late", func(t *testing.T) {
		_, r := importing(t, "vertices", func(ctx context.Context, run *host.Run) error {
			if err := addVertex(run, "asset", "1", object{"name": "x"}); err != nil {
				return err
			}
			return run.Replace(ctx, "asset", host.Scope{})
		})
		if r.ExitCode != 1 || !strings.Contains(r.Failure.Message, "cannot replace objects of asset") {
			t.Errorf("%+v", r.Failure)
		}
	})
}

// What is replaced cannot be deleted by hand before it was added; at the end it can.
func TestDeleteWhileReplaced(t *testing.T) {
	_, r := importing(t, "vertices", func(ctx context.Context, run *host.Run) error {
		if err := run.Replace(ctx, "asset", host.Scope{Keys: []string{"1"}}); err != nil {
			return err
		}
		return run.Service().Delete(ctx, "asset", []string{"1"})
	})
	if r.ExitCode != 1 || !strings.Contains(r.Failure.Message, `replaces("asset") is active`) {
		t.Errorf("%+v", r.Failure)
	}
	f, r := importing(t, "delete", func(ctx context.Context, run *host.Run) error {
		return run.Service().Delete(ctx, "asset", []string{"1"})
	})
	if r.ExitCode != 0 {
		t.Fatal(r.Failure)
	}
	equalLines(t, f.sequence(), []string{"GET databases", "GET source", "GET importSchema", "POST query", "POST query", "POST query",
		"PATCH asset_ipaddress", "DELETE source/asset external_ids=1", `PATCH source {"model_state_id":"0"}`})
}

// In a full import CAR retires what is not reported by itself.
func TestReplaceInFullImport(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}, hooks: map[string]hook{"vertices": func(ctx context.Context, run *host.Run) error {
		return run.Replace(ctx, "asset", host.Scope{})
	}}}
	f.ok(c, host.ModeFull)
	before, _, _ := strings.Cut(strings.Join(f.sequence(), "\n"), "POST imports asset_")
	if strings.Contains(before, "POST query") {
		t.Error("CAR was asked what it has")
	}
}

func TestDelete(t *testing.T) {
	f, r := importing(t, "delete", func(ctx context.Context, run *host.Run) error {
		if err := run.Service().Delete(ctx, "asset", nil); err != nil {
			return err
		}
		return run.Service().Delete(ctx, "ipaddress", []string{"10.0.0.2", "", "10.0.0.2", "10"})
	})
	if r.ExitCode != 0 {
		t.Fatal(r.Failure)
	}
	if n := r.Collections["ipaddress"].Deleted; n != 1 {
		t.Errorf("%d vertices deleted", n)
	}
	if r.Collections["asset_ipaddress"].Deleted != 1 || r.Collections["ipaddress_hostname"].Deleted != 1 {
		t.Errorf("edges: %+v", r.Collections)
	}
	if !strings.Contains(f.log.String(), "check that their ids are the keys") {
		t.Error("the log does not say that 10 is no address")
	}
	for id := range f.graph().Edges {
		if strings.Contains(id.String(), "10.0.0.2") {
			t.Errorf("%s points at nothing", id)
		}
	}
}

func TestDeleteMistakes(t *testing.T) {
	for collection, message := range map[string]string{"asett": "no such vertex collection", "asset_ipaddress": "it is an edge collection"} {
		_, r := importing(t, "delete", func(ctx context.Context, run *host.Run) error {
			return run.Service().Delete(ctx, collection, []string{"1"})
		})
		if r.ExitCode != 1 || !strings.Contains(r.Failure.Message, message) {
			t.Errorf("%s: %+v", collection, r.Failure)
		}
	}
}

// Many objects are read page by page and written page by page, none is lost or sent again, and the
// edges are deactivated a few at a time.
func TestManyObjects(t *testing.T) {
	const n = 2300
	many := graph{
		vertices: map[string]map[string]object{"asset": {}, "ipaddress": {}},
		edges:    map[string]map[[2]string]object{"asset_ipaddress": {}},
	}
	for i := range n {
		key, address := fmt.Sprint(i), fmt.Sprintf("10.0.%d.%d", i/250, i%250)
		many.vertices["asset"][key] = object{"name": key}
		many.vertices["ipaddress"][address] = object{}
		many.edges["asset_ipaddress"][[2]string{key, address}] = object{}
	}
	fewer := changed(many, func(g graph) {
		for i := range 450 {
			remove(g, "asset", fmt.Sprint(i))
		}
		g.vertices["asset"]["1000"] = object{"name": "renamed"}
	})
	f := ready(t)
	c := &tabular{states: []graph{many, fewer}, strategy: wholes}
	f.ok(c, host.ModeFull)
	c.at = 1
	var now, most atomic.Int64
	f.setFault(func(w http.ResponseWriter, r *http.Request, request string) bool {
		if !strings.HasPrefix(request, "PATCH asset_") {
			return false
		}
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		f.car.Handler().ServeHTTP(w, r)
		return true
	})
	r := f.ok(c, host.ModeIncremental)
	if got := r.Collections["asset"]; got.Sent != 1 || got.Unchanged != n-451 || got.Deleted != 450 {
		t.Errorf("asset: %+v", got)
	}
	if got := r.Collections["asset_ipaddress"]; got.Sent != 0 || got.Unchanged != n-450 || got.Deleted != 450 {
		t.Errorf("asset_ipaddress: %+v", got)
	}
	if most.Load() > 4 {
		t.Errorf("%d edges were deactivated at the same time", most.Load())
	}
	f.heal()
	f.sameAsFull(c)
}

// An extension may join a collection to itself and have properties with the names of CAR's own.
func TestReplaceOfExtension(t *testing.T) {
	extension := &model.Extension{
		Key: "0d1f3c1e-5f0e-4a73-8f0e-2f6d8e1f9a12", Owner: "office", Version: "1",
		Schema: model.ExtensionSchema{
			Vertices: []model.ExtensionVertex{{Name: "rack",
				Properties: map[string]model.ExtensionProperty{"height": {Type: "integer"}, "report": {Type: "text"}}}},
			Edges: []model.ExtensionEdge{{End1: "rack", End2: "rack", Properties: map[string]model.ExtensionProperty{"cable": {Type: "text"}}}},
		},
	}
	first := graph{
		vertices: map[string]map[string]object{"rack": {"a": {"height": 42.0, "report": "x"}, "b": {"height": 21.0}, "c": {}}},
		edges:    map[string]map[[2]string]object{"rack_rack": {{"a", "b"}: {"cable": "red"}, {"b", "a"}: {}, {"b", "c"}: {}}},
	}
	for _, strategy := range []strategy{wholes, parts, deltas} {
		f := ready(t)
		c := &tabular{extension: extension, strategy: strategy, states: []graph{first, changed(first, func(g graph) {
			g.vertices["rack"]["a"] = object{"height": 42.0}
			remove(g, "rack", "c")
			delete(g.edges["rack_rack"], [2]string{"b", "a"})
		})}}
		remove(c.states[1], "rack", "c")
		delete(c.states[1].edges["rack_rack"], [2]string{"b", "c"})
		f.ok(c, host.ModeFull)
		c.at = 1
		f.ok(c, host.ModeIncremental)
		f.sameAsFull(c)
	}
}

func TestService(t *testing.T) {
	f, r := importing(t, "delete", func(ctx context.Context, run *host.Run) error {
		s := run.Service()
		if err := s.PatchEdge(ctx, "asset_ipaddress", "1", "10.0.0.1", map[string]any{"active": false}); err != nil {
			return err
		}
		if err := s.PatchVertex(ctx, "asset", "1", map[string]any{"name": "table"}); err != nil {
			return err
		}
		found, err := s.SearchCollection(ctx, "asset", "source", run.Source(), []string{"external_id", "name"})
		if err != nil || len(found) != 2 {
			return fmt.Errorf("search: %v, %w", found, err)
		}
		for range 2 {
			if _, err := s.GraphAttributeSearch(ctx, "asset", "external_id", "1"); err != nil {
				return err
			}
		}
		data, err := s.QueryGraphQL(ctx, `{ asset(where: {external_id: {_eq: "1"}}) { name } }`, nil)
		if err != nil || string(data) != `{"asset":[{"name":"table"}]}` {
			return fmt.Errorf("query: %s, %w", data, err)
		}
		if schema, err := s.ImportSchema(ctx); err != nil || !strings.Contains(string(schema), `"asset"`) {
			return fmt.Errorf("import schema: %s, %w", schema, err)
		}
		if point, err := s.SavePoint(ctx); err != nil || point != "0" {
			return fmt.Errorf("save point %q, %w", point, err)
		}
		return nil
	})
	if r.ExitCode != 0 {
		t.Fatalf("%+v", r.Failure)
	}
	if n := r.Collections["asset_ipaddress"].Deleted; n != 1 {
		t.Errorf("%d edges deactivated", n)
	}
	if n := strings.Count(f.log.String(), "deprecated"); n != 1 {
		t.Errorf("%d warnings about the older search", n)
	}
}

// A failure of CAR keeps its kind on its way through a connector.
func TestServiceFailureKeepsItsKind(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}, hooks: map[string]hook{"vertices": func(ctx context.Context, run *host.Run) error {
		if _, err := run.Service().SavePoint(ctx); err != nil {
			return locatedError{fmt.Errorf("rethrown: %w", err)}
		}
		return nil
	}}}
	asked := 0
	f.setFault(func(w http.ResponseWriter, _ *http.Request, request string) bool {
		if request != "GET source" {
			return false
		}
		if asked++; asked == 1 {
			return false // the session's own question
		}
		http.Error(w, "{}", http.StatusUnauthorized)
		return true
	})
	r := f.run(c)
	if r.ExitCode != 10 || r.Failure.Kind != failure.Recoverable || r.Failure.At != "src/main.ts:7:8" {
		t.Errorf("%+v", r.Failure)
	}
}

// An edge is switched off by its ends in every form, whatever form the ids of addresses have.
func TestPatchEdgeNamesItsEnds(t *testing.T) {
	for _, plain := range []bool{false, true} {
		for _, address := range []string{"10.0.0.1", "ipaddress/10.0.0.1", "0/10.0.0.1"} {
			f := newFixture(t, carserver.Config{Prepared: true, PlainAddressIDs: plain})
			c := &tabular{states: []graph{office()}}
			f.ok(c, host.ModeFull)
			var asked string
			f.setFault(func(_ http.ResponseWriter, r *http.Request, request string) bool {
				if request == "PATCH asset_ipaddress" {
					asked = r.URL.Query().Get("to")
				}
				return false
			})
			c.hooks = map[string]hook{"delete": func(ctx context.Context, run *host.Run) error {
				return run.Service().PatchEdge(ctx, "asset_ipaddress", "1", address, map[string]any{"active": false})
			}}
			f.ok(c, host.ModeIncremental)
			want := map[bool]string{false: "0/10.0.0.1", true: "10.0.0.1"}[plain]
			if _, there := f.graph().Edges[carserver.EdgeID{Collection: "asset_ipaddress", From: "1", To: "10.0.0.1"}]; there || asked != want {
				t.Errorf("plain %t, %s: asked for %s; there: %t", plain, address, asked, there)
			}
		}
	}
}
