package carserver

import (
	"regexp"
	"strings"
	"testing"

	"carjs/host/carserver/internal/graphql"
)

// queryPlan returns SQLite's plan for a query.
func (c *client) queryPlan(request graphql.Request) []string {
	c.tb.Helper()
	schema, err := c.carsrv.catalog.Load().graphql()
	if err != nil {
		c.tb.Fatal(err)
	}
	fields, err := schema.Compile(request)
	if err != nil {
		c.tb.Fatal(err)
	}
	conn, err := c.carsrv.store.reads.Conn(c.tb.Context())
	if err != nil {
		c.tb.Fatal(err)
	}
	defer conn.Close()
	var known int // to explain does not look for new indexes, to read does
	if err := conn.QueryRowContext(c.tb.Context(), "SELECT count(*) FROM sources").Scan(&known); err != nil {
		c.tb.Fatal(err)
	}
	var steps []string
	for _, f := range fields {
		rows, err := conn.QueryContext(c.tb.Context(), "EXPLAIN QUERY PLAN "+f.SQL, f.Args...)
		if err != nil {
			c.tb.Fatalf("%v: %s", err, f.SQL)
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				c.tb.Fatal(err)
			}
			steps = append(steps, detail)
		}
		if err := rows.Close(); err != nil {
			c.tb.Fatal(err)
		}
	}
	return steps
}

// TestQueriesUseIndexes checks which indexes the queries of clients use, on an empty graph: the
// plan must not depend on the data.
func TestQueriesUseIndexes(t *testing.T) {
	c := start(t, Config{Prepared: true})
	past := int64(1)
	if err := c.carsrv.indexPast(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.forget() // makes an index that no query may take
	for _, test := range []struct {
		query string
		uses  []string
		at    *int64
	}{
		{query: `asset(where:{source:{_eq:"s"}}, order_by:{id:asc}, limit:10){id}`, uses: []string{"v_asset_current (source=?)"}},
		{query: `asset(where:{source:{_eq:"s"}, id:{_gt:"s/a"}}, order_by:{id:asc}, limit:10){id}`,
			uses: []string{"v_asset_current (source=? AND key>?)"}},
		{query: `asset(where:{id:{_gt:"s/a"}}, order_by:{id:desc}, limit:10){id}`, uses: []string{"v_asset_current ((source,key)>(?,?))"}},
		{query: `asset(where:{id:{_in:["s/a","s/b"]}}){id}`, uses: []string{"v_asset_current (source=? AND key=?)"}},
		{query: `asset(where:{id:{_eq:"s/a"}}){id}`, uses: []string{"v_asset_current (source=? AND key=?)"}},
		{query: `asset(where:{source:{_eq:"s"}, external_id:{_in:["a","b"]}}){id}`, uses: []string{"v_asset_current (source=? AND key=?)"}},
		{query: `asset(where:{external_id:{_eq:"a"}}){id}`, uses: []string{"v_asset_current (ANY(source) AND key=?)"}},
		{query: `asset(where:{name:{_eq:"a"}}){id}`, uses: []string{"v_asset_by_name (<expr>=?)"}},
		{query: `ipaddress(where:{source:{_eq:"s"}, name:{_in:["10.0.0.1"]}}){id}`, uses: []string{"v_ipaddress_by_name (<expr>=?)"}},
		{query: `asset_by_pk(_pk:1){id}`, uses: []string{"INTEGER PRIMARY KEY (rowid=?)"}},
		{query: `asset_ipaddress(where:{source:{_eq:"s"}}, order_by:[{asset_id:asc},{ipaddress_id:asc}], limit:10){asset_id}`,
			uses: []string{"e_asset_ipaddress_current (source=?)"}},
		{query: `asset_ipaddress(where:{_and:[{source:{_eq:"s"}},{_or:[{_and:[{asset_id:{_gt:"s/1"}}]},
				{_and:[{asset_id:{_eq:"s/1"}},{ipaddress_id:{_gt:"s/0/1"}}]}]}]}, order_by:[{asset_id:asc},{ipaddress_id:asc}], limit:10){asset_id}`,
			uses: []string{"e_asset_ipaddress_current (source=? AND from_key>?)"}},
		{query: `asset_ipaddress(where:{_and:[{source:{_eq:"s"}},{_or:[{asset_id:{_in:["s/a","s/b"]}},{ipaddress_id:{_in:["s/0/1"]}}]}]},
				order_by:[{asset_id:asc},{ipaddress_id:asc}], limit:10){asset_id}`,
			uses: []string{"e_asset_ipaddress_current (source=? AND from_key=?)", "e_asset_ipaddress_by_to (source=? AND to_key=?)"}},
		{query: `asset(where:{_and:[{source:{_eq:"s"}},{_or:[{_and:[{id:{_gt:"s/a"}}]}]}]}, order_by:[{id:asc}], limit:10){id}`,
			uses: []string{"v_asset_current (source=? AND key>?)"}},
		{query: `asset_ipaddress(where:{asset_id:{_in:["s/a"]}}){ipaddress_id}`,
			uses: []string{"e_asset_ipaddress_current (source=? AND from_key=?)"}},
		{query: `asset_ipaddress(where:{ipaddress_id:{_in:["s/a"]}}){asset_id}`,
			uses: []string{"e_asset_ipaddress_by_to (source=? AND to_key=?)"}},
		{query: `asset_ipaddress(where:{source:{_eq:"s"}, ipaddress_id:{_in:["s/a"]}}, order_by:[{asset_id:asc},{ipaddress_id:asc}]){asset_id}`,
			uses: []string{"e_asset_ipaddress_by_to (source=? AND to_key=?)"}},
		{query: `asset(where:{source:{_eq:"s"}}){ipaddresses{ipaddress{name}}}`,
			uses: []string{"e_asset_ipaddress_current (source=? AND from_key=?)", "v_ipaddress_current (source=? AND key=?)"}},
		{query: `ipaddress(where:{id:{_eq:"s/0/1"}}){assets{asset{name}}}`,
			uses: []string{"e_asset_ipaddress_by_to (source=? AND to_key=?)", "v_asset_current (source=? AND key=?)"}},
		{query: `asset_ipaddress(where:{source:{_eq:"s"}}){asset{name} ipaddress{name}}`,
			uses: []string{"v_asset_current (source=? AND key=?)", "v_ipaddress_current (source=? AND key=?)"}},
		{query: `asset(where:{ipaddresses:{ipaddress:{name:{_eq:"10.0.0.1"}}}}){id}`,
			uses: []string{"v_asset_current (source=? AND key=?)", "e_asset_ipaddress_by_to (source=? AND to_key=?)",
				"v_ipaddress_by_name (<expr>=?)"}},
		{query: `asset_ipaddress(where:{source:{_eq:"s"}, asset:{external_id:{_in:["a"]}}}){asset_id}`,
			uses: []string{"e_asset_ipaddress_current (source=? AND from_key=?)", "v_asset_current (source=? AND key=?)"}},
		{query: `asset(where:{source:{_eq:"s"}, vulnerabilities:{}}, limit:1){id}`,
			uses: []string{"v_asset_current (source=?)", "e_asset_vulnerability_current (source=? AND from_key=?)"}},
		{query: `asset(where:{id:{_eq:"s/1"}}){tags{tag{name}}}`,
			uses: []string{"e_tag_asset_by_to (source=? AND to_key=?)", "v_tag_current (source=? AND key=?)"}},
		{query: `tag(where:{id:{_eq:"s/t"}}){_reference_count}`, uses: []string{"e_tag_asset_current (source=? AND from_key=?)"}},
		{query: `ipaddress(where:{id:{_eq:"s/0/1"}}){instances{id}}`, uses: []string{"v_ipaddress_by_name (<expr>=?)"}},
		{query: `macaddress(where:{id:{_eq:"s/00"}}){instances{id}}`, uses: []string{"v_macaddress_by_key (<expr>=?)"}},
		{query: `asset(where:{id:{_in:["s/a"]}}){ipaddresses{ipaddress{name}}}`, at: &past,
			uses: []string{"v_asset_ended (source=? AND key=?)", "e_asset_ipaddress_ended (source=? AND from_key=?)",
				"v_ipaddress_ended (source=? AND key=?)"}},
	} {
		steps := c.queryPlan(graphql.Request{Query: "{" + test.query + "}", At: test.at})
		text := strings.Join(steps, "\n\t")
		for _, index := range test.uses {
			if !strings.Contains(text, index) {
				t.Errorf("%s does not use %s:\n\t%s", test.query, index, text)
			}
		}
		for _, step := range steps {
			if table := regexp.MustCompile(`^SCAN t\d+`).FindString(step); table != "" && test.at == nil {
				t.Errorf("%s reads a whole table:\n\t%s", test.query, text)
			}
		}
	}
}
