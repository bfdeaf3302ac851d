package car

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"carjs/host/carserver"
	"carjs/host/failure"
)

// odd is a source whose name means something in URLs.
const odd = "my office/ü+%2F&x=1"

// calls makes every call of the client once. ids is what the service answers to the first request
// of those that start a job.
var calls = map[Call]func(*Client) error{
	GetDatabases:    func(c *Client) error { _, err := c.PrepareDatabase(context.Background()); return err },
	GetSavePoint:    func(c *Client) error { _, err := c.SavePoint(context.Background()); return err },
	SetSavePoint:    func(c *Client) error { return c.SetSavePoint(context.Background(), "7") },
	EnterFullImport: func(c *Client) error { _, err := c.EnterFullImport(context.Background()); return err },
	LeaveFullImport: func(c *Client) error { return c.LeaveFullImport(context.Background()) },
	PostImport:      func(c *Client) error { _, err := c.Import(context.Background(), []byte("{}")); return err },
	ImportStatus:    func(c *Client) error { return c.AwaitImports(context.Background(), []string{"1"}) },
	DeleteVertices:  func(c *Client) error { return c.Delete(context.Background(), "asset", []string{"1"}) },
	PatchVertex: func(c *Client) error {
		return c.PatchVertex(context.Background(), "asset", "1", map[string]any{"name": "x"})
	},
	PatchEdge: func(c *Client) error {
		return c.PatchEdge(context.Background(), "asset_ipaddress", "1", "10.0.0.1", map[string]any{"active": false})
	},
	SearchAttribute: func(c *Client) error {
		_, err := c.GraphAttributeSearch(context.Background(), "asset", "name", "x")
		return err
	},
	GetImportSchema: func(c *Client) error { _, err := c.ImportSchema(context.Background()); return err },
	GetExtension:    func(c *Client) error { _, err := c.Extension(context.Background(), "k"); return err },
	PostQuery:       func(c *Client) error { _, err := c.Query(context.Background(), "{x}", nil); return err },
}

// Every call and every way to go wrong, for ever: the failure of the rule, after as many tries as
// the rule says.
func TestFailures(t *testing.T) {
	ways := map[Answer]http.HandlerFunc{TimedOut: hangs, Dropped: drops, Garbage: says("<html>"), Incomplete: says("[]")}
	for _, code := range []int{206, 302, 400, 401, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503, 504, 507} {
		ways[answered(code)] = status(code, "Location", "/login")
	}
	means := map[Call][]Answer{
		GetDatabases: {"400"}, GetSavePoint: {"404"}, GetExtension: {"404"}, PostQuery: {"404"},
		SearchAttribute: {"404"},
	}
	for call, f := range calls {
		for answer, way := range ways {
			if slices.Contains(means[call], answer) || answer == Incomplete {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", call, answer), func(t *testing.T) {
				t.Parallel()
				s := newScript(t, way)
				rule, want := RuleFor(call, answer), 1
				if rule.Retry {
					want = tries
				}
				if changes := []Call{SetSavePoint, DeleteVertices, PatchEdge, PatchVertex}; answer == Garbage && slices.Contains(changes, call) {
					want++ // CAR is asked whether it is done, which fails in the same way
				}
				checkFailure(t, f(s.client()), rule)
				if n := s.count(); n != want {
					t.Errorf("%d requests, want %d", n, want)
				}
			})
		}
	}
}

func checkFailure(t *testing.T, err error, rule Rule) {
	t.Helper()
	var f *failure.Failure
	if !errors.As(err, &f) {
		t.Fatalf("%v is no failure", err)
	}
	if f.Kind != rule.Kind || f.Code != failure.Rule(rule.Kind).Code || f.Hint != rule.Hint || f.Fault != rule.Fault {
		t.Errorf("%+v, want %+v", f, rule)
	}
	if strings.Contains(f.Message+f.Detail, "secret") {
		t.Errorf("a secret in %+v", f)
	}
}

// A fault that passes is not noticed, whatever it is, when it is worth another try.
func TestRecovers(t *testing.T) {
	for name, way := range map[string]http.HandlerFunc{
		"503": status(503), "429": status(429), "502": status(502), "403": status(403), "dropped": drops,
		"dropped half-way": dropsHalfWay, "hangs": hangs, "drips": drips,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, way, way, says(`{"id":"j"}`))
			if id, err := s.client().Import(context.Background(), []byte(`{"asset":[]}`)); err != nil || id != "j" {
				t.Errorf("%q, %v", id, err)
			}
			if !slices.Equal(s.bodies, slices.Repeat([]string{`{"asset":[]}`}, 3)) {
				t.Errorf("bodies %q", s.bodies)
			}
		})
	}
}

func TestNoConnection(t *testing.T) {
	s := newScript(t, says("{}"))
	c := s.client()
	s.server.Close()
	checkFailure(t, c.SetSavePoint(context.Background(), "1"), RuleFor(SetSavePoint, NoConnection))
	if c.Requests() != tries {
		t.Errorf("%d requests", c.Requests())
	}
}

// What is between here and CAR may answer 200 as well: a change is done only when CAR says so.
func TestEmptyAnswers(t *testing.T) {
	for _, call := range []Call{
		SetSavePoint, DeleteVertices, PatchEdge, PatchVertex, EnterFullImport, PostImport, ImportStatus,
		GetImportSchema, PostQuery, GetDatabases,
	} {
		s := newScript(t, says("{}"))
		checkFailure(t, calls[call](s.client()), RuleFor(call, Incomplete))
	}
}

func TestWaitBefore(t *testing.T) {
	c := newScript(t, says("{}")).client(func(c *Config) { c.RetryWait = time.Second })
	for _, test := range []struct {
		try         int
		asked, want time.Duration
	}{{1, 0, 0}, {2, 0, 2 * time.Second}, {3, 0, 4 * time.Second}, {1, 7 * time.Second, 7 * time.Second},
		{3, time.Second, 4 * time.Second}, {1, time.Hour, time.Minute}} {
		if got := c.waitBefore(test.try, test.asked); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}

// What the client waits for is told, with its reason: other answers than those to pages, waits
// before repetitions, and jobs.
func TestWaitsAreTold(t *testing.T) {
	var mu sync.Mutex
	var waits []string
	open := 0
	s := newScript(t, status(429, "Retry-After", "1"), says(`{"id":"7"}`), says(`[{"id":"7","status":"INPROGRESS"}]`), says(`[{"id":"7","status":"COMPLETE"}]`))
	c := s.client(func(c *Config) {
		c.Waiting = func(why string, planned time.Duration) func() {
			mu.Lock()
			defer mu.Unlock()
			open++
			waits = append(waits, fmt.Sprintf("%s %s", why, planned))
			return func() {
				mu.Lock()
				defer mu.Unlock()
				open--
			}
		}
	})
	job, err := c.Import(t.Context(), []byte(`{}`))
	if err == nil {
		err = c.AwaitImports(t.Context(), []string{job})
	}
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"CAR answered 429 Too Many Requests to POST imports, Retry-After 60ms", "CAR's answer to GET importstatus 0s",
		"CAR's job queue 1ms", "CAR's answer to GET importstatus 0s",
	}
	if !slices.Equal(waits, want) || open != 0 {
		t.Errorf("%d waits are not over, and there were %q, want %q", open, waits, want)
	}
}

// The context's end is told as it is, and ends waits.
func TestStopped(t *testing.T) {
	s := newScript(t, status(503))
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("enough")
	time.AfterFunc(20*time.Millisecond, func() { cancel(why) })
	_, err := s.client(func(c *Config) { c.RetryWait = time.Hour }).SavePoint(ctx)
	if !errors.Is(err, why) {
		t.Errorf("%v", err)
	}
}

func TestURLs(t *testing.T) {
	for text, want := range map[string]string{
		"https://h/api/car/v2":             "https://h/api/car/v2 https://h/api/car/v3",
		"https://h/api/car/v2/":            "https://h/api/car/v2 https://h/api/car/v3",
		"https://v2.h/v2x/car/v2":          "https://v2.h/v2x/car/v2 https://v2.h/v2x/car/v3",
		"http://h:1/v2/tenant/v2/x":        "http://h:1/v2/tenant/v2/x http://h:1/v2/tenant/v3/x",
		"https://u:p%40@h/cp4s/api/car/v2": "https://h/cp4s/api/car/v2 https://h/cp4s/api/car/v3",
	} {
		v2, v3, _, err := baseURLs(text)
		if err != nil || v2+" "+v3 != want {
			t.Errorf("%s: %s %s %v", text, v2, v3, err)
		}
	}
	for _, text := range []string{"", "h/v2", "ftp://h/v2", "https://h", "https://u:geheim@h/x", "https://h/v2?x=1", "https://h/%zz"} {
		_, err := New(Config{URL: text})
		var f *failure.Failure
		if !errors.As(err, &f) || f.Kind != failure.InvalidParameter || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The embedded service takes what the client sends, with both ways to log in and a source with an
// odd name.
func TestEmbeddedService(t *testing.T) {
	for name, change := range map[string]func(*Config){
		"basic": func(c *Config) { c.Key, c.Password = "k", "p:ü" },
		"token": func(c *Config) { c.Token = "t" },
	} {
		t.Run(name, func(t *testing.T) {
			service, err := carserver.Open(carserver.Config{Key: "k", Password: "p:ü", Token: "t"})
			if err != nil {
				t.Fatal(err)
			}
			defer service.Close()
			server := httptest.NewServer(service.Handler())
			defer server.Close()
			config := Config{URL: server.URL + "/api/car/v2", Source: odd, PollWait: time.Millisecond}
			config.Source = "my+office%2F;x=1'" // CAR takes no more than such characters
			change(&config)
			c, err := New(config)
			if err != nil {
				t.Fatal(err)
			}
			session(t, c)
		})
	}
}

// session makes the calls of a run.
func session(t *testing.T, c *Client) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v: %s", err, failure.From(err).Detail)
		}
	}
	created, err := c.PrepareDatabase(ctx)
	must(err)
	again, err := c.PrepareDatabase(ctx)
	must(err)
	if !created || again {
		t.Errorf("created %t, then %t", created, again)
	}
	_, err = c.EnterFullImport(ctx)
	must(err)
	page, _ := json.Marshal(map[string]any{
		"source":    map[string]any{"_key": c.config.Source, "name": "n", "description": "d"},
		"report":    map[string]any{"_key": "r", "timestamp": 1, "type": "t", "description": "d"},
		"asset":     []any{map[string]any{"external_id": "a/1", "name": "x"}},
		"ipaddress": []any{map[string]any{"_key": "10.0.0.1"}},
		"asset_ipaddress": []any{map[string]any{"_from_external_id": "a/1", "_to": "ipaddress/10.0.0.1",
			"source": c.config.Source, "report": "r", "active": true, "timestamp": 1}},
	})
	id, err := c.Import(ctx, page)
	must(err)
	must(c.AwaitImports(ctx, []string{id}))
	must(c.LeaveFullImport(ctx))
	must(c.SetSavePoint(ctx, "7"))
	point, err := c.SavePoint(ctx)
	must(err)
	rows, err := c.SearchCollection(ctx, "asset", "source", c.config.Source, []string{"external_id", "name"})
	must(err)
	if got := fmt.Sprint(point, rows); got != "7[map[external_id:a/1 name:x]]" {
		t.Error(got)
	}
	must(c.PatchEdge(ctx, "asset_ipaddress", "a/1", "10.0.0.1", map[string]any{"active": false}))
	must(c.Delete(ctx, "asset", []string{"a/1"}))
	rows, err = c.SearchCollection(ctx, "asset", "source", c.config.Source, []string{"external_id"})
	must(err)
	if len(rows) != 0 {
		t.Error(rows)
	}
}
