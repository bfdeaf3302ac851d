package carserver

import (
	"strings"
	"testing"
)

func TestSourceDocument(t *testing.T) {
	c := start(t, Config{Prepared: true})
	for _, step := range []struct{ method, path, body, want string }{
		{"PATCH", "/v2/source?key=s%3D1", `{"model_state_id":"96"}`, `{"_key":"s=1","model_state_id":"96"}`},
		{"POST", "/v2/imports", envelope("s=1", ""), `{"_key":"s=1","model_state_id":"96","name":"a source"}`},
		{"PATCH", "/v2/source/s%3D1", `{"description":"d","name":null}`, `{"_key":"s=1","description":"d","model_state_id":"96"}`},
		{"PATCH", "/v2/source?key=s%3D1", `{"model_state_id":""}`, `{"_key":"s=1","description":"d","model_state_id":""}`},
		{"PATCH", "/v2/source?key=s%3D1", `{}`, `{"_key":"s=1","description":"d","model_state_id":""}`},
		{"PATCH", "/v2/source?key=s%3D1", `{"source":{"name":"n"}}`, `{"_key":"s=1","description":"d","model_state_id":"","name":"n"}`},
	} {
		answer := c.ok(step.method, step.path, step.body)
		if id, ok := answer["id"].(string); ok {
			c.finished(id)
		}
		if got := text(t, c.ok("GET", "/v2/source/s=1", "")); got != step.want {
			t.Errorf("%s %s: %s\nwant %s", step.method, step.body, got, step.want)
		}
	}
}

func TestPatchVertex(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(`"database":[{"external_id":"1","name":"db","port":"5432"}],"hostname":[{"_key":"h"}]`)
	c.ok("PATCH", "/v2/database?external_id=1", `{"name":"neu","pending_update":true,"port":null}`)
	c.ok("PATCH", "/v2/hostname?external_id=h", `{"pending_update":1}`)
	want := Graph{Vertices: map[VertexID]string{
		{"database", "1"}: `{"name":"neu","pending_update":true}`,
		{"hostname", "h"}: `{"host_name":"h","pending_update":1}`,
	}}
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("%q", d)
	}
	if got := c.history("v_database", "doc, coalesce(_t2 >= _t1, 'now')"); len(got) != 2 || !strings.HasSuffix(got[0], " 1") {
		t.Errorf("history: %q", got)
	}

	c.loadAs("t", `"database":[{"external_id":"1","name":"of t"}]`)
	c.refused("PATCH", "/v2/database?external_id=1", `{"name":"x"}`, 409, "set source=")
	c.ok("PATCH", "/v2/database?external_id=1&source=t", `{"name":"x"}`)
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("the other source's: %q", d)
	}
	c.load(`"database":[{"external_id":"1","name":"db"}]`)
	want.Vertices[VertexID{"database", "1"}] = `{"name":"db"}`
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("reported again: %q", d)
	}
}

func TestPatchEdge(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(`"asset_vulnerability":[{"_from_external_id":"a/1","_to_external_id":"v,&","risk_score":5}]`)
	path := "/v2/asset_vulnerability?source=s&from=a%2F1&to=v%2C%26"
	c.ok("PATCH", path, `{"risk_score":7}`)
	want := Graph{Edges: map[EdgeID]string{{"asset_vulnerability", "a/1", "v,&", ""}: `{"risk_score":7}`}}
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("%q", d)
	}
	c.refused("PATCH", path, `{"active":"no"}`, 422, "must be a boolean, not a string")
	c.refused("PATCH", path, `{"active":null}`, 422, "must be a boolean, not null")
	c.refused("PATCH", path, `{"risk_score":"high"}`, 422, "risk_score must be a number")
	c.refused("PATCH", path, `{"source":"t"}`, 400, "no field")
	c.refused("PATCH", "/v2/asset_vulnerability?source=t&from=a%2F1&to=v%2C%26", `{"active":false}`, 404, "no such")
	c.ok("PATCH", path, `{"active":false,"risk_score":1}`)
	if g := c.graph(); len(g.Edges) != 0 {
		t.Errorf("%v", g)
	}
	c.ok("PATCH", path, `{"active":true}`)
	want.Edges[EdgeID{"asset_vulnerability", "a/1", "v,&", ""}] = `{"risk_score":1}`
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("%q", d)
	}
	c.ok("PATCH", path, `{"active":false}`)
	c.ok("PATCH", path, `{"active":false}`) // as after a lost answer
	c.refused("PATCH", path, `{"risk_score":2}`, 404, "no such")
	if got := text(t, c.ok("PATCH", path,
		`{"active":true,"risk_score":2}`)); got != `{"message":"asset_vulnerability was changed","success":true}` {
		t.Errorf("answer: %s", got)
	}
	want.Edges[EdgeID{"asset_vulnerability", "a/1", "v,&", ""}] = `{"risk_score":2}`
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("%q", d)
	}
}

func TestAttributeSearch(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(`"asset":[{"external_id":"1","name":"a","risk":3.0,"properties":{"b":1,"a":2}},{"external_id":"2","name":"a"}],
		"application":[{"external_id":"app","name":"x","is_os":true}],"ipaddress":[{"_key":"10.0.0.1"}],"hostname":[{"_key":"h"}],` + edges)
	c.loadAs("t", `"asset":[{"external_id":"1","name":"a"}]`)
	const edge = `[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1","asset_id":"s/1","ipaddress_id":"s/0/10.0.0.1","source":"s"}]`
	const address = `[{"_key":"10.0.0.1","external_id":"0/10.0.0.1","id":"s/0/10.0.0.1","name":"10.0.0.1","region_id":"0","source":"s"}]`
	for path, want := range map[string]string{
		"asset?name=a&source=s":                                  `[{"external_id":"1","id":"s/1","name":"a","properties":{"a":2,"b":1},"risk":3,"source":"s"},{"external_id":"2","id":"s/2","name":"a","source":"s"}]`,
		"asset?external_id=1&source=t":                           `[{"external_id":"1","id":"t/1","name":"a","source":"t"}]`,
		"asset?external_id=2":                                    `[{"external_id":"2","id":"s/2","name":"a","source":"s"}]`,
		"asset?risk=3.00":                                        `[{"external_id":"1","id":"s/1","name":"a","properties":{"a":2,"b":1},"risk":3,"source":"s"}]`,
		"asset?id=t/1":                                           `[{"external_id":"1","id":"t/1","name":"a","source":"t"}]`,
		"asset?id=1":                                             `[]`,
		"asset?name=A":                                           `[]`,
		"application?is_os=true":                                 `[{"external_id":"app","id":"s/app","is_os":true,"name":"x","source":"s"}]`,
		"ipaddress?_key=10.0.0.1":                                address,
		"ipaddress?name=10.0.0.1":                                address,
		"ipaddress?external_id=0/10.0.0.1":                       address,
		"ipaddress?external_id=1/10.0.0.1":                       `[]`,
		"ipaddress?id=s/0/10.0.0.1":                              address,
		"hostname?external_id=h":                                 `[{"_key":"h","external_id":"h","host_name":"h","id":"s/h","source":"s"}]`,
		"asset_ipaddress?source=s":                               edge,
		"asset_ipaddress?_to=ipaddress/10.0.0.1":                 edge,
		"asset_ipaddress?_to=0/10.0.0.1":                         edge,
		"asset_ipaddress?ipaddress_id=s/0/10.0.0.1&asset_id=s/1": edge,
		"asset_ipaddress?_from_external_id=2":                    `[]`,
	} {
		if status, got := c.do("GET", "/v2/"+path, ""); status != 200 || got != want {
			t.Errorf("%s: %d %s\nwant %s", path, status, got, want)
		}
	}
	older := start(t, Config{Prepared: true, ObjectSearch: true})
	if status, got := older.do("GET", "/v2/asset?name=a", ""); status != 200 || got != `{"related":[],"result":[]}` {
		t.Errorf("older: %d %s", status, got)
	}
}

func TestGraphDiff(t *testing.T) {
	before := Graph{
		Vertices: map[VertexID]string{{"asset", "1"}: `{"name":"a"}`, {"asset", "2"}: `{}`},
		Edges:    map[EdgeID]string{{"asset_ipaddress", "1", "x", ""}: `{}`},
	}
	after := Graph{Vertices: map[VertexID]string{{"asset", "1"}: `{"name":"b"}`, {"asset", "3"}: `{}`}}
	want := `~ asset/1 {"name":"a"} -> {"name":"b"}
- asset/2 {}
+ asset/3 {}
- asset_ipaddress/1 -> x {}`
	if got := strings.Join(before.Diff(after), "\n"); got != want {
		t.Errorf("%s", got)
	}
	if before.Equal(after) || !before.Equal(before) || len(before.Diff(before)) != 0 {
		t.Error("Equal and Diff disagree")
	}
}
