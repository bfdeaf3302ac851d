package carserver

import (
	"strings"
	"testing"
)

// Edges between the same two vertices are distinguished by their external ids; one of them may have
// none.
func TestEdgesBetweenTheSameVertices(t *testing.T) {
	c := start(t, Config{Prepared: true})
	shown := func(when, want string) {
		t.Helper()
		got := c.answer(`{asset_vulnerability(order_by:{external_id:asc}){external_id risk_score}}`)
		if got != `{"asset_vulnerability":[`+want+`]}` {
			t.Errorf("%s: %s\nwant %s", when, got, want)
		}
	}
	c.load(`"asset":[{"external_id":"a","name":"a"}],"vulnerability":[{"external_id":"v","name":"v"}],"asset_vulnerability":[
		{"_from_external_id":"a","_to_external_id":"v","external_id":"e1","risk_score":1},
		{"_from_external_id":"a","_to_external_id":"v","external_id":"e2","risk_score":2},
		{"_from_external_id":"a","_to_external_id":"v","risk_score":3},
		{"_from_external_id":"a","_to_external_id":"v","external_id":"","risk_score":4}]`)
	const all = `{"external_id":"","risk_score":4},{"external_id":"e1","risk_score":1},{"external_id":"e2","risk_score":2}`
	shown("imported", all)
	c.graphIs("imported", "asset/a, asset_vulnerability/a -> v, asset_vulnerability/a -> v (e1), "+
		"asset_vulnerability/a -> v (e2), vulnerability/v")
	if counts, err := c.carsrv.Counts(t.Context(), "s"); err != nil || counts["asset_vulnerability"] != 3 {
		t.Errorf("counts: %v, %v", counts, err)
	}
	if got := c.answer(`{asset{vulnerabilities{external_id vulnerability{name}}}}`); strings.Count(got, `{"name":"v"}`) != 3 {
		t.Errorf("nested: %s", got)
	}
	if _, got := c.do("GET", "/v2/asset/a/graph", ""); strings.Count(got, `"vulnerability_id"`) != 3 {
		t.Errorf("around: %s", got)
	}

	// An import changes and ends one of them by its external id.
	c.load(`"asset_vulnerability":[{"_from_external_id":"a","_to_external_id":"v","external_id":"e1","risk_score":5},
		{"_from_external_id":"a","_to_external_id":"v","external_id":"e2","active":false}]`)
	shown("changed", `{"external_id":"","risk_score":4},{"external_id":"e1","risk_score":5}`)

	// A PATCH changes all of them, or the one with external_id=.
	path := "/v2/asset_vulnerability?source=s&from=a&to=v"
	c.ok("PATCH", path, `{"risk_score":6}`)
	c.ok("PATCH", path+"&external_id=e1", `{"risk_score":7}`)
	shown("patched", `{"external_id":"","risk_score":6},{"external_id":"e1","risk_score":7}`)
	c.refused("PATCH", path, `{"external_id":"e3"}`, 409, "several edges of asset_vulnerability join these vertices: set external_id=")
	c.refused("PATCH", path+"&external_id=e1", `{"external_id":""}`, 409,
		"another edge of asset_vulnerability between these vertices has this external_id")
	c.refused("PATCH", path+"&external_id=e9", `{"risk_score":1}`, 404, "there is no such asset_vulnerability")
	c.ok("PATCH", path+"&external_id=e1", `{"external_id":"e3"}`)
	shown("renamed", `{"external_id":"","risk_score":6},{"external_id":"e3","risk_score":7}`)
	c.ok("PATCH", path+"&external_id=", `{"active":false}`)
	shown("one is switched off", `{"external_id":"e3","risk_score":7}`)
	c.ok("PATCH", path+"&external_id=e2", `{"active":true}`)
	shown("one is switched on", `{"external_id":"e2","risk_score":2},{"external_id":"e3","risk_score":7}`)
	c.ok("PATCH", path, `{"active":false}`)
	shown("all are switched off", ``)

	// A full import retires those that it does not report.
	c.load(`"asset_vulnerability":[{"_from_external_id":"a","_to_external_id":"v","external_id":"e1"},
		{"_from_external_id":"a","_to_external_id":"v","external_id":"e2"}]`)
	c.job("POST", full, "")
	c.load(`"asset":[{"external_id":"a","name":"a"}],"vulnerability":[{"external_id":"v","name":"v"}],
		"asset_vulnerability":[{"_from_external_id":"a","_to_external_id":"v","external_id":"e2"}]`)
	c.job("DELETE", full, "")
	shown("retired", `{"external_id":"e2","risk_score":null}`)
	c.load(`"asset_vulnerability":[{"_from_external_id":"a","_to_external_id":"v"},
		{"_from_external_id":"a","_to_external_id":"v","external_id":"e1"}]`)
	c.load(`"asset_vulnerability":[{"_from_external_id":"a","_to_external_id":"v","active":false}]`)
	shown("an import without external id switches all off", ``)
	c.load(`"asset_vulnerability":[{"_from_external_id":"a","_to_external_id":"v"},
		{"_from_external_id":"a","_to_external_id":"v","external_id":"e1"}]`)
	c.ok("DELETE", "/v2/source/s/vulnerability?external_ids=v", "")
	shown("the vertex is deleted", ``)
}
