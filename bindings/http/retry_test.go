package http_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"carjs/bindings/fetch"
	"carjs/bindings/web/webtest"
)

// flaky answers with the statuses in its path, one after the other, and 200 from then on:
// "/503,429/name" counts by itself.
type flaky struct {
	mu    sync.Mutex
	seen  map[string]int
	after string // a Retry-After
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	n := f.seen[r.URL.Path]
	f.seen[r.URL.Path]++
	f.mu.Unlock()
	statuses := strings.Split(strings.Split(r.URL.Path, "/")[1], ",")
	if n >= len(statuses) {
		data, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, `{"attempts":%d,"body":%q}`, n+1, data)
		return
	}
	if statuses[n] == "drop" {
		panic(http.ErrAbortHandler)
	}
	if f.after != "" {
		w.Header().Set("Retry-After", f.after)
	}
	var code int
	_, _ = fmt.Sscan(statuses[n], &code)
	w.WriteHeader(code)
}

func TestRetries(t *testing.T) {
	f := &flaky{seen: map[string]int{}}
	url := serve(t, map[string]http.HandlerFunc{"/": f.ServeHTTP,
		"/hang": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	w := world(fetch.Deps{})
	for _, c := range []check{
		{"passing faults", `const c = new HttpClient({ baseURL: a, ...quick });
			return [(await c.get("/503,429,502/1")).attempts, (await c.get("/500,520,425/1")).attempts, (await c.put("/504,408/1", { body: "again" })), (await c.delete("/drop,503/1")).attempts]`,
			`[4,4,{"attempts":3,"body":"again"},3]`},
		{
			"too many", `await new HttpClient({ baseURL: a, ...quick, retries: 2 }).get("/503,503,503/2")`,
			`failure 51: GET $a/503,503,503/2: status 503 Service Unavailable (tried 3 times) (at src/main.ts:7:60)`,
		},
		{
			"too many drops", `await new HttpClient({ baseURL: a, ...quick, retries: 1 }).get("/drop,drop/2")`,
			`failure 51: GET $a/drop,drop/2: the connection was closed before the response was complete (tried 2 times) (at src/main.ts:7:60)`,
		},
		{
			"none", `await new HttpClient({ baseURL: a, retries: 0 }).get("/503/3")`,
			`failure 51: GET $a/503/3: status 503 Service Unavailable (at src/main.ts:7:50)`,
		},
		{
			"not those that stay", `return caught(() => new HttpClient({ baseURL: a, ...quick }).get("/501/4"))`,
			`["DatasourceFailure",51,"GET $a/501/4: status 501 Not Implemented"]`,
		},
		{
			"post after 429 and 503",
			`return (await new HttpClient({ baseURL: a, ...quick }).post("/429,503/5", { json: 1 }))`,
			`{"attempts":3,"body":"1"}`,
		},
		{"post not after 500", `return (await caught(() => new HttpClient({ baseURL: a, ...quick }).post("/500/12")))[1]`, `51`},
		{"post not after 502", `return (await caught(() => new HttpClient({ baseURL: a, ...quick }).post("/502/6")))[1]`, `51`},
		{"post not after a drop", `return (await caught(() => new HttpClient({ baseURL: a, ...quick }).post("/drop/7")))[1]`, `51`},
		{"post that may", `return (await new HttpClient({ baseURL: a, ...quick }).post("/502,drop/8", { retry: true })).attempts`, `3`},
		{"get that may not", `return (await caught(() => new HttpClient({ baseURL: a, ...quick }).get("/503/9", { retry: false })))[1]`, `51`},
		{"accepted", `return (await new HttpClient({ baseURL: a, ...quick }).request("GET", "/503/10", { accept: [503] })).status`, `503`},
		{
			"time-out", `await new HttpClient({ baseURL: a, ...quick, timeout: 50 }).get("/hang")`,
			`failure 51: GET $a/hang: no complete response within 50ms (at src/main.ts:7:61)`,
		},
		{
			"refused", `await new HttpClient({ baseURL: b, ...quick }).get("/x")`,
			`failure 51: GET $b/x: connection refused by $host (tried 4 times) (at src/main.ts:7:48)`,
		},
		{
			"abort between attempts",
			`const c = new AbortController(); setTimeout(() => c.abort("enough"), 20);
				try { await new HttpClient({ baseURL: a, retryWait: 60000 }).get("/503/11", { signal: c.signal }) } catch (e) { return e }`,
			`enough`,
		},
		{
			"abort while hanging",
			`const c = new AbortController(); setTimeout(() => c.abort("enough"), 20);
				try { await new HttpClient({ baseURL: a }).get("/hang", { signal: c.signal }) } catch (e) { return e }`,
			`enough`,
		},
	} {
		at := webtest.Refused(t)
		c.want = strings.ReplaceAll(c.want, "$host", strings.TrimPrefix(at, "http://"))
		c.run(t, w, url, at)
	}
}

func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		name, after, body, want string
		least                   time.Duration
	}{
		{"seconds", "0.2", `return (await new HttpClient({ baseURL: a, ...quick }).get("/429/1")).attempts`, `2`, 200 * time.Millisecond},
		{
			"date", time.Now().Add(2900 * time.Millisecond).UTC().Format(http.TimeFormat),
			`return (await new HttpClient({ baseURL: a, ...quick }).get("/503/1")).attempts`, `2`,
			900 * time.Millisecond,
		},
		{
			"date that is over", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat),
			`return (await new HttpClient({ baseURL: a, retryWait: 60000 }).get("/503/1")).attempts`, `2`, 0,
		},
		{
			"too long", "3600", `await new HttpClient({ baseURL: a, maxWait: 50 }).get("/429/1")`,
			`failure 51: GET $a/429/1: status 429 Too Many Requests, and Retry-After asks to wait for 1h0m0s (at src/main.ts:7:51)`,
			0,
		},
		{"nonsense", "soon", `return (await new HttpClient({ baseURL: a, ...quick }).get("/429/1")).attempts`, `2`, 0},
	} {
		f := &flaky{seen: map[string]int{}, after: c.after}
		url := serve(t, map[string]http.HandlerFunc{"/": f.ServeHTTP})
		start := time.Now()
		check{c.name, c.body, c.want}.run(t, world(fetch.Deps{}), url)
		if took := time.Since(start); took < c.least || took > c.least+5*time.Second {
			t.Errorf("%s: took %v", c.name, took)
		}
	}
}

// What a client waits for is told, with its reason.
func TestWaitsAreTold(t *testing.T) {
	var mu sync.Mutex
	var waits []string
	f := &flaky{seen: map[string]int{}, after: "5"}
	deps := fetch.Deps{MaxWait: time.Millisecond, Waiting: func(why string, planned time.Duration) func() {
		mu.Lock()
		defer mu.Unlock()
		waits = append(waits, fmt.Sprintf("%s %s", why, planned))
		return func() { waits = append(waits, "over") }
	}}
	url := serve(t, map[string]http.HandlerFunc{"/": f.ServeHTTP})
	check{"429", `return (await new HttpClient({ baseURL: a, ...quick }).get("/429/1")).attempts`, `2`}.run(t, world(deps), url)
	host := strings.TrimPrefix(url, "http://")
	want := []string{"the response of " + host + " 0s", "over", "429 of " + host + ", Retry-After 1ms", "over",
		"the response of " + host + " 0s", "over"}
	if !slices.Equal(waits, want) {
		t.Errorf("waits %q, want %q", waits, want)
	}
}

// At most three requests start in any 200 ms, repetitions and all clients' parallel calls included.
func TestRateLimit(t *testing.T) {
	var mu sync.Mutex
	var starts []time.Time
	url := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		starts = append(starts, time.Now())
		mu.Unlock()
		_, _ = io.WriteString(w, "1")
	}})
	var count atomic.Int64
	_, err := world(fetch.Deps{Count: func() { count.Add(1) }}).Run(t, body(`
const c = new HttpClient({ baseURL: a, rateLimit: { requests: 3, per: 200 } });
await Promise.all(Array.from({ length: 8 }, () => c.get("/")));`), url)
	if err != nil {
		t.Fatal(err)
	}
	if len(starts) != 8 || count.Load() != 8 {
		t.Fatalf("%d requests, %d counted", len(starts), count.Load())
	}
	// The server sees them a little later than they start, one more than the other.
	for i := 3; i < len(starts); i++ {
		if gap := starts[i].Sub(starts[i-3]); gap < 150*time.Millisecond {
			t.Errorf("requests %d and %d are %v apart", i-3, i, gap)
		}
	}
}

func TestLimitIsOnTheClient(t *testing.T) {
	url := serve(t, nil)
	start := time.Now()
	got := webtest.Text(world(fetch.Deps{}).Run(t, body(`
const c = new HttpClient({ baseURL: a, rateLimit: { per: 60000 } });
await c.get("/");
try { await c.get("/", { signal: AbortSignal.timeout(30) }) } catch (e: any) { return e.name }`), url))
	if got != "TimeoutError" || time.Since(start) > 10*time.Second {
		t.Errorf("after %v: %s", time.Since(start), got)
	}
}

// The run's own times count where the client names none, and only there.
func TestTimesOfTheRun(t *testing.T) {
	f := &flaky{seen: map[string]int{}}
	url := serve(t, map[string]http.HandlerFunc{"/": f.ServeHTTP,
		"/hang": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }})
	w := world(fetch.Deps{Timeout: 50 * time.Millisecond, RetryWait: time.Millisecond})
	start := time.Now()
	for _, c := range []check{
		{
			"client", `return caught(() => new HttpClient({ baseURL: a }).get("/hang"))`,
			`["DatasourceFailure",51,"GET $a/hang: no complete response within 50ms"]`,
		},
		{
			"client of its own time", `return caught(() => new HttpClient({ baseURL: a, timeout: 60 }).get("/hang"))`,
			`["DatasourceFailure",51,"GET $a/hang: no complete response within 60ms"]`,
		},
		{"fetch", `return (await caught(() => fetch(a + "/hang")))[2]`, `GET $a/hang: no complete response within 50ms`},
		{"waits", `return (await new HttpClient({ baseURL: a, timeout: 5000 }).get("/503,503,503/1")).attempts`, `4`},
	} {
		c.run(t, w, url)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
}
