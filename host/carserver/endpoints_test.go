package carserver

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRefusals(t *testing.T) {
	c := start(t, Config{Prepared: true, MaxBody: 2000, Logger: quiet()})
	c.load(`"asset":[{"external_id":"1","name":"a"}]`)
	for _, test := range []struct {
		method, path, body string
		status             int
		text               string
	}{
		{"GET", "/v2", "", 404, "there is nothing at /api/car/v2"},
		{"GET", "/v4/query", "", 404, "there is nothing"},
		{"GET", "/v2/imports", "", 405, "use POST"},
		{"PUT", "/v2/databases", "", 405, "use GET, PATCH, POST"},
		{"DELETE", "/v3/query", "", 405, "use POST"},
		{"POST", "/v2/imports", `{"source":`, 400, "not JSON"},
		{"POST", "/v2/imports", `[]`, 400, "not a JSON object"},
		{"POST", "/v2/imports", ``, 400, "not JSON"},
		{"POST", "/v2/imports", `{"a":"` + strings.Repeat("x", 2000) + `"}`, 413, "more than 2000 bytes"},
		{"PATCH", "/v2/databases", `{}`, 400, "nothing to do"},
		{"PATCH", "/v2/databases", `{"graph_name":""}`, 400, "nothing to do"},
		{"PATCH", "/v2/databases", `{"graph_name":1}`, 400, "must be a string"},
		{"PATCH", "/v2/databases", `{"name":"x"}`, 400, `\"name\" cannot be changed`},
		{"PATCH", "/v2/databases", `{"collections_without_indexes":["nix"]}`, 400, `no collection \"nix\"`},
		{"PATCH", "/v2/databases", `null`, 400, "null"},
		{"GET", "/v2/jobstatus/nix", "", 404, "no job"},
		{"GET", "/v2/jobstatus", "", 400, "ids="},
		{"GET", "/v2/importstatus/nix", "", 404, "no job"},
		{"GET", "/v2/importstatus?ids=,", "", 400, "ids="},
		{"GET", "/v2/source/nix", "", 404, `no source \"nix\"`},
		{"PATCH", "/v2/source", `{}`, 400, "key="},
		{"PATCH", "/v2/source?key=a%2Fb", `{}`, 400, "not valid"},
		{"PATCH", "/v2/source?key=s", `{"_key":"t"}`, 400, "cannot be changed"},
		{"PATCH", "/v2/source?key=s", `{"model_state_id":96}`, 400, "must be a string, not a number"},
		{"PATCH", "/v2/source?key=s", `"x"`, 400, "not a JSON object"},
		{"POST", "/v2/source/a%20b/full-import-in-progress", "", 400, "cannot be the key"},
		{"DELETE", "/v2/source/s/asset?keys=1", "", 400, "external_ids="},
		{"DELETE", "/v2/source/s/asset", "", 400, "external_ids="},
		{"DELETE", "/v2/source/s/ipaddress?external_ids=1", "", 400, "keys="},
		{"DELETE", "/v2/source/s/nix?keys=1", "", 404, "no collection"},
		{"DELETE", "/v2/source/s/asset_ipaddress?external_ids=1", "", 400, "edge collection"},
		{"DELETE", "/v2/source/s/tag?external_ids=1", "", 404, "no collection"},
		{"PATCH", "/v2/tag?external_id=1", `{"name":"x"}`, 404, "no collection"},
		{"GET", "/v2/source/s/asset", "", 405, "use DELETE"},
		{"GET", "/v2/asset/1/graf", "", 404, "there is nothing"},
		{"GET", "/v2/asset/9/graph", "", 404, `no asset \"9\"`},
		{"GET", "/v2/nix/9/graph", "", 404, "no collection"},
		{"GET", "/v2/asset_ipaddress/9/graph", "", 400, "edge collection"},
		{"PATCH", "/v2/source?key=s", `{"source":1}`, 400, "source must be an object"},
		{"DELETE", "/v3/carSchema/nix", "", 404, "no schema extension"},
		{"DELETE", "/v3/carSchema/core", "", 400, "core schema"},
		{"DELETE", "/v3/extensionSchema", "", 405, "use GET"},
		{"DELETE", "/v2/source/s/asset?external_ids=%zz", "", 400, "external_ids"},
		{"PATCH", "/v2/asset", `{"name":"b"}`, 400, "external_id="},
		{"PATCH", "/v2/asset?external_id=9", `{"name":"b"}`, 404, "no such asset"},
		{"PATCH", "/v2/asset?external_id=1", `{"nix":"b"}`, 400, `no field \"nix\"`},
		{"PATCH", "/v2/asset?external_id=1", `{"external_id":"2"}`, 400, "no field"},
		{"PATCH", "/v2/asset?external_id=1", `{}`, 400, "nothing to change"},
		{"PATCH", "/v2/ipaddress?external_id=10.0.0.1", `{"region_id":"west"}`, 400, "no field"},
		{"PATCH", "/v2/ipaddress?external_id=10.0.0.1", `{"name":"10.0.0.2"}`, 400, "no field"},
		{"PATCH", "/v2/asset?external_id=1", `{"risk":11}`, 422, "risk must be at most 10"},
		{"PATCH", "/v2/asset?external_id=1", `{"name":null}`, 422, "name is required"},
		{"PATCH", "/v2/asset_ipaddress?source=s&from=1", `{"active":false}`, 400, "to="},
		{"PATCH", "/v2/asset_ipaddress?source=s&from=1&to=2", `{"active":false}`, 404, "no such asset_ipaddress"},
		{"PATCH", "/v2/nix?external_id=1", `{"name":"b"}`, 404, "no collection"},
		{"GET", "/v2/asset", "", 400, "attribute"},
		{"GET", "/v2/asset?nix=1", "", 400, `no attribute \"nix\"`},
		{"GET", "/v2/asset?risk=high", "", 400, "type number"},
		{"GET", "/v3/importSchema?version=v1", "", 400, "v1"},
		{"GET", "/v3/carSchema/nix", "", 404, "no schema extension"},
		{"POST", "/v3/carSchema", `{}`, 400, "not a UUID"},
		{"POST", "/v3/query", `{}`, 200, "not present"},
		{"POST", "/v3/query", `{"query":"{"}`, 200, "not a valid graphql query"},
		{"POST", "/v3/query", `x`, 200, "not a valid json value"},
	} {
		c.refused(test.method, test.path, test.body, test.status, test.text)
	}
	if got := c.history("v_asset", "key, doc, _t2"); len(got) != 1 {
		t.Errorf("a refused request has changed something: %q", got)
	}
}

func TestCredentials(t *testing.T) {
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	for _, test := range []struct {
		name   string
		cfg    Config
		header string
		status int
	}{
		{"none needed", Config{}, "", 400},
		{"none needed, given", Config{}, basic("k:p"), 400},
		{"key", Config{Key: "k", Password: "p"}, basic("k:p"), 400},
		{"wrong password", Config{Key: "k", Password: "p"}, basic("k:q"), 401},
		{"wrong key", Config{Key: "k", Password: "p"}, basic("l:p"), 401},
		{"nothing", Config{Key: "k", Password: "p"}, "", 401},
		{"token for a key", Config{Key: "k", Password: "p"}, "car-token ", 401},
		{"token", Config{Token: "t"}, "car-token t", 400},
		{"wrong token", Config{Token: "t"}, "car-token u", 401},
		{"bearer", Config{Token: "t"}, "Bearer t", 401},
		{"key for a token", Config{Token: "t"}, basic(":"), 401},
		{"either", Config{Key: "k", Password: "p", Token: "t"}, "car-token t", 400},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := start(t, test.cfg)
			if test.header != "" {
				c.header = http.Header{"Authorization": {test.header}}
			}
			if status, body := c.do("GET", "/v2/databases", ""); status != test.status { // 400: let in, not created yet
				t.Errorf("%d %s, want %d", status, body, test.status)
			}
			if status, body := c.do("GET", "/v2/health", ""); status != 200 {
				t.Errorf("health: %d %s", status, body)
			}
		})
	}
}

func TestCompressedImport(t *testing.T) {
	c := start(t, Config{Prepared: true, MaxBody: 100_000})
	compress := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		w.Write([]byte(text))
		w.Close()
		return b.String()
	}
	c.header = http.Header{"Content-Encoding": {"gzip"}}
	id := c.post(compress(envelope("s", `"asset":[{"external_id":"1","name":"a"}]`)))
	c.refused("POST", "/v2/imports", envelope("s", ""), 400, "not gzip")
	c.refused("POST", "/v2/imports", compress(envelope("s", ""))[:30], 400, "cannot be read")
	c.refused("POST", "/v2/imports", compress(strings.Repeat(" ", 100_001)), 413, "more than")
	c.header = http.Header{"Content-Encoding": {"zstd"}}
	c.refused("POST", "/v2/imports", "{}", 415, "zstd")
	c.header = nil
	if failed := c.finished(id); len(failed) > 0 {
		t.Fatal(failed)
	}
	if g := c.graph(); len(g.Vertices) != 1 {
		t.Errorf("graph: %v", g)
	}
}

func TestServe(t *testing.T) {
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()
	answer, err := http.Get("http://" + listener.Addr().String() + "/api/car/v3/health")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != 200 {
		t.Errorf("health: %s", answer.Status)
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("it goes on")
	}
}
