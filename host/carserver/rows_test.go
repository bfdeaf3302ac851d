package carserver

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"carjs/host/model"
)

// TestRowsWithoutJSONFunctions compares the two ways to write rows: from their columns, and by
// SQLite's functions, which a query of another time still takes. Both are asked for all fields of
// all collections, and of the vertices at the ends of edges.
func TestRowsWithoutJSONFunctions(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.header = http.Header{}
	c.load(`"asset":[{"external_id":"1","name":"a \"b\" \\ \u00e9\ud83d\ude00 \ud800 \u0001","description":null,"business_value":1.5e3,` +
		`"properties":{"a\"]}":[1,{"b":"},{"}],"c":null}},{"external_id":"/2, é","name":"","last_modified":"2024-05-06T07:08:09Z"}],` +
		`"ipaddress":[{"_key":"10.0.0.1"},{"_key":"10.0.0.1","region_id":"plant"}],"hostname":[{"_key":"h.example.com"}],` +
		`"macaddress":[{"_key":"02:00:00:00:00:01"}],"vulnerability":[{"external_id":"v","name":"n","base_score":7.5,` +
		`"published_on":1700000000000,"disclosed_on":"2024-01-01"}]`)
	c.load(`"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1"},{"_from_external_id":"/2, é","_to":"ipaddress/plant/10.0.0.1",` +
		`"external_id":"own","properties":{"x":[true]}}],"asset_vulnerability":[{"_from_external_id":"1","_to_external_id":"v","risk_score":3},` +
		`{"_from_external_id":"1","_to_external_id":"gone"}],"ipaddress_macaddress":[{"_from":"ipaddress/10.0.0.1","_to":"macaddress/02:00:00:00:00:01"}]`)
	rows := 0
	for _, collection := range append(c.carsrv.catalog.Load().model.Vertices(), c.carsrv.catalog.Load().model.Edges()...) {
		fields := c.scalars(collection.Name)
		if collection.Kind == model.Edge {
			from, to := collection.Relations()
			fields += " from: " + from + " {__typename " + c.scalars(collection.From) + "} " + to + " {" + c.scalars(collection.To) + "}"
		}
		query := "{__typename " + collection.Name + " {__typename again: source " + fields + "}}"
		c.header.Del(timepointHeader)
		_, flat := c.query(query, nil)
		c.header.Set(timepointHeader, "2999-01-01")
		_, nested := c.query(query, nil)
		if !same(t, flat, nested) || strings.Contains(flat, `"errors"`) {
			t.Errorf("%s\ngives %s\nand   %s", query, flat, nested)
		}
		rows += strings.Count(flat, `"again"`)
	}
	if rows < 12 {
		t.Errorf("%d rows were compared", rows)
	}
}

func same(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := json.Unmarshal([]byte(a), &x); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(b), &y); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

// scalars returns the fields of a collection's type that are not relations.
func (c *client) scalars(collection string) string {
	c.tb.Helper()
	_, got := c.query(`query($n:String!){__type(name:$n){fields{name type{kind ofType{kind}}}}}`, map[string]any{"n": collection})
	var names []string
	for _, m := range regexp.MustCompile(`"name":"(\w+)","type":{"kind":"(?:SCALAR|NON_NULL","ofType":{"kind":"SCALAR)"`).FindAllStringSubmatch(got, -1) {
		names = append(names, m[1])
	}
	if slices.Sort(names); len(names) < 3 {
		c.tb.Fatalf("%s has no fields: %s", collection, got)
	}
	return strings.Join(names, " ")
}
