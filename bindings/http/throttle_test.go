package http_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"carjs/bindings/fetch"
	"carjs/bindings/web/webtest"

	"github.com/hashicorp/go-hclog"
)

// pauses is a clock that stands still, and notes how long it was to be waited.
type pauses struct {
	mu    sync.Mutex
	waits []string
}

// stillTime is what the clock and the servers of the tests say: 1893553445 since 1970.
var stillTime = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)

// still makes dependencies with a clock that stands, and waits that are over at once.
func (p *pauses) still(deps fetch.Deps) fetch.Deps {
	deps.Now = func() time.Time { return stillTime }
	deps.Random = func() float64 { return 0.5 }
	deps.Pause = func(ctx context.Context, d time.Duration) error {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.waits = append(p.waits, d.String())
		return context.Cause(ctx)
	}
	return deps
}

// scripted answers requests for a path one after the other, and the last answer from then on.
type scripted struct {
	mu      sync.Mutex
	answers []reply
	seen    []string // "GET /path body"
}

type reply struct {
	status int
	header string // "Name: value" lines
	body   string
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	data, _ := io.ReadAll(r.Body)
	s.seen = append(s.seen, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(data)))
	a := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	w.Header().Set("Date", stillTime.Format(http.TimeFormat))
	for line := range strings.Lines(a.header) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		w.Header().Add(name, value)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

var fine = reply{200, "", `"fine"`}

// What products answer when they are asked too often, and how long the client waits then.
func TestThrottling(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []reply
		script  string // what is done with the client c
		want    string
		waits   string
	}{
		{"seconds", []reply{{429, "Retry-After: 7", ""}, fine}, "", "fine", "7s"},
		{"decimals", []reply{{429, "Retry-After: 1.5", ""}, fine}, "", "fine", "1.5s"},
		{"date", []reply{{503, "Retry-After: Wed, 02 Jan 2030 03:04:35 GMT", ""}, fine}, "", "fine", "30s"},
		{"epoch", []reply{{429, "Retry-After: 1893553465", ""}, fine}, "", "fine", "20s"},
		{"at once", []reply{{429, "Retry-After: 0", ""}, fine}, "", "fine", ""},
		{"RateLimit-Reset", []reply{{429, "RateLimit-Reset: 12", ""}, fine}, "", "fine", "12s"},
		{"RateLimit", []reply{{429, `RateLimit: "default";r=0;t=3`, ""}, fine}, "", "fine", "3s"},
		{"X-RateLimit-Reset, seconds", []reply{{429, "X-RateLimit-Reset: 1893553455", ""}, fine}, "", "fine", "10s"},
		{"X-RateLimit-Reset, milliseconds", []reply{{429, "X-RateLimit-Reset: 1893553446500", ""}, fine}, "", "fine", "1.5s"},
		{"X-RateLimit-Reset, from now", []reply{{429, "X-RateLimit-Reset: 45", ""}, fine}, "", "fine", "45s"},
		{"Okta", []reply{{429, "X-Rate-Limit-Remaining: 0\nX-Rate-Limit-Reset: 1893553475", ""}, fine}, "", "fine", "30s"},
		{
			"Qualys", []reply{{409, "X-RateLimit-ToWait-Sec: 90\nX-RateLimit-Remaining: 0", "<SIMPLE_RETURN/>"}, fine}, "", "fine", "1m30s",
		},
		{"GitHub", []reply{{403, "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1893553505", ""}, fine}, "", "fine", "1m0s"},
		{"GitHub, second limit", []reply{{403, "Retry-After: 60\nX-RateLimit-Remaining: 4000\nX-RateLimit-Reset: 1893557000", ""}, fine},
			"", "fine", "1m0s"},
		{"Azure", []reply{{429, "x-ms-ratelimit-microsoft.consumption-retry-after: 25", ""}, fine}, "", "fine", "25s"},
		{"posted again", []reply{{429, "Retry-After: 2", ""}, fine}, `return c.post("/x", { json: 1 })`, "fine", "2s"},
		{"no time", []reply{{429, "", ""}, {429, "", ""}, {429, "", ""}, fine}, "", "fine", "3s 6s 12s"},
		{"overloaded, no time", []reply{{503, "", ""}, {503, "", ""}, fine}, "", "fine", "750ms 1.5s"},
		{
			"a count that is not why", []reply{{503, "X-RateLimit-Remaining: 10\nX-RateLimit-Reset: 1893557000", ""}, fine}, "", "fine", "750ms",
		},
		{
			"given up", []reply{{429, "", ""}}, "",
			"failure 51: GET $a/x: status 429 Too Many Requests (tried 4 times) (at src/main.ts:7:56)", "3s 6s 12s",
		},
		{
			"limit of 403 that stays", []reply{{403, "X-RateLimit-Remaining: 0", ""}}, "",
			"failure 51: GET $a/x: status 403 Forbidden (tried 4 times) (at src/main.ts:7:56)", "3s 6s 12s",
		},
		{"no limit", []reply{{403, "", ""}}, "", "failure 53: GET $a/x: status 403 Forbidden (at src/main.ts:7:56)", ""},
		{"a conflict", []reply{{409, "", ""}}, "", "failure 50: GET $a/x: status 409 Conflict (at src/main.ts:7:56)", ""},
		{
			"longer than the client waits", []reply{{429, "Retry-After: 259200", ""}}, "",
			"failure 51: GET $a/x: status 429 Too Many Requests, and Retry-After asks to wait for 72h0m0s (at src/main.ts:7:56)", "",
		},
		{
			"as long as a client waits", []reply{{429, "Retry-After: 259200", ""}, fine},
			`return new HttpClient({ baseURL: a, maxWait: 86400000 * 30 }).get("/x").catch((e) => e.code)`, "51", "",
		},
		{"maxWait", []reply{{429, "Retry-After: 600", ""}, fine}, `return new HttpClient({ baseURL: a, maxWait: 600000 }).get("/x")`, "fine", "10m0s"},
		{"not to be repeated", []reply{{429, "Retry-After: 2", ""}, fine}, `return c.get("/x", { retry: false }).catch((e) => e.code)`, "51", ""},
		{"accepted", []reply{{429, "Retry-After: 2", ""}}, `return (await c.request("GET", "/x", { accept: [429] })).status`, "429", ""},
		{"a page", []reply{{429, "Retry-After: 2", ""}, {200, "", "[1,2]"}}, `for await (const p of c.paginate.link("/x")) return p`, "[1,2]", "2s"},
		{"records", []reply{{429, "Retry-After: 2", ""}, {200, "", "[1,2]"}}, `for await (const r of c.records("/x")) return r`, "1", "2s"},
	} {
		s, p := &scripted{answers: c.answers}, &pauses{}
		url := serve(t, map[string]http.HandlerFunc{"/x": s.ServeHTTP})
		script := c.script
		if script == "" {
			script = `return c.get("/x")`
		}
		check{c.name, `const c = new HttpClient({ baseURL: a });     ` + script, c.want}.run(t, world(p.still(fetch.Deps{})), url)
		if got := strings.Join(p.waits, " "); got != c.waits {
			t.Errorf("%s: waited %q, want %q", c.name, got, c.waits)
		}
	}
}

// Whoever looks on is told why nothing happens.
func TestWaitIsTold(t *testing.T) {
	s, p := &scripted{answers: []reply{{429, "Retry-After: 2.5", ""}, {429, "", ""}, fine}}, &pauses{}
	url := serve(t, map[string]http.HandlerFunc{"/x": s.ServeHTTP})
	var log bytes.Buffer
	w := world(p.still(fetch.Deps{}))
	w.Log = hclog.New(&hclog.LoggerOptions{Output: &log, Level: hclog.Info, DisableTime: true, JSONFormat: true})
	if _, err := w.Run(t, body(`await new HttpClient({ baseURL: a }).get("/x?key=secret")`), url); err != nil {
		t.Fatal(err)
	}
	lines := slices.Collect(strings.Lines(log.String()))
	if len(lines) != 2 {
		t.Fatalf("%d lines: %s", len(lines), log.String())
	}
	for i, want := range [][]string{
		{`"@level":"info"`, "the data source limits requests", fmt.Sprintf(`"host":%q`, strings.TrimPrefix(url, "http://")),
			`"status":429`, `"header":"Retry-After"`, `"seconds":2.5,`, `"method":"GET"`, `/x?key=…"`},
		{`"status":429,"url"`, `"seconds":6,`},
	} {
		for _, text := range want {
			if !strings.Contains(lines[i], text) {
				t.Errorf("line %d: %s is missing in %s", i, text, lines[i])
			}
		}
	}
}

// How long a client waits at most is its own setting: no message has it as what the server said.
func TestLongestWaitIsNoFactOfTheServer(t *testing.T) {
	s, p := &scripted{answers: []reply{{429, "Retry-After: 1e300", ""}}}, &pauses{}
	url := serve(t, map[string]http.HandlerFunc{"/x": s.ServeHTTP})
	got := webtest.Text(world(p.still(fetch.Deps{})).Run(t, body(
		`try { await new HttpClient({ baseURL: a, maxWait: 5000 }).get("/x") } catch (e: any) { return [e.message, e.hint] }`), url))
	want := `["GET ` + url + `/x: status 429 Too Many Requests, and Retry-After asks to wait for more than 100 years",` +
		`"run it again after that time, set rateLimit of HttpClient, or raise its maxWait, which is 5s"]`
	if got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

// Rules of a connector: what fits, and what comes of it.
func TestRules(t *testing.T) {
	const throttlingBody = `{"__type":"com.amazon#ThrottlingException","message":"Rate exceeded"}`
	for _, c := range []struct {
		name    string
		answers []reply
		rules   string
		script  string
		want    string
		waits   string
	}{
		{
			"wait by a value of the body", []reply{{400, "", throttlingBody}, fine},
			`[{ status: 400, body: { path: "__type", value: /#(Throttling|TooManyRequests)/ }, then: "wait" }]`, "", "fine", "3s",
		},
		{
			"not by another value", []reply{{400, "", `{"__type":"com.amazon#ValidationException"}`}},
			`[{ status: 400, body: { path: "__type", value: /Throttling/ }, then: "wait" }]`, "", "54", "",
		},
		{
			"wait by a text of a good answer, for a time in it", []reply{{200, "", `{"state":{"busy":true,"again":"2500"}}`}, fine},
			`[{ body: { path: "state.busy", value: true }, then: "wait", wait: { path: "state.again", unit: "milliseconds" } }]`, "", "fine", "2.5s",
		},
		{
			"wait for a time in a header", []reply{{202, "X-Ready-In: 1.5", ""}, fine},
			`[{ status: 202, then: "wait", wait: { header: "x-ready-in" } }]`, "", "fine", "1.5s",
		},
		{"wait for a fixed time", []reply{{400, "", "busy"}, fine}, `[{ status: 400, then: "wait", wait: { seconds: 9 } }]`, "", "fine", "9s"},
		{"try again", []reply{{404, "", "not yet"}, fine}, `[{ status: [404, "5xx"], body: "not yet", then: "retry" }]`, "", "fine", "750ms"},
		{"try again by a class", []reply{{501, "", ""}, fine}, `[{ status: [404, "5xx"], then: "retry" }]`, "", "fine", "750ms"},
		{
			"not again what may have taken effect", []reply{{501, "", ""}}, `[{ status: "5xx", then: "retry" }]`,
			`return c.post("/x").catch((e) => e.code)`, "51", "",
		},
		{
			"a failure of its own", []reply{{200, "", `{"success":false,"code":1017}`}},
			`[{ body: { path: "code", value: 1017 }, then: "fail", code: 52, message: "the licence has expired", hint: "renew it" }]`,
			`try { await c.get("/x") } catch (e: any) { return [e.name, e.code, e.message, e.hint] }`,
			`["DatasourceFailure",52,"GET $a/x: the licence has expired","renew it"]`, "",
		},
		{
			"a failure without words", []reply{{200, "", `{"error":null,"failed":"yes"}`}},
			`[{ body: { path: "error" }, then: "fail" , code: 50 }, { body: { path: "failed" }, then: "fail" }]`,
			`try { await c.get("/x") } catch (e: any) { return [e.code, e.message] }`,
			`[55,"GET $a/x: status 200 OK, which a rule of the connector takes for a failure"]`, "",
		},
		{
			"a failure by a header", []reply{{403, "X-Blocked: geo; eu", ""}},
			`[{ header: { name: "x-blocked", value: /^GEO/i }, then: "fail", code: 54 }, { header: "x-blocked", then: "ignore" }]`, "", "54", "",
		},
		{"ignored", []reply{{404, "", "none"}}, `[{ status: 404, then: "ignore" }]`, `return [await c.get("/x"), (await c.request("GET", "/x")).status]`, `[null,404]`, ""},
		{
			"ignored although it is good", []reply{{200, "", `{"message":"No data"}`}}, `[{ body: { path: "message", value: "No data" }, then: "ignore" }]`,
			`return [await c.get("/x"), (await c.request("GET", "/x")).data]`, `[null,null]`, "",
		},
		{
			"an ignored page is the end of the list", []reply{{200, "", `{"message":"No data"}`}}, `[{ body: { path: "message", value: "No data" }, then: "ignore" }]`,
			`const all = []; for await (const p of c.paginate.offset("/x")) all.push(p.length); return all`, `[0]`, "",
		},
		{
			"ignored records", []reply{{404, "", ``}}, `[{ status: 404, then: "ignore" }]`,
			`const all = []; for await (const r of c.records("/x")) all.push(r); return all`, `[]`, "",
		},
		{
			"records that are not there yet", []reply{{202, "", ``}, {200, "", "[5]"}}, `[{ status: 202, then: "wait", wait: { seconds: 4 } }]`,
			`const all = []; for await (const r of c.records("/x")) all.push(r); return all`, `[5]`, "4s",
		},
		{
			"rules of a request come first", []reply{{404, "", ""}}, `[{ status: 404, then: "ignore" }]`,
			`return c.get("/x", { rules: [{ status: 404, then: "fail", code: 53 }] }).catch((e) => e.code)`, "53", "",
		},
		{
			"rules come before what is accepted", []reply{{404, "", "wait a bit"}, {404, "", "gone"}}, `[{ body: /WAIT/i, then: "retry" }]`,
			`return (await c.request("GET", "/x", { accept: [404], responseType: "text" })).data`, "gone", "750ms",
		},
		{
			"a login that nobody can renew", []reply{{403, "", "session over"}}, `[{ status: 403, body: "session over", then: "login" }]`, "", "53", "",
		},
		{
			"a pattern that goes back and forth", []reply{{200, "", strings.Repeat("a", 60) + "b"}},
			`[{ body: /^(?=a)(a+)+$/, then: "fail" }]`, `return c.get("/x", { responseType: "bytes" }).then((b) => b.length)`, "61", "",
		},
	} {
		s, p := &scripted{answers: c.answers}, &pauses{}
		url := serve(t, map[string]http.HandlerFunc{"/x": s.ServeHTTP})
		script := c.script
		if script == "" {
			script = `return c.get("/x").catch((e) => e.code)`
		}
		check{c.name, `const c = new HttpClient({ baseURL: a, rules: ` + c.rules + ` }); ` + script, c.want}.run(t, world(p.still(fetch.Deps{})), url)
		if got := strings.Join(p.waits, " "); got != c.waits {
			t.Errorf("%s: waited %q, want %q", c.name, got, c.waits)
		}
	}
}

// Rules with mistakes in them say so when the client is made.
func TestRulesWithMistakes(t *testing.T) {
	for rules, want := range map[string]string{
		`[{ then: "wait" }]`: `HttpClient: the option rules[0] must name a status, a header or a body`,
		`[{ status: 400 }]`:  `HttpClient: the option rules[0].then must be "wait", "login", "retry", "fail" or "ignore", not undefined`,
		`[{ status: 404, then: "ignore" }, { status: "6xx", then: "wait" }]`: `HttpClient: the option rules[1].status must be a status or a class of them such as "5xx", not "6xx"`,
		`[{ status: 400, then: "skip" }]`:                                    `HttpClient: the option rules[0].then must be "wait", "login", "retry", "fail" or "ignore", not "skip"`,
		`[{ status: 400, then: "wait", wait: { header: "a", seconds: 1 } }]`: `HttpClient: the option rules[0].wait must name one of header, path and seconds, not 2`,
		`[{ status: 400, then: "retry", wait: { seconds: 1 } }]`:             `HttpClient: the option rules[0].wait goes with then: "wait", not with "retry"`,
		`[{ status: 400, then: "ignore", code: 52 }]`:                        `HttpClient: the option rules[0] has the text or code of a failure, but then: "ignore" makes none`,
		`[{ status: 400, then: "fail", code: 20 }]`:                          `HttpClient: the option rules[0].code must be a whole number from 50 to 55, not 20`,
		`[{ body: { path: "a", value: {} }, then: "fail" }]`:                 `HttpClient: the option rules[0].body.value must be a text or a regular expression, not an object`,
		`[{ stats: 400, then: "fail" }]`:                                     `HttpClient: the option rules[0] has an unknown property "stats", did you mean "status"?`,
	} {
		got := webtest.Text(world(fetch.Deps{}).Run(t, body(`try { new HttpClient({ baseURL: a, rules: `+rules+` as any }) } catch (e: any) { return e.message }`), "http://h"))
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", rules, got, want)
		}
	}
}
