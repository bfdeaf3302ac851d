package carserver

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// siteExtension is the extension of the reference connector.
const siteExtension = `{"key":"8e6ebbde-0000-4000-8000-000000000001","owner":"reference","version":"1","schema":{
	"vertices":[{"name":"site","properties":{"name":{"type":"text","indexed":true},"address":{"type":"text"}}},
		{"name":"asset","properties":{"initial_value":{"type":"numeric"}}}],
	"edges":[{"end1":"site","end2":"asset"}]}}`

// graphForQueries starts a service with the data of the golden queries: the source s of
// testdata/query/data.json, and a second one.
func graphForQueries(tb testing.TB) *client {
	tb.Helper()
	data, err := os.ReadFile("testdata/query/data.json")
	if err != nil {
		tb.Fatal(err)
	}
	c := start(tb, Config{Prepared: true})
	c.ok("POST", "/v3/carSchema", siteExtension)
	if failed := c.finished(c.post(string(data))); len(failed) > 0 {
		tb.Fatal(failed)
	}
	c.loadAs("t", `"asset":[{"external_id":"1","name":"alpha"}],"ipaddress":[{"_key":"10.0.0.1"}],
		"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1"}]`)
	// Deleted and superseded objects must not show up anywhere.
	c.loadAs("t", `"asset":[{"external_id":"gone","name":"alpha"}],"asset_vulnerability":[{"_from_external_id":"gone","_to_external_id":"v"}]`)
	c.ok("DELETE", "/v2/source/t/asset?external_ids=gone", "")
	return c
}

// TestQueries compares the responses to testdata/query/*.graphql with the golden files.
func TestQueries(t *testing.T) {
	c := graphForQueries(t)
	files, err := filepath.Glob("testdata/query/*.graphql")
	if err != nil || len(files) < 30 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".graphql")
		t.Run(name, func(t *testing.T) {
			query, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var variables map[string]any
			if given, err := os.ReadFile("testdata/query/" + name + ".variables.json"); err == nil {
				if err := json.Unmarshal(given, &variables); err != nil {
					t.Fatal(err)
				}
			}
			status, answer := c.query(string(query), variables)
			isError := strings.HasPrefix(name, "error_")
			if status != 200 || isError != strings.HasPrefix(answer, `{"errors":`) || isError == strings.HasPrefix(answer, `{"data":`) {
				t.Errorf("status %d: %s", status, answer)
			}
			var got bytes.Buffer
			if err := json.Indent(&got, []byte(answer), "", " "); err != nil {
				t.Fatal(err)
			}
			got.WriteByte('\n')
			golden := "testdata/query/" + name + ".golden.json"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", got.String(), want)
			}
		})
	}
}

func TestLargeQueries(t *testing.T) {
	c := graphForQueries(t)
	var ids, conditions, fields []string
	for i := range 5000 {
		ids = append(ids, fmt.Sprint(i))
		conditions = append(conditions, fmt.Sprintf(`{external_id:{_eq:"%d"}}`, i))
	}
	for i := range 300 {
		fields = append(fields, fmt.Sprintf("f%d: name", i))
	}
	_, answer := c.query(`query($ids:[String!]){asset(where:{source:{_eq:"s"},external_id:{_in:$ids}}){id}}`, map[string]any{"ids": ids})
	const four = `{"data":{"asset":[{"id":"s/1"},{"id":"s/2"},{"id":"s/3"},{"id":"s/4"}]}}`
	if answer != four {
		t.Errorf("a list of ids: %.200s", answer)
	}
	if _, answer = c.query(`{asset(where:{source:{_eq:"s"},_or:[`+strings.Join(conditions, ",")+`]}){id}}`, nil); answer != four {
		t.Errorf("many conditions: %.200s", answer)
	}
	if status, answer := c.query(`{asset(limit:1){`+strings.Join(fields, " ")+`}}`, nil); status != 200 ||
		strings.Count(answer, "alpha") != 300 {
		t.Errorf("many fields: %d %.200s", status, answer)
	}
	many := `{asset(where:{_or:[` + strings.Repeat(`{id:{_eq:"s/1"}},`, 20_000) + `]}){id}}`
	if status, answer := c.query(many, nil); status != 200 || !strings.Contains(answer, "values outside of lists") {
		t.Errorf("many values: %d %.200s", status, answer)
	}
	deep := strings.Repeat("vulnerabilities{vulnerability{assets{asset{", 3) + "name" + strings.Repeat("}}}}", 3)
	if status, answer := c.query(`{asset{`+deep+`}}`, nil); status != 200 || !strings.Contains(answer, "nested up to") {
		t.Errorf("deep nesting: %d %.200s", status, answer)
	}
	not := strings.Repeat("{_not:", 11) + "{}" + strings.Repeat("}", 11)
	if status, answer := c.query(`{asset(where:`+not+`){id}}`, nil); status != 200 || !strings.Contains(answer, "nested up to") {
		t.Errorf("deep conditions: %d %.200s", status, answer)
	}
}
