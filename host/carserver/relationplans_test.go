package carserver

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"carjs/host/carserver/internal/graphql"
	"carjs/host/model"
)

// relations are the fields of a collection's type that are lists of related rows, by name, each with
// the type of the rows.
func (c *client) relations(collection string) map[string]string {
	c.tb.Helper()
	_, got := c.query(`query($n:String!){__type(name:$n){fields{name type{kind ofType{kind ofType{kind ofType{name kind}}}}}}}`,
		map[string]any{"n": collection})
	related := map[string]string{}
	for _, m := range regexp.MustCompile(`"name":"(\w+)","type":{"kind":"NON_NULL","ofType":{"kind":"LIST","ofType":{"kind":"NON_NULL","ofType":{"name":"(\w+)"`).
		FindAllStringSubmatch(got, -1) {
		related[m[1]] = m[2]
	}
	if len(related) == 0 {
		c.tb.Fatalf("%s has no relations: %s", collection, got)
	}
	return related
}

var (
	searched     = regexp.MustCompile(`^SEARCH t\d+ USING (?:COVERING )?INDEX (\S+) \((.*)\)$`)
	scannedTable = regexp.MustCompile(`^t\d+$`)
	// wide is what an index is searched by when that leaves all rows of a source.
	wide = regexp.MustCompile(`^(?:source|ANY\(source\))(?:=\?)?(?: AND ANY\(\w+\))*$`)
)

// readsTooMuch returns the steps of a plan that read all rows of a table or all of a source.
func readsTooMuch(steps []string) []string {
	made := map[string]int{} // subqueries: to scan one is to take its rows
	var bad []string
	for _, step := range steps {
		kind, rest, _ := strings.Cut(step, " ")
		alias, _, _ := strings.Cut(rest, " ")
		switch m := searched.FindStringSubmatch(step); {
		case kind == "CO-ROUTINE" || kind == "MATERIALIZE":
			made[alias]++
		case kind == "SCAN" && made[alias] > 0:
			made[alias]--
		case kind == "SCAN" && scannedTable.MatchString(alias), m != nil && wide.MatchString(m[2]):
			bad = append(bad, step)
		}
	}
	return bad
}

// TestRelationsUseIndexes asks for the plans of the queries that go along every relation of every
// collection, in the present and in the past: each row costs what its own relations are. What the
// query begins with is a vertex by its id, or the first hundred of all.
func TestRelationsUseIndexes(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.ok("POST", "/v3/carSchema", siteExtension)
	past := int64(1)
	if err := c.carsrv.indexPast(t.Context()); err != nil {
		t.Fatal(err)
	}
	shapes, plans := 0, 0
	for _, collection := range append(c.carsrv.catalog.Load().model.Vertices(), c.carsrv.catalog.Load().model.Edges()...) {
		id := "id"
		if collection.Kind == model.Edge {
			from, _ := collection.Relations()
			id = from + "_id"
		}
		for name, target := range c.relations(collection.Name) {
			field, through := "source", ""
			if nested := c.relationTo(target, collection.Name); nested != "" {
				field, through = nested+"{source}", nested+`:{`+id+`:{_eq:"s/1"}}`
			}
			for _, query := range []string{
				collection.Name + `(where:{` + id + `:{_eq:"s/1"}}){` + name + `{` + field + `}}`,
				collection.Name + `(where:{` + id + `:{_in:["s/1","s/2"]}}){` + name + `(order_by:{source:asc},limit:3){` + field + `}}`,
				collection.Name + `(limit:100){` + name + `{` + field + `}}`,
				collection.Name + `(where:{source:{_eq:"s"}},order_by:{` + id + `:asc},limit:100){` + name + `{` + field + `}}`,
				collection.Name + `(where:{source:{_eq:"s"},` + id + `:{_in:["s/1"]},` + name + `:{}}){source}`,
				collection.Name + `(where:{` + name + `:{` + through + `}},limit:1){source}`,
				collection.Name + `(where:{source:{_eq:"s"},` + name + `:{` + through + `}},limit:1){source}`,
				collection.Name + `(where:{_and:[{source:{_eq:"s"}},{_not:{` + name + `:{}}}]},limit:1){source}`,
			} {
				shapes++
				for _, at := range []*int64{nil, &past} {
					plans++
					steps := c.queryPlan(graphql.Request{Query: "{" + query + "}", At: at})
					bad := readsTooMuch(steps)
					// The rows that a query without an id begins with are read in the order of an index.
					allowed := 0
					if !strings.Contains(query, `_eq:"s/`) && !strings.Contains(query, `_in:`) {
						allowed = 1
						if at != nil {
							allowed = 2
						}
					}
					if len(bad) > allowed {
						t.Errorf("%s (past: %v) reads too much:\n\t%s\nof\n\t%s", query, at != nil, strings.Join(bad, "\n\t"), strings.Join(steps, "\n\t"))
					}
				}
			}
			if t.Failed() {
				return
			}
		}
	}
	t.Logf("%d plans of %d queries", plans, shapes)
}

// relationTo is a relation of a collection to another one; empty where it has none.
func (c *client) relationTo(collection, target string) string {
	related := c.relations(collection)
	for _, name := range slices.Sorted(maps.Keys(related)) {
		if related[name] == target {
			return name
		}
	}
	return ""
}
