package server

import (
	"net/http"
	"strings"
	"testing"
)

func TestRows(t *testing.T) {
	s := open(t, 2)
	for path, want := range map[string]string{
		"/xrefproperties/2/": `{"pk":2,"extref_typename":"catalogue 2","extref_value":"REF-0018","q_extref_typeid":2}`,
		"/vulnerabilities/2": `{"pk":2,"name":"vulnerability 1","published_on":1704153600000,"disclosed_on":1703548800000,"updated_on":1704157200000,"vcvssbmid":50001,"base_score":3.7,
			"xref_properties":["{{}}/xrefproperties/1/","{{}}/xrefproperties/2/","{{}}/xrefproperties/3/"]}`,
		"/sites":                 `[{"pk":1,"name":"site 0","address":"1 Harbour Road"},{"pk":2,"name":"site 1","address":"2 Harbour Road"}]`,
		"/assets/2/":             `{"pk":2,"name":"asset1.example.com","type":"Workstation","initial_value":1,"site":"{{}}/sites/2/","vulnerabilities":["{{}}/vulnerabilities/3/","{{}}/vulnerabilities/4/"]}`,
		"/ip_addresses/":         `[{"pk":1,"address":"10.0.0.1","asset":"{{}}/assets/1/"},{"pk":2,"address":"10.0.0.2","asset":"{{}}/assets/2/"}]`,
		"/mac_addresses/?pk=2,7": `[{"pk":2,"address":"02:ca:00:00:00:01","asset":"{{}}/assets/2/","ip_addresses":["{{}}/ip_addresses/2/"]}]`,
		"/hosts?pk=1":            `[{"pk":1,"host":"host0.example.com","asset":"{{}}/assets/1/"}]`,
		"/apps?pk=4,1,4":         `[{"pk":1,"name":"app 0","assets":["{{}}/assets/1/"]},{"pk":4,"name":"app 3","assets":["{{}}/assets/2/"]}]`,
		"/ports/": `[{"pk":1,"port_number":443,"layer7application":"https","protocol":"TCP",
			"apps":["{{}}/apps/1/","{{}}/apps/2/","{{}}/apps/3/","{{}}/apps/4/","{{}}/apps/5/","{{}}/apps/6/"],"ip_addresses":["{{}}/ip_addresses/1/","{{}}/ip_addresses/2/"]}]`,
		"/apps?pk=":                        `[]`,
		"/assets?pk=99":                    `[]`,
		"/model_state_id/":                 `{"model_state_id":"24"}`,
		"/delta?from=24&to=24":             `{}`,
		"/delta/?from=20&to=22":            `{"delta":{"apps":{"updates":[4,5],"deletions":[]}}}`,
		"/delta?from=24&to=99":             `{"delta":{}}`,
		"/assets?limit=9&pk=3":             `{"count":0,"next":null,"previous":null,"results":[]}`,
		"/hosts?limit=1&offset=0&pk=&x=y":  `{"count":0,"next":null,"previous":null,"results":[]}`,
		"/hosts/?limit=1&offset=1&limit=2": `{"count":2,"next":null,"previous":"{{}}/hosts/?limit=1&limit=2","results":[{"pk":2,"host":"host1.example.com","asset":"{{}}/assets/2/"}]}`,
	} {
		same(t, path, s.get(path), want)
	}
}

func TestCreateEditDelete(t *testing.T) {
	s := open(t, Empty)
	if got := s.state(); got != "0" {
		t.Fatalf("state of an empty source: %s", got)
	}
	steps := []struct {
		method, path, body string
		status             int
		want               string // "" for no body
	}{
		{"POST", "/sites/", `{"name":" Here "}`, 201, `{"pk":1,"name":"Here","address":""}`},
		{
			"POST", "/vulnerabilities", `{"name":"v","base_score":"7.5","vcvssbmid":3.0}`, 201,
			`{"pk":1,"name":"v","published_on":1704067200000,"disclosed_on":1704067200000,"updated_on":1704067200000,"vcvssbmid":3,"base_score":7.5,"xref_properties":[]}`,
		},
		{
			"POST", "/assets", `{"name":"a","site":"{{}}/sites/1/","vulnerabilities":["/vulnerabilities/1"]}`, 201,
			`{"pk":1,"name":"a","type":"Other","initial_value":0,"site":"{{}}/sites/1/","vulnerabilities":["{{}}/vulnerabilities/1/"]}`,
		},
		{
			"POST", "/assets", `{"name":"b \"\u00e9\" \u2028x","site":null,"initial_value":1e300}`, 201,
			`{"pk":2,"name":"b \"\u00e9\" \u2028x","type":"Other","initial_value":1e300,"site":null,"vulnerabilities":[]}`,
		},
		{"POST", "/ip_addresses/", `{"address":"fe80::1","asset":1}`, 201, `{"pk":1,"address":"fe80::1","asset":"{{}}/assets/1/"}`},
		{
			"PATCH", "/assets/2/", `{"site":1,"vulnerabilities":[1,"1"]}`, 200,
			`{"pk":2,"name":"b \"\u00e9\" \u2028x","type":"Other","initial_value":1e300,"site":"{{}}/sites/1/","vulnerabilities":["{{}}/vulnerabilities/1/"]}`,
		},
		{
			"PUT", "/assets/2", `{"pk":2,"name":"c","site":null}`, 200,
			`{"pk":2,"name":"c","type":"Other","initial_value":1e300,"site":null,"vulnerabilities":["{{}}/vulnerabilities/1/"]}`,
		},
		{
			"PATCH", "/assets/2", `{"vulnerabilities":[],"initial_value":-0.0000001}`, 200,
			`{"pk":2,"name":"c","type":"Other","initial_value":-1e-7,"site":null,"vulnerabilities":[]}`,
		},
		{"DELETE", "/assets/2/", ``, 204, ``},
		{"DELETE", "/assets/2/", ``, 404, `{"detail":"There is nothing here."}`},
		{"GET", "/assets/2/", ``, 404, `{"detail":"There is nothing here."}`},
		{"PATCH", "/assets/2/", `{"name":"x"}`, 404, `{"detail":"There is nothing here."}`},
		{"POST", "/assets", `{"name":"d"}`, 201, `{"pk":3,"name":"d","type":"Other","initial_value":0,"site":null,"vulnerabilities":[]}`},
	}
	for _, step := range steps {
		a := s.do(step.method, step.path, step.body)
		if a.status != step.status {
			t.Fatalf("%s %s %s: status %d: %s", step.method, step.path, step.body, a.status, a.body)
		}
		if step.want == "" {
			if a.body != "" {
				t.Errorf("%s %s: body %q", step.method, step.path, a.body)
			}
			continue
		}
		same(t, step.method+" "+step.path, s.decode(a.body), step.want)
		if step.status == 201 {
			same(t, "Location of "+step.path, s.get(a.header.Get("Location")), step.want)
		}
	}
}

func TestRejected(t *testing.T) {
	s := open(t, 1)
	before := s.state()
	const reference = "A reference into vulnerabilities is expected: a pk, or an address that ends in /vulnerabilities/PK/."
	tests := []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", "/assets", `{}`, 400, `{"name":["This field is required."]}`},
		{"PUT", "/ports/1", `{"protocol":"UDP"}`, 400, `{"port_number":["This field is required."]}`},
		{"POST", "/assets", `{"name":"","nmae":"x"}`, 400, `{"name":["This field may not be empty."],"nmae":["There is no such field."]}`},
		{
			"POST", "/assets", `{"name":null,"type":true,"initial_value":"NaN"}`, 400,
			`{"name":["This field may not be null."],"type":["A text or a number is expected."],"initial_value":["A number is expected."]}`,
		},
		{
			"POST", "/assets", `{"name":["a"],"initial_value":1e999}`, 400,
			`{"name":["A text or a number is expected."],"initial_value":["A number is expected."]}`,
		},
		{"PATCH", "/assets/1", `{"pk":2}`, 400, `{"pk":["The pk of a row cannot be changed."]}`},
		{
			"PATCH", "/assets/1", `{"site":3,"vulnerabilities":[1,99]}`, 400,
			`{"site":["There is no row 3 in sites."],"vulnerabilities":["There is no row 99 in vulnerabilities."]}`,
		},
		{"PATCH", "/assets/1", `{"vulnerabilities":["/sites/1/"]}`, 400, `{"vulnerabilities":["` + reference + `"]}`},
		{"PATCH", "/assets/1", `{"vulnerabilities":[null]}`, 400, `{"vulnerabilities":["A text or a number is expected."]}`},
		{"PATCH", "/assets/1", `{"vulnerabilities":[1.5]}`, 400, `{"vulnerabilities":["` + reference + `"]}`},
		{"PATCH", "/assets/1", `{"vulnerabilities":1}`, 400, `{"vulnerabilities":["A list of references is expected."]}`},
		{"PATCH", "/assets/1", `{"vulnerabilities":null}`, 400, `{"vulnerabilities":["A list of references is expected."]}`},
		{
			"PATCH", "/ip_addresses/1", `{"asset":null,"address":"10.0.0.256"}`, 400,
			`{"asset":["This field may not be null."],"address":["An IPv4 or IPv6 address is expected."]}`,
		},
		{
			"PATCH", "/mac_addresses/1", `{"address":"02:00:00:00:00"}`, 400,
			`{"address":["A MAC address is expected, such as 02:00:00:00:00:01."]}`,
		},
		{"PATCH", "/ports/1", `{"port_number":65536}`, 400, `{"port_number":["A number from 0 to 65535 is expected."]}`},
		{"PATCH", "/ports/1", `{"port_number":80.5}`, 400, `{"port_number":["An integer is expected."]}`},
		{
			"PATCH", "/sites/1", `{"name":"` + strings.Repeat("é", 256) + `"}`, 400,
			`{"name":["At most 255 characters are allowed, these are 256."]}`,
		},
		{"PATCH", "/sites/1", `{"name":"a\u0000b"}`, 400, `{"name":["A valid text is expected."]}`},
		{"POST", "/sites", `[]`, 400, `{"detail":"The body must be one JSON object."}`},
		{"POST", "/sites", `null`, 400, `{"detail":"The body must be one JSON object."}`},
		{"POST", "/sites", `{"name":"a"} {}`, 400, `{"detail":"The body must be one JSON object."}`},
		{"POST", "/sites", `{"name":`, 400, `{"detail":"The body must be one JSON object."}`},
		{"GET", "/assets?pk=a", ``, 400, `{"pk":["A pk is a whole number above 0."]}`},
		{
			"GET", "/assets?limit=0&offset=-1", ``, 400,
			`{"limit":["A whole number of at least 1 is expected."],"offset":["A whole number of at least 0 is expected."]}`,
		},
		{"GET", "/assets?limit=%zz", ``, 400, `{"query":["The address is not well formed."]}`},
		{"GET", "/delta?from=5&to=4", ``, 400, `{"from":["This state is newer than the one in to."]}`},
		{
			"GET", "/delta?from=a", ``, 400,
			`{"from":["A model_state_id is expected: a whole number."],"to":["A model_state_id is expected: a whole number."]}`,
		},
		{"GET", "/assets/0", ``, 404, `{"detail":"There is nothing here."}`},
		{"GET", "/assets/x/", ``, 404, `{"detail":"There is nothing here."}`},
		{"GET", "/nothing", ``, 404, `{"detail":"There is nothing here."}`},
		{"DELETE", "/assets/", ``, 405, `{"detail":"DELETE is not possible here."}`},
		{"POST", "/assets/1/", ``, 405, `{"detail":"POST is not possible here."}`},
		{"PUT", "/delta", ``, 405, `{"detail":"PUT is not possible here."}`},
	}
	for _, test := range tests {
		a := s.do(test.method, test.path, test.body)
		what := test.method + " " + test.path + " " + test.body
		if a.status != test.status {
			t.Errorf("%s: status %d, want %d: %s", what, a.status, test.status, a.body)
			continue
		}
		same(t, what, s.decode(a.body), test.want)
		if a.status == 405 && a.header.Get("Allow") == "" {
			t.Errorf("%s: no Allow", what)
		}
	}
	if after := s.state(); after != before {
		t.Errorf("rejected requests moved the state from %s to %s", before, after)
	}
}

func TestWhoMay(t *testing.T) {
	s := serving(t, Config{Username: "me", Password: "secret"})
	tests := []struct {
		name, user, password string
		header               [2]string
		method               string
		status               int
	}{
		{"nobody", "", "", [2]string{}, "GET", 401},
		{"the default password", "admin", "admin", [2]string{}, "GET", 401},
		{"a wrong password", "me", "secret2", [2]string{}, "GET", 401},
		{"the right one", "me", "secret", [2]string{}, "GET", 200},
		{"another kind of authentication", "", "", [2]string{"Authorization", "Bearer secret"}, "GET", 401},
		{"a program that writes", "me", "secret", [2]string{}, "POST", 400},
		{"a page of another site that reads", "me", "secret", [2]string{"Sec-Fetch-Site", "cross-site"}, "GET", 200},
		{"a page of another site that writes", "me", "secret", [2]string{"Sec-Fetch-Site", "cross-site"}, "POST", 403},
		{"an older browser there", "me", "secret", [2]string{"Origin", "http://elsewhere.example"}, "POST", 403},
	}
	for _, test := range tests {
		req, err := http.NewRequest(test.method, s.url+"/sites/", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if test.user != "" {
			req.SetBasicAuth(test.user, test.password)
		}
		if test.header[0] != "" {
			req.Header.Set(test.header[0], test.header[1])
		}
		a := s.send(req)
		if a.status != test.status {
			t.Errorf("%s: status %d, want %d", test.name, a.status, test.status)
		}
		if challenge := a.header.Get("WWW-Authenticate"); (a.status == 401) != strings.HasPrefix(challenge, "Basic ") {
			t.Errorf("%s: WWW-Authenticate %q", test.name, challenge)
		}
	}
}
