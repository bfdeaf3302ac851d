package carserver

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func TestExtensions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.db")
	c := start(t, Config{Path: path})
	const key = "8e6ebbde-0000-4000-8000-000000000001"
	version := func(n string) string { return strings.Replace(siteExtension, `"version":"1"`, `"version":"`+n+`"`, 1) }

	// Connectors post their extension first of all, to a tenant without a database.
	c.refused("GET", "/v3/carSchema/"+key, "", 404, "no schema extension")
	for _, step := range []struct {
		what, body string
		status     int
		text       string
	}{
		{"new", version("9"), 201, `"version":"9"`},
		{"the same", version("9"), 200, `"version":"9"`},
		{"another content", strings.Replace(version("9"), "Main", "", 1) + " ", 200, ""},
		{
			"another content of that version",
			strings.Replace(version("9"), `{"type":"numeric"}`, `{"type":"text"}`, 1), 409, "needs a higher version",
		},
		{"older", version("8"), 409, "older than the stored version 9"},
		{"newer", version("10"), 200, `"version":"10"`},
		{"no version", version("x"), 400, "not a whole number"},
		{"unknown field", `{"keys":1}`, 400, "unknown key"},
		{"unknown vertex", strings.Replace(version("11"), `"end1":"site"`, `"end1":"nix"`, 1), 400, "is not a vertex collection"},
		{"reserved name", strings.Replace(version("11"), `"name":"site"`, `"name":"report"`, 1), 400, "is reserved by CAR"},
		{"name that cannot be queried", strings.Replace(version("11"), `"name":"site"`, `"name":"asset_bool_exp"`, 1), 400, ""},
	} {
		if status, answer := c.do("POST", "/v3/carSchema", step.body); status != step.status || !strings.Contains(answer, step.text) {
			t.Errorf("%s: %d %s\nwant %d with %q", step.what, status, answer, step.status, step.text)
		}
	}

	c.job("POST", "/v2/databases", "")
	if got := c.seen(); got["ready"] != true {
		t.Errorf("database: %v", got)
	}
	check := func(when string) {
		t.Helper()
		if got := c.ok("GET", "/v3/carSchema/"+key, ""); got["version"] != "10" || got["owner"] != "reference" {
			t.Errorf("%s: %v", when, got)
		}
		schema := text(t, c.ok("GET", "/v3/importSchema?version=v2", ""))
		for _, name := range []string{`"site":`, `"site_asset":`, `"initial_value":`, `"asset_ipaddress":`} {
			if !strings.Contains(schema, name) {
				t.Errorf("%s: the import schema lacks %s", when, name)
			}
		}
		c.load(`"site":[{"external_id":"1","name":"HQ"}],"asset":[{"external_id":"1","name":"a","initial_value":5}],
			"site_asset":[{"_from_external_id":"1","_to_external_id":"1"}]`)
		if _, got := c.query(`{site_asset{site{name} asset{initial_value}}}`,
			nil); got != `{"data":{"site_asset":[{"site":[{"name":"HQ"}],"asset":[{"initial_value":5}]}]}}` {
			t.Errorf("%s: %s", when, got)
		}
		failed := text(t, c.finished(c.post(envelope("s", `"asset":[{"external_id":"1","name":"a","initial_value":"five"}]`))))
		if !strings.Contains(failed, "initial_value must be a number, not a string") {
			t.Errorf("%s: %s", when, failed)
		}
	}
	check("posted")
	c.stop()
	c = start(t, Config{Path: path})
	check("opened again")
}

// A new extension does not make a ready database unready, and a second one may build on the first.
func TestExtensionOfReadyDatabase(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(`"asset":[{"external_id":"1","name":"a","initial_value":5}]`)
	c.ok("POST", "/v3/carSchema", siteExtension)
	c.ok("POST", "/v3/carSchema", `{"key":"8e6ebbde-0000-4000-8000-000000000002","owner":"second","version":"1","schema":{
		"vertices":[{"name":"rack","properties":{"height":{"type":"integer","required":true},"notes":{"type":"jsonb"}}}],
		"edges":[{"end1":"site","end2":"rack"},{"end1":"rack","end2":"rack","properties":{"distance":{"type":"float"}}}]}}`)
	if got := c.seen(); got["ready"] != true {
		t.Errorf("database: %v", got)
	}
	c.load(`"site":[{"external_id":"1"}],"rack":[{"external_id":"a","height":42,"notes":[1,{"b":true}]},{"external_id":"b","height":1}],
		"site_rack":[{"_from_external_id":"1","_to_external_id":"a"}],"rack_rack":[{"_from_external_id":"a","_to_external_id":"b","distance":1.5}]`)
	_, got := c.query(`{
		site{racks{rack{height notes to_racks{distance to_rack{id}} from_racks{from_rack_id}}}}
		rack_rack{from_rack_id to_rack_id from_rack{id} to_rack{id}}
	}`, nil)
	want := `{"data":{"site":[{"racks":[{"rack":[{"height":42,"notes":[1,{"b":true}],"to_racks":[{"distance":1.5,"to_rack":[{"id":"s/b"}]}],"from_racks":[]}]}]}],` +
		`"rack_rack":[{"from_rack_id":"s/a","to_rack_id":"s/b","from_rack":[{"id":"s/a"}],"to_rack":[{"id":"s/b"}]}]}}`
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	c.ok("DELETE", "/v2/source/s/rack?external_ids=b", "")
	c.graphIs("deleted", "asset/1, rack/a, site/1, site_rack/1 -> a")
}

func TestEveryCollectionCanBeImportedAndQueried(t *testing.T) {
	c := start(t, Config{Prepared: true})
	for _, table := range c.carsrv.catalog.Load().tables {
		if table.OfTags {
			continue
		}
		object := map[string]any{}
		if table.From != "" {
			object[table.FromProperty()] = endValue(table.FromProperty(), table.From, "f")
			object[table.ToProperty()] = endValue(table.ToProperty(), table.To, "t")
		} else {
			object[table.KeyedBy] = "00:00:5e:00:53:01"
		}
		for _, p := range table.Document() {
			if values := samples(p); p.Required || len(table.OneOf) == 0 || p.Name == "region" {
				object[p.Name] = values[0]
			}
		}
		c.load(text(t, table.Collection.Name) + ":[" + text(t, object) + "]")
		var fields []string
		for _, p := range table.Document() {
			fields = append(fields, p.Name)
		}
		status, answer := c.query(fmt.Sprintf("{%s{%s}}", table.Collection.Name, strings.Join(fields, " ")), nil)
		if status != 200 || !strings.Contains(answer, ":[{") {
			t.Errorf("%s: %d %s", table.Collection.Name, status, answer)
		}
	}
}
