package carserver

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"carjs/host/model"
)

// TestExtensionColumns imports and queries a column of each type that an extension can have.
func TestExtensionColumns(t *testing.T) {
	columns := []struct {
		column, scalar        string
		given, shown, compare string
	}{
		{"text", "String", `"a"`, `"a"`, `{_similar: "(a|b)"}`},
		{"numeric", "numeric", `1.5`, `1.5`, `{_gt: 1, _lt: "2"}`},
		{"float", "float8", `0.25`, `0.25`, `{_in: [0.25]}`},
		{"boolean", "Boolean", `true`, `true`, `{_neq: false}`},
		{"integer", "Int", `7`, `7`, `{_eq: 7}`},
		{"bigint", "bigint", `9007199254740993`, `9007199254740993`, `{_eq: "9007199254740993"}`},
		{"bigserial", "bigint", ``, `1`, `{_lte: 1}`},
		{"jsonb", "jsonb", `{"a":[1]}`, `{"a":[1]}`, `{_contains: {a: [1]}}`},
		{"timestamp", "timestamp", `"2024-02-29T12:00:00+02:00"`, `"2024-02-29T10:00:00.000"`,
			`{_gte: "2024-02-29T10:00:00", _lt: "2024-02-29T10:00:01"}`},
		{"inet", "inet", `"10.0.0.0/8"`, `"10.0.0.0/8"`, `{_eq: "10.0.0.0/8"}`},
		{"macaddr", "macaddr", `"00:11:22:33:44:55"`, `"00:11:22:33:44:55"`, `{_nin: ["00:11:22:33:44:56"]}`},
	}
	known := strings.Join(model.ExtensionTypes(), " ")
	if len(columns) != len(strings.Fields(known)) {
		t.Fatalf("the table has not all of %s", known)
	}
	properties, object := map[string]any{}, map[string]json.RawMessage{"external_id": json.RawMessage(`"1"`)}
	var fields, conditions, shown []string
	for _, c := range columns {
		name := "c_" + c.column
		properties[name] = map[string]any{"type": c.column}
		if c.given != "" {
			object[name] = json.RawMessage(c.given)
		}
		fields = append(fields, name)
		conditions = append(conditions, name+": "+c.compare)
		shown = append(shown, fmt.Sprintf("%q:%s", name, c.shown))
	}
	c := start(t, Config{Prepared: true})
	c.ok("POST", "/v3/carSchema", text(t, map[string]any{
		"key": "8e6ebbde-0000-4000-8000-000000000002", "owner": "columns", "version": "1",
		"schema": map[string]any{"vertices": []any{map[string]any{"name": "thing", "properties": properties}}, "edges": []any{}},
	}))
	c.load(`"thing":[` + text(t, object) + `]`)
	query := fmt.Sprintf("{thing(where: {%s}, order_by: [{%s: asc}]) {%s}}", strings.Join(conditions, ", "),
		strings.Join(fields, ": asc}, {"), strings.Join(fields, " "))
	if status, got := c.query(query, nil); status != http.StatusOK || got != data(`"thing":[{`+strings.Join(shown, ",")+`}]`) {
		t.Errorf("%d %s", status, got)
	}
	_, got := c.query(`{__type(name: "thing_bool_exp") {inputFields {name type {name}}}}`, nil)
	for _, column := range columns {
		want := fmt.Sprintf(`{"name":"c_%s","type":{"name":"%s_comparison_exp"}}`, column.column, column.scalar)
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	// Extensions have tags, and their columns can be updated.
	_, got = c.query(`mutation {insert_tag_thing_one(object: {tag_id: "s/x", thing_id: "s/1"}) {tag_id}
		update_thing(where: {tags: {tag: {name: {_eq: "x"}}}}, _inc: {c_bigint: 1}, _set: {c_timestamp: "2025-01-01"}) {
			returning {c_bigint c_timestamp}}}`, nil)
	want := data(`"insert_tag_thing_one":{"tag_id":"s/x"},` +
		`"update_thing":{"returning":[{"c_bigint":9007199254740994,"c_timestamp":"2025-01-01T00:00:00.000"}]}`)
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
