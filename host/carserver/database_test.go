package carserver

import (
	"path/filepath"
	"reflect"
	"testing"
)

// seen summarizes the response of GET /databases.
func (c *client) seen() map[string]any {
	c.tb.Helper()
	list := c.ok("GET", "/v2/databases", "")["databases"].([]any)
	d := list[0].(map[string]any)
	return map[string]any{
		"graph": d["graph_name"], "ready": d["is_ready"], "there": len(d["collections"].([]any)) > 0,
		"missing": len(d["missing_collections"].([]any)) > 0, "unindexed": len(d["collections_without_indexes"].([]any)) > 0,
	}
}

// complete completes the database as a client does.
func (c *client) complete() {
	c.tb.Helper()
	d := c.ok("GET", "/v2/databases", "")["databases"].([]any)[0].(map[string]any)
	if d["graph_name"] == "" {
		c.job("PATCH", "/v2/databases", `{"graph_name":"assets"}`)
	}
	if unindexed := d["collections_without_indexes"].([]any); len(unindexed) > 0 {
		c.job("PATCH", "/v2/databases", `{"collections_without_indexes":`+text(c.tb, unindexed)+`}`)
	}
}

func TestDatabaseStates(t *testing.T) {
	ready := map[string]any{"graph": "assets", "ready": true, "there": true, "missing": false, "unindexed": false}
	for _, test := range []struct {
		state DatabaseState
		want  map[string]any
		kept  bool // the data
	}{
		{DatabaseEmpty, map[string]any{"graph": "", "ready": false, "there": false, "missing": true, "unindexed": true}, false},
		{DatabaseWithoutGraph, map[string]any{"graph": "", "ready": false, "there": true, "missing": false, "unindexed": false}, true},
		{DatabaseWithoutIndexes, map[string]any{"graph": "assets", "ready": false, "there": true, "missing": false, "unindexed": true}, true},
		{DatabaseReady, ready, true},
	} {
		t.Run(string(test.state), func(t *testing.T) {
			c := start(t, Config{Prepared: true})
			c.load(`"asset":[{"external_id":"1","name":"a"}]`)
			if err := c.carsrv.SetDatabase(t.Context(), test.state); err != nil {
				t.Fatal(err)
			}
			if got := c.seen(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%v\nwant %v", got, test.want)
			}
			if test.state != DatabaseReady {
				c.refused("POST", "/v2/imports", envelope("s", ""), 400, "not ready")
				c.refused("POST", "/v2/source/s/full-import-in-progress", "", 400, "not ready")
			}
			c.complete()
			if got := c.seen(); !reflect.DeepEqual(got, ready) {
				t.Errorf("completed: %v", got)
			}
			if got := len(c.graph().Vertices) == 1; got != test.kept {
				t.Errorf("data kept: %v", got)
			}
			c.load("")
		})
	}
}

func TestDatabaseIsCreated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "car.db")
	c := start(t, Config{Path: path})
	c.refused("GET", "/v2/databases", "", 400, "not created")
	c.refused("POST", "/v2/imports", envelope("s", ""), 400, "not created")
	c.refused("PATCH", "/v2/databases", `{"graph_name":"assets"}`, 400, "not created")
	c.refused("PATCH", "/v2/source?key=s", `{"model_state_id":"1"}`, 400, "not created")
	c.refused("GET", "/v2/source/s", "", 404, "no source")
	c.refused("POST", "/v3/query", `{"query":"{asset{id}}"}`, 404, "not created")
	c.job("POST", "/v2/databases", "")
	if got := c.seen(); got["ready"] != true {
		t.Errorf("created: %v", got)
	}
	c.load(`"asset":[{"external_id":"1","name":"a"}]`)
	c.job("POST", "/v2/databases", "") // once more, as after a lost answer
	if g := c.graph(); len(g.Vertices) != 1 {
		t.Errorf("creating it again has removed the data: %v", g)
	}
	c.stop()
	c = start(t, Config{Path: path})
	if g := c.graph(); c.seen()["ready"] != true || len(g.Vertices) != 1 {
		t.Errorf("opened again: %v %v", c.seen(), g)
	}
	if err := c.carsrv.SetDatabase(t.Context(), DatabaseAbsent); err != nil {
		t.Fatal(err)
	}
	c.refused("GET", "/v2/databases", "", 400, "not created")
	if err := c.carsrv.SetDatabase(t.Context(), "odd"); err == nil {
		t.Error("an unknown state is accepted")
	}
}

func TestBusyDatabase(t *testing.T) {
	c := start(t, Config{Prepared: true})
	if err := c.carsrv.SetDatabase(t.Context(), DatabaseBusy); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"graph": "assets", "ready": false, "there": true, "missing": false, "unindexed": false}
	if got := c.seen(); !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	c.refused("POST", "/v2/imports", envelope("s", ""), 400, "not ready")
	if err := c.carsrv.SetDatabase(t.Context(), DatabaseReady); err != nil {
		t.Fatal(err)
	}
	c.load("")
}
