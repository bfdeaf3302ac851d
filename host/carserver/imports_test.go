package carserver

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const (
	assets = `"asset":[{"external_id":"1","name":"a"},{"external_id":"2","name":"b","risk":3}]`
	edges  = `"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1","report":"r1","source":"s","active":true,"timestamp":1700000000000}]`
)

func TestBadImports(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(assets)
	before := c.graph()
	for name, test := range map[string]struct{ body, text string }{
		"missing property": {envelope("s", `"asset":[{"external_id":"3","name":"c"},{"external_id":"4"}]`),
			`asset was not imported: 1 of 2 objects are invalid: asset "4": name is required`},
		"wrong types": {
			envelope("s", `"asset":[{"external_id":"1","name":5,"risk":99}]`),
			`asset "1": name must be a string, not a number; risk must be at most 10, not 99`,
		},
		"no key":              {envelope("s", `"asset":[{"name":"x"}]`), "asset number 1: external_id is required"},
		"key of no use":       {envelope("s", `"ipregion":[{"name":"x"}]`), "external_id must name the object"},
		"empty key":           {envelope("s", `"asset":[{"external_id":"","name":"x"}]`), "must name the object"},
		"null":                {envelope("s", `"asset":[null]`), "must be an object, not null"},
		"no object":           {envelope("s", `"asset":[1]`), "asset must be an array of objects"},
		"no array":            {envelope("s", `"asset":{}`), "asset must be an array of objects"},
		"unknown collection":  {envelope("s", `"assets":[]`), `there is no collection "assets"`},
		"twice":               {envelope("s", assets+","+assets), `"asset" is there twice`},
		"no source":           {`{"report":{"timestamp":1}}`, "source is missing"},
		"no report":           {`{"source":{"_key":"s"}}`, "report is missing"},
		"source null":         {`{"source":null,"report":{"timestamp":1}}`, "source must be an object"},
		"source without key":  {`{"source":{"name":"s"},"report":{"timestamp":1}}`, "source is not valid: _key is required"},
		"key with a slash":    {envelope("a/b", ""), "source is not valid"},
		"report without time": {`{"source":{"_key":"s"},"report":{}}`, "timestamp is required"},
		"other source": {
			envelope("s", `"asset":[{"external_id":"1","name":"a","source":"t"}]`),
			`source must be that of the envelope, "s"`,
		},
		"edge without end": {
			envelope("s", `"asset_ipaddress":[{"_from_external_id":"1"}]`),
			"_to must name an end of the edge as ipaddress/KEY",
		},
		"end of the wrong kind": {
			envelope("s", `"asset_ipaddress":[{"_from":"hostname/1","_to":"ipaddress/10.0.0.1"}]`),
			"_from_external_id must name",
		},
		"end without text":    {envelope("s", `"asset_ipaddress":[{"_from":[1],"_to":"ipaddress/10.0.0.1"}]`), "_from_external_id must name"},
		"null where required": {envelope("s", `"asset":[{"external_id":"1","name":null}]`), "name must be a string, not null"},
		"text in a number": {
			envelope("s", `"asset":[{"external_id":"1","name":"a","risk":"2021-01-01"}]`),
			"risk must be a number, not a string",
		},
		"no date": {
			envelope("s", `"account":[{"external_id":"1","name":"a","created":"soon"}]`),
			"created must be a number, not a string",
		},
		"no address":          {envelope("s", `"ipaddress":[{"_key":"somewhere"}]`), "name does not match"},
		"no address but name": {envelope("s", `"ipaddress":[{"_key":"0/10.0.0.1","name":"10.0.0.1"}]`), "_key does not match"},
		"number as a name":    {envelope("s", `"ipaddress":[{"_key":"10.0.0.1","name":1}]`), "name must be a string, not a number"},
		"tags":                {envelope("s", `"tag":[{"external_id":"red"}]`), `there is no collection "tag"`},
		"links of tags":       {envelope("s", `"tag_asset":[{"_from":"red","_to":"1"}]`), `there is no collection "tag_asset"`},
		"end elsewhere":       {envelope("s", `"asset_ipaddress":[{"_from_external_id":"1","_to":"hostname/10.0.0.1"}]`), "_to must name"},
		"end without key":     {envelope("s", `"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/"}]`), "_to must name"},
		"pattern":             {envelope("s", `"hostname":[{"_key":"a|b"}]`), `hostname "a|b": external_id does not match`},
		"only one may be":     {envelope("s", `"geolocation":[{"external_id":"g","region":"x","latitude":1,"longitude":2}]`), "exactly one of"},
	} {
		t.Run(name, func(t *testing.T) {
			failed := c.finished(c.post(test.body))
			if len(failed) != 1 {
				t.Fatalf("errors: %v", failed)
			}
			e := failed[0].(map[string]any)
			if message, _ := e["error"].(string); e["statusCode"] != 422.0 || !strings.Contains(message, test.text) {
				t.Errorf("%v\nwant 422 and %q", e, test.text)
			}
			if d := before.Diff(c.graph()); len(d) > 0 {
				t.Errorf("the graph has changed: %q", d)
			}
		})
	}
}

func TestManyBadObjectsAreCounted(t *testing.T) {
	c := start(t, Config{Prepared: true})
	var objects []string
	for i := range 25 {
		objects = append(objects, fmt.Sprintf(`{"external_id":"%d"}`, i))
	}
	failed := text(t, c.finished(c.post(envelope("s", `"asset":[`+strings.Join(objects, ",")+`]`))))
	if !strings.Contains(failed, "25 of 25 objects") || !strings.Contains(failed, "; and 15 more") {
		t.Errorf("%s", failed)
	}
}

func TestImportKeepsWhatTheModelKnows(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(`"asset":[{"name":"a","external_id":"1","business_value":7.0,"odd":1,"properties":{"z":[1.50,{"b":null,"a":1e2}],"a":"ä\u2028\"<"}}],
		"hostname":[{"_key":"h.example.com"}],"ipaddress":[{"_key":"10.0.0.1","region_id":"r"}],"macaddress":[{"_key":"00:00:5e:00:53:01"}],
		"asset_vulnerability":[{"_from_external_id":"1","_to_external_id":"v","risk_score":1,"active":false},
			{"_from_external_id":"1","_to_external_id":"w","risk_score":2}]`)
	want := Graph{
		Vertices: map[VertexID]string{
			{"asset", "1"}:                      `{"business_value":7,"name":"a","properties":{"a":"ä` + "\u2028" + `\"<","z":[1.5,{"a":100,"b":null}]}}`,
			{"hostname", "h.example.com"}:       `{"host_name":"h.example.com"}`,
			{"ipaddress", "r/10.0.0.1"}:         `{"name":"10.0.0.1","region_id":"r"}`,
			{"macaddress", "00:00:5e:00:53:01"}: `{"name":"00:00:5e:00:53:01"}`,
		},
		Edges: map[EdgeID]string{{"asset_vulnerability", "1", "w", ""}: `{"risk_score":2}`},
	}
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("%s", strings.Join(d, "\n"))
	}
	if got := c.ok("GET", "/v2/source/s", ""); !reflect.DeepEqual(got, map[string]any{"_key": "s", "name": "a source"}) {
		t.Errorf("source: %v", got)
	}
}

func TestHistory(t *testing.T) {
	c := start(t, Config{Prepared: true})
	const columns = "key, doc, report, reported_at, _t1 > 0, coalesce(_t2 >= _t1, 'now')"
	at := func(report string, time int, members string) {
		body := fmt.Sprintf(`{"source":{"_key":"s"},"report":{"_key":"%s","timestamp":%d},%s}`, report, time, members)
		if failed := c.finished(c.post(body)); len(failed) > 0 {
			t.Fatal(failed)
		}
	}
	expect := func(what, table, columns string, want ...string) {
		t.Helper()
		if got := c.history(table, columns); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	at("r1", 1, `"asset":[{"external_id":"1","name":"a","description":"d"}]`)
	at("r2", 2, `"asset":[{"description":"d","name":"a","external_id":"1","unknown":5}]`)
	expect("the same again", "v_asset", columns, `1 {"description":"d","name":"a"} r2 2 1 now`)
	at("r3", 3, `"asset":[{"external_id":"1","name":"a"}]`)
	expect("a property less", "v_asset", columns, `1 {"description":"d","name":"a"} r2 2 1 1`, `1 {"name":"a"} r3 3 1 now`)
	c.ok("DELETE", "/v2/source/s/asset?external_ids=1", "")
	expect("deleted", "v_asset", "key, coalesce(_t2 >= _t1, 'now')", "1 1", "1 1")
	at("r4", 4, `"asset":[{"external_id":"1","name":"a"}]`)
	expect("there again", "v_asset", "report, coalesce(_t2 >= _t1, 'now')", "r2 1", "r3 1", "r4 now")

	at("r1", 1, edges)
	at("r2", 2, strings.Replace(edges, `"r1"`, `"r2"`, 1))
	expect("the edge again", "e_asset_ipaddress", "from_key, to_key, report, coalesce(_t2 >= _t1, 'now')", "1 0/10.0.0.1 r2 now")
	c.ok("PATCH", "/v2/asset_ipaddress?source=s&from=1&to=ipaddress/10.0.0.1", `{"active":false}`)
	c.ok("PATCH", "/v2/asset_ipaddress?source=s&from=1&to=10.0.0.1", `{"active":false}`)
	expect("the edge off, twice", "e_asset_ipaddress", "report, coalesce(_t2 >= _t1, 'now')", "r2 1")
	if g := c.graph(); len(g.Edges) != 0 {
		t.Errorf("an edge that is switched off is in the graph: %v", g.Edges)
	}
	at("r3", 3, edges)
	expect("the edge reported", "e_asset_ipaddress", "report, coalesce(_t2 >= _t1, 'now')", "r2 1", "r1 now")
	at("r4", 4, strings.Replace(edges, `"active":true`, `"active":false`, 1))
	expect("the edge reported off", "e_asset_ipaddress", "report, coalesce(_t2 >= _t1, 'now')", "r2 1", "r1 1")
	at("r5", 5, strings.Replace(edges, `"active":true`, `"active":false`, 1))
	expect("the edge reported off again", "e_asset_ipaddress", "report, coalesce(_t2 >= _t1, 'now')", "r2 1", "r1 1")
}

func TestTagsStay(t *testing.T) {
	c := start(t, Config{Prepared: true})
	for _, step := range []struct{ object, tags string }{
		{`{"external_id":"1","name":"a","tag":["x","y","x"]}`, `["x","y"]`},
		{`{"external_id":"1","name":"a"}`, `["x","y"]`},
		{`{"external_id":"1","name":"b"}`, `["x","y"]`},
		{`{"external_id":"1","name":"c","tag":["z"],"untag":["x"]}`, `["y","z"]`},
		{`{"external_id":"1","name":"c","untag":["y"]}`, `["z"]`},
	} {
		c.load(`"asset":[` + step.object + `]`)
		if got := c.graph().Tags[VertexID{"asset", "1"}]; got != step.tags {
			t.Errorf("%s: %s", step.object, got)
		}
		shown := strings.ReplaceAll(strings.ReplaceAll(step.tags, `["`, `[{"tag_id":"s/`), `","`, `"},{"tag_id":"s/`)
		shown = strings.ReplaceAll(shown, `"]`, `"}]`)
		if _, got := c.query(`{asset{tags(order_by:{tag_id:asc}){tag_id}}}`, nil); got != `{"data":{"asset":[{"tags":`+shown+`}]}}` {
			t.Errorf("%s: %s", step.object, got)
		}
	}
	// They end with their vertex, and the tag itself stays.
	c.ok("DELETE", "/v2/source/s/asset?external_ids=1", "")
	c.load(`"asset":[{"external_id":"1","name":"c"}]`)
	c.graphIs("there again", "asset/1")
	if got := c.history("v_tag", "key, coalesce(_t2, 'now')"); text(t, got) != `["x now","y now","z now"]` {
		t.Errorf("tags: %q", got)
	}
}

// A report may be imported in part: each collection is kept as a whole or not at all.
func TestReportPassesInPart(t *testing.T) {
	c := start(t, Config{Prepared: true})
	id := c.post(envelope("s", assets+`,"hostname":[{"_key":"h"},{"_key":"a|b"}],"ipaddress":[{"_key":"10.0.0.1"}],"nix":[],`+edges))
	failed := c.finished(id)
	if len(failed) != 1 {
		t.Fatalf("errors: %v", failed)
	}
	want := `hostname was not imported: 1 of 2 objects are invalid: hostname "a|b": external_id does not match ` +
		"^[^&#^|?<>\\[\\]]+$" + `: "a|b"; there is no collection "nix"; the other collections were imported`
	if got := failed[0].(map[string]any); got["error"] != want || got["statusCode"] != 422.0 {
		t.Errorf("%v\nwant 422 %s", got, want)
	}
	if got := c.ok("GET", "/v2/importstatus/"+id, ""); got["status"] != stateError || got["message"] != want {
		t.Errorf("status of one: %v", got)
	}
	c.graphIs("in part", "asset/1, asset/2, asset_ipaddress/1 -> 10.0.0.1, ipaddress/10.0.0.1")
}

func TestReportIsTooLarge(t *testing.T) {
	c := start(t, Config{Prepared: true})
	large := func(n int) string {
		head := envelope("s", `"asset":[{"external_id":"1","name":""}]`)
		return strings.Replace(head, `"name":""`, `"name":"`+strings.Repeat("x", n-len(head))+`"`, 1)
	}
	c.refused("POST", "/v2/imports", large(8<<20+1), 413, "more than 8388608 bytes")
	if failed := c.finished(c.post(large(8 << 20))); len(failed) > 0 {
		t.Errorf("%v", failed)
	}
}

// Connectors in production send all of these.
func TestLenientImports(t *testing.T) {
	c := start(t, Config{Prepared: true})
	c.load(`"asset":[{"external_id":17,"name":"a","risk":null,"description":null},{"external_id":"18","_key":"k","name":"b"}],
		"ipaddress":[{"_key":"10.1.2.3","name":"router, first floor","external_id":"whatever"},{"_key":"10.1.2.3","region_id":"west","name":"10.9.9.9"},
			{"_key":"10.1.2.4","region_id":null,"name":null}],
		"hostname":[{"_key":"h","external_id":"h"},{"external_id":"i","host_name":"i"}],
		"macaddress":[{"_key":"00:00:5e:00:53:01","external_id":5,"name":"00:00:5e:00:53:02"}],
		"account":[{"external_id":"a","name":"a","created":"2021-01-25T17:52:29.785Z","modified":"2021-01-25","last_occurrence":"1611597149785"}],
		"vulnerability":[{"external_id":"v","name":"v","published_on":"2021-01-25 17:52:29+0100"}],
		"geolocation":[{"external_id":"g","latitude":1,"longitude":2,"region":null}]`)
	c.load(`"asset_ipaddress":[{"_from_external_id":17,"_to":"10.1.2.3"},{"_from":"asset/18","_to":"ipaddress/10.1.2.3"},
			{"_from":17,"_to":"0/10.1.2.4"},{"_from":"17","_to_external_id":"west/10.1.2.3","timestamp":"2021-01-25","external_id":9}],
		"asset_hostname":[{"_from_external_id":"17","_to":"h","report":null,"created":"2021-01-25T00:00:00"}],
		"account_hostname":[{"_from_external_id":"a","_to":"hostname/i"}]`)
	want := Graph{
		Vertices: map[VertexID]string{
			{"asset", "17"}: `{"name":"a"}`, {"asset", "18"}: `{"name":"b"}`,
			{"ipaddress", "10.1.2.3"}: `{"name":"10.1.2.3"}`, {"ipaddress", "10.1.2.4"}: `{"name":"10.1.2.4"}`,
			{"ipaddress", "west/10.1.2.3"}: `{"name":"10.1.2.3","region_id":"west"}`,
			{"hostname", "h"}:              `{"host_name":"h"}`, {"hostname", "i"}: `{"host_name":"i"}`,
			{"macaddress", "00:00:5e:00:53:01"}: `{"name":"00:00:5e:00:53:01"}`,
			{"account", "a"}:                    `{"created":1611597149785,"last_occurrence":1611597149785,"modified":1611532800000,"name":"a"}`,
			{"vulnerability", "v"}:              `{"name":"v","published_on":1611593549000}`,
			{"geolocation", "g"}:                `{"latitude":1,"longitude":2}`,
		},
		Edges: map[EdgeID]string{
			{"asset_ipaddress", "17", "10.1.2.3", ""}: `{}`, {"asset_ipaddress", "18", "10.1.2.3", ""}: `{}`,
			{"asset_ipaddress", "17", "10.1.2.4", ""}: `{}`, {"asset_ipaddress", "17", "west/10.1.2.3", "9"}: `{"external_id":"9"}`,
			{"asset_hostname", "17", "h", ""}: `{"created":1611532800000}`, {"account_hostname", "a", "i", ""}: `{}`,
		},
	}
	if d := want.Diff(c.graph()); len(d) > 0 {
		t.Errorf("%s", strings.Join(d, "\n"))
	}
	c.ok("PATCH", "/v2/asset_ipaddress?source=s&from=17&to=0/10.1.2.4", `{"active":false}`)
	c.ok("DELETE", "/v2/source/s/ipaddress?keys=10.1.2.3", "") // that of the default region
	c.graphIs("deleted", "account/a, account_hostname/a -> i, asset/17, asset/18, asset_hostname/17 -> h, "+
		"asset_ipaddress/17 -> west/10.1.2.3 (9), geolocation/g, hostname/h, hostname/i, ipaddress/10.1.2.4, ipaddress/west/10.1.2.3, "+
		"macaddress/00:00:5e:00:53:01, vulnerability/v")
	c.ok("DELETE", "/v2/source/s/ipaddress?keys=west/10.1.2.3,0/10.1.2.4", "")
	c.graphIs("deleted by region", "account/a, account_hostname/a -> i, asset/17, asset/18, asset_hostname/17 -> h, "+
		"geolocation/g, hostname/h, hostname/i, macaddress/00:00:5e:00:53:01, vulnerability/v")
}
