package carserver

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pythonSession has the requests of production connectors, in the forms in which they send them: a
// full import, and an incremental one that finds out by itself which edges are gone. {job} stands
// for the job in the response before.
var pythonSession = []struct{ method, path, body string }{
	{"GET", "/v2/databases", ""},
	{"POST", "/v2/databases", ""},
	{"GET", "/v2/jobstatus/{job}", ""},
	{"GET", "/v2/databases", ""},
	{"GET", "/v2/source/s", ""},
	{"POST", "/v2/source/s/full-import-in-progress", ""},
	{"GET", "/v2/jobstatus/{job}", ""},
	{"POST", "/v2/imports", `{"source":{"_key":"s","name":"office","description":"","product_link":"https://s.example"},
		"report":{"_key":"1","timestamp":1611597149785,"type":"office","description":""}}`},
	{"GET", "/v2/importstatus?ids={job}", ""},
	{"GET", "/v3/importSchema?version=v2", ""},
	{"POST", "/v2/imports", `{"source":{"_key":"s"},"report":{"_key":"1","timestamp":1611597149785},
		"asset":[{"external_id":17,"name":"desk","description":null,"tag":["lab","old"]},{"external_id":"18","name":"server","risk":null}],
		"ipaddress":[{"_key":"10.1.2.3","name":"first floor"},{"_key":"10.1.2.4","name":null,"region_id":null}],
		"hostname":[{"_key":"h.example","host_name":"h.example","external_id":"h.example"}],
		"macaddress":[{"_key":"00:00:5e:00:53:01","name":"00:00:5e:00:53:01","interface":null}],
		"account":[{"external_id":7,"name":"root","created":"2021-01-25T17:52:29.785Z","modified":"2021-01-25"}],
		"vulnerability":[{"external_id":"v","name":"v","published_on":"2021-01-25 17:52:29+0100","base_score":7.5}]}`},
	{"GET", "/v2/importstatus/{job}", ""},
	{"POST", "/v2/imports", `{"source":{"_key":"s"},"report":{"_key":"1","timestamp":1611597149785},
		"asset_ipaddress":[{"_from_external_id":17,"_to":"10.1.2.3","active":true,"source":"s","report":"1","timestamp":1611597149785},
			{"_from":"asset/18","_to":"ipaddress/10.1.2.4","active":true}],
		"asset_hostname":[{"_from_external_id":"17","_to":"h.example","created":"2021-01-25T00:00:00"}],
		"account_hostname":[{"_from_external_id":7,"_to_external_id":"h.example"}],
		"asset_vulnerability":[{"_from_external_id":17,"_to_external_id":"v","risk_score":null}]}`},
	{"GET", "/v2/importstatus?ids={job}", ""},
	{"DELETE", "/v2/source/s/full-import-in-progress", ""},
	{"GET", "/v2/jobstatus/{job}", ""},
	{"PATCH", "/v2/source?key=s", `{"model_state_id": "96"}`},
	{"GET", "/v2/source/s", ""},
	{"POST", "/v3/query", `{"query": "{ asset_ipaddress(where: { source: { _eq: \"s\" } }) { asset_id ipaddress_id } }"}`},
	{"PATCH", "/v2/asset_ipaddress?source=s&from=18&to=0/10.1.2.4", `{"active": false}`},
	{"POST", "/v3/query", `{"query": "{ asset_ipaddress(where: { source: { _eq: \"s\" } }) { asset_id ipaddress_id ipaddress { name } } }"}`},
	{"DELETE", "/v2/source/s/ipaddress?keys=10.1.2.4", ""},
	{"DELETE", "/v2/source/s/asset?external_ids=18,none", ""},
	{"POST", "/v3/query", `{"query": "{ ipaddress(where: { source: { _eq: \"s\" } }) { id external_id name region_id } asset { id } }"}`},
	{"GET", "/v2/asset?external_id=17", ""},
	{"GET", "/v2/hostname?name=h.example", ""},
	{"PATCH", "/v2/asset?external_id=17", `{"name": "table"}`},
	{"POST", "/v2/imports", `{"source":{"_key":"s"},"report":{"_key":"2","timestamp":1611683549785},
		"asset":[{"external_id":"17","name":"table","untag":["old"],"tag":["new"]}]}`},
	{"GET", "/v2/importstatus?ids={job}", ""},
	{
		"POST", "/v3/query",
		`{"query": "{ asset(where: { external_id: { _eq: \"17\" } }) { name tags(order_by: {tag_id: asc}) { tag { name } } } }"}`,
	},
	{"POST", "/v3/query", `{"query": "{ account { external_id created modified } vulnerability { published_on base_score } }"}`},
	{"POST", "/v3/query", `{"query": "{ asset_ipaddress(where: { active: { _eq: true } }) { asset_id } }"}`},
}

// Production connectors get the responses that they expect: a golden file has both requests and
// responses.
func TestPythonConnector(t *testing.T) {
	c := start(t, Config{})
	var b strings.Builder
	job, jobs := "", map[string]string{}
	id := regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	long := regexp.MustCompile(`"schema":.*`)
	at := regexp.MustCompile(`"reported_at":"[^"]*"`)
	for _, r := range pythonSession {
		path := strings.ReplaceAll(r.path, "{job}", job)
		status, data := c.do(r.method, path, r.body)
		if strings.Contains(r.path, "{job}") {
			c.await(func() bool {
				status, data = c.do(r.method, path, r.body)
				return !strings.Contains(data, stateRunning)
			})
		}
		if found := id.FindString(data); found != "" {
			job = found
		}
		data = id.ReplaceAllStringFunc(data, func(found string) string {
			if jobs[found] == "" {
				jobs[found] = fmt.Sprintf("job-%d", len(jobs)+1)
			}
			return jobs[found]
		})
		data = at.ReplaceAllString(long.ReplaceAllString(data, `"schema": …`), `"reported_at": …`)
		fmt.Fprintf(&b, "%s %s\n", r.method, r.path)
		if r.body != "" {
			fmt.Fprintf(&b, "%s\n", r.body)
		}
		fmt.Fprintf(&b, "%d %s\n\n", status, data)
	}
	file := filepath.Join("testdata", "connector.golden")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
