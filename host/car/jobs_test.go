package car

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"carjs/host/model"
)

func TestJobs(t *testing.T) {
	started := says(`{"job_id":"a b/c"}`)
	for name, test := range map[string]struct {
		answers []http.HandlerFunc
		want    Answer
		of      Call
	}{
		"done": {
			[]http.HandlerFunc{
				started,
				says(`{"status":"INPROGRESS"}`),
				says(`{"status":"COMPLETE"}`),
			},
			"", EnterFullImport,
		},
		"failed":         {[]http.HandlerFunc{started, says(`{"status":"ERROR","error":"disk"}`)}, JobFailed, EnterFullImport},
		"never ends":     {[]http.HandlerFunc{started, says(`{"status":"INPROGRESS"}`)}, JobLate, EnterFullImport},
		"unknown":        {[]http.HandlerFunc{started, status(404)}, "404", JobStatus},
		"cannot be seen": {[]http.HandlerFunc{started, status(500)}, "500", JobStatus},
		"seen again":     {[]http.HandlerFunc{started, status(500), status(401), says("?"), says(`{"status":"COMPLETE"}`)}, "", JobStatus},
		"nonsense":       {[]http.HandlerFunc{started, says(`{}`)}, Incomplete, JobStatus},
		"not started":    {[]http.HandlerFunc{says(`{"status":"OK"}`)}, Incomplete, EnterFullImport},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScript(t, test.answers...)
			_, err := s.client().EnterFullImport(context.Background())
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkFailure(t, err, RuleFor(test.of, test.want))
			if got := s.asked[0].URL.EscapedPath(); got != "/api/car/v2/source/"+url.PathEscape(odd)+"/full-import-in-progress" {
				t.Errorf("path %s", got)
			}
		})
	}
}

func TestAwaitImports(t *testing.T) {
	const both = `{"success":true,"complete_imports":[{"id":"1"},{"id":"2"}]}`
	says404 := status(404)
	for name, test := range map[string]struct {
		answers []http.HandlerFunc
		want    Answer
		of      Call
	}{
		"done": {
			[]http.HandlerFunc{
				says(`{"incomplete_imports":[{"id":"1"}],"complete_imports":["2"]}`),
				says(both),
			},
			"", PostImport,
		},
		"an array": {
			[]http.HandlerFunc{
				says(`[{"id":"1","status":"inprogress"},{"id":"2","status":"complete"}]`),
				says(`[{"id":"1","status":"COMPLETE"}]`),
			},
			"", PostImport,
		},
		"lists are null": {
			[]http.HandlerFunc{
				says(`{"incomplete_imports":null,"error_imports":null,"complete_imports":[{"id":"1"},{"id":"2"}],"notfound_imports":null}`),
			},
			"", PostImport,
		},
		"named when alone": {
			[]http.HandlerFunc{
				says(`{"success":true}`),
				says(`{"id":"1","status":"COMPLETE"}`),
				says(`{"status":"complete"}`),
			},
			"", PostImport,
		},
		"alone, not ended": {
			[]http.HandlerFunc{
				says(`{"success":true}`),
				says(`{"status":"queued"}`),
				says(`{"status":"COMPLETE"}`),
				says(both),
			},
			"", PostImport,
		},
		"named nowhere":     {[]http.HandlerFunc{says(`{"success":true}`), says404}, Incomplete, ImportStatus},
		"nothing of either": {[]http.HandlerFunc{says(`{"incomplete_imports":[],"error_imports":[]}`)}, Incomplete, ImportStatus},
		"failed": {
			[]http.HandlerFunc{says(`{"incomplete_imports":[],"error_imports":[{"id":"1","error":"x","statusCode":500}]}`)},
			ImportFailed, PostImport,
		},
		"failed alone": {[]http.HandlerFunc{says(`[]`), says(`{"id":"1","status":"error","message":"x"}`)}, ImportFailed, PostImport},
		"bad request": {
			[]http.HandlerFunc{says(`{"incomplete_imports":[],"error_imports":[{"id":"1","error":{"a":1},"statusCode":400}]}`)},
			ImportFailed, PostImport,
		},
		"refused": {
			[]http.HandlerFunc{says(`{"incomplete_imports":[],"error_imports":[{"id":"1","error":"x","statusCode":422}]}`)},
			ImportRefused, PostImport,
		},
		"never ends": {
			[]http.HandlerFunc{
				says(`{"incomplete_imports":[{"id":"1"},{"id":"2"}],"error_imports":[]}`),
			},
			JobLate, PostImport,
		},
		"forgotten":     {[]http.HandlerFunc{says(`{"complete_imports":["2"],"notfound_imports":["1"]}`)}, notFoundJob, ImportStatus},
		"known in time": {[]http.HandlerFunc{says(`{"notfound_imports":[{"id":"1"},{"id":"2"}]}`), says(both)}, "", ImportStatus},
		"back again": {
			[]http.HandlerFunc{
				says(`[{"id":"1","status":"COMPLETE"},{"id":"2","status":"RUNNING"}]`),
				says(`[{"id":"1","status":"RUNNING"},{"id":"2","status":"RUNNING"}]`),
			},
			WentBack, PostImport,
		},
		"seen again":     {[]http.HandlerFunc{status(500), says404, says(""), says(both)}, "", ImportStatus},
		"no such answer": {[]http.HandlerFunc{says(`"done"`)}, Incomplete, ImportStatus},
	} {
		t.Run(name, func(t *testing.T) {
			err := newScript(t, test.answers...).client().AwaitImports(context.Background(), []string{"1", "2"})
			if test.want == "" && err != nil {
				t.Error(err)
			} else if test.want != "" {
				checkFailure(t, err, RuleFor(test.of, test.want))
			}
		})
	}
	s := newScript(t, func(w http.ResponseWriter, r *http.Request) {
		complete, _ := json.Marshal(map[string]any{"complete_imports": strings.Split(r.URL.Query().Get("ids"), ",")})
		w.Write(complete)
	})
	ids := make([]string, 45)
	for i := range ids {
		ids[i] = fmt.Sprintf("job %d&", i)
	}
	if err := s.client().AwaitImports(context.Background(), ids); err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, r := range s.asked {
		asked = append(asked, strings.Split(r.URL.Query().Get("ids"), ",")...)
	}
	if len(s.asked) != 3 || !slices.Equal(asked, ids) {
		t.Errorf("%d requests for %q", len(s.asked), asked)
	}
}

func TestDeletePages(t *testing.T) {
	s := newScript(t, says(`{"result":"OK"}`))
	c := s.client()
	var ids []string
	for i := range 500 {
		ids = append(ids, fmt.Sprintf("10.0.%d.%d/ü", i/256, i%256))
	}
	if err := c.Delete(context.Background(), "ipaddress", ids); err != nil {
		t.Fatal(err)
	}
	var asked []string
	for _, r := range s.asked {
		if len(r.URL.RawQuery) > idLength+10 {
			t.Errorf("a query of %d bytes", len(r.URL.RawQuery))
		}
		asked = append(asked, strings.Split(r.URL.Query().Get("keys"), ",")...)
	}
	if !slices.Equal(asked, ids) {
		t.Errorf("asked for %d ids in %d requests", len(asked), len(s.asked))
	}
	before := len(s.asked)
	if err := c.Delete(context.Background(), "asset", nil); err != nil || len(s.asked) != before {
		t.Error("nothing to delete is a request", err)
	}
	if err := c.Delete(context.Background(), "asset", []string{"1", "a,b"}); err == nil || len(s.asked) != before {
		t.Error("an id with a comma is deleted", err)
	}
	// A collection that only CAR's import schema knows may be keyed by _key as well.
	m, err := model.CAR().Amend(model.NewVertex("gadget", model.ByKey), model.NewVertex("widget", model.ByExternalID))
	if err != nil {
		t.Fatal(err)
	}
	c.Use(m)
	for collection, want := range map[string]string{"gadget": "keys=1", "widget": "external_ids=1"} {
		if err := c.Delete(context.Background(), collection, []string{"1"}); err != nil || s.asked[len(s.asked)-1].URL.RawQuery != want {
			t.Errorf("%s: %s, %v", collection, s.asked[len(s.asked)-1].URL.RawQuery, err)
		}
	}
}
