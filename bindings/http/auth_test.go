package http_test

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"carjs/bindings/fetch"
	"carjs/bindings/web/webtest"
)

func TestAuth(t *testing.T) {
	url := serve(t, nil)
	w := world(fetch.Deps{})
	for _, c := range []check{
		{
			"basic",
			`return (await new HttpClient({ baseURL: a, auth: basic("Aladdin", "open sesame") }).get("/")).auth`,
			`Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==`,
		},
		{"bearer", `return (await new HttpClient({ baseURL: a, auth: bearer("t0k") }).get("/")).auth`, `Bearer t0k`},
		{
			"bearer function",
			`let n = 0; const c = new HttpClient({ baseURL: a, auth: bearer(() => "t" + ++n) });
				return [(await c.get("/")).auth, (await c.get("/")).auth]`,
			`["Bearer t1","Bearer t2"]`,
		},
		{
			"bearer async function",
			`const c = new HttpClient({ baseURL: a, auth: bearer(async () => { await new Promise((r) => setTimeout(r, 5)); return "late" }) });
				return (await c.get("/")).auth`,
			`Bearer late`,
		},
		{
			"bearer with a client",
			`const login = new HttpClient({ baseURL: a });
				const c = new HttpClient({ baseURL: a, auth: bearer(async () => (await login.post("/login")).method) });
				return (await c.get("/")).auth`,
			`Bearer POST`,
		},
		{
			"bearer function throws",
			`await new HttpClient({ baseURL: a, auth: bearer(() => { throw new RangeError("no token") }) }).get("/")`,
			`failure 1: RangeError: no token (at src/main.ts:7:63)`,
		},
		{
			"bearer function rejects",
			`await new HttpClient({ baseURL: a, auth: bearer(async () => { throw new carjs.DatasourceFailure("no token", 52) }) }).get("/")`,
			`failure 52: no token (at src/main.ts:7:69)`,
		},
		{
			"bearer function without a token",
			`return (await caught(() => new HttpClient({ baseURL: a, auth: bearer((() => undefined) as any) }).get("/")))[2]`,
			`the function given to bearer must return a token, a text on one line`,
		},
		{
			"bearer function that never answers",
			`return caught(() => new HttpClient({ baseURL: a, timeout: 30, auth: bearer(() => new Promise(() => {})) }).get("/"))`,
			`["DatasourceFailure",52,"the function given to bearer returned no token within 30ms"]`,
		},
		{"api key", `return (await new HttpClient({ baseURL: a, auth: apiKey("X-Key", "k") }).get("/")).key`, `k`},
		{
			"missing settings",
			`return [await caught(() => basic("u", undefined as any)), await caught(() => bearer(undefined as any)), await caught(() => apiKey("X", null as any))].map((e) => e[0])`,
			`["TypeError","TypeError","TypeError"]`,
		},
		{
			"auth without a place", `return caught(() => new HttpClient({ auth: basic("u", "p") }))`,
			`["TypeError","","HttpClient: the option auth requires the option baseURL, which says where credentials may be sent"]`,
		},
		{"auth tells nothing", `return JSON.stringify([basic("u", "p"), bearer("t"), apiKey("X", "k")])`, `[{},{},{}]`},
	} {
		c.run(t, w, url)
	}
}

// A redirect to another origin takes no credentials along, in whichever header they are, unless the
// connector trusts that origin.
func TestRedirectKeepsCredentialsHome(t *testing.T) {
	other := serve(t, nil)
	url := serve(t, map[string]http.HandlerFunc{"/away": func(w http.ResponseWriter,
		r *http.Request) {
		http.Redirect(w, r, other, http.StatusFound)
	}})
	w := world(fetch.Deps{})
	for _, c := range []check{
		{
			"away",
			`const o = await new HttpClient({ baseURL: a, auth: apiKey("X-Key", "k"), headers: { "X-Own": "o" } }).get("/away");
				return [o.key, o.own, o.accept]`,
			`["","","application/json"]`,
		},
		{
			"trusted",
			`const o = await new HttpClient({ baseURL: a, auth: apiKey("X-Key", "k"), allowOrigins: [b], headers: { "X-Own": "o" } }).get("/away");
				return [o.key, o.own]`,
			`["k","o"]`,
		},
	} {
		c.run(t, w, url, other)
	}
}

// issuer gives out tokens t1, t2 and so on, and serves data to those who have the one that counts.
type issuer struct {
	mu      sync.Mutex
	issued  int
	valid   string
	expires string // as in the answer, with its name; may be empty
	asked   []string
	answer  func(w http.ResponseWriter) bool // answers instead, if it likes
}

func (i *issuer) token(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	_ = r.ParseForm()
	i.asked = append(i.asked, r.Method+" "+r.Header.Get("Authorization")+" "+r.PostForm.Encode())
	if i.answer != nil && i.answer(w) {
		return
	}
	i.issued++
	i.valid = fmt.Sprintf("secret-token-%d", i.issued)
	fmt.Fprintf(w, `{"token_type":"bearer","access_token":%q%s}`, i.valid, i.expires)
}

func (i *issuer) data(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+i.valid {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	fmt.Fprintf(w, "%q", i.valid)
}

func (i *issuer) revoke(http.ResponseWriter, *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.valid = "none"
}

const oauthClient = `const auth = oauth2({ tokenURL: a + "/token", clientId: "id:1", clientSecret: "s&cret", scope: "read all" });
const c = new HttpClient({ baseURL: a, auth, ...quick });
`

func TestOAuth2(t *testing.T) {
	for _, c := range []struct {
		check
		issuer *issuer
		issued int
	}{
		{
			check{
				"kept",
				oauthClient + `return [await c.get("/data"), await c.get("/data"), await new HttpClient({ baseURL: a, auth }).get("/data")]`,
				`["secret-token-1","secret-token-1","secret-token-1"]`,
			},
			&issuer{expires: `,"expires_in":3600`}, 1,
		},
		{
			check{
				"one at a time",
				oauthClient + `return new Set(await Promise.all([1, 2, 3, 4, 5].map(() => c.get("/data")))).size`, `1`,
			},
			&issuer{}, 1,
		},
		{
			check{
				"refreshed when it expires",
				oauthClient + `const first = await c.get("/data"); await new Promise((r) => setTimeout(r, 120)); return [first, await c.get("/data")]`,
				`["secret-token-1","secret-token-2"]`,
			},
			&issuer{expires: `,"expires_in":"0.1"`}, 2,
		},
		{
			check{
				"refreshed when it is refused",
				oauthClient + `const first = await c.get("/data"); await fetch(a + "/revoke"); return [first, await c.get("/data")]`,
				`["secret-token-1","secret-token-2"]`,
			},
			&issuer{}, 2,
		},
		{
			check{
				"refused twice", oauthClient + `await c.get("/never")`,
				`failure 52: GET $a/never: status 401 Unauthorized (at src/main.ts:9:9)`,
			},
			&issuer{}, 2,
		},
		{check{"server is busy for a moment", oauthClient + `return c.get("/data")`, `secret-token-1`}, &issuer{answer: onceStatus(503)}, 1},
		{
			check{
				"wrong secret", oauthClient + `await c.get("/data")`,
				`failure 52: POST $a/token: no token: status 401 Unauthorized: bad client (invalid_client) (at src/main.ts:9:9)`,
			},
			&issuer{answer: always(401, `{"error":"invalid_client","error_description":"bad client"}`)}, 0,
		},
		{
			check{
				"wrong grant", oauthClient + `await c.get("/data")`,
				`failure 52: POST $a/token: no token: status 400 Bad Request: invalid_scope (at src/main.ts:9:9)`,
			},
			&issuer{answer: always(400, `{"error":"invalid_scope"}`)}, 0,
		},
		{
			check{
				"a page in place of a token", oauthClient + `await c.get("/data")`,
				`failure 55: POST $a/token: the response (status 200) is an HTML page and not JSON (at src/main.ts:9:9)`,
			},
			&issuer{answer: always(200, `<html>`)}, 0,
		},
		{
			check{
				"server is down", oauthClient + `await c.get("/data")`,
				`failure 51: POST $a/token: no token: status 503 Service Unavailable (tried 4 times) (at src/main.ts:9:9)`,
			},
			&issuer{answer: always(503, ``)}, 0,
		},
		{
			check{
				"no such style",
				`return caught(() => oauth2({ tokenURL: a, clientId: "i", clientSecret: "s", style: "header" as any }))`,
				`["TypeError","","oauth2: the option style must be \"basic\", \"body\", \"private_key_jwt\" or \"none\", not \"header\""]`,
			},
			&issuer{}, 0,
		},
		{
			check{
				"no secret",
				`return caught(() => oauth2({ tokenURL: a, clientId: "i", clientSecret: undefined as any }))`,
				`["TypeError","","oauth2: the option clientSecret must be a text, not undefined"]`,
			},
			&issuer{}, 0,
		},
	} {
		url := serve(t, map[string]http.HandlerFunc{"/token": c.issuer.token, "/data": c.issuer.data,
			"/revoke": c.issuer.revoke, "/never": text(401, "")})
		c.run(t, world(fetch.Deps{}), url)
		if c.issuer.issued != c.issued {
			t.Errorf("%s: %d tokens were given out, not %d", c.name, c.issuer.issued, c.issued)
		}
	}
}

func always(status int, body string) func(http.ResponseWriter) bool {
	return func(w http.ResponseWriter) bool {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
		return true
	}
}

func onceStatus(status int) func(http.ResponseWriter) bool {
	done := false
	return func(w http.ResponseWriter) bool {
		if done {
			return false
		}
		done = true
		w.WriteHeader(status)
		return true
	}
}

// Id and secret go where the style says, and every secret is told, so that no log shows it.
func TestOAuth2Request(t *testing.T) {
	for style, want := range map[string]string{
		"basic": "POST Basic aWQlM0ExOnMlMjZjcmV0 audience=api&grant_type=client_credentials&scope=read+all",
		"body":  "POST  audience=api&client_id=id%3A1&client_secret=s%26cret&grant_type=client_credentials&scope=read+all",
	} {
		i := &issuer{}
		url := serve(t, map[string]http.HandlerFunc{"/token": i.token, "/data": i.data})
		var mu sync.Mutex
		var secrets []string
		deps := fetch.Deps{Secret: func(more ...string) {
			mu.Lock()
			defer mu.Unlock()
			secrets = append(secrets, more...)
		}}
		_, err := world(deps).Run(t,
			body(`await new HttpClient({ baseURL: a, auth: oauth2({ tokenURL: a + "/token", clientId: "id:1", clientSecret: "s&cret", scope: "read all", audience: "api", style: b }) }).get("/data")`), url, style)
		if err != nil {
			t.Fatal(err)
		}
		if len(i.asked) != 1 || i.asked[0] != want {
			t.Errorf("%s: asked %q, want %q", style, i.asked, want)
		}
		for _, secret := range []string{"s&cret", "secret-token-1"} {
			if !slices.Contains(secrets, secret) {
				t.Errorf("%s: nobody was told of %s", style, secret)
			}
		}
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(echo))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	byName := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	var count atomic.Int64
	w := world(fetch.Deps{Count: func() { count.Add(1) }})
	for _, c := range []check{
		{
			"not trusted, and not tried again",
			`return (await caught(() => new HttpClient({ baseURL: a, retryWait: 60000 }).get("/")))`,
			`["DatasourceFailure",51,"GET $a/: the certificate is not trusted: it is signed by an unknown authority"]`,
		},
		{"authority given", `return (await new HttpClient({ baseURL: a, tls: { ca: b } }).get("/x")).url`, `/x`},
		{"several authorities", `return (await new HttpClient({ baseURL: a, tls: { ca: [b, b] } }).get("/x")).url`, `/x`},
		{"a setting that was left empty", `return (await new HttpClient({ baseURL: a, tls: { ca: ["", b] } }).get("/x")).url`, `/x`},
		{
			"all left empty", `return (await caught(() => new HttpClient({ baseURL: a, tls: { ca: "" } }).get("/")))[1]`, `51`,
		},
		{"insecure", `return (await new HttpClient({ baseURL: a, tls: { insecure: true } }).get("/x")).url`, `/x`},
		{
			"name of the certificate",
			`return [(await caught(() => new HttpClient({ baseURL: "` + byName + `", tls: { ca: b } }).get("/x"))).length, (await new HttpClient({ baseURL: "` + byName + `", tls: { ca: b, serverName: "example.com" } }).get("/x")).url]`,
			`[3,"/x"]`,
		},
		{
			"no certificate", `return (await caught(() => new HttpClient({ baseURL: a, tls: { ca: "nonsense" } })))`,
			`["DatasourceFailure",54,"the certificate authority given for the data source is not a certificate in PEM form"]`,
		},
	} {
		c.run(t, w, s.URL, ca)
	}
	if count.Load() != 8 {
		t.Errorf("%d requests were counted", count.Load())
	}
	odd := webtest.Text(world(fetch.Deps{Transport: oddTransport{}}).Run(t,
		body(`return (await caught(() => new HttpClient({ tls: { insecure: true } })))[2]`)))
	if !strings.Contains(odd, "takes no TLS settings") {
		t.Errorf("a transport without TLS settings: %s", odd)
	}
}

// oddTransport is neither Go's own nor one that takes TLS settings.
type oddTransport struct{}

func (oddTransport) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.EOF }

// Ending the run ends a wait between attempts and for the limit.
func TestStopped(t *testing.T) {
	url := serve(t, map[string]http.HandlerFunc{"/busy": text(503, "")})
	for _, script := range []string{
		`await new HttpClient({ baseURL: a, retryWait: 60000 }).get("/busy")`,
		`const c = new HttpClient({ baseURL: a, rateLimit: { per: 60000 } }); await c.get("/"); await c.get("/")`,
		`await new HttpClient({ baseURL: a, auth: bearer(() => new Promise(() => {})) }).get("/")`,
	} {
		ctx, cancel := contextFor(t, 100*time.Millisecond)
		w := world(fetch.Deps{})
		w.Context = ctx
		start := time.Now()
		got := webtest.Text(w.Run(t, body(script), url))
		cancel()
		if !strings.HasPrefix(got, "failure 10") || time.Since(start) > 30*time.Second {
			t.Errorf("%s: after %v: %s", script, time.Since(start), got)
		}
	}
}
