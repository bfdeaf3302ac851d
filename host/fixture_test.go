package host_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host"
	"carjs/host/car"
	"carjs/host/carserver"
)

// source is the name of the connection in tests: one that must be escaped in a URL.
const source = "my+office"

// fixture is an embedded CAR on loopback that records what it is asked and fails on demand.
type fixture struct {
	t      *testing.T
	source string // of the connectors that it runs
	car    *carserver.Server
	server *httptest.Server
	log    syncBuffer

	mu       sync.Mutex
	requests []string
	bodies   [][]byte
	refused  []string // answers to queries that are errors
	// fault, when set, may answer instead of CAR; it is told the request in the form in which it is
	// recorded.
	fault func(w http.ResponseWriter, r *http.Request, request string) bool
}

func newFixture(t *testing.T, config carserver.Config) *fixture {
	t.Helper()
	service, err := carserver.Open(config)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, source: source, car: service}
	f.server = httptest.NewServer(f.record(service.Handler()))
	t.Cleanup(func() {
		f.server.Close()
		if err := service.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// ready is a fixture whose database is there.
func ready(t *testing.T) *fixture { return newFixture(t, carserver.Config{Prepared: true}) }

// record writes down requests.
func (f *fixture) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the client went away
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		line := describe(r, body)
		f.mu.Lock()
		f.requests = append(f.requests, line)
		f.bodies = append(f.bodies, body)
		fault := f.fault
		f.mu.Unlock()
		if fault != nil && fault(w, r, line) {
			return
		}
		if line != "POST query" {
			next.ServeHTTP(w, r)
			return
		}
		answer := &teeWriter{ResponseWriter: w}
		next.ServeHTTP(answer, r)
		var said struct{ Errors []any }
		if err := json.Unmarshal(answer.body.Bytes(), &said); err != nil || len(said.Errors) > 0 {
			f.mu.Lock()
			f.refused = append(f.refused, answer.body.String()+" to "+string(body))
			f.mu.Unlock()
		}
	})
}

// teeWriter keeps the body of an answer.
type teeWriter struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (w *teeWriter) Write(p []byte) (int, error) {
	w.body.Write(p)
	return w.ResponseWriter.Write(p)
}

// nothingRefused fails the test when CAR answered a query with errors.
func (f *fixture) nothingRefused() {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, refused := range f.refused {
		f.t.Errorf("CAR refused a query: %s", refused)
	}
}

// describe names a request by its kind: without ids, and of an import what is in it.
func describe(r *http.Request, body []byte) string {
	path := strings.TrimPrefix(r.URL.Path, "/api/car/")
	path = regexp.MustCompile(`^v2/source/[^/]+/full-import-in-progress$`).ReplaceAllString(path, "full-import")
	path = regexp.MustCompile(`^(v[23])/(source|jobstatus|carSchema)/[^/]+`).ReplaceAllString(path, "$2")
	path = strings.TrimPrefix(strings.TrimPrefix(path, "v2/"), "v3/")
	line := r.Method + " " + path
	switch {
	case line == "POST imports":
		var envelope map[string]json.RawMessage
		if json.Unmarshal(body, &envelope) == nil {
			line += " " + strings.Join(slices.Sorted(maps.Keys(envelope)), " ")
		}
	case line == "PATCH source":
		line += " " + string(body)
	case r.Method == "DELETE" && r.URL.RawQuery != "":
		line += " " + r.URL.RawQuery
	}
	return line
}

// sequence is what was asked since the last call: polls once, and pages that were posted together
// in a definite order.
func (f *fixture) sequence() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var lines []string
	for _, line := range f.requests {
		if n := len(lines); n == 0 || lines[n-1] != line || !strings.HasSuffix(line, "status") {
			lines = append(lines, line)
		}
	}
	f.requests, f.bodies = nil, nil
	for i := 0; i < len(lines); i++ {
		j := i
		for j < len(lines) && (strings.HasPrefix(lines[j], "POST imports") || strings.HasPrefix(lines[j], "PATCH asset_")) {
			j++
		}
		slices.Sort(lines[i:j])
		i = max(i, j-1)
	}
	return lines
}

// fail sets the fault: answer status to every request that matches.
func (f *fixture) fail(status int, match string) {
	f.setFault(func(w http.ResponseWriter, _ *http.Request, request string) bool {
		if !strings.HasPrefix(request, match) {
			return false
		}
		http.Error(w, `{"message":"meant to fail"}`, status)
		return true
	})
}

func (f *fixture) setFault(fault func(http.ResponseWriter, *http.Request, string) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault = fault
}

func (f *fixture) heal() { f.setFault(nil) }

func (f *fixture) options() host.Options {
	return host.Options{
		CAR: car.Config{
			URL: f.server.URL + "/api/car/v2", Source: f.source,
			RetryWait: time.Millisecond, PollWait: time.Millisecond, RequestTimeout: 5 * time.Second, JobTimeout: 5 * time.Second,
		},
		Logger: hclog.New(&hclog.LoggerOptions{Output: &f.log, Level: hclog.Debug}),
	}
}

func (f *fixture) run(c host.Connector) *host.Report {
	return host.Import(context.Background(), c, f.options())
}

// ok runs the connector, which must succeed in the mode.
func (f *fixture) ok(c host.Connector, mode host.Mode) *host.Report {
	f.t.Helper()
	r := f.run(c)
	if r.ExitCode != 0 || r.Err() != nil || r.Failure != nil {
		f.t.Fatalf("exit code %d: %v\n%+v\n%s", r.ExitCode, r.Err(), r.Failure, f.log.String())
	}
	if r.Mode != mode {
		f.t.Fatalf("mode %q, want %q", r.Mode, mode)
	}
	return r
}

func (f *fixture) graph() carserver.Graph {
	f.t.Helper()
	return f.of(f.source)
}

// savePoint is the save point that CAR has.
func (f *fixture) savePoint() string {
	f.t.Helper()
	w := httptest.NewRecorder()
	f.car.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/api/car/v2/source/"+source, nil))
	var answer struct {
		ID string `json:"model_state_id"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		f.t.Fatal(err)
	}
	return answer.ID
}

// sameAsFull fails the test unless CAR has what a full import of the connector's present state
// gives a new CAR.
func (f *fixture) sameAsFull(c *tabular) {
	f.t.Helper()
	fresh := ready(f.t)
	fresh.ok(&tabular{states: c.states, at: c.at, extension: c.extension}, host.ModeFull)
	if diff := fresh.graph().Diff(f.graph()); len(diff) > 0 {
		f.t.Fatalf("CAR differs from a full import:\n%s\n%s", strings.Join(diff, "\n"), f.log.String())
	}
}

func equalLines(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// syncBuffer is a buffer that a left-behind connector may still write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

var errMeant = fmt.Errorf("meant to fail")
