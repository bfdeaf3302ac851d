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

// relations returns the fields of a collection's type that list related rows, with the type of
// these rows.
func (c *client) relations(collection string) map[string]string {
	c.tb.Helper()
	_, got := c.query(`query($n:String!){__type(name:$n){fields{name type{kind ofType{kind ofType{kind ofType{name kind}}}}}}}`,
		map[string]any{"n": collection})
	related := map[string]string{}
	list := regexp.MustCompile(`"name":"(\w+)","type":{"kind":"NON_NULL","ofType":{"kind":"LIST",` +
		`"ofType":{"kind":"NON_NULL","ofType":{"name":"(\w+)"`)
	for _, m := range list.FindAllStringSubmatch(got, -1) {
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
	// wide matches constraints that select all rows of a source.
	wide = regexp.MustCompile(`^(?:source|ANY\(source\))(?:=\?)?(?: AND ANY\(\w+\))*$`)
)

// readsTooMuch returns the steps of a plan that read all rows of a table or of a source.
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

// TestRelationsUseIndexes checks the plans of queries along every relation of every collection, now
// and in the past, in the shapes that clients use: the cost of a row must depend on its own
// relations only. A query starts with a vertex by id or with the first hundred.
func TestRelationsUseIndexes(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.ok("POST", "/v3/carSchema", siteExtension)
	past := int64(1)
	if err := c.carsrv.indexPast(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.forget() // makes an index that no query may take
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
					// A query without an id reads its first rows in index order.
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

// relationTo returns a relation of a collection to another one; "" if there is none.
func (c *client) relationTo(collection, target string) string {
	related := c.relations(collection)
	for _, name := range slices.Sorted(maps.Keys(related)) {
		if related[name] == target {
			return name
		}
	}
	return ""
}
