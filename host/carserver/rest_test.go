package carserver

import (
	"net/http"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestNeighbourhood(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.ok("POST", "/v3/carSchema", siteExtension)
	const data = `"asset":[{"external_id":"1","name":"a","tag":["red"]},{"external_id":"2","name":"b"}],
		"ipaddress":[{"_key":"10.0.0.1"},{"_key":"10.0.0.2"}],"port":[{"external_id":"p","port_number":1,"protocol":"tcp"}],
		"site":[{"external_id":"s1","name":"here"}],"site_asset":[{"_from_external_id":"s1","_to_external_id":"1"}],
		"asset_ipaddress":[{"_from_external_id":"1","_to":"10.0.0.1"},{"_from_external_id":"2","_to":"10.0.0.2"},{"_from_external_id":"1","_to":"10.0.0.9"}],
		"ipaddress_port":[{"_from":"10.0.0.1","_to_external_id":"p"}]`
	c.load(data)
	c.ok("PATCH", "/v2/asset_ipaddress?source=s&from=1&to=10.0.0.9", `{"active":false}`)
	for path, want := range map[string]string{
		"asset/1": `{"data":{"asset":[{"external_id":"1","id":"s/1","name":"a","source":"s"}],` +
			`"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1","asset_id":"s/1","ipaddress_id":"s/0/10.0.0.1","source":"s"}],` +
			`"ipaddress":[{"_key":"10.0.0.1","external_id":"0/10.0.0.1","id":"s/0/10.0.0.1","name":"10.0.0.1","region_id":"0","source":"s"}],` +
			`"site":[{"external_id":"s1","id":"s/s1","name":"here","source":"s"}],` +
			`"site_asset":[{"_from_external_id":"s1","_to_external_id":"1","asset_id":"s/1","site_id":"s/s1","source":"s"}],` +
			`"tag":[{"external_id":"red","id":"s/red","name":"red","source":"s"}],` +
			`"tag_asset":[{"_from_external_id":"red","_to_external_id":"1","asset_id":"s/1","source":"s","tag_id":"s/red"}]}}`,
		"port/p": `{"data":{"ipaddress":[{"_key":"10.0.0.1","external_id":"0/10.0.0.1","id":"s/0/10.0.0.1","name":"10.0.0.1","region_id":"0","source":"s"}],` +
			`"ipaddress_port":[{"_from":"ipaddress/10.0.0.1","_to_external_id":"p","ipaddress_id":"s/0/10.0.0.1","port_id":"s/p","source":"s"}],` +
			`"port":[{"external_id":"p","id":"s/p","port_number":1,"protocol":"tcp","source":"s"}]}}`,
	} {
		if status, got := c.do("GET", "/v2/"+path+"/graph", ""); status != 200 || got != want {
			t.Errorf("%s: %d %s\nwant %s", path, status, got, want)
		}
	}
	c.loadAs("t", data)
	for path, want := range map[string]int{"ipaddress/10.0.0.2": 2, "ipaddress/0%2F10.0.0.2": 2, "ipaddress/10.0.0.2/graph?source=t": 1} {
		path, query, _ := strings.Cut(path, "/graph")
		answer := c.ok("GET", "/v2/"+path+"/graph"+query, "")["data"].(map[string]any)
		if got := len(answer["ipaddress"].([]any)); got != want || len(answer["asset"].([]any)) != want || len(answer) != 3 {
			t.Errorf("%s%s: %v, want that of %d sources", path, query, answer, want)
		}
	}
}

func TestDeleteSource(t *testing.T) {
	c := start(t, Config{Prepared: true})
	const data = `"asset":[{"external_id":"1","name":"a","tag":["red"]}],"ipaddress":[{"_key":"10.0.0.1"}],` + edges
	c.load(data)
	c.loadAs("t", strings.ReplaceAll(data, `"source":"s"`, `"source":"t"`))
	before, err := c.carsrv.Graph(t.Context(), "t")
	if err != nil {
		t.Fatal(err)
	}
	c.ok("PATCH", "/v2/source?key=s", `{"model_state_id":"7"}`)
	if got := text(t, c.ok("DELETE", "/v2/source/s/asset_ipaddress", "")); got != `{"result":"OK"}` {
		t.Errorf("edges: %s", got)
	}
	c.graphIs("without edges", "asset/1, asset/1 tags [\"red\"], ipaddress/10.0.0.1")
	c.load(data)
	c.graphIs("reported again", "asset/1, asset/1 tags [\"red\"], asset_ipaddress/1 -> 10.0.0.1, ipaddress/10.0.0.1")
	c.ok("DELETE", "/v2/source/s", "")
	c.graphIs("deleted", "")
	c.refused("GET", "/v2/source/s", "", 404, "no source")
	after, err := c.carsrv.Graph(t.Context(), "t")
	if err != nil || !before.Equal(after) || len(after.Edges) != 1 {
		t.Errorf("another source: %q %v", before.Diff(after), err)
	}
	if got := c.history("v_asset", "source, coalesce(_t2 >= _t1, 'now')"); text(t, got) != `["s 1","t now"]` {
		t.Errorf("history: %q", got)
	}
	c.load(data)
	c.job("POST", full, "")
	c.job("DELETE", full, "")
	c.graphIs("retired", "")
}

// When a vertex is retired, its tags end and so do the edges at it, even if they were reported.
func TestRetiredVerticesTakeTheirEdges(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(`"asset":[{"external_id":"1","name":"a","tag":["red"]},{"external_id":"2","name":"b","tag":["red"]}],"ipaddress":[{"_key":"10.0.0.1"}],` + edges)
	c.job("POST", full, "")
	c.load(`"asset":[{"external_id":"2","name":"b"}],"ipaddress":[{"_key":"10.0.0.1"}],` + edges)
	c.job("DELETE", full, "")
	c.graphIs("left", "asset/2, asset/2 tags [\"red\"], ipaddress/10.0.0.1")
	c.load(assets + "," + edges)
	c.graphIs("there again", "asset/1, asset/2, asset/2 tags [\"red\"], asset_ipaddress/1 -> 10.0.0.1, ipaddress/10.0.0.1")
	if got := c.history("e_asset_ipaddress", "coalesce(_t2 >= _t1, 'now')"); text(t, got) != `["1","now"]` {
		t.Errorf("history: %q", got)
	}
}

func TestExtensionsAreListedAndDeleted(t *testing.T) {
	c := start(t, Config{Prepared: true})
	compiler := jsonschema.NewCompiler()
	_, described := c.do("GET", "/v3/extensionSchema", "")
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(described))
	if err == nil {
		err = compiler.AddResource("mem:/extension", document)
	}
	if err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("mem:/extension")
	if err != nil {
		t.Fatal(err)
	}
	c.ok("POST", "/v3/carSchema", siteExtension)
	const posted = `{"key":"8e6ebbde-0000-4000-8000-000000000002","owner":"second","version":"1","schema":{"vertices":[],"edges":[{"end1":"site","end2":"user"}]}}`
	if got := text(t, c.ok("POST", "/v3/carSchema", " "+posted)); !strings.Contains(got, `"vertices":[]`) {
		t.Errorf("posted: %s", got)
	}
	_, listed := c.do("GET", "/v3/carSchema", "")
	list, err := jsonschema.UnmarshalJSON(strings.NewReader(listed))
	if err != nil {
		t.Fatal(err)
	}
	var keys []any
	for _, extension := range list.([]any) {
		keys = append(keys, extension.(map[string]any)["key"])
		if err := schema.Validate(extension); err != nil {
			t.Errorf("%v", err)
		}
	}
	if got := text(t, keys); got != `["core","8e6ebbde-0000-4000-8000-000000000001","8e6ebbde-0000-4000-8000-000000000002"]` {
		t.Errorf("listed: %s", got)
	}
	if _, got := c.do("GET", "/v3/carSchema/8e6ebbde-0000-4000-8000-000000000002", ""); got != posted {
		t.Errorf("%s\nwant %s", got, posted)
	}
	for _, bad := range []string{`{}`, strings.Replace(posted, `"site"`, `"Site"`, 1), strings.Replace(posted, `"1"`, `1`, 1),
		strings.Replace(siteExtension, `"type":"text"`, `"type":"string"`, 1)} {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(value) == nil {
			t.Errorf("the schema of extensions admits %s", bad)
		}
	}

	c.load(`"site":[{"external_id":"1","name":"HQ"}],"asset":[{"external_id":"1","name":"a","initial_value":5}],
		"site_asset":[{"_from_external_id":"1","_to_external_id":"1"}]`)
	c.refused("DELETE", "/v3/carSchema/8e6ebbde-0000-4000-8000-000000000001", "", 409, "another schema extension builds on")
	for _, key := range []string{"8e6ebbde-0000-4000-8000-000000000002", "8e6ebbde-0000-4000-8000-000000000001"} {
		status, body := c.direct("DELETE", "/v3/carSchema/"+key, "")
		if status != http.StatusNoContent || len(body) > 0 {
			t.Errorf("deleted: %d %q", status, body)
		}
		c.refused("GET", "/v3/carSchema/"+key, "", 404, "no schema extension")
	}
	c.graphIs("deleted", "asset/1")
	if failed := text(t, c.finished(c.post(envelope("s", `"site":[]`)))); !strings.Contains(failed, "no collection") {
		t.Errorf("%s", failed)
	}
	c.ok("POST", "/v3/carSchema", siteExtension)
	c.graphIs("posted again", "asset/1")
	c.load(`"site":[{"external_id":"1"}]`)
	if d := c.seen(); d["ready"] != true {
		t.Errorf("%v", d)
	}
}

func TestHealth(t *testing.T) {
	c := start(t, Config{Key: "k"})
	const all = `{"hasura":{"message":"OK","status":200},"postgres":{"message":"OK"},"redis":{"message":"OK","status":200},"status":200}`
	for path, want := range map[string]string{"/v2/health": `{"message":"ok"}`, "/v3/health": `{"message":"ok"}`, "/v3/health/all": all} {
		if status, got := c.do("GET", path, ""); status != 200 || got != want {
			t.Errorf("%s: %d %s", path, status, got)
		}
	}
}
