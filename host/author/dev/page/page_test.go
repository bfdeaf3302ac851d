package page_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/author/dev"
	"carjs/host/author/dev/page"
	"carjs/host/carserver"
	"carjs/host/redact"
)

// served is a page about one run, which fetched something secret and brought it into the graph.
func served(t *testing.T, redactor *redact.Redactor, commands chan dev.Command) *httptest.Server {
	t.Helper()
	journal := dev.NewJournal()
	journal.Add(dev.Event{Kind: dev.RunBegins, Time: time.Now(), Run: 1, Begin: &dev.Begin{Cause: dev.CauseStart}})
	journal.Add(dev.Event{Kind: dev.Requested, Run: 1, Request: &dev.Exchange{
		Number: 1, Method: "GET", URL: "http://source/assets", Status: 200, Type: "application/json",
		Body: []byte(`{"name":"learnt-later"}`), Sent: []byte("with learnt-later"),
	}})
	graph := carserver.Graph{
		Vertices: map[carserver.VertexID]string{
			{Collection: "asset", Key: "learnt-later"}: `{"name":"learnt-later","n":1}`,
			{Collection: "asset", Key: "2"}:            `{"name":"plain"}`,
		},
		Edges: map[carserver.EdgeID]string{{Collection: "asset_host", From: "asset/learnt-later", To: "host/1"}: `{"active":true}`},
	}
	s := httptest.NewServer(page.New(page.Config{
		Connector: "mine", Journal: journal, Graph: func() carserver.Graph { return graph }, Redact: redactor.Bytes,
		Command: func(c dev.Command) { commands <- c },
	}))
	t.Cleanup(s.Close)
	return s
}

func get(t *testing.T, s *httptest.Server, path, host string) (int, string) {
	t.Helper()
	request, err := http.NewRequest("GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = host
	answer, err := s.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// A secret that became known after it was told is hidden when it is shown.
func TestPageHidesSecrets(t *testing.T) {
	redactor := redact.New()
	s := served(t, redactor, nil)
	for _, path := range []string{"/runs/1/requests/1", "/graph"} {
		if status, text := get(t, s, path, ""); status != http.StatusOK || !strings.Contains(text, "learnt-later") {
			t.Fatalf("%s: %d %s", path, status, text)
		}
	}
	redactor.Add("learnt-later")
	for _, path := range []string{"/", "/runs/1", "/runs/1/requests/1", "/graph", "/graph?collection=asset", "/graph?q=host"} {
		status, text := get(t, s, path, "")
		if status != http.StatusOK || strings.Contains(text, "learnt-later") {
			t.Errorf("%s: %d %s", path, status, text)
		}
	}
	if _, text := get(t, s, "/graph?q=plain", ""); !strings.Contains(text, "plain") || strings.Contains(text, "asset_host</a></td>") {
		t.Errorf("what is looked for: %s", text)
	}
}

func TestPageIsForThisMachine(t *testing.T) {
	commands := make(chan dev.Command, 1)
	s := served(t, redact.New(), commands)
	if status, text := get(t, s, "/graph", "evil.example:80"); status != http.StatusForbidden || strings.Contains(text, "plain") {
		t.Errorf("another name: %d %s", status, text)
	}
	for _, test := range []struct {
		path, site string
		want       int
	}{{"/commands/full", "cross-site", http.StatusForbidden}, {"/commands/none", "same-origin", http.StatusNotFound},
		{"/commands/full", "same-origin", http.StatusOK}} {
		request, err := http.NewRequest("POST", s.URL+test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Sec-Fetch-Site", test.site)
		answer, err := s.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != test.want {
			t.Errorf("%s from %s: %d, want %d", test.path, test.site, answer.StatusCode, test.want)
		}
	}
	if c := <-commands; c != dev.Full {
		t.Errorf("%s", c)
	}
}

// Why objects are left out is shown while the run goes on, and with numbers once it has ended.
func TestPageShowsWhyObjectsAreLeftOut(t *testing.T) {
	journal := dev.NewJournal()
	s := httptest.NewServer(page.New(page.Config{
		Connector: "mine", Journal: journal, Graph: func() carserver.Graph { return carserver.Graph{} },
	}))
	defer s.Close()
	journal.Add(dev.Event{Kind: dev.RunBegins, Time: time.Now(), Run: 1, Begin: &dev.Begin{Cause: dev.CauseStart}})
	journal.Add(dev.Event{Kind: dev.Skipped, Run: 1, Skipped: &dev.Skip{
		Collection: "asset", Key: "first", Faults: []string{"name is required"}, At: "src/main.ts:7:8", Object: `{"external_id":"first"}`,
	}})
	shows := func(wants ...string) {
		t.Helper()
		status, text := get(t, s, "/runs/1", "")
		for _, want := range append(wants, "name is required", "first", "src/main.ts:7:8", "external_id") {
			if status != http.StatusOK || !strings.Contains(text, want) {
				t.Errorf("%q is missing in %d %s", want, status, text)
			}
		}
	}
	shows("<td>asset</td>")
	journal.Add(dev.Event{Kind: dev.RunEnds, Run: 1, End: &dev.End{Outcome: dev.Good, SkippedReasons: []host.SkippedReason{
		{
			Collection: "asset", Reason: "name is required", Count: 3201, FirstKey: "first", At: "src/main.ts:7:8",
			Object: `{"external_id":"first"}`,
		},
	}}})
	shows("<td>asset: 3201</td>")
}
