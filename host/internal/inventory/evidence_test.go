package inventory

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"carjs/host/model"
	"carjs/host/submit"
)

// An edge keeps the vertex at each of its ends, be it the beginning or the end, and in a collection
// that is joined to itself both.
func TestUnlinked(t *testing.T) {
	m := racks(t)
	edge := func(name, from, to string) Edges {
		return Edges{Collection: collection(t, m, name), Edges: []submit.Existing{{From: from, To: to}}}
	}
	for _, c := range []struct {
		name  string
		of    string
		edges []Edges
		want  []string
	}{
		{"no edges", "ipaddress", nil, []string{"a", "b", "c"}},
		{"an incoming edge", "ipaddress", []Edges{edge("asset_ipaddress", "x", "b")}, []string{"a", "c"}},
		{"an outgoing edge", "asset", []Edges{edge("asset_ipaddress", "b", "x")}, []string{"a", "c"}},
		{"another vertex of the same name", "asset", []Edges{edge("asset_ipaddress", "x", "a")}, []string{"a", "b", "c"}},
		{"both ends", "rack", []Edges{edge("rack_rack", "a", "c")}, []string{"b"}},
		{"several collections", "asset", []Edges{edge("asset_ipaddress", "a", "x"), edge("asset_hostname", "c", "y")}, []string{"b"}},
	} {
		n := Neighborhood{Collection: collection(t, m, c.of), Keys: []string{"a", "b", "c"}, Edges: c.edges}
		equal(t, c.name, n.Unlinked(), c.want)
		equal(t, c.name+": the keys stay", n.Keys, []string{"a", "b", "c"})
	}
	equal(t, "distinct", Distinct([]string{"", "b", "a", "b", "", "a", "c"}), []string{"b", "a", "c"})
	equal(t, "none", Distinct([]string{"", ""}), nil)
}

// joined is a CAR that has an edge and all vertices that it is asked for by a key of one letter.
type joined struct {
	edge  string
	shown map[string]bool
}

func (j *joined) Query(_ context.Context, query string, _ map[string]any) (json.RawMessage, error) {
	rows := j.edge
	if !strings.Contains(query, "rack_rack(") {
		_, key, _ := strings.Cut(query, `external_id: {_in: ["`)
		rows = fmt.Sprintf(`{"id":"s/%[1]c","external_id":"%[1]c"}`, key[0])
	}
	if j.shown[rows] { // there are no more
		rows = ""
	}
	if j.shown == nil {
		j.shown = map[string]bool{}
	}
	j.shown[rows] = true
	return json.RawMessage(`{"w0":[` + rows + `]}`), nil
}

// What CAR accepted is looked for as it was posted: an object is missing if no row is it, or if the
// row says something else.
func TestMissing(t *testing.T) {
	m := racks(t)
	rack := func(row string) []string { return []string{`{"w0":[` + row + `]}`, `{"w0":[]}`} }
	const cable = `{"from_rack_id":"s/a","from_rack":[{"external_id":"a"}],"to_rack_id":"s/b","to_rack":[{"external_id":"b"}],"cable":"red"}`
	for _, c := range []struct {
		name, collection string
		object           map[string]any
		answers          []string
		want             string
	}{
		{"there", "rack", map[string]any{"external_id": "a", "height": 2}, rack(`{"id":"s/a","external_id":"a","height":2}`), ""},
		{"not there", "rack", map[string]any{"external_id": "a", "height": 2}, []string{`{"w0":[]}`}, "rack a"},
		{"another value", "rack", map[string]any{"external_id": "a", "height": 2}, rack(`{"id":"s/a","external_id":"a","height":3}`), "rack a"},
		{"a value that is null counts for nothing", "rack", map[string]any{"external_id": "a", "height": nil},
			rack(`{"id":"s/a","external_id":"a","height":3}`), ""},
		{"an edge", "rack_rack", map[string]any{"from": "rack/a", "to": "rack/b", "cable": "red", "active": true}, rack(cable), ""},
		{"an edge between others", "rack_rack", map[string]any{"from": "rack/a", "to": "rack/c", "cable": "red"}, rack(cable), "rack_rack a → c"},
		{"an edge from another", "rack_rack", map[string]any{"from": "rack/c", "to": "rack/b", "cable": "red"}, rack(cable), "rack_rack c → b"},
		{"an edge with another value", "rack_rack", map[string]any{"from": "rack/a", "to": "rack/b", "cable": "blue"}, rack(cable), "rack_rack a → b"},
		{"a deactivated edge is not asked for", "rack_rack", map[string]any{"from": "rack/a", "to": "rack/b", "active": false}, nil, ""},
	} {
		col := collection(t, m, c.collection)
		object := map[string]any{}
		for name, value := range c.object { // by whatever names the model has for the ends
			switch {
			case name == "from" && col.Kind == model.Edge:
				name = col.FromProperty()
			case name == "to" && col.Kind == model.Edge:
				name = col.ToProperty()
			}
			object[name] = value
		}
		car := &scripted{answers: c.answers}
		if col.Kind == model.Edge && c.answers != nil {
			got, err := New(&joined{edge: cable}, m, "s").Missing(context.Background(), col, []map[string]any{object})
			if err != nil || got != c.want {
				t.Errorf("%s: %q, %v", c.name, got, err)
			}
			continue
		}
		got, err := New(car, m, "s").Missing(context.Background(), col, []map[string]any{object})
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v\n%s", c.name, got, err, car.asked)
		}
	}
	if got := firstText(map[string]any{"a": "", "b": nil, "c": 7}, "x", "a", "b", "c"); got != "7" {
		t.Error(got)
	}
	if got := firstText(map[string]any{}, "x"); got != "" {
		t.Error(got)
	}
}
