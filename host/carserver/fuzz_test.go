package carserver

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"carjs/host/carserver/internal/tables"
)

// slow is longer than any request of a fuzz test takes on a busy machine.
const slow = 20 * time.Second

// FuzzQuery looks for queries that fail inside the service or take long, and for responses that are
// not JSON.
func FuzzQuery(f *testing.F) {
	files, err := filepath.Glob("testdata/query/*.graphql")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		query, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		variables, err := os.ReadFile(strings.TrimSuffix(file, "graphql") + "variables.json")
		if err != nil {
			variables = []byte("{}")
		}
		f.Add(string(query), string(variables), false)
		f.Add(string(query), string(variables), true)
	}
	const typed = `query($w:asset_bool_exp,$o:[asset_order_by!],$l:Int){asset(where:$w,order_by:$o,limit:$l){id}}`
	f.Add(typed, `{"w":{"_and":[null],"__typename":1,"name":{"_like":"\\","_in":["a",null]}},"o":{"name":"DESC","risk":null},"l":1e3}`, false)
	f.Add(typed, `{"w":{"_or":{"properties":{"_eq":[1]},"tags":{"tag":{"_reference_count":{"_gt":"0"}}}},"vulnerabilities":{"risk_score":{"_nin":[1]}}},"l":"2"}`, false)
	f.Add(`{source(where:{id:{_gt:"a"}}){id} source_by_pk(_pk:1){name}}`, `null`, false)
	f.Add(`mutation($o:[tag_asset_insert_input!]!){insert_tag_asset(objects:$o,on_conflict:{constraint:tag_asset_id_t2,update_columns:[properties]})
		{affected_rows returning{tag_id}}}`, `{"o":{"tag_id":"s/x","asset_id":"s/1","properties":{"a":1e3}}}`, false)
	f.Add(`mutation{update_asset(where:{},_inc:{risk:0.5},_append:{properties:[1,{a:null}]},_delete_at_path:{xref:[]}){affected_rows}}`, `{}`, false)
	f.Add(`mutation{a:update_asset_by_pk(pk_columns:{_pk:1},_delete_elem:{properties:-1}){id} insert_tag_one(object:{id:"s/n"}){id}}`, `{}`, false)
	c := graphForQueries(f)
	f.Fuzz(func(t *testing.T, query, variables string, past bool) {
		var given map[string]any
		if json.Unmarshal([]byte(variables), &given) != nil {
			return
		}
		body, err := json.Marshal(map[string]any{"query": query, "variables": given})
		if err != nil {
			t.Fatal(err)
		}
		request := httptest.NewRequest("POST", "/api/car/v3/query", strings.NewReader(string(body)))
		if past {
			request.Header.Set(timepointHeader, time.Now().Format("2006-01-02T15:04:05.000000"))
		}
		began, recorder := time.Now(), httptest.NewRecorder()
		c.carsrv.Handler().ServeHTTP(recorder, request)
		if status, answer := recorder.Code, recorder.Body.Bytes(); status != 200 && query != "" || !json.Valid(answer) {
			t.Errorf("%s %s\n%d %s", query, variables, status, answer)
		}
		if took := time.Since(began); took > slow {
			t.Errorf("%s %s\ntook %s", query, variables, took)
		}
	})
}

// FuzzEnvelope looks for envelopes that are accepted and cannot be written, or are stored as
// something other than JSON.
func FuzzEnvelope(f *testing.F) {
	data, err := os.ReadFile("testdata/query/data.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add(envelope("s", assets+","+edges))
	f.Add(envelope("s", `"asset":[{"external_id":"\u0000","name":"\ud800","risk":1e0,"properties":{"":1e999}}]`))
	f.Add(envelope("s", `"geolocation":[{"external_id":"g","latitude":-0,"longitude":12345678901234567890}]`))
	f.Add(envelope("s", `"ipaddress":[{"_key":"1","name":"n","region_id":"a/b","tag":["",null]}],"ipaddress_port":[{"_from":"a/b/1","_to":7,"created":"2021-01-01"}]`))
	f.Add(envelope("s", `"asset":[{"external_id":1,"name":null}],"asset_hostname":[{"_from":1,"_to_external_id":2.50,"active":false}]`))
	c := start(f, Config{Prepared: true})
	f.Fuzz(func(t *testing.T, body string) {
		b, err := parseEnvelope(c.carsrv.catalog.Load(), []byte(body))
		status, answer := c.direct("POST", "/v2/imports", body)
		if status >= 500 {
			t.Fatalf("%s is answered %d %s", body, status, answer)
		}
		if err != nil {
			return
		}
		if status != 200 {
			t.Fatalf("%s is valid and answered %d %s", body, status, answer)
		}
		if err := c.carsrv.runImport(t.Context(), &job{body: []byte(body)}); err != nil {
			t.Fatalf("%s is valid and cannot be written: %v", body, err)
		}
		for _, part := range b.parts {
			for _, row := range part.rows {
				var object map[string]any
				if err := decode([]byte(row.doc), &object); err != nil {
					t.Fatalf("%s is kept as %s", body, row.doc)
				}
				if again := string(part.table.AppendDocument(nil, object)); again != row.doc {
					t.Fatalf("%s is kept as %s, which is kept as %s", body, row.doc, again)
				}
			}
		}
	})
}

func FuzzCanonical(f *testing.F) {
	f.Add(`{"b":[1.0,-0,1e2,0.1,1E400,"\u00e4\ud800"],"a":{"z":null,"":true}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var v, again any
		if decode([]byte(text), &v) != nil {
			return
		}
		once := tables.AppendCanonical(nil, v)
		if err := decode(once, &again); err != nil {
			t.Fatalf("%s became %s: %v", text, once, err)
		}
		if twice := tables.AppendCanonical(nil, again); string(twice) != string(once) {
			t.Fatalf("%s became %s, then %s", text, once, twice)
		}
	})
}

// FuzzRequests looks for requests that fail inside the service or take long, and for responses that
// are not JSON.
func FuzzRequests(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", "/v2/asset?name=a&risk=1e999&source=%00", ""}, {"GET", "/v2/asset_ipaddress?ipaddress_id=s/0/%ff&_to=ipaddress/", ""},
		{"GET", "/v2/ipaddress/0%2F10.0.0.1/graph?source='", ""}, {"GET", "/v2/importstatus?ids=%22,%5B", ""},
		{"PATCH", "/v2/asset?external_id=1", `{"name":"\ud800","properties":{"a":[1e400,null]},"pending_update":{"":0}}`},
		{"PATCH", "/v2/asset_ipaddress?source=s&from=1&to=0/10.0.0.1", `{"active":true,"created":1e5,"external_id":null}`},
		{"PATCH", "/v2/source?key=s", `{"source":{"model_state_id":null,"x":{}}}`}, {"PATCH", "/v2/databases", `{"graph_name":"\u0000"}`},
		{"DELETE", "/v2/source/s/ipaddress?keys=10.0.0.1,%2C,0/", ""}, {"DELETE", "/v2/source/%2F", ""},
		{"DELETE", "/v2/source/s/asset_ipaddress", ""},
		{"POST", "/v3/carSchema", siteExtension}, {"POST", "/v3/query", `{"query":"{asset{id}}"}`}, {"GET", "/v3/carSchema/core", ""},
		{"POST", "/v2/imports", `{"source":{"_key":"s"},"report":{"timestamp":1},"asset":[{"external_id":1,"name":"a"}]}`},
		{"POST", "/v2/source/s/full-import-in-progress", ""}, {"DELETE", "/v2/source/s/full-import-in-progress", ""},
		{"GET", "/v3/health/all", ""},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	c := start(f, Config{Prepared: true, MaxBody: 1 << 16})
	c.ok("POST", "/v3/carSchema", siteExtension)
	c.load(assets + `,"ipaddress":[{"_key":"10.0.0.1","tag":["red"]}],` + edges)
	f.Fuzz(func(t *testing.T, method, path, body string) {
		request, err := http.NewRequest(method, "http://car/api/car"+path, strings.NewReader(body))
		if err != nil || !slices.Contains([]string{"GET", "POST", "PATCH", "DELETE", "PUT"}, method) {
			return
		}
		began, recorder := time.Now(), httptest.NewRecorder()
		c.carsrv.Handler().ServeHTTP(recorder, request)
		status, answer := recorder.Code, recorder.Body.Bytes()
		if took := time.Since(began); took > slow {
			t.Errorf("%s %s %q took %s", method, path, body, took)
		}
		if status >= 500 || len(answer) > 0 && !json.Valid(answer) {
			if status < 400 {
				return // a redirect of Go's own multiplexer, to the clean path
			}
			t.Errorf("%s %s %q: %d %s", method, path, body, status, answer)
		}
	})
}
