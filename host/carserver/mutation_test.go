package carserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// data is the body of a successful response.
func data(fields string) string { return `{"data":{` + fields + `}}` }

// failed is the body of an error response, from its message on.
func failed(path, code, message string) string {
	return fmt.Sprintf(`{"errors":[{"extensions":{"path":%q,"code":%q},"message":%q}]}`, path, code, message)
}

// TestMutations runs mutations one after the other on one graph, each followed by a query that
// shows its effect.
func TestMutations(t *testing.T) {
	c := graphForQueries(t)
	for _, step := range []struct{ mutation, want, query, shows string }{
		{`insert_tag_asset_one(object: {tag_id: "s/lab", asset_id: "s/2"}) {tag_id asset_id source properties tag {name} asset {name}}`,
			data(`"insert_tag_asset_one":{"tag_id":"s/lab","asset_id":"s/2","source":"s","properties":null,"tag":[{"name":"lab"}],` +
				`"asset":[{"name":"beta"}]}`),
			`tag(order_by: {id: asc}) {id _reference_count}`,
			data(`"tag":[{"id":"s/dmz","_reference_count":1},{"id":"s/lab","_reference_count":1}]`)},
		{`insert_tag_asset(objects: [{tag_id: "s/lab", asset_id: "s/1", properties: {by: "me"}},
				{source: "s", asset_id: "s/3", tag: {data: {name: "new"}}}]) {
				affected_rows returning {tag_id asset_id properties(path: "by")} __typename}`,
			data(`"insert_tag_asset":{"affected_rows":2,"returning":[{"tag_id":"s/lab","asset_id":"s/1","properties":"me"},` +
				`{"tag_id":"s/new","asset_id":"s/3","properties":null}],"__typename":"tag_asset_mutation_response"}`),
			`asset(where: {tags: {tag: {name: {_in: ["lab", "new"]}}}}) {id tags(order_by: {tag_id: asc}) {tag_id}}`,
			data(`"asset":[{"id":"s/1","tags":[{"tag_id":"s/dmz"},{"tag_id":"s/lab"}]},{"id":"s/2","tags":[{"tag_id":"s/lab"}]},` +
				`{"id":"s/3","tags":[{"tag_id":"s/new"}]}]`)},
		{`insert_tag_asset_one(object: {tag_id: "s/lab", asset_id: "s/2"}) {tag_id}`,
			failed("$", codeConstraint, `Uniqueness violation. duplicate key value violates unique constraint "tag_asset_id_t2"`), "", ""},
		{`a: insert_tag_asset(objects: [{tag_id: "s/first", asset_id: "s/2"}]) {affected_rows}
			b: insert_tag_asset(objects: [{tag_id: "s/lab", asset_id: "s/2"}]) {affected_rows}`,
			failed("$", codeConstraint, `Uniqueness violation. duplicate key value violates unique constraint "tag_asset_id_t2"`),
			`tag(where: {name: {_eq: "first"}}) {id}`, data(`"tag":[]`)}, // one transaction
		{`insert_tag_asset(objects: {tag_id: "s/lab", asset_id: "s/2"},
				on_conflict: {constraint: tag_asset_id_t2, update_columns: []}) {affected_rows returning {tag_id}}`,
			data(`"insert_tag_asset":{"affected_rows":0,"returning":[]}`), "", ""},
		{`insert_tag_asset(objects: {tag_id: "s/lab", asset_id: "s/2", properties: [1]},
				on_conflict: {constraint: tag_asset_id_t2, update_columns: properties}) {
				affected_rows returning {tag_id properties}}`,
			data(`"insert_tag_asset":{"affected_rows":1,"returning":[{"tag_id":"s/lab","properties":[1]}]}`), "", ""},
		{`insert_tag_asset(objects: {tag_id: "s/lab", asset_id: "s/9"}) {affected_rows}`,
			failed("$", codeConstraint, `Foreign key violation. there is no asset "s/9"`), "", ""},
		{`insert_tag_asset(objects: {tag_id: "s/lab", asset_id: "t/1"}) {affected_rows}`,
			failed("$", codeConstraint, `Check constraint violation. tag_id "s/lab" is not an id of the row's source`), "", ""},
		{`insert_tag_asset(objects: {tag_id: "s/lab"}) {affected_rows}`,
			failed("$", codeConstraint, `Not-NULL violation. null value in column: a link needs asset_id and tag_id`), "", ""},
		{`insert_tag_ipaddress_one(object: {tag_id: "t/x", ipaddress_id: "t/0/10.0.0.1"}) {ipaddress {name tags {tag {id}}}}`,
			data(`"insert_tag_ipaddress_one":{"ipaddress":[{"name":"10.0.0.1","tags":[{"tag":[{"id":"t/x"}]}]}]}`), "", ""},
		{`insert_tag_one(object: {name: "alone", source: "t", properties: {a: 1}}) {id name properties}`,
			data(`"insert_tag_one":{"id":"t/alone","name":"alone","properties":{"a":1}}`), "", ""},
		{`insert_tag(objects: [{name: "alone", source: "nowhere"}]) {affected_rows}`,
			failed("$", codeConstraint, `Foreign key violation. there is no source "nowhere"`), "", ""},

		{`update_asset(where: {source: {_eq: "s"}, name: {_like: "%a"}}, _set: {description: "changed", asset_type: null}, _inc: {risk: 1}) {
				affected_rows returning {id description asset_type risk}}`,
			data(`"update_asset":{"affected_rows":3,"returning":[{"id":"s/1","description":"changed","asset_type":null,"risk":4.5},` +
				`{"id":"s/2","description":"changed","asset_type":null,"risk":8},{"id":"s/4","description":"changed","asset_type":null,"risk":null}]}`),
			`asset(where: {id: {_eq: "s/1"}}) {name tags {tag_id}}`,
			data(`"asset":[{"name":"alpha","tags":[{"tag_id":"s/dmz"},{"tag_id":"s/lab"}]}]`)},
		{`a: update_asset(where: {id: {_eq: "s/1"}}, _append: {properties: {ram: 8}}) {returning {properties}}
			b: update_asset(where: {id: {_eq: "s/1"}}, _prepend: {properties: {os: "none", disk: 1}}) {returning {properties}}
			c: update_asset(where: {id: {_eq: "s/1"}}, _delete_key: {properties: "ram"}) {returning {properties}}
			d: update_asset(where: {id: {_eq: "s/1"}}, _delete_at_path: {properties: ["cpu", "-1"]}) {returning {properties}}`,
			data(`"a":{"returning":[{"properties":{"cpu":[1,2.5],"os":"linux","ram":8}}]},` +
				`"b":{"returning":[{"properties":{"cpu":[1,2.5],"disk":1,"os":"linux","ram":8}}]},` +
				`"c":{"returning":[{"properties":{"cpu":[1,2.5],"disk":1,"os":"linux"}}]},` +
				`"d":{"returning":[{"properties":{"cpu":[1],"disk":1,"os":"linux"}}]}`), "", ""},
		{`update_asset_by_pk(pk_columns: {_pk: 1}, _set: {name: "ended"}) {name}`, data(`"update_asset_by_pk":null`), "", ""},
		{`update_asset_by_pk(pk_columns: {_pk: 3}, _set: {name: "third"}) {id name}`,
			data(`"update_asset_by_pk":{"id":"s/3","name":"third"}`), "", ""},
		{`update_asset(where: {id: {_eq: "s/2"}}, _set: {}) {affected_rows}`, data(`"update_asset":{"affected_rows":1}`), "", ""},
		{`update_asset(where: {}, _delete_elem: {properties: 0}) {affected_rows}`,
			failed("$", "data-exception", "cannot delete from object using integer index"), "", ""},
		{`update_asset(where: {}) {affected_rows}`, failed("$.selectionSet.update_asset.args", "validation-failed",
			"atleast any one of _set, _inc, _append, _prepend, _delete_key, _delete_elem and _delete_at_path operator is expected"), "", ""},
		{`update_asset(where: {}, _set: {risk: 1}, _inc: {risk: 1}) {affected_rows}`,
			failed("$.selectionSet.update_asset.args", "validation-failed", `column found in multiple operators: "risk"`), "", ""},
		{`update_asset(where: {}, _set: {risk: 11}) {affected_rows}`,
			failed("$", codeConstraint, `Check constraint violation. asset would not be valid: risk must be at most 10, not 11`), "", ""},
		{`update_asset(where: {}, _set: {connecting_id: "x"}) {affected_rows}`,
			failed("$.selectionSet.update_asset.args._set.connecting_id", "not-supported", "this service fills connecting_id itself"), "", ""},
		{`update_asset(where: {}, _set: {name: "x"}) {returning {properties(path: "[")}}`,
			failed("$.selectionSet.update_asset.selectionSet.returning.selectionSet.properties.args.path", "parse-failed",
				`parse json path error: "[" has no closing bracket`), "", ""},
		{`update_site(where: {name: {_eq: "HQ"}}, _set: {address: "Side St"}) {returning {address assets {asset_id}}}`,
			data(`"update_site":{"returning":[{"address":"Side St","assets":[{"asset_id":"s/1"}]}]}`), "", ""},
		{`update_database(where: {}, _set: {last_seen_at: "2024-01-02T03:04:05.5"}) {affected_rows}`,
			data(`"update_database":{"affected_rows":0}`), "", ""},
		{`update_asset_vulnerability(where: {asset_id: {_eq: "s/1"}, vulnerability_id: {_eq: "s/v1"}}, _inc: {risk_score: -1})
				{returning {risk_score}}`,
			data(`"update_asset_vulnerability":{"returning":[{"risk_score":3}]}`), "", ""},
		{`delete_tag_asset(where: {tag_id: {_eq: "s/new"}, asset: {name: {_like: "%"}}}) {affected_rows returning {tag_id asset {id} tag {name}}}`,
			data(`"delete_tag_asset":{"affected_rows":1,"returning":[{"tag_id":"s/new","asset":[{"id":"s/3"}],"tag":[{"name":"new"}]}]}`),
			`asset(where: {tags: {tag: {name: {_eq: "new"}}}}) {id} tag(where: {name: {_eq: "new"}}) {id _reference_count}`,
			data(`"asset":[],"tag":[{"id":"s/new","_reference_count":0}]`)},
		{`delete_tag_asset(where: {tag_id: {_eq: "s/new"}}) {affected_rows returning {tag_id}}`,
			data(`"delete_tag_asset":{"affected_rows":0,"returning":[]}`), "", ""},
		{`delete_tag_asset_by_pk(_pk: 999) {tag_id}`, data(`"delete_tag_asset_by_pk":null`), "", ""},
		{`delete_tag_ipaddress_by_pk(_pk: 1) {tag_id}`, data(`"delete_tag_ipaddress_by_pk":{"tag_id":"t/x"}`),
			`ipaddress(where: {tags: {}}) {id}`, data(`"ipaddress":[]`)},
		{`delete_tag_asset {affected_rows}`, failed("$.selectionSet.delete_tag_asset.args", "validation-failed",
			`the required argument "where" is missing`), "", ""},
		{`delete_asset(where: {}) {affected_rows}`, failed("$.selectionSet.delete_asset", "validation-failed",
			`field "delete_asset" not found in type: 'mutation_root'`), "", ""},
		{`update_source(where: {}, _set: {name: "x"}) {affected_rows}`,
			failed("$.selectionSet.update_source", "not-supported", "this service does not offer update_source"), "", ""},
		{`__typename`, data(`"__typename":"mutation_root"`), "", ""},
	} {
		if status, got := c.query("mutation {"+step.mutation+"}", nil); status != http.StatusOK || got != step.want {
			t.Errorf("%s\n%d %s\nwant %s", step.mutation, status, got, step.want)
		}
		if step.query == "" {
			continue
		}
		if _, got := c.query("{"+step.query+"}", nil); got != step.shows {
			t.Errorf("after %s\n%s\nwant %s", step.mutation, got, step.shows)
		}
	}
	// An import unlinks a tag that a mutation linked; the next one leaves the others alone.
	c.load(`"asset":[{"external_id":"2","name":"beta","untag":["lab"],"tag":["last"]}]`)
	if _, got := c.query(`{asset(where:{id:{_eq:"s/2"}}) {tags {tag_id}}}`, nil); got != data(`"asset":[{"tags":[{"tag_id":"s/last"}]}]`) {
		t.Error(got)
	}
}

const codeConstraint = "constraint-violation"

// TestTimepoint queries the graph at times in the past.
func TestTimepoint(t *testing.T) {
	c := start(t, Config{Prepared: true})
	tick := func() string { // a time between the versions before it and those after it
		c.await(func() bool { return time.Now().UnixMilli() > c.lastVersion() })
		at := time.Now().UTC().Format("2006-01-02T15:04:05.000000")
		c.await(func() bool { return time.Now().UTC().Format("2006-01-02T15:04:05.000") > at[:23] })
		return at
	}
	never := tick()
	c.load(`"asset":[{"external_id":"1","name":"old","tag":["x"]}],"ipaddress":[{"_key":"10.0.0.1"}],
		"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1"}]`)
	first := tick()
	c.load(`"asset":[{"external_id":"1","name":"new","untag":["x"]},{"external_id":"2","name":"second"}],
		"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1","active":false}]`)
	second := tick()
	c.ok("DELETE", "/v2/source/s/asset?external_ids=1", "")
	const query = `{asset {name ipaddresses {ipaddress {name}} tags {tag_id}}
		found: asset(where: {ipaddresses: {ipaddress: {name: {_eq: "10.0.0.1"}}}}) {id}}`
	for _, test := range []struct{ at, want string }{
		{never, `"asset":[],"found":[]`},
		{first, `"asset":[{"name":"old","ipaddresses":[{"ipaddress":[{"name":"10.0.0.1"}]}],"tags":[{"tag_id":"s/x"}]}],"found":[{"id":"s/1"}]`},
		{second, `"asset":[{"name":"new","ipaddresses":[],"tags":[]},{"name":"second","ipaddresses":[],"tags":[]}],"found":[]`},
		{"", `"asset":[{"name":"second","ipaddresses":[],"tags":[]}],"found":[]`},
	} {
		c.header = http.Header{}
		if test.at != "" {
			c.header.Set(timepointHeader, test.at)
		}
		if _, got := c.query(query, nil); got != data(test.want) {
			t.Errorf("at %s: %s\nwant %s", test.at, got, data(test.want))
		}
	}
	c.header.Set(timepointHeader, "yesterday")
	if status, got := c.query(query, nil); status != 200 || !strings.Contains(got, `invalid input syntax for type timestamp: \"yesterday\"`) ||
		!strings.Contains(got, `"code":"data-exception"`) {
		t.Error(status, got)
	}
}

// A body that is no query is answered in Hasura's words, as a query that is wrong is.
func TestMalformedQuery(t *testing.T) {
	c := start(t, Config{Prepared: true})
	for body, want := range map[string]string{
		``:                                       `"$","code":"invalid-json"},"message":"Error in $: Failed reading: not a valid json value"`,
		`{"query":`:                              `"$","code":"invalid-json"},"message":"Error in $: Failed reading: not a valid json value"`,
		`query{asset{id}}`:                       `"$","code":"invalid-json"},"message":"Error in $: Failed reading: not a valid json value"`,
		`{}`:                                     `"$","code":"parse-failed"},"message":"key \"query\" not present"`,
		`{"variables":{}}`:                       `"$","code":"parse-failed"},"message":"key \"query\" not present"`,
		`[]`:                                     `"$","code":"parse-failed"},"message":"expected Object, encountered Array"`,
		`null`:                                   `"$","code":"parse-failed"},"message":"expected Object, encountered Null"`,
		`"{asset{id}}"`:                          `"$","code":"parse-failed"},"message":"expected Object, encountered String"`,
		`{"query":null}`:                         `"$.query","code":"parse-failed"},"message":"expected Text, encountered Null"`,
		`{"query":["{asset{id}}"]}`:              `"$.query","code":"parse-failed"},"message":"expected Text, encountered Array"`,
		`{"query":5}`:                            `"$.query","code":"parse-failed"},"message":"expected Text, encountered Number"`,
		`{"query":""}`:                           `"$.query","code":"validation-failed"},"message":"not a valid graphql query"`,
		`{"query":"{asset{id}}","variables":[]}`: `"$.variables","code":"parse-failed"},"message":"expected Object, encountered Array"`,
		`{"query":"{asset{id}}","operationName":1}`: `"$.operationName","code":"parse-failed"},"message":"expected Text, encountered Number"`,
	} {
		status, got := c.do("POST", "/v3/query", body)
		if status != 200 || !strings.Contains(got, want) {
			t.Errorf("%s: %d %s\nwant %s", body, status, got, want)
		}
	}
}

// lastVersion returns when the last version of an asset began or ended.
func (c *client) lastVersion() int64 {
	c.tb.Helper()
	var at int64
	if err := c.carsrv.store.reads.QueryRow("SELECT coalesce(max(max(_t1, coalesce(_t2, 0))), 0) FROM v_asset").Scan(&at); err != nil {
		c.tb.Fatal(err)
	}
	return at
}

// TestMutationVariables passes the rows to insert as a variable.
func TestMutationVariables(t *testing.T) {
	c := graphForQueries(t)
	var object any
	if err := json.Unmarshal([]byte(`{"tag_id":"s/v","asset_id":"s/1","properties":{"a":[1,null]}}`), &object); err != nil {
		t.Fatal(err)
	}
	_, got := c.query(`mutation ($o: [tag_asset_insert_input!]!) {insert_tag_asset(objects: $o) {affected_rows
			returning {properties}}}`, map[string]any{"o": object})
	if want := data(`"insert_tag_asset":{"affected_rows":1,"returning":[{"properties":{"a":[1,null]}}]}`); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestMutationsKeepHalves checks that JSON keeps halves of surrogate pairs and every digit, in queries and
// variables.
func TestMutationsKeepHalves(t *testing.T) {
	c := graphForQueries(t)
	const value = `{"a":"\ud800","n":123456789012345678901234567890.5}`
	for _, body := range []string{
		`{"query":"mutation {update_asset(where: {id: {_eq: \"s/1\"}}, _set: {properties: {a: \"\\ud800\", ` +
			`n: 123456789012345678901234567890.5}}) {returning {properties}}}"}`,
		`{"query":"mutation ($p: jsonb) {update_asset(where: {id: {_eq: \"s/1\"}}, _set: {properties: $p}) {returning {properties}}}",` +
			`"variables":{"p":` + value + `}}`,
	} {
		if _, got := c.do("POST", "/v3/query", body); got != data(`"update_asset":{"returning":[{"properties":`+value+`}]}`) {
			t.Errorf("%s\n%s", body, got)
		}
	}
	_, got := c.query(`mutation {insert_tag_asset(objects: {tag_id: "s/v", asset_id: "s/1", properties: ["\ud800"]}) {returning {properties}}}`, nil)
	if want := data(`"insert_tag_asset":{"returning":[{"properties":["\ud800"]}]}`); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
