package http_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"carjs/bindings/fetch"
)

// office is a data source behind a login: what it gives out counts until it is told to forget.
type office struct {
	mu     sync.Mutex
	logins int
	valid  string // the session that counts
	status int    // of a request without one
	hold   chan struct{}
}

// cookie logs in by a form, and sets the cookie on the way to a page.
func (o *office) cookie(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("user") != "u" || r.FormValue("password") != "p&w" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: o.enter(), Path: "/", HttpOnly: true})
	http.SetCookie(w, &http.Cookie{Name: "elsewhere", Value: "x", Path: "/other"})
	http.Redirect(w, r, "/home", http.StatusFound)
}

// token logs in by JSON, and gives the token in the body and in a header.
func (o *office) token(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	if string(data) != `{"user":"u","password":"p&w"}` {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"no such user"}`)
		return
	}
	session := o.enter()
	w.Header().Set("X-Auth-Token", session)
	fmt.Fprintf(w, `{"data":{"token":%q,"n":12345678901234567890}}`, session)
}

func (o *office) enter() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.logins++
	o.valid = fmt.Sprintf("session-%d", o.logins)
	return o.valid
}

func (o *office) forget(http.ResponseWriter, *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.valid = "none"
}

func (o *office) data(w http.ResponseWriter, r *http.Request) {
	if o.hold != nil {
		<-o.hold
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	given := r.Header.Get("X-Auth-Token") + strings.TrimPrefix(r.Header.Get("Authorization"), "Session ")
	if cookie, err := r.Cookie("sid"); err == nil {
		given = cookie.Value
	}
	if given != o.valid {
		w.WriteHeader(o.status)
		fmt.Fprint(w, `"log in first"`)
		return
	}
	fmt.Fprintf(w, "%q", strings.TrimSpace(given+" "+r.Header.Get("Cookie")))
}

func TestSessions(t *testing.T) {
	const (
		byCookie = `session({ login: { path: "/login", form: { user: "u", password: "p&w" } } })`
		byToken  = `session({ login: { path: "/token", json: { user: "u", password: "p&w" } }, token: { path: "data.token", to: "Authorization", prefix: "Session " } })`
		byHeader = `session({ login: [{ method: "get", path: "/hello" }, { path: "/token", json: { user: "u", password: "p&w" } }], token: { header: "X-Auth-Token" } })`
	)
	for _, c := range []struct {
		name, auth, options, script, want string
		status, logins                    int
	}{
		{"cookie of a redirect", byCookie, "", `return [await c.get("/data"), await c.get("/data")]`, `["session-1 sid=session-1","session-1 sid=session-1"]`, 401, 1},
		{"token of the body", byToken, "", `return c.get("/data")`, `session-1`, 401, 1},
		{"token of a header, after a first request", byHeader, "", `return c.get("/data")`, `session-1 hello=1`, 401, 1},
		{"over, by 401", byCookie, "", `await c.get("/data"); await fetch(a + "/forget"); return c.get("/data")`, `session-2 sid=session-2`, 401, 2},
		{"over, by 403", byToken, "", `await c.get("/data"); await fetch(a + "/forget"); return c.get("/data")`, `session-2`, 403, 2},
		{
			"over, by a rule", byToken, `, rules: [{ status: 200, body: "log in first", then: "login" }]`,
			`await c.get("/data"); await fetch(a + "/forget"); return c.get("/data")`, `session-2`, 200, 2,
		},
		{"once for all", byCookie, "", `return new Set(await Promise.all([1, 2, 3, 4, 5, 6].map(() => c.get("/data")))).size`, `1`, 401, 1},
		{
			"once again for all", byToken, "",
			`await c.get("/data"); await fetch(a + "/forget");
				return new Set(await Promise.all([1, 2, 3, 4, 5, 6].map(() => c.get("/data")))).size`, `1`, 401, 2,
		},
		{
			"shared by clients", byToken, "",
			`return [await c.get("/data"), await new HttpClient({ baseURL: a, auth }).get("/data")]`, `["session-1","session-1"]`, 401, 1,
		},
		{"pages and records", byCookie, "", `const all = []; for await (const p of c.paginate.link("/list")) all.push(...p);
			for await (const r of c.records("/list")) all.push(r); return all`, `[1,1]`, 401, 1},
		{
			"forbidden for good", byToken, "", `const codes = [];
				for (let i = 0; i < 3; i++) await c.get("/forbidden").catch((e) => codes.push(e.code)); return codes`,
			`[53,53,53]`, 401, 2,
		},
		{"refused although it is new", byToken, "", `return c.get("/never").catch((e) => [e.code, e.message])`, `[52,"GET $a/never: status 401 Unauthorized"]`, 401, 2},
		{
			"wrong password", `session({ login: { path: "/login", form: { user: "u", password: "old" } } })`, "", `await c.get("/data")`,
			`failure 52: POST $a/login: status 401 Unauthorized (at src/main.ts:9:9)`, 401, 0,
		},
		{
			"wrong password by 400", `session({ login: { path: "/token", json: { user: "u" } }, token: { header: "X-Auth-Token" } })`, "", `await c.get("/data")`,
			`failure 52: POST $a/token: status 400 Bad Request (at src/main.ts:9:9)`, 401, 0,
		},
		{
			"a refusal with status 200", `session({ login: { path: "/polite" }, token: { path: "token", to: "X-Auth-Token" } })`, "", `await c.get("/data")`,
			`failure 52: POST $a/polite: the login gave no token in "token": the account is locked (at src/main.ts:9:9)`, 401, 0,
		},
		{
			"a refusal that a rule knows", `session({ login: { path: "/polite" }, token: { path: "token", to: "X-Auth-Token" } })`,
			`, rules: [{ body: { path: "error" }, then: "fail", code: 53, message: "locked" }]`, `await c.get("/data")`,
			`failure 53: POST $a/polite: locked (at src/main.ts:9:9)`, 401, 0,
		},
		{
			"a page in place of a token", `session({ login: { path: "/page" }, token: { path: "token", to: "X-Auth-Token" } })`, "", `await c.get("/data")`,
			`failure 55: POST $a/page: the response (status 200) is an HTML page ("Hello") and not JSON (at src/main.ts:9:9)`, 401, 0,
		},
		{
			"no cookie", `session({ login: { path: "/page" } })`, "", `await c.get("/data")`,
			`failure 52: POST $a/page: the login gave no cookie (at src/main.ts:9:9)`, 401, 0,
		},
		{
			"a redirect that is not followed", `session({ login: { path: "/login", form: { user: "u", password: "p&w" }, redirect: "manual" } })`, "", `return c.get("/data")`,
			`session-1 sid=session-1`, 401, 1,
		},
		{
			"a login elsewhere", `session({ login: { path: "http://elsewhere.test/login" } })`, "", `await c.get("/data")`,
			`failure 55: http://elsewhere.test/login is not at $a, where the credentials of this client belong (at src/main.ts:9:9)`, 401, 0,
		},
	} {
		o := &office{status: c.status}
		url := serve(t, map[string]http.HandlerFunc{
			"/login": o.cookie, "/token": o.token, "/data": o.data, "/forget": o.forget, "/home": text(200, "welcome"),
			"/page": text(200, "<html><title>Hello</title>"), "/polite": text(200, `{"error":"the account is locked"}`),
			"/forbidden": text(403, ""), "/never": text(401, ""),
			"/hello": func(w http.ResponseWriter, _ *http.Request) {
				http.SetCookie(w, &http.Cookie{Name: "hello", Value: "1"})
			},
			"/list": func(w http.ResponseWriter, r *http.Request) {
				if _, err := r.Cookie("sid"); err == nil {
					fmt.Fprint(w, "[1]")
				}
			},
		})
		check{c.name, "const auth = " + c.auth + ";\nconst c = new HttpClient({ baseURL: a, auth, ...quick" + c.options + " });\n" +
			c.script, c.want}.
			run(t, world(fetch.Deps{}), url)
		if o.logins != c.logins {
			t.Errorf("%s: %d logins, want %d", c.name, o.logins, c.logins)
		}
	}
}

// While one request logs in, the others wait for it.
func TestLoginIsWaitedFor(t *testing.T) {
	var logins, early atomic.Int64
	begun, finish := make(chan struct{}), make(chan struct{})
	url := serve(t, map[string]http.HandlerFunc{
		"/login": func(w http.ResponseWriter, _ *http.Request) {
			if logins.Add(1) == 1 {
				close(begun)
			}
			<-finish
			w.Header().Set("X-T", "t")
		},
		"/data": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-T") != "t" {
				early.Add(1)
			}
			fmt.Fprint(w, "1")
		},
	})
	go func() {
		<-begun
		close(finish)
	}()
	check{"waits", `const c = new HttpClient({ baseURL: a, auth: session({ login: { path: "/login" }, token: { header: "X-T" } }) });
return (await Promise.all([1, 2, 3, 4].map(() => c.get("/data")))).length`, `4`}.run(t, world(fetch.Deps{}), url)
	if logins.Load() != 1 || early.Load() != 0 {
		t.Errorf("%d logins, %d requests without it", logins.Load(), early.Load())
	}
}

// Cookies and tokens of a session, and signatures, stay with the origin.
func TestSessionStaysHome(t *testing.T) {
	var seen http.Header
	other := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		fmt.Fprint(w, "1")
	}})
	other = strings.Replace(other, "127.0.0.1", "localhost", 1) // cookies know no ports
	url := serve(t, map[string]http.HandlerFunc{
		"/login": func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: "s"})
			w.Header().Set("X-T", "t")
		},
		"/away": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other, http.StatusFound) },
	})
	for _, auth := range []string{
		`session({ login: { path: "/login" }, token: { header: "X-T" } })`,
		`hmac({ key: "k", message: "m", headers: { "X-T": "{signature}" } })`,
		`aws({ accessKeyId: "i", secretAccessKey: "s", region: "r", service: "s" })`,
	} {
		check{auth, `return new HttpClient({ baseURL: a, auth: ` + auth + ` }).get("/away")`, `1`}.run(t, world(fetch.Deps{}), url)
		for _, name := range []string{"Cookie", "X-T", "Authorization", "X-Amz-Date"} {
			if got := seen.Get(name); got != "" {
				t.Errorf("%s: the other origin got %s: %s", auth, name, got)
			}
		}
	}
}

// A server that wants digest: each nonce counts for two requests, and is stale then.
func TestDigest(t *testing.T) {
	var mu sync.Mutex
	nonce, uses, challenged := 1, 0, 0
	sum := func(parts ...string) string {
		h := md5.Sum([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(h[:])
	}
	url := serve(t, map[string]http.HandlerFunc{
		"/x": func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			given := r.Header.Get("Authorization")
			field := func(name string) string {
				_, rest, _ := strings.Cut(given, name+"=")
				value, _, _ := strings.Cut(rest, ",")
				return strings.Trim(value, `"`)
			}
			current := fmt.Sprintf("n%d", nonce)
			want := sum(sum("u", "r", "p"), field("nonce"), field("nc"), field("cnonce"), "auth", sum(r.Method, r.URL.RequestURI()))
			right := given != "" && field("response") == want
			uses++
			if right && field("nonce") == current && field("nc") == fmt.Sprintf("%08x", uses) && uses <= 2 {
				data, _ := io.ReadAll(r.Body)
				fmt.Fprintf(w, "%q", r.Method+string(data))
				return
			}
			challenged++
			nonce++
			uses = 0
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="n%d", qop="auth", stale=%t`, nonce, right))
			w.WriteHeader(http.StatusUnauthorized)
		},
		"/bearer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="r", Negotiate`)
			w.WriteHeader(http.StatusUnauthorized)
		},
	})
	w := world(fetch.Deps{})
	for _, c := range []check{
		{"nonces", `const c = new HttpClient({ baseURL: a, auth: digest("u", "p") });
const all = []; for (let i = 0; i < 5; i++) all.push(await c.post("/x?a=%2F", { body: String(i) })); return all`, `["POST0","POST1","POST2","POST3","POST4"]`},
		{"wrong password", `await new HttpClient({ baseURL: a, auth: digest("u", "q") }).get("/x")`, `failure 52: GET $a/x: status 401 Unauthorized (at src/main.ts:7:62)`},
		{
			"another login", `return new HttpClient({ baseURL: a, auth: digest("u", "p") }).get("/bearer").catch((e) => [e.code, e.message.replace(/^[0-9.:]+/, "host")])`,
			`[52,"host asks for another login than digest: Bearer, Negotiate"]`,
		},
	} {
		c.run(t, w, url)
	}
	if challenged != 3+2 {
		t.Errorf("challenged %d times", challenged)
	}
}

// Signed requests as a server checks them: by what came over the wire.
func TestHMAC(t *testing.T) {
	var got []string
	url := serve(t, map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte{0, 1, 2})
		hash := sha256.Sum256(data)
		fmt.Fprintf(mac, "%s\n%s\n%s\n%s\n%s", r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Get("X-Time"), hex.EncodeToString(hash[:]))
		want := "HMAC me:" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		got = append(got, fmt.Sprintf("%t %s %t", r.Header.Get("Authorization") == want,
			r.Header.Get("X-Time"), len(r.Header.Get("X-Nonce")) > 20))
		if strings.HasPrefix(r.URL.Path, "/moved") {
			http.Redirect(w, r, "/new", http.StatusTemporaryRedirect)
			return
		}
		fmt.Fprint(w, "1")
	}})
	deps := (&pauses{}).still(fetch.Deps{})
	check{"signed", `const c = new HttpClient({ baseURL: a + "/api", auth: hmac({ key: new Uint8Array([0, 1, 2]), encoding: "base64",
  message: "{method}\n{path}\n{query}\n{timestamp}\n{bodySha256}",
  headers: { authorization: "HMAC me:{signature}", "X-Time": "{timestamp}", "X-Nonce": "{nonce}" } }) });
await c.get("/a%2Fb?x=%2f y"); await c.post("/ü", { json: { a: "ü" } }); return new HttpClient({ baseURL: a, auth: hmac({ key: "\u0000\u0001\u0002", encoding: "base64",
  message: "{method}\n{path}\n{query}\n{timestamp}\n{bodySha256}", headers: { authorization: "HMAC me:{signature}", "X-Time": "{timestamp}", "X-Nonce": "{nonce}" } }) }).put("/moved", { body: "again" })`,
		`1`}.run(t, world(deps), url)
	if want := strings.Repeat("true 1893553445 true ", 4); strings.Join(got, " ")+" " != want {
		t.Errorf("got %q", got)
	}
}

func TestSignaturesWithMistakes(t *testing.T) {
	for _, c := range []check{
		{"unknown place", `hmac({ key: "k", message: "{verb}", headers: { a: "{signature}" } })`,
			`failure 1: hmac: the option message has "{verb}", but the places are {body}, {bodyMd5Base64}, {bodySha256}, {bodySha256Base64}, {contentType}, {host}, {httpDate}, {isoDate}, {method}, {nonce}, {path}, {pathAndQuery}, {query}, {scheme}, {sortedQuery}, {timestamp}, {timestampMs}, {url} (at src/main.ts:7:1)`},
		{"a signature of itself", `return caught(() => hmac({ key: "k", message: "{signature}", headers: { a: "{signature}" } })).then((e) => e[0])`, `TypeError`},
		{"nothing signed", `return caught(() => hmac({ key: "k", message: "m", headers: { a: "b" } })).then((e) => e[2])`,
			`hmac: the option headers must have {signature} in the value of one of them`},
		{"no service", `return caught(() => aws({ accessKeyId: "a", secretAccessKey: "b", region: "c" } as any)).then((e) => e[2])`,
			`aws: the option service must be a text, not undefined`},
		{"no login", `return caught(() => session({} as any)).then((e) => e[2])`, `session: the option login is required: the request that logs in`},
		{"no place of a token", `return caught(() => session({ login: { path: "/" }, token: { to: "X" } })).then((e) => e[2])`,
			`session: the option token must name one of header, path and cookie, where the token is`},
		{"no header for a token", `return caught(() => session({ login: { path: "/" }, token: { path: "t" } })).then((e) => e[2])`,
			`session: the option token.to must be the name of the header that takes the token, not undefined`},
	} {
		c.run(t, world(fetch.Deps{}), "http://h")
	}
}
