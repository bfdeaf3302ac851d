package http_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"carjs/bindings/fetch"
	carjshttp "carjs/bindings/http"
	"carjs/bindings/web"
	"carjs/bindings/web/webtest"
	"carjs/host/script"
)

func world(deps fetch.Deps) webtest.World {
	return webtest.World{
		Globals: []script.Global{web.Global(), fetch.Global(deps)},
		Modules: []script.Module{carjshttp.Module(deps)},
	}
}

// body makes a script of the body of a function, with the module at hand and waits that are short.
func body(text string) string {
	return `import { apiKey, aws, basic, bearer, digest, hmac, HttpClient, oauth2, session } from "carjs/http";
const quick = { retryWait: 1 };
const caught = async (f: () => any) => { try { return await f() } catch (e: any) { return [e.name, e.code ?? "", e.message] } };
void [apiKey, aws, basic, bearer, digest, hmac, HttpClient, oauth2, session, quick, caught];
` + webtest.Main(text)
}

// check runs the body of a function with URLs as a and b; "$a" and "$b" in what is wanted stand for
// them.
type check struct{ name, body, want string }

func (c check) run(t *testing.T, w webtest.World, args ...any) {
	t.Helper()
	t.Run(c.name, func(t *testing.T) {
		t.Helper()
		got := webtest.Text(w.Run(t, body(c.body), args...))
		for i, arg := range args {
			got = strings.ReplaceAll(got, fmt.Sprint(arg), fmt.Sprintf("$%c", 'a'+i))
		}
		if got != c.want {
			t.Errorf("\ngot  %s\nwant %s", got, c.want)
		}
	})
}

// echo answers with what it got.
func echo(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	w.Header().Set("X-Seen", r.Method)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"method": r.Method, "url": r.URL.String(), "body": string(data), "type": r.Header.Get("Content-Type"), "accept": r.Header.Get("Accept"),
		"auth": r.Header.Get("Authorization"), "key": r.Header.Get("X-Key"), "own": r.Header.Get("X-Own"),
	})
}

// serve starts a server of some routes, that of "/" being echo.
func serve(t *testing.T, routes map[string]http.HandlerFunc) string {
	t.Helper()
	mux := http.NewServeMux()
	if routes["/"] == nil {
		mux.HandleFunc("/", echo)
	}
	for path, handler := range routes {
		mux.HandleFunc(path, handler)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// serveAll starts a server of one handler, for any path as it is sent.
func serveAll(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

func text(status int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

func TestRequests(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{
		"/text": text(200, "\ufeffgrün"), "/nothing": text(204, ""), "/empty": text(200, ""),
		"/missing": text(404, "no such thing"), "/missing.json": text(404, `{"error":1}`),
	})
	w := world(fetch.Deps{})
	for _, c := range []check{
		{
			"get", `const o = await new HttpClient({ baseURL: a }).get("/x"); return [o.method, o.url, o.accept]`,
			`["GET","/x","application/json"]`,
		},
		{"base with a path", `const c = new HttpClient({ baseURL: a + "/api/v2/?k=1" });
			return [(await c.get("/x?y=2")).url, (await c.get("x/")).url, (await c.get("")).url, (await c.get(a + "/other")).url]`,
			`["/api/v2/x?k=1&y=2","/api/v2/x/?k=1","/api/v2/?k=1","/other"]`},
		{"query", `const c = new HttpClient({ baseURL: a }); const d = new Date(0);
			return [(await c.get("/x?z=0", { query: { a: "1 +&ü", n: 2, yes: true, list: ["p", "q"], d, gone: undefined, nil: null } })).url, (await c.get("/x", { query: new URLSearchParams({ q: "a b" }) })).url, (await c.get("/x", { query: "?raw=ä b" })).url]`,
			`["/x?z=0&a=1%20%2B%26%C3%BC&n=2&yes=true&list=p&list=q&d=1970-01-01T00%3A00%3A00.000Z","/x?q=a+b","/x?raw=%C3%A4%20b"]`},
		{"methods", `const c = new HttpClient({ baseURL: a });
			return [(await c.post("/", { json: { x: [1] } })), (await c.put("/", { form: { a: "1 2", l: [1, 2], u: undefined } })), (await c.patch("/", { body: "t" })), (await c.delete("/", { body: new Uint8Array([65]) }))].map((o: any) => [o.method, o.body, o.type])`,
			`[["POST","{\"x\":[1]}","application/json"],["PUT","a=1+2&l=1&l=2","application/x-www-form-urlencoded"],["PATCH","t","text/plain;charset=UTF-8"],["DELETE","A","application/octet-stream"]]`},
		{
			"own type of a body",
			`return (await new HttpClient({ baseURL: a }).post("/", { body: "<a/>", headers: { "Content-Type": "application/xml" } })).type`,
			`application/xml`,
		},
		{
			"two bodies", `return caught(() => new HttpClient({ baseURL: a }).post("/", { body: "x", json: 1 }))`,
			`["TypeError","","a request has one body, not body and json"]`,
		},
		{
			"headers",
			`const c = new HttpClient({ baseURL: a, headers: { "X-Own": "client", "X-Key": "k" } });
				const o = await c.get("/", { headers: { "x-own": "request" } }); return [o.own, o.key]`,
			`["request","k"]`,
		},
		{
			"whole answer",
			`const r = await new HttpClient({ baseURL: a }).request("post", "/x", { json: null });
				return [r.status, r.headers.get("x-seen"), r.headers instanceof Headers, r.data.body, r.url]`,
			`[200,"POST",true,"null","$a/x"]`,
		},
		{
			"head",
			`const r = await new HttpClient({ baseURL: a }).head("/x"); return [r.status, r.headers.get("x-seen"), r.data]`,
			`[200,"HEAD",null]`,
		},
		{
			"text and bytes",
			`const c = new HttpClient({ baseURL: a }); const u = await c.get("/text", { responseType: "bytes" });
				return [await c.get("/text", { responseType: "text" }), u instanceof Uint8Array, u.length]`,
			`["grün",true,8]`,
		},
		{
			"nothing",
			`const c = new HttpClient({ baseURL: a }); return [await c.get("/nothing"), await c.delete("/empty"), await c.put("/empty")]`,
			`[null,null,null]`,
		},
		{
			"nothing where something is expected", `await new HttpClient({ baseURL: a }).get("/empty")`,
			`failure 55: GET $a/empty: the response (status 200) is empty and not JSON (at src/main.ts:7:38)`,
		},
		{
			"no JSON", `await new HttpClient({ baseURL: a }).get("/text?key=hidden")`,
			`failure 55: GET $a/text?key=…: the response (status 200) is not JSON: found 'g' where a value is expected at line 1, column 2: grün (at src/main.ts:7:38)`,
		},
		{
			"accepted status",
			`const c = new HttpClient({ baseURL: a }); const o = { accept: [404] };
				return [await c.get("/missing", o), (await c.request("GET", "/missing", o)).data, (await c.request("GET", "/missing.json", o)).data]`,
			`[null,"no such thing",{"error":1}]`,
		},
		{"without a base", `return (await new HttpClient().get(a + "/x")).url`, `/x`},
		{
			"path without a base", `return caught(() => new HttpClient().get("/x"))`,
			`["TypeError","","GET request: the path must be an absolute URL, because HttpClient has no baseURL"]`,
		},
		{"path as URL object", `return (await new HttpClient({ baseURL: a }).get(new URL("/x?y=1", a))).url`, `/x?y=1`},
		{
			"signal",
			`const c = new AbortController(); c.abort("why");
				return caught(async () => { try { await new HttpClient({ baseURL: a }).get("/x", { signal: c.signal }) } catch (e) { return e } })`,
			`why`,
		},
		{"options unknown", `return [await caught(() => new HttpClient({ baseUrl: a } as any)), await caught(() => new HttpClient({ baseURL: a }).get("/", { qeury: {} } as any))]`,
			`[["TypeError","","HttpClient: unknown option \"baseUrl\", did you mean \"baseURL\"?"],["TypeError","","GET request: unknown option \"qeury\", did you mean \"query\"?"]]`},
		{"options of a wrong kind",
			`return [await caught(() => new HttpClient({ timeout: "5" as any })), await caught(() => new HttpClient({ baseURL: a, auth: "x" as any })), await caught(() => new HttpClient({ retries: -1 })), await caught(() => new HttpClient({ baseURL: a }).get("/", { responseType: "xml" as any })), await caught(() => new HttpClient({ baseURL: a }).get("/", { query: { o: {} } as any }))].map((e) => e[0])`,
			`["TypeError","TypeError","TypeError","TypeError","TypeError"]`},
		{"base of no kind", `return [await caught(() => new HttpClient({ baseURL: "host/path" })), await caught(() => new HttpClient({ baseURL: "" })), await caught(() => new HttpClient({ baseURL: "http://u:p@h" }))].map((e) => [e[0], e[1]])`,
			`[["DatasourceFailure",54],["DatasourceFailure",54],["TypeError",""]]`},
		{"another origin", `return [await caught(() => new HttpClient({ baseURL: "http://other.example/" }).get(a + "/x")), (await new HttpClient({ baseURL: "http://other.example/", allowOrigins: a }).get(a + "/x")).url]`,
			`[["DatasourceFailure",55,"$a/x is not at http://other.example, where the credentials of this client belong"],"/x"]`},
	} {
		c.run(t, w, url)
	}
}

func TestStatuses(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/{code}": func(w http.ResponseWriter, r *http.Request) {
		var code int
		_, _ = fmt.Sscan(r.PathValue("code"), &code)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "because of that")
	}})
	for status, code := range map[int]int{
		400: 54, 401: 52, 403: 53, 404: 54, 405: 54, 422: 54, 408: 51, 409: 50, 410: 50, 418: 50, 429: 51, 500: 51,
		501: 51, 502: 51, 503: 51, 504: 51, 304: 50,
	} {
		got := webtest.Text(world(fetch.Deps{}).Run(t,
			body(`await new HttpClient({ baseURL: a, retries: 0 }).get("/" + b, { query: { token: "hidden" } })`), url, fmt.Sprint(status)))
		if want := fmt.Sprintf("failure %d: GET %s/%d?token=…: status %d %s (at src/main.ts:7:50)", code, url, status,
			status, http.StatusText(status)); got != want {
			t.Errorf("\ngot  %s\nwant %s", got, want)
		}
	}
}

// contextFor is a context that is cancelled, as by Ctrl-C, after some time.
func contextFor(t *testing.T, d time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancel(t.Context())
	timer := time.AfterFunc(d, cancel)
	return ctx, func() { timer.Stop(); cancel() }
}
