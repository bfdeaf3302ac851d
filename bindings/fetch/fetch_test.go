package fetch_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"carjs/bindings/fetch"
	"carjs/bindings/web"
	"carjs/bindings/web/webtest"
	"carjs/host/script"
)

func world(deps fetch.Deps) webtest.World {
	return webtest.World{Globals: []script.Global{web.Global(), fetch.Global(deps)}}
}

// server is a data source with all the manners that the tests need. It says what it got.
func server(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Two", "1")
		w.Header().Add("X-Two", "2")
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"method": r.Method, "query": r.URL.RawQuery, "body": string(body), "type": r.Header.Get("Content-Type"), "host": r.Host,
			"auth": r.Header.Get("Authorization"), "cookie": r.Header.Get("Cookie"), "own": r.Header.Get("X-Own"),
			"agent": r.Header.Get("User-Agent"), "path": r.URL.EscapedPath(),
		})
	})
	mux.HandleFunc("/status/{code}", func(w http.ResponseWriter, r *http.Request) {
		var code int
		_, _ = fmt.Sscan(r.PathValue("code"), &code)
		w.WriteHeader(code)
		if code != http.StatusNoContent {
			_, _ = io.WriteString(w, "so be it")
		}
	})
	mux.HandleFunc("/redirect/{code}", func(w http.ResponseWriter, r *http.Request) {
		var code int
		_, _ = fmt.Sscan(r.PathValue("code"), &code)
		w.Header().Set("Location", r.URL.Query().Get("to"))
		w.WriteHeader(code)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, strings.Repeat("zipped ", 3)+r.Header.Get("Accept-Encoding"))
		_ = z.Close()
	})
	mux.HandleFunc("/hang", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/hang-in-body", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "[1,")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	mux.HandleFunc("/drop", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "[1,")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	mux.HandleFunc("/drop-at-once", func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) })
	mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "<html>\n<p>please log in</p>") })
	mux.HandleFunc("/empty", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/bytes", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte{0xef, 0xbb, 0xbf, 'a', 0xc3, 0xa9})
	})
	s := httptest.NewServer(mux)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// check runs bodies of functions with the server's URL and another origin's as a and b.
type check struct{ name, body, want string }

func (c check) run(t *testing.T, w webtest.World, args ...any) {
	t.Helper()
	t.Run(c.name, func(t *testing.T) {
		got := webtest.Text(w.Run(t, webtest.Main(c.body), args...))
		want := c.want
		for i, arg := range args {
			want = strings.ReplaceAll(want, fmt.Sprintf("$%c", 'a'+i), fmt.Sprint(arg))
		}
		want = strings.ReplaceAll(want, "$host", strings.TrimPrefix(fmt.Sprint(args[0]), "http://"))
		if got != want {
			t.Errorf("\ngot  %s\nwant %s", got, want)
		}
	})
}

func TestFetch(t *testing.T) {
	here, other := server(t), server(t)
	w := world(fetch.Deps{})
	for _, c := range []check{
		{"answer", `const r = await fetch(a + "/echo?q=1#part"); const o = await r.json();
			return [r.status, r.ok, r.statusText, r.url === a + "/echo?q=1", r.redirected, r.type, r.headers.get("X-TWO"), r.headers.getSetCookie(), r.body, r.bodyUsed, o.method, o.query, o.agent, String(r)]`,
			`[200,true,"OK",true,false,"basic","1, 2",["a=1","b=2"],{},true,"GET","q=1","carjs","[object Response]"]`},
		{"slash at the end", `return (await (await fetch(new URL("./x/../", a + "/status/404"))).text()).length > 0`, `true`},
		{
			"status is no error",
			`const r = await fetch(a + "/status/503"); return [r.ok, r.status, r.statusText, await r.text()]`,
			`[false,503,"Service Unavailable","so be it"]`,
		},
		{
			"headers that stay", `const r = await fetch(a + "/status/200"); const copy = r.clone(); const h = new Headers(r.headers);
				h.set("x-two", "3"); let failed: any; try { r.headers.set("x-two", "3") } catch (e) { failed = e }
				try { copy.headers.delete("x-two") } catch (e: any) { return [h.get("x-two"), failed.name, failed.message, e.name] }`,
			`["3","TypeError","these headers are a response's and cannot be changed: change new Headers(response.headers)","TypeError"]`,
		},
		{"no content", `const r = await fetch(a + "/status/204"); return [r.status, await r.text()]`, `[204,""]`},
		{
			"headers as object",
			`const o = await (await fetch(a + "/echo", { headers: { "X-Own": " v ", Authorization: "Basic eA==", Host: "front.example" } })).json(); return [o.own, o.auth, o.host]`,
			`["v","Basic eA==","front.example"]`,
		},
		{"headers as pairs", `return (await (await fetch(a + "/echo", { headers: [["x-own", "1"], ["X-Own", "2"]] })).json()).own`, `1, 2`},
		{"method in lower case", `return (await (await fetch(a + "/echo", { method: "delete" })).json()).method`, `DELETE`},
		{
			"string body",
			`const o = await (await fetch(a + "/echo", { method: "POST", body: "grün" })).json(); return [o.body, o.type]`,
			`["grün","text/plain;charset=UTF-8"]`,
		},
		{
			"typed JSON body",
			`const o = await (await fetch(a + "/echo", { method: "PUT", body: JSON.stringify({ x: 1 }), headers: { "content-type": "application/json" } })).json(); return [o.body, o.type]`,
			`["{\"x\":1}","application/json"]`,
		},
		{
			"form body",
			`const o = await (await fetch(a + "/echo", { method: "POST", body: new URLSearchParams({ a: "1 2", b: "&" }) })).json(); return [o.body, o.type]`,
			`["a=1+2&b=%26","application/x-www-form-urlencoded;charset=UTF-8"]`,
		},
		{
			"buffer body",
			`const o = await (await fetch(a + "/echo", { method: "POST", body: new TextEncoder().encode("xabcx").subarray(1, 4) })).json(); return [o.body, o.type]`,
			`["abc",""]`,
		},
		{
			"array buffer body",
			`return (await (await fetch(a + "/echo", { method: "POST", body: new TextEncoder().encode("abc").buffer })).json()).body`,
			`abc`,
		},
		{
			"body of a GET", `try { await fetch(a, { body: "x" }) } catch (e) { return e.name + ": " + e.message }`,
			`TypeError: a GET request has no body`,
		},
		{"body of no kind", `try { await fetch(a, { method: "POST", body: { x: 1 } as any }) } catch (e) { return e.name }`, `TypeError`},
		{"request object", `const q = new Request(a + "/echo", { method: "POST", body: "one", headers: { "X-Own": "h" } }); const first = await (await fetch(q)).json(); const again = await (await fetch(q.clone(), { method: "PUT" })).json();
			return [first.body, first.own, again.body, again.method, q.method, q.url === a + "/echo", await q.text(), q.bodyUsed]`, `["one","h","one","PUT","POST",true,"one",true]`},
		{
			"clone",
			`const r = await fetch(a + "/bytes"); const c = r.clone(); const x = [await r.text(), (await c.arrayBuffer()).byteLength, c.status]; try { r.clone() } catch (e) { x.push(e.name) } return x`,
			`["aé",6,200,"TypeError"]`,
		},
		{
			"bytes", `const u = await (await fetch(a + "/bytes")).bytes(); return [u instanceof Uint8Array, [...u]]`,
			`[true,[239,187,191,97,195,169]]`,
		},
		{"read twice", `const r = await fetch(a + "/echo"); await r.text(); try { await r.json() } catch (e) { return e.name }`, `TypeError`},
		{"gzip", `return await (await fetch(a + "/gzip", { headers: { "Accept-Encoding": "br" } })).text()`, `zipped zipped zipped br`},
		{
			"redirect followed",
			`const r = await fetch(a + "/redirect/302?to=/echo?x"); return [r.redirected, r.url === a + "/echo?x", r.status]`,
			`[true,true,200]`,
		},
		{
			"redirect of a POST becomes a GET",
			`const o = await (await fetch(a + "/redirect/302?to=/echo", { method: "POST", body: "b" })).json(); return [o.method, o.body, o.type]`,
			`["GET","",""]`,
		},
		{
			"redirect 307 keeps all",
			`const o = await (await fetch(a + "/redirect/307?to=/echo", { method: "POST", body: "b" })).json(); return [o.method, o.body]`,
			`["POST","b"]`,
		},
		{
			"redirect of a PUT stays a PUT",
			`const o = await (await fetch(a + "/redirect/301?to=/echo", { method: "PUT", body: "b" })).json(); return [o.method, o.body]`,
			`["PUT","b"]`,
		},
		{"redirect 303 becomes a GET", `return (await (await fetch(a + "/redirect/303?to=/echo", { method: "DELETE" })).json()).method`, `GET`},
		{"credentials stay with the host", `const h = { Authorization: "Bearer t", Cookie: "c=1", "X-Own": "o" };
			const o = await (await fetch(a + "/redirect/302?to=" + encodeURIComponent(b + "/echo"), { headers: h })).json(); const p = await (await fetch(a + "/redirect/302?to=/echo", { headers: h })).json();
			return [o.auth, o.cookie, o.own, p.auth, p.cookie]`, `["","","o","Bearer t","c=1"]`},
		{
			"credentials do not come back",
			`return (await (await fetch(a + "/redirect/302?to=" + encodeURIComponent(b + "/redirect/302?to=" + encodeURIComponent(a + "/echo")), { headers: { Authorization: "Bearer t" } })).json()).auth`,
			``,
		},
		{
			"redirect by hand",
			`const r = await fetch(a + "/redirect/302?to=/echo", { redirect: "manual" }); return [r.status, r.headers.get("location"), r.redirected]`,
			`[302,"/echo",false]`,
		},
	} {
		c.run(t, w, here.URL, other.URL)
	}
}

func TestFailures(t *testing.T) {
	s := server(t)
	w := world(fetch.Deps{})
	// The failure that ends the run tells method, URL without its secrets, what happened, and where
	// the call was.
	for _, c := range []check{
		{
			"refused", `await fetch(b + "/assets?token=hidden")`,
			`failure 51: GET $b/assets?token=…: connection refused by ` + "$refused" + ` (at src/main.ts:3:7)`,
		},
		{
			"time-out", `await fetch(a + "/hang", { timeout: 50 })`,
			`failure 51: GET $a/hang: no complete response within 50ms (at src/main.ts:3:7)`,
		},
		{
			"time-out in the body", `const r = await fetch(a + "/hang-in-body", { timeout: 100 }); await r.text()`,
			`failure 51: GET $a/hang-in-body: no complete response within 100ms (at src/main.ts:3:71)`,
		},
		{
			"dropped in the body", `const r = await fetch(a + "/drop"); await r.json()`,
			`failure 51: GET $a/drop: the connection was closed before the response was complete (at src/main.ts:3:45)`,
		},
		{
			"dropped at once", `await fetch(a + "/drop-at-once", { method: "POST", body: "x" })`,
			`failure 51: POST $a/drop-at-once: the connection was closed before the response was complete (at src/main.ts:3:7)`,
		},
		{
			"no JSON", `const r = await fetch(a + "/page?key=hidden"); await r.json()`,
			`failure 55: GET $a/page?key=…: the response (status 200) is an HTML page ("please log in") and not JSON (at src/main.ts:3:56)`,
		},
		{
			"empty JSON", `const r = await fetch(a + "/empty"); await r.json()`,
			`failure 55: GET $a/empty: the response (status 200) is empty and not JSON (at src/main.ts:3:46)`,
		},
		{
			"redirects for ever", `await fetch(a + "/loop")`,
			`failure 51: GET $a/loop: it redirects more than 20 times, at last to $a/loop (at src/main.ts:3:7)`,
		},
		{
			"redirect refused", `await fetch(a + "/redirect/302?to=/echo", { redirect: "error" })`,
			`failure 51: GET $a/redirect/302?to=…: it redirects to $a/echo, which this request does not allow (at src/main.ts:3:7)`,
		},
		{
			"redirect to nowhere", `await fetch(a + "/redirect/302?to=ftp://x/")`,
			`failure 51: GET $a/redirect/302?to=…: it redirects, but ftp://x/ is not an http or https URL (at src/main.ts:3:7)`,
		},
		{"caught", `try { await fetch(b) } catch (e) { return [e instanceof TypeError, e.cause instanceof carjs.DatasourceFailure, e.cause.code, e.message === e.cause.message, e.cause.hint !== "", /at main \(src\/main.ts:3:/.test(e.stack), /carjs:/.test(e.stack)] }`,
			`[true,true,51,true,true,true,false]`},
		{
			"bad JSON caught",
			`try { await (await fetch(a + "/page")).json() } catch (e) { return [e instanceof SyntaxError, e.cause.code] }`,
			`[true,55]`,
		},
		{
			"relative URL", `await fetch("/x")`,
			`failure 1: TypeError: fetch takes an absolute URL, such as "https://host/path" (at src/main.ts:3:7)`,
		},
		{"other scheme", `try { await fetch("ftp://h/") } catch (e) { return e.name }`, `TypeError`},
		{
			"other scheme, escaped", `try { await fetch("ftp://h/a%20b") } catch (e) { return e.message }`,
			`ftp://h/a%20b is not an http or https URL`,
		},
		{
			"password in the URL",
			`try { await fetch("http://u:hidden@h/") } catch (e) { return [e.name, e.message.includes("hidden")] }`,
			`["TypeError",false]`,
		},
		{"no method", `try { await fetch(a, { method: "a b" }) } catch (e) { return e.name }`, `TypeError`},
		{"connect", `try { await fetch(a, { method: "connect" }) } catch (e) { return e.name }`, `TypeError`},
		{"header with a line break", `try { await fetch(a, { headers: { x: "a\r\nb: c" } }) } catch (e) { return e.name }`, `TypeError`},
	} {
		at := webtest.Refused(t)
		c.want = strings.ReplaceAll(c.want, "$refused", strings.TrimPrefix(at, "http://"))
		c.want = strings.ReplaceAll(c.want, "$json", `found '<' where a value is expected at line 1, column 1: <html> <p>please log in</p>`)
		c.run(t, w, s.URL, at)
	}
}

func TestAbort(t *testing.T) {
	s := server(t)
	w := world(fetch.Deps{})
	for _, c := range []check{
		{
			"while waiting",
			`const c = new AbortController(); setTimeout(() => c.abort(), 20); try { await fetch(a + "/hang", { signal: c.signal }) } catch (e) { return [e.name, e instanceof DOMException] }`,
			`["AbortError",true]`,
		},
		{
			"with a reason",
			`const c = new AbortController(); setTimeout(() => c.abort({ mine: 1 }), 20); try { await fetch(a + "/hang", { signal: c.signal }) } catch (e) { return e }`,
			`{"mine":1}`,
		},
		{
			"in the body",
			`const c = new AbortController(); const r = await fetch(a + "/hang-in-body", { signal: c.signal }); setTimeout(() => c.abort("why"), 20); try { await r.text() } catch (e) { return e }`,
			`why`,
		},
		{"before", `try { await fetch(a + "/hang", { signal: AbortSignal.abort("early") }) } catch (e) { return e }`, `early`},
		{"by the clock", `try { await fetch(a + "/hang", { signal: AbortSignal.timeout(20) }) } catch (e) { return e.name }`, `TimeoutError`},
		{
			"not at all",
			`const c = new AbortController(); const r = await fetch(a + "/echo", { signal: c.signal }); const o = await r.json(); c.abort(); return o.method`,
			`GET`,
		},
		{"of no kind", `try { await fetch(a, { signal: {} as any }) } catch (e) { return e.name }`, `TypeError`},
	} {
		c.run(t, w, s.URL)
	}
}

// A run that is stopped does not wait for the server.
func TestStopped(t *testing.T) {
	handler := server(t).Config.Handler
	for _, path := range []string{"/hang", "/hang-in-body"} {
		ctx, cancel := context.WithCancel(t.Context())
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			time.AfterFunc(50*time.Millisecond, cancel) // not before the request is under way
			handler.ServeHTTP(w, r)
		}))
		defer s.Close()
		w := world(fetch.Deps{})
		w.Context = ctx
		start := time.Now()
		got := webtest.Text(w.Run(t, webtest.Main(`const r = await fetch(a + "`+path+`"); await r.text()`), s.URL))
		if !strings.Contains(got, "failure 10") || time.Since(start) > 30*time.Second {
			t.Errorf("%s: after %v: %s", path, time.Since(start), got)
		}
	}
}

// What is not read is let go when the run ends: the server sees its connection closed.
func TestUnreadBody(t *testing.T) {
	gone := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		close(gone)
	}))
	defer s.Close()
	if _, err := world(fetch.Deps{}).Run(t, webtest.Main(`await fetch(a)`), s.URL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		t.Error("the connection is still there")
	}
}

func TestEveryRequestCounts(t *testing.T) {
	s := server(t)
	var count atomic.Int64
	w := world(fetch.Deps{Count: func() { count.Add(1) }})
	if _, err := w.Run(t,
		webtest.Main(`await Promise.all([fetch(a + "/echo"), fetch(a + "/redirect/302?to=/echo"), fetch("`+webtest.Refused(t)+`").catch(() => 0)])`), s.URL); err != nil {
		t.Fatal(err)
	}
	if count.Load() != 4 {
		t.Errorf("%d requests were counted, not 4", count.Load())
	}
}

func TestCertificateThatIsNotTrusted(t *testing.T) {
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	got := webtest.Text(world(fetch.Deps{}).Run(t, webtest.Main(`await fetch(a)`), s.URL))
	if want := "the certificate is not trusted: it is signed by an unknown authority"; !strings.Contains(got, want) ||
		!strings.HasPrefix(got, "failure 51") {
		t.Errorf("got %s", got)
	}
	plain := server(t)
	got = webtest.Text(world(fetch.Deps{}).Run(t, webtest.Main(`await fetch(a.replace("http:", "https:"))`), plain.URL))
	if want := "the server does not speak TLS there"; !strings.Contains(got, want) {
		t.Errorf("got %s", got)
	}
}

// endless is a transport whose answers end as if they were complete once nobody waits for them.
type endless struct{}

func (endless) RoundTrip(r *http.Request) (*http.Response, error) {
	read, write := io.Pipe()
	context.AfterFunc(r.Context(), func() { _ = write.Close() })
	return &http.Response{StatusCode: http.StatusOK, Status: "200 OK", Header: http.Header{}, Body: read, ContentLength: -1, Request: r}, nil
}

// An answer that the time-out cuts off is not taken for a complete one.
func TestCutOffByTheTimeout(t *testing.T) {
	w := webtest.World{Globals: []script.Global{web.Global(), fetch.Global(fetch.Deps{Transport: endless{}})}}
	const script = `return fetch("http://a.test/", { timeout: 10 }).then((r) => r.text()).catch((e) => e.cause.message)`
	if got, want := webtest.Text(w.Run(t, webtest.Main(script))), "GET http://a.test/: no complete response within 10ms"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
