package inventory

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"carjs/host/model"
	"carjs/host/submit"
)

func TestRead(t *testing.T) {
	tests := []struct {
		name, source, collection string
		part                     Part
		answers                  []string
		asked, found             []string
	}{
		{
			"all vertices, page by page", "office", "rack", Part{},
			[]string{
				`{"w0":[{"id":"office/a","height":1},{"id":"office/b","height":null}]}`, `{"w0":[{"id":"office/c/d","height":2}]}`, `{"w0":[]}`,
			},
			[]string{
				`{ w0: rack(where: {_and: [{source: {_eq: "office"}}]}, order_by: [{id: asc}], limit: 1000) { id height properties } }`,
				`{ w0: rack(where: {_and: [{source: {_eq: "office"}}, {_or: [{_and: [{id: {_gt: "office/b"}}]}]}]}, ` +
					`order_by: [{id: asc}], limit: 1000) { id height properties } }`,
				`{ w0: rack(where: {_and: [{source: {_eq: "office"}}, {_or: [{_and: [{id: {_gt: "office/c/d"}}]}]}]}, ` +
					`order_by: [{id: asc}], limit: 1000) { id height properties } }`,
			},
			[]string{"a", "b", "c/d"},
		},
		{
			"all edges", "office", "asset_ipaddress", Part{},
			[]string{`{"w0":[{"asset_id":"office/1","ipaddress_id":"office/10.0.0.1"}]}`, `{"w0":[]}`},
			[]string{
				`{ w0: asset_ipaddress(where: {_and: [{source: {_eq: "office"}}, {active: {_eq: true}}]}, ` +
					`order_by: [{asset_id: asc}, {ipaddress_id: asc}], limit: 1000) { asset_id ipaddress_id external_id properties } }`,
				`{ w0: asset_ipaddress(where: {_and: [{source: {_eq: "office"}}, {active: {_eq: true}}, ` +
					`{_or: [{_and: [{asset_id: {_gt: "office/1"}}]}, ` +
					`{_and: [{asset_id: {_eq: "office/1"}}, {ipaddress_id: {_gt: "office/10.0.0.1"}}]}]}]}, ` +
					`order_by: [{asset_id: asc}, {ipaddress_id: asc}], limit: 1000) { asset_id ipaddress_id external_id properties } }`,
			},
			[]string{"1>10.0.0.1"},
		},
		{
			"as many vertices as were named need no second look", "office", "rack", Part{Keys: []string{"a", "", "b", "a"}},
			[]string{`{"w0":[{"id":"office/a"},{"id":"office/b"}]}`},
			[]string{`{ w0: rack(where: {_and: [{source: {_eq: "office"}}, {_or: [{id: {_in: ["office/a","office/b"]}}]}]}, ` +
				`order_by: [{id: asc}], limit: 1000) { id height properties } }`},
			[]string{"a", "b"},
		},
		{
			"edges at either end", "office", "rack_rack", Part{From: []string{"a"}, To: []string{"b"}},
			[]string{`{"w0":[{"from_rack_id":"office/a","to_rack_id":"office/b"}]}`, `{"w0":[]}`,
				`{"w0":[{"from_rack_id":"office/a","to_rack_id":"office/b"}]}`, `{"w0":[]}`},
			nil, []string{"a>b", "a>b"},
		},
		{"a part in which there is nothing", "office", "rack", Part{Keys: []string{}}, nil, []string{}, nil},
		{
			"quotes and signs of HTML in the source", `a"<b`, "rack", Part{Keys: []string{"é\n"}},
			[]string{`{"w0":[{"id":"a\"<b/é\n"}]}`},
			[]string{`{ w0: rack(where: {_and: [{source: {_eq: "a\"<b"}}, {_or: [{id: {_in: ["a\"<b/é\n"]}}]}]}, ` +
				`order_by: [{id: asc}], limit: 1000) { id height properties } }`},
			[]string{"é\n"},
		},
		{
			"contents that CAR does not show whole are not asked for", "office", "vulnerability", Part{Keys: []string{"v"}},
			[]string{`{"w0":[{"id":"office/v"}]}`},
			[]string{`{ w0: vulnerability(where: {_and: [{source: {_eq: "office"}}, {_or: [{id: {_in: ["office/v"]}}]}]}, ` +
				`order_by: [{id: asc}], limit: 1000) { id } }`},
			[]string{"v"},
		},
	}
	m := racks(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			car := &scripted{answers: test.answers}
			found, err := New(car, m, test.source).Read(context.Background(), collection(t, m, test.collection), test.part)
			if err != nil {
				t.Fatalf("%v after\n%s", err, strings.Join(car.asked, "\n"))
			}
			if test.asked != nil {
				equal(t, "asked", car.asked, test.asked)
			}
			equal(t, "found", names(found), test.found)
			if len(car.asked) != len(test.answers) {
				t.Errorf("%d queries for %d answers", len(car.asked), len(test.answers))
			}
		})
	}
}

// The content of a row is that of the object as a connector adds it, whatever CAR shows beside it.
func TestReadContents(t *testing.T) {
	m := racks(t)
	tests := []struct {
		collection string
		row        string
		object     map[string]any // nil: not comparable
	}{
		{"rack", `{"id":"s/1","height":12345678901234567,"external_id":"1"}`, map[string]any{"height": json.Number("12345678901234567")}},
		{"rack", `{"id":"s/1","height":null}`, map[string]any{}},
		{"hostname", `{"id":"s/h.example","name":"h.example","description":"d"}`,
			map[string]any{"_key": "h.example", "host_name": "h.example", "description": "d"}},
		{"rack_rack", `{"from_rack_id":"s/a","to_rack_id":"s/b","cable":"red"}`, map[string]any{"cable": "red", "active": true}},
		{"vulnerability", `{"id":"s/v"}`, nil},
	}
	for _, test := range tests {
		t.Run(test.row, func(t *testing.T) {
			c := collection(t, m, test.collection)
			car := &scripted{answers: []string{`{"w0":[` + test.row + `]}`, `{"w0":[]}`}}
			found, err := New(car, m, "s").Read(context.Background(), c, Part{})
			if err != nil || len(found) != 1 {
				t.Fatalf("%v, %v", found, err)
			}
			var want uint64
			if test.object != nil {
				want = submit.ContentHash(c, test.object)
			}
			if found[0].Content != want {
				t.Errorf("content %x, want %x; asked %s", found[0].Content, want, car.asked[0])
			}
		})
	}
}

// Keys that are too many for one condition are asked for in batches, in their order, each once.
func TestReadBatches(t *testing.T) {
	var keys []string
	for n := range 2*MaxKeys + 1 {
		keys = append(keys, fmt.Sprint(n), fmt.Sprint(n))
	}
	car := &scripted{answers: slices.Repeat([]string{`{"w0":[]}`}, 3)}
	m := racks(t)
	if _, err := New(car, m, "s").Read(context.Background(), collection(t, m, "rack"), Part{Keys: keys}); err != nil {
		t.Fatal(err)
	}
	for n, first := range []int{0, MaxKeys, 2 * MaxKeys} {
		if want := fmt.Sprintf(`{id: {_in: ["s/%d"`, first); !strings.Contains(car.asked[n], want) {
			t.Errorf("query %d does not begin at %s", n, want)
		}
		if count := strings.Count(car.asked[n], `"s/`); count > MaxKeys {
			t.Errorf("query %d has %d ids", n, count)
		}
	}
}

// Edges name vertices that are keyed by _key as collection/key; ids are made of the key alone.
func TestEndsAreKeys(t *testing.T) {
	for end, id := range map[string]string{"ipaddress/10.0.0.1": "s/10.0.0.1", "10.0.0.1": "s/10.0.0.1"} {
		car := &scripted{answers: []string{`{"w0":[]}`}}
		m := model.CAR()
		if _, err := New(car, m, "s").Read(context.Background(), collection(t, m, "asset_ipaddress"), Part{To: []string{end}}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(car.asked[0], `{ipaddress_id: {_in: ["`+id+`"]}}`) {
			t.Errorf("%s: %s", end, car.asked[0])
		}
	}
	car := &scripted{answers: []string{`{"w0":[]}`}}
	m := model.CAR()
	part := Part{From: []string{"asset/1"}} // an external id may look like that
	if _, err := New(car, m, "s").Read(context.Background(), collection(t, m, "asset_ipaddress"), part); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(car.asked[0], `{asset_id: {_in: ["s/asset/1"]}}`) {
		t.Error(car.asked[0])
	}
}
