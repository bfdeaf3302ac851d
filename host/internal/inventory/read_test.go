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
	const cable = `{"w0":[{"from_rack_id":"office/a","from_rack":[{"external_id":"a"}],"to_rack_id":"office/b",
		"to_rack":[{"external_id":"b"}],"cable":"red","external_id":null,"properties":null}]}`
	tests := []struct {
		name, source, collection string
		part                     Part
		answers                  []string
		asked, found             []string
	}{
		{
			"all vertices, page by page", "office", "rack", Part{},
			[]string{
				`{"w0":[{"id":"office/a","external_id":"a","height":1,"properties":null},
					{"id":"office/b","external_id":"b","height":null,"properties":null}]}`,
				`{"w0":[{"id":"office/c/d","external_id":"c/d","height":2,"properties":null}]}`, `{"w0":[]}`,
			},
			[]string{
				`{ w0: rack(where: {_and: [{source: {_eq: "office"}}]}, order_by: [{id: asc}], limit: 1000) { id external_id height properties } }`,
				`{ w0: rack(where: {_and: [{source: {_eq: "office"}}, {_or: [{_and: [{id: {_gt: "office/b"}}]}]}]}, ` +
					`order_by: [{id: asc}], limit: 1000) { id external_id height properties } }`,
				`{ w0: rack(where: {_and: [{source: {_eq: "office"}}, {_or: [{_and: [{id: {_gt: "office/c/d"}}]}]}]}, ` +
					`order_by: [{id: asc}], limit: 1000) { id external_id height properties } }`,
			},
			[]string{"a", "b", "c/d"},
		},
		{
			"all edges", "office", "asset_ipaddress", Part{},
			[]string{
				`{"w0":[{"asset_id":"office/1","asset":[{"external_id":"1"}],"external_id":null,"properties":null,"ipaddress_id":"office/0/10.0.0.1",
					"ipaddress":[{"name":"10.0.0.1","region_id":"0","external_id":"0/10.0.0.1"}]}]}`, `{"w0":[]}`,
			},
			[]string{
				`{ w0: asset_ipaddress(where: {_and: [{source: {_eq: "office"}}]}, ` +
					`order_by: [{asset_id: asc}, {ipaddress_id: asc}], limit: 1000) ` +
					`{ asset_id ipaddress_id asset { external_id } ipaddress { name region_id external_id } external_id properties } }`,
				`{ w0: asset_ipaddress(where: {_and: [{source: {_eq: "office"}}, ` +
					`{_or: [{_and: [{asset_id: {_gt: "office/1"}}]}, ` +
					`{_and: [{asset_id: {_eq: "office/1"}}, {ipaddress_id: {_gt: "office/0/10.0.0.1"}}]}]}]}, ` +
					`order_by: [{asset_id: asc}, {ipaddress_id: asc}], limit: 1000) ` +
					`{ asset_id ipaddress_id asset { external_id } ipaddress { name region_id external_id } external_id properties } }`,
			},
			[]string{"1>10.0.0.1"},
		},
		{
			"as many vertices as were named need no second look", "office", "rack", Part{Keys: []string{"a", "", "b", "a"}},
			[]string{`{"w0":[{"id":"office/a","external_id":"a","height":1,"properties":null},
				{"id":"x","external_id":"b","height":1,"properties":null}]}`},
			[]string{`{ w0: rack(where: {_and: [{source: {_eq: "office"}}, {_or: [{external_id: {_in: ["a","b"]}}]}]}, ` +
				`order_by: [{id: asc}], limit: 1000) { id external_id height properties } }`},
			[]string{"a", "b"},
		},
		{
			"edges at either end", "office", "rack_rack", Part{From: []string{"a"}, To: []string{"b"}},
			[]string{`{"w0":[{"id":"office/a","external_id":"a"}]}`, `{"w0":[{"id":"office/b","external_id":"b"}]}`,
				cable, `{"w0":[]}`, cable, `{"w0":[]}`},
			nil, []string{"a>b", "a>b"},
		},
		{
			"addresses as such, and what CAR does not take for one by its external id", "office", "ipaddress",
			Part{Keys: []string{"10.0.0.1", "010.0.0.2", "north/10.0.0.3"}},
			[]string{`{"w0":[{"id":"office/0/010.0.0.2","name":"010.0.0.2","region_id":"0","external_id":"0/010.0.0.2","properties":null},
				{"id":"office/north/10.0.0.3","name":"10.0.0.3","region_id":"north","external_id":"north/10.0.0.3","properties":null}]}`,
				`{"w0":[]}`},
			nil, []string{"010.0.0.2", "north/10.0.0.3"},
		},
		{
			"keys with their collection before them", "office", "hostname", Part{Keys: []string{"hostname/www.example.com"}},
			[]string{`{"w0":[{"id":"office/www.example.com","external_id":"www.example.com","name":"www","properties":null}]}`},
			nil, []string{"www.example.com"},
		},
		{
			"ends with their collection before them", "office", "asset_macaddress", Part{To: []string{"macaddress/00:11:22:33:44:55"}},
			[]string{`{"w0":[{"id":"office/00:11:22:33:44:55","external_id":"00:11:22:33:44:55"}]}`,
				`{"w0":[{"asset_id":"office/1","asset":[{"external_id":"1"}],"external_id":null,"properties":null,
					"macaddress_id":"office/00:11:22:33:44:55","macaddress":[{"external_id":"00:11:22:33:44:55"}]}]}`, `{"w0":[]}`},
			nil, []string{"1>00:11:22:33:44:55"},
		},
		{"a part in which there is nothing", "office", "rack", Part{Keys: []string{}}, nil, []string{}, nil},
		{
			"quotes and signs of HTML in the source", `a"<b`, "rack", Part{Keys: []string{"é\n"}},
			[]string{`{"w0":[{"id":"a\"<b/é\n","external_id":"é\n","height":1,"properties":null}]}`},
			[]string{`{ w0: rack(where: {_and: [{source: {_eq: "a\"<b"}}, {_or: [{external_id: {_in: ["é\n"]}}]}]}, ` +
				`order_by: [{id: asc}], limit: 1000) { id external_id height properties } }`},
			[]string{"é\n"},
		},
		{
			"contents that CAR does not show whole are not asked for", "office", "vulnerability", Part{Keys: []string{"v"}},
			[]string{`{"w0":[{"id":"office/v","external_id":"v"}]}`},
			[]string{`{ w0: vulnerability(where: {_and: [{source: {_eq: "office"}}, {_or: [{external_id: {_in: ["v"]}}]}]}, ` +
				`order_by: [{id: asc}], limit: 1000) { id external_id } }`},
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
		{"rack", `{"id":"s/1","height":12345678901234567,"external_id":"1","properties":null}`,
			map[string]any{"height": json.Number("12345678901234567")}},
		{"rack", `{"id":"s/1","height":null,"external_id":"1","properties":null}`, map[string]any{}},
		{"rack", `{"id":"s/1","height":"12","external_id":"1","properties":null}`, map[string]any{"height": 12}}, // a number as text
		{"ipaddress", `{"id":"s/0/10.0.0.1","external_id":"0/10.0.0.1","name":"10.0.0.1","region_id":"0","properties":null}`,
			map[string]any{"_key": "10.0.0.1"}},
		{"ipaddress", `{"id":"s/r/10.0.0.1","external_id":"r/10.0.0.1","name":"10.0.0.1","region_id":"r","properties":{"a":1}}`,
			map[string]any{"_key": "10.0.0.1", "region_id": "r", "properties": map[string]any{"a": 1}}},
		{"macaddress", `{"id":"s/00:AA","external_id":"00:AA","name":"00:aa","interface":"eth0","properties":null}`,
			map[string]any{"_key": "00:AA", "interface": "eth0"}},
		{"database", `{"id":"s/1","external_id":"1","name":"d","description":null,"type":null,"modified":5,"protocol":null,"port":null,
			"datasource_name":null,"traffic_seen":true,"last_seen_at":"2021-01-25T17:52:29.785","agent_status":null,"status_date":null,
			"properties":null}`,
			map[string]any{"name": "d", "modified": 5, "traffic_seen": true, "last_seen_at": 1611597149785}},
		{"hostname", `{"id":"s/h.example","external_id":"h.example","name":"h.example","properties":null}`,
			map[string]any{"_key": "h.example", "host_name": "h.example"}},
		{"rack_rack", `{"from_rack_id":"s/a","from_rack":[],"to_rack_id":"s/b","to_rack":[],"cable":"red","external_id":null,"properties":null}`,
			map[string]any{"cable": "red", "active": true}},
		{"vulnerability", `{"id":"s/v","external_id":"v"}`, nil},
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
		if want := fmt.Sprintf(`{external_id: {_in: ["%d"`, first); !strings.Contains(car.asked[n], want) {
			t.Errorf("query %d does not begin at %s", n, want)
		}
		if count := strings.Count(car.asked[n], `"`); count > 2*MaxKeys+2 {
			t.Errorf("query %d has %d ids", n, count)
		}
	}
}

// Edges name vertices that are keyed by _key as collection/key, and addresses with their region or
// without. Edges are then asked for by the ids of the vertices, and where there is none, by that.
func TestEndsAreKeys(t *testing.T) {
	address := `{"w0":[{"id":"s/%[1]s","name":"10.0.0.1","region_id":"%[2]s","external_id":"%[1]s"}]}`
	gone := `{"w0":[{"asset_id":"s/1","asset":[{"external_id":"1"}],"ipaddress_id":"s/%s","ipaddress":[],
		"external_id":null,"properties":null}]}`
	const none = `{"w0":[]}`
	for _, test := range []struct {
		name    string
		part    Part
		answers []string
		asked   map[int]string
		found   []string
	}{
		{"an address", Part{To: []string{"ipaddress/10.0.0.1"}}, []string{fmt.Sprintf(address, "0/10.0.0.1", "0"), none, none},
			map[int]string{0: `{name: {_in: ["10.0.0.1"]}}`, 2: `{ipaddress_id: {_in: ["s/0/10.0.0.1"]}}`}, nil},
		{"as ids have it", Part{To: []string{"0/10.0.0.1"}}, []string{fmt.Sprintf(address, "0/10.0.0.1", "0"), none, none},
			map[int]string{0: `{name: {_in: ["10.0.0.1"]}}`, 2: `{ipaddress_id: {_in: ["s/0/10.0.0.1"]}}`}, nil},
		{"an older service", Part{To: []string{"10.0.0.1"}}, []string{fmt.Sprintf(address, "10.0.0.1", ""), none, none},
			map[int]string{2: `{ipaddress_id: {_in: ["s/10.0.0.1"]}}`}, nil},
		{"another region", Part{To: []string{"10.0.0.1"}}, []string{fmt.Sprintf(address, "r/10.0.0.1", "r"), none, none},
			map[int]string{2: `{_not: {ipaddress: {}}}`}, nil},
		{"in a region", Part{To: []string{"r/10.0.0.1"}}, []string{fmt.Sprintf(address, "r/10.0.0.1", "r"), none, none},
			map[int]string{0: `{external_id: {_in: ["r/10.0.0.1"]}}`, 2: `{ipaddress_id: {_in: ["s/r/10.0.0.1"]}}`}, nil},
		{"a vertex that is gone", Part{To: []string{"10.0.0.1"}}, []string{none, fmt.Sprintf(gone, "0/10.0.0.1"), none},
			map[int]string{1: `{_not: {ipaddress: {}}}`}, []string{"1>10.0.0.1"}},
		{"one of an older service", Part{To: []string{"10.0.0.1"}},
			[]string{none, fmt.Sprintf(gone, "10.0.0.1"), none}, nil, []string{"1>10.0.0.1"}},
		{"another that is gone", Part{To: []string{"10.0.0.1"}}, []string{none, fmt.Sprintf(gone, "r/10.0.0.1"), none}, nil, nil},
		{"no address", Part{To: []string{"x"}}, []string{none, none}, map[int]string{0: `{external_id: {_in: ["x","0/x"]}}`}, nil},
		{"an external id may look so", Part{From: []string{"asset/1"}}, []string{none, none},
			map[int]string{0: `{external_id: {_in: ["asset/1"]}}`}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			car := &scripted{answers: test.answers}
			m := model.CAR()
			found, err := New(car, m, "s").Read(context.Background(), collection(t, m, "asset_ipaddress"), test.part)
			if err != nil || len(car.asked) != len(test.answers) {
				t.Fatalf("%v; asked\n%s", err, strings.Join(car.asked, "\n"))
			}
			equal(t, "found", names(found), test.found)
			for n, want := range test.asked {
				if !strings.Contains(car.asked[n], want) {
					t.Errorf("query %d: %s, want %s", n, car.asked[n], want)
				}
			}
		})
	}
}
