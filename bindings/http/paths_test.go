package http_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	neturl "net/url"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/bindings/fetch"
	"carjs/bindings/web/webtest"
)

// What is escaped in a path or a query goes over the wire as the connector wrote it, in every kind of
// request and through redirects; what cannot stand in a URL is escaped.
func TestEscapesStay(t *testing.T) {
	asked := func(w http.ResponseWriter, r *http.Request) {
		to, _ := neturl.PathUnescape(r.Header.Get("X-To"))
		switch {
		case strings.HasPrefix(r.RequestURI, "/redirect"):
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		case strings.HasPrefix(r.RequestURI, "/next"):
			fmt.Fprintf(w, `{"items":[%q],"next":%q}`, r.RequestURI, to)
		case to != "":
			fmt.Fprintf(w, `{"items":[%q]}`, r.RequestURI)
		default:
			fmt.Fprintf(w, "%q", r.RequestURI)
		}
	}
	// Not a ServeMux, which redirects to cleaner paths.
	url := serveAll(t, asked)
	for path, want := range map[string]string{
		"/x/a%2Fb/é":           "/x/a%2Fb/%C3%A9",
		"/x/a%2Fb/c d":         "/x/a%2Fb/c%20d",
		"/x/..%2Fsecret/é":     "/x/..%2Fsecret/%C3%A9",
		"/x/%2f%41%7E%3d|{}^":  "/x/%2f%41%7E%3d%7C%7B%7D%5E",
		"/x/%E9":               "/x/%E9",
		"/x/a%252Fb":           "/x/a%252Fb",
		"/x/a%2Fb?q=%2f%20+é'": "/x/a%2Fb?q=%2f%20+%C3%A9%27",
		"/x/a:b;c=1,2/@$&":     "/x/a:b;c=1,2/@$&",
		"/x//y/./z":            "/x//y/./z",
		"/x/\"<>`":             "/x/%22%3C%3E%60",
	} {
		w := world(fetch.Deps{})
		for name, script := range map[string]string{
			"get":            `return new HttpClient({ baseURL: a }).get(b)`,
			"below a base":   `return (await new HttpClient({ baseURL: a + "/base%2F/" }).get(b)).replace("/base%2F", "")`,
			"absolute":       `return new HttpClient({ baseURL: a }).get(a + b)`,
			"redirect":       `return new HttpClient({ baseURL: a, headers: { "X-To": "" } }).get("/redirect", { headers: { "X-To": encodeURIComponent(b) } }).then((r) => r.items?.[0] ?? r)`,
			"list":           `for await (const p of new HttpClient({ baseURL: a, headers: { "X-To": "-" } }).paginate.link(b, { items: "items" })) return p[0]`,
			"next URL":       `const all = []; for await (const p of new HttpClient({ baseURL: a, headers: { "X-To": encodeURIComponent(b) } }).paginate.nextURL("/next", { items: "items" })) all.push(...p); return all[1]`,
			"fetch":          `return b.includes("/./") ? b : JSON.parse((await (await fetch(a + b)).text()).replaceAll("|", "%7C"))`,
			"fetch redirect": `return JSON.parse((await (await fetch(a + "/redirect", { headers: { "X-To": encodeURIComponent(b) } })).text())).items[0]`,
		} {
			if (name == "redirect" || name == "next URL" || name == "fetch redirect") && strings.Contains(path, "/./") {
				continue // dots are taken out of what is relative, as the standard has it
			}
			if got := webtest.Text(w.Run(t, body(script), url, path)); got != want {
				t.Errorf("%s of %s: got %s, want %s", name, path, got, want)
			}
		}
	}
	check{"no escape", `return caught(() => new HttpClient({ baseURL: a }).get("/100%/x"))`,
		`["TypeError","","GET request: the path cannot be part of a URL: escape it with encodeURIComponent"]`}.run(t, world(fetch.Deps{}), url)
}

func TestRedirectsByHand(t *testing.T) {
	var asked atomic.Int64
	url := serve(t, map[string]http.HandlerFunc{"/moved": func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Location", "/x")
		w.Header().Set("X-Job", "7")
		w.WriteHeader(http.StatusSeeOther)
		_, _ = io.WriteString(w, "see other")
	}})
	w := world(fetch.Deps{})
	for _, c := range []check{
		{
			"manual",
			`const r = await new HttpClient({ baseURL: a }).request("POST", "/moved", { redirect: "manual" }); return [r.status, r.headers.get("location"), r.headers.get("x-job"), r.data]`,
			`[303,"/x","7","see other"]`,
		},
		{"manual, the data alone", `return String(await new HttpClient({ baseURL: a }).get("/moved", { redirect: "manual" }))`, `undefined`},
		{"manual without a redirect", `return (await new HttpClient({ baseURL: a }).get("/x", { redirect: "manual" })).url`, `/x`},
		{
			"error", `await new HttpClient({ baseURL: a, ...quick }).get("/moved", { redirect: "error" })`,
			`failure 51: GET $a/moved: it redirects to $a/x, which this request does not allow (at src/main.ts:7:48)`,
		},
		{"follow", `return (await new HttpClient({ baseURL: a }).get("/moved", { redirect: "follow" })).url`, `/x`},
	} {
		c.run(t, w, url)
	}
	if asked.Load() != 4 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// A body that is not encoded as it says is a fault of the data, told once, and not that of a
// connection that broke.
func TestEncodedBodies(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = io.WriteString(z, "["+strings.Repeat(`{"id":1},`, 5000)+`{"id":2}]`)
	_ = z.Close()
	var asked atomic.Int64
	say := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, body)
		}
	}
	url := serve(t, map[string]http.HandlerFunc{
		"/good": say(zipped.String()), "/false": say(`[{"id":1}]`), "/padded": say(zipped.String() + "\x00\x00"), "/cut": say(zipped.String()[:80]),
	})
	w := world(fetch.Deps{})
	for _, c := range []check{
		{"good", `return (await new HttpClient({ baseURL: a }).get("/good")).length`, `5001`},
		{"false", `await new HttpClient({ baseURL: a, ...quick }).get("/false")`,
			`failure 55: GET $a/false: the body is labelled gzip and is something else (at src/main.ts:7:48)`},
		{"padded", `await new HttpClient({ baseURL: a, ...quick }).get("/padded")`,
			`failure 55: GET $a/padded: the body is labelled gzip and has more bytes behind its end, such as padding (at src/main.ts:7:48)`},
		{"fetch", `await (await fetch(a + "/cut")).text()`,
			`failure 55: GET $a/cut: the body is labelled gzip and ends too early (at src/main.ts:7:33)`},
		{"records", `let n = 0; try { for await (const r of new HttpClient({ baseURL: a, ...quick }).records("/padded")) n++; } catch (e: any) { return [n > 0, e.code, e.message.replace(/after \d+/, "after n")] }`,
			`[true,55,"GET $a/padded: the body is labelled gzip and has more bytes behind its end, such as padding, at byte 45010, after n records"]`},
		{"a page", `for await (const p of new HttpClient({ baseURL: a, ...quick }).paginate.link("/false")) void p`,
			`failure 55: GET $a/false: the body is labelled gzip and is something else (at src/main.ts:7:1)`},
	} {
		c.run(t, w, url)
	}
	if asked.Load() != 6 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// Plain fetch leaves behind what carries credentials, by any name, and what has a secret, when a
// redirect leads to another origin; what says nothing goes along.
func TestFetchKeepsCredentialsHome(t *testing.T) {
	var seen http.Header
	other := serveAll(t, func(w http.ResponseWriter, r *http.Request) { seen = r.Header.Clone() })
	url := serve(t, map[string]http.HandlerFunc{"/away": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusFound) }})
	deps := fetch.Deps{Hides: func(text string) bool { return strings.Contains(text, "of-the-settings") }}
	check{"away", `const headers: any = {};
for (const name of ["Authorization", "Cookie", "X-Api-Key", "apikey", "X-Auth-Token", "Private-Token", "Ocp-Apim-Subscription-Key", "X-Goog-Api-Key",
  "X-Amz-Security-Token", "X-CSRF-Token", "X-Session-Id", "X-Password", "X-Signature"]) headers[name] = "v";
await fetch(a + "/away", { headers: { ...headers, "X-Tenant": "secret-of-the-settings", "X-Plain": "p", Accept: "text/plain", "Accept-Language": "de" } }); return 1`, `1`}.
		run(t, world(deps), url)
	for name := range seen {
		switch name {
		case "X-Plain", "Accept", "Accept-Language", "User-Agent", "Accept-Encoding":
		default:
			t.Errorf("%s went along", name)
		}
	}
	if seen.Get("X-Plain") != "p" || seen.Get("Accept-Language") != "de" {
		t.Errorf("lost: %v", seen)
	}
}
