package carserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
)

// client is a client of a service on loopback. Anything that it does not expect fails the test.
type client struct {
	tb     testing.TB
	server *httptest.Server
	carsrv *Server
	header http.Header
}

// start opens a service for the duration of the test, and a client of it.
func start(tb testing.TB, cfg Config) *client {
	tb.Helper()
	s, err := Open(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	c := &client{tb: tb, carsrv: s, server: httptest.NewServer(s.Handler())}
	tb.Cleanup(c.stop)
	return c
}

// stop ends the service; it may be called twice.
func (c *client) stop() {
	if c.carsrv == nil {
		return
	}
	c.server.Close()
	if err := c.carsrv.Close(); err != nil {
		c.tb.Error(err)
	}
	c.carsrv = nil
}

// do sends a request to a path below /api/car and returns the status and body of the response.
func (c *client) do(method, path, body string) (int, string) {
	c.tb.Helper()
	request, err := http.NewRequest(method, c.server.URL+"/api/car"+path, strings.NewReader(body))
	if err != nil {
		c.tb.Fatal(err)
	}
	for name, values := range c.header {
		request.Header[name] = values
	}
	answer, err := c.server.Client().Do(request)
	if err != nil {
		c.tb.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		c.tb.Fatal(err)
	}
	if kind := answer.Header.Get("Content-Type"); kind != "application/json; charset=utf-8" {
		c.tb.Fatalf("%s %s: content type %q", method, path, kind)
	}
	if !json.Valid(data) {
		c.tb.Fatalf("%s %s: the answer is not JSON: %s", method, path, data)
	}
	return answer.StatusCode, string(bytes.TrimSpace(data))
}

// direct is do without a network.
func (c *client) direct(method, path, body string) (int, []byte) {
	recorder := httptest.NewRecorder()
	c.carsrv.Handler().ServeHTTP(recorder, httptest.NewRequest(method, "/api/car"+path, strings.NewReader(body)))
	return recorder.Code, recorder.Body.Bytes()
}

// ok is do for a request that must succeed. It decodes the response.
func (c *client) ok(method, path, body string) map[string]any {
	c.tb.Helper()
	status, data := c.do(method, path, body)
	if status != http.StatusOK && status != http.StatusCreated {
		c.tb.Fatalf("%s %s: %d %s", method, path, status, data)
	}
	var answer map[string]any
	if err := json.Unmarshal([]byte(data), &answer); err != nil {
		c.tb.Fatal(err)
	}
	return answer
}

// refused is do for a request that must get a status and a body that contains the text.
func (c *client) refused(method, path, body string, status int, text string) {
	c.tb.Helper()
	got, data := c.do(method, path, body)
	if got != status || !strings.Contains(data, text) {
		c.tb.Errorf("%s %s: %d %s\nwant %d with %q", method, path, got, data, status, text)
	}
}

// job runs a request that starts a job and waits for its end.
func (c *client) job(method, path, body string) {
	c.tb.Helper()
	id, _ := c.ok(method, path, body)["job_id"].(string)
	c.await(func() bool {
		return c.ok("GET", "/v2/jobstatus/"+id, "")["status"] == stateComplete
	})
}

// await polls until a condition holds.
func (c *client) await(holds func() bool) {
	c.tb.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			c.tb.Fatal("it does not come")
		}
	}
}

// post posts an envelope and returns the job's id.
func (c *client) post(envelope string) string {
	c.tb.Helper()
	id, _ := c.ok("POST", "/v2/imports", envelope)["id"].(string)
	return id
}

// finished waits for imports and returns the list of error_imports.
func (c *client) finished(ids ...string) []any {
	c.tb.Helper()
	var failed []any
	c.await(func() bool {
		answer := c.ok("GET", "/v2/importstatus?ids="+strings.Join(ids, ","), "")
		failed, _ = answer["error_imports"].([]any)
		return len(answer["incomplete_imports"].([]any)) == 0
	})
	return failed
}

// load imports objects of the source s, given as members of an envelope.
func (c *client) load(members string) {
	c.tb.Helper()
	c.loadAs("s", members)
}

func (c *client) loadAs(source, members string) {
	c.tb.Helper()
	if failed := c.finished(c.post(envelope(source, members))); len(failed) > 0 {
		c.tb.Fatalf("import failed: %v", failed)
	}
}

func envelope(source, members string) string {
	head := fmt.Sprintf(`{"source":{"_key":%q,"name":"a source"},"report":{"_key":"r1","timestamp":1700000000000}`, source)
	if members != "" {
		head += ","
	}
	return head + members + "}"
}

// importAll posts pages and waits for all of them.
func (c *client) importAll(pages [][]byte) {
	c.tb.Helper()
	var ids []string
	for _, page := range pages {
		ids = append(ids, c.post(string(page)))
	}
	if failed := c.finished(ids...); len(failed) > 0 {
		c.tb.Fatalf("imports failed: %v", failed)
	}
}

// graph reads the graph of the source s.
func (c *client) graph() Graph {
	c.tb.Helper()
	g, err := c.carsrv.Graph(c.tb.Context(), "s")
	if err != nil {
		c.tb.Fatal(err)
	}
	return g
}

// history returns all rows of a table, oldest first, as the given columns joined by spaces.
func (c *client) history(table, columns string) []string {
	c.tb.Helper()
	rows, err := c.carsrv.store.reads.Query("SELECT concat_ws(' ', " + columns + ") FROM " + table + " ORDER BY n")
	if err != nil {
		c.tb.Fatal(err)
	}
	defer rows.Close()
	var states []string
	for rows.Next() {
		var state string
		if err := rows.Scan(&state); err != nil {
			c.tb.Fatal(err)
		}
		states = append(states, state)
	}
	if err := rows.Err(); err != nil {
		c.tb.Fatal(err)
	}
	return states
}

// query runs a GraphQL query and returns the status and body of the response.
func (c *client) query(query string, variables map[string]any) (int, string) {
	c.tb.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		c.tb.Fatal(err)
	}
	return c.do("POST", "/v3/query", string(body))
}

// quiet is a logger for tests that expect errors.
func quiet() hclog.Logger { return hclog.NewNullLogger() }

// text is a value as JSON.
func text(tb testing.TB, v any) string {
	tb.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}
