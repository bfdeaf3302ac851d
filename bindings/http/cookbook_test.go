package http_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"carjs/bindings/fetch"
	"carjs/bindings/web/webtest"
)

// recipe is what stands behind a recipe of docs/http.md.
type recipe struct {
	// ask is what is done with the client, "" for a request for /hosts.
	ask, want string
	// waits are those that came of it.
	waits  string
	server func(t *testing.T, b *bench) http.HandlerFunc
}

// bench is what the servers of a recipe share.
type bench struct{ authority authority }

// guarded answers requests that carry a header, and others with 401.
func guarded(name, value string) func(*testing.T, *bench) http.HandlerFunc {
	return func(*testing.T, *bench) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get(name) != value {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			fmt.Fprint(w, `"hosts"`)
		}
	}
}

// throttling answers the first request as it is told, and the others if they are good.
func throttling(status int, header, body string, good func(r *http.Request) bool) func(*testing.T, *bench) http.HandlerFunc {
	return func(t *testing.T, b *bench) http.HandlerFunc {
		s := &scripted{answers: []reply{{status, header, body}, fine}}
		return func(w http.ResponseWriter, r *http.Request) {
			if !good(r) {
				t.Errorf("not as it must be: %s %v", r.URL, r.Header)
			}
			s.ServeHTTP(w, r)
		}
	}
}

// tokens is an OAuth 2 server that takes what fits, and data for its token.
func tokens(path string, want ...string) func(*testing.T, *bench) http.HandlerFunc {
	return func(t *testing.T, b *bench) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case path:
				b.authority.ServeHTTP(w, r)
				for _, text := range want {
					if asked := b.authority.asked[len(b.authority.asked)-1]; !strings.Contains(asked, text) {
						t.Errorf("%q is not in %q", text, asked)
					}
				}
			default:
				guarded("Authorization", "Bearer token-1")(t, b)(w, r)
			}
		}
	}
}

var recipes = map[string]recipe{
	"An answer that is not ready yet": {want: "fine", waits: "2.5s", server: throttling(202, "", `{"retryAfterMs":2500}`,
		func(*http.Request) bool { return true })},
	"Failures with status 200": {
		ask:  `return [await client.get("/expired").catch((e) => [e.code, e.message]), await client.get("/broken").catch((e) => [e.code, e.hint]), String(await client.get("/none"))]`,
		want: `[[52,"GET $a/expired: the licence has expired"],[55,"see the response in the details"],"undefined"]`,
		server: func(*testing.T, *bench) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/expired":
					fmt.Fprint(w, `{"error":{"code":1017}}`)
				case "/broken":
					fmt.Fprint(w, `{"error":{"code":1}}`)
				default:
					w.WriteHeader(http.StatusNotFound)
				}
			}
		},
	},
	"OAuth 2 with id and secret": {want: "hosts",
		server: tokens("/oauth2/token", "client_id=id client_secret=s3cret grant_type=client_credentials")},
	"A refresh token that changes with every use": {want: "hosts",
		server: tokens("/oauth/token", "id s3cret grant_type=refresh_token refresh_token=")},
	"OAuth 2 with a certificate": {want: "hosts", server: tokens("/tenant/oauth2/v2.0/token",
		"client_assertion={iss:id sub:id", "scope=https://management.azure.com/.default")},
	"A session with a token in a header": {ask: `return answer`, want: "hosts", server: func(t *testing.T, b *bench) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/v2/session/login" {
				fmt.Fprint(w, `{"data":{"session":"s-1"}}`)
				return
			}
			guarded("Session", "s-1")(t, b)(w, r)
		}
	}},
	"A form that sets a cookie": {ask: `return [await client.get("/hosts", { responseType: "text" }), await client.get("/hosts", { responseType: "text" })]`,
		want: `["\"hosts\"","\"hosts\""]`, server: cookieForm},
	"Digest": {want: "hosts", server: func(*testing.T, *bench) http.HandlerFunc {
		sum := func(text string) string { h := md5.Sum([]byte(text)); return hex.EncodeToString(h[:]) }
		return func(w http.ResponseWriter, r *http.Request) {
			want := sum(sum("admin:r:pa ss") + ":n1:" + sum("GET:/hosts"))
			if !strings.Contains(r.Header.Get("Authorization"), want) {
				w.Header().Set("WWW-Authenticate", `Digest realm="r", nonce="n1"`)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			fmt.Fprint(w, `"hosts"`)
		}
	}},
	"Requests signed with a key": {ask: `return client.post("/hosts?a=%2f", { json: 1 })`, want: "hosts", server: func(t *testing.T, b *bench) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			data, _ := io.ReadAll(r.Body)
			sum := sha256.Sum256(data)
			mac := hmac.New(sha256.New, []byte("s3cretkey"))
			fmt.Fprintf(mac, "POST\n/hosts?a=%%2f\n%s\n%s", r.Header.Get("X-Timestamp"), hex.EncodeToString(sum[:]))
			guarded("X-Signature", hex.EncodeToString(mac.Sum(nil)))(t, b)(w, r)
		}
	}},
	"Ids with slashes and other odd characters": {ask: "return host", want: "/hosts/rack%201%2Funit%202",
		server: func(*testing.T, *bench) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%q", r.RequestURI) }
		}},
	"A redirect as the response": {ask: "return job", want: "77", server: func(*testing.T, *bench) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/jobs/77/", http.StatusFound) }
	}},
	"One large file": {ask: "return names", want: `["a;b","c"]`, server: func(*testing.T, *bench) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/gzip")
			_, _ = io.WriteString(w, gzipped("id;name\n1;\"a;b\"\n2;c\n"))
		}
	}},
	"A change feed with a link for the next time": {
		ask:  `const full = await changes(); return [full, await changes(full.savePoint)]`,
		want: `[{"changed":[{"id":"1"},{"id":"2"}],"removed":[],"savePoint":"$a/delta?t=1"},{"changed":[],"removed":["2"],"savePoint":"$a/delta?t=2"}]`,
		server: func(*testing.T, *bench) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				at := "http://" + r.Host
				switch r.URL.RequestURI() {
				case "/v1.0/users/delta?$select=displayName":
					fmt.Fprintf(w, `{"value":[{"id":"1"}],"@odata.nextLink":"%s/delta?s=1"}`, at)
				case "/delta?s=1":
					fmt.Fprintf(w, `{"value":[{"id":"2"}],"@odata.deltaLink":"%s/delta?t=1"}`, at)
				case "/delta?t=1":
					fmt.Fprintf(w, `{"value":[{"id":"2","@removed":{"reason":"deleted"}}],"@odata.deltaLink":"%s/delta?t=2"}`, at)
				default:
					w.WriteHeader(http.StatusGone)
				}
			}
		},
	},
	"fetch over a client": {ask: "return found", want: "hosts", waits: "1s", server: func(*testing.T, *bench) http.HandlerFunc {
		asked := 0
		return func(w http.ResponseWriter, r *http.Request) {
			switch asked++; {
			case r.Header.Get("Authorization") != "Bearer t0k":
				w.WriteHeader(http.StatusUnauthorized)
			case asked == 1:
				w.Header().Set("Retry-After", "1")
				w.WriteHeader(http.StatusTooManyRequests)
			default:
				fmt.Fprint(w, `"hosts"`)
			}
		}
	}},
	"Compressed bodies": {want: "hosts", server: guarded("Accept-Encoding", "identity")},
}

// cookieForm is a login as browsers do it: a cookie that has to come back in a header, and a page
// with status 200 when the session is over, which it is after each request.
func cookieForm(*testing.T, *bench) http.HandlerFunc {
	sessions, used := 0, map[string]bool{}
	return func(w http.ResponseWriter, r *http.Request) {
		sid, _ := r.Cookie("sid")
		switch {
		case r.URL.Path == "/login" && r.Method == http.MethodGet:
			http.SetCookie(w, &http.Cookie{Name: "XSRF-TOKEN", Value: "x%2F1"})
			fmt.Fprint(w, "<html><title>Log in</title>")
		case r.URL.Path == "/login":
			if r.Header.Get("X-XSRF-TOKEN") != "x/1" || r.FormValue("password") != "pa ss" {
				w.WriteHeader(http.StatusForbidden)
				return
			}
			sessions++
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: fmt.Sprint(sessions)})
		case sid == nil || used[sid.Value]:
			fmt.Fprint(w, "<html><title>Log in</title>")
		default:
			used[sid.Value] = true
			fmt.Fprint(w, `"hosts"`)
		}
	}
}

var recipeBlock = regexp.MustCompile("(?ms)^### ([^\n]*)\n|^```ts\n(.*?)^```$")

// The recipes of docs/http.md by style do what they say. Those of products are connectors, which
// cmd/carjs runs.
func TestCookbook(t *testing.T) {
	data, err := os.ReadFile("../../docs/http.md")
	if err != nil {
		t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(key)
	inPEM := func(kind string, der []byte) string {
		return fmt.Sprintf("%q", pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	_, styles, ok := strings.Cut(string(data), "\n## Changes\n")
	if !ok {
		t.Fatal("the page has no recipes by style")
	}
	name, tried := "", map[string]bool{}
	for _, found := range recipeBlock.FindAllStringSubmatch(styles, -1) {
		if found[1] != "" {
			name = found[1]
			continue
		}
		tried[name] = true
		b := &bench{authority{keys: map[string]crypto.PublicKey{"": key.Public()}}}
		c, known := recipes[name]
		if !known {
			c, known = listRecipes[name]
		}
		settings := `const [url, ca, token, user, password, clientId, clientSecret, accessKeyId, secretAccessKey] = [a, b, "t0k", "admin", "pa ss", "id", "s3cret", "AKID", "s3cretkey"];
const privateKey = ` + inPEM("PRIVATE KEY", pkcs8) + ", certificate = " + inPEM("CERTIFICATE", der) + `;
const seen: any[] = [], add = (row: any) => { seen.push(row.id); };
void add;
`
		var url, ca string
		switch {
		case name == "A client certificate":
			known, c = true, recipe{want: "hosts"}
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `"hosts"`) }))
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
			s.StartTLS()
			t.Cleanup(s.Close)
			url, ca = s.URL, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
		case known:
			url = serveAll(t, c.server(t, b))
		}
		if !known {
			t.Errorf("nothing stands behind the recipe %q", name)
			continue
		}
		if name == "A refresh token that changes with every use" {
			settings = strings.Replace(settings, `"t0k"`, `"refresh-0"`, 1)
		}
		if c.ask == "" {
			c.ask = `return client.get("/hosts")`
		}
		p := &pauses{}
		script := strings.Replace(body(settings+found[2]+c.ask), `import { apiKey`, `import { ErrorCode } from "carjs"; import { lastSegment, apiKey`, 1)
		got := webtest.Text(world(p.still(fetch.Deps{})).Run(t, script, url, ca))
		if got = strings.ReplaceAll(got, url, "$a"); got != c.want || strings.Join(p.waits, " ") != c.waits {
			t.Errorf("%s: got %s, waited %v; want %s and %q", name, got, p.waits, c.want, c.waits)
		}
	}
	if all := len(recipes) + len(listRecipes) + 1; len(tried) != all {
		t.Errorf("%d recipes, and %d have servers: is the page read as it is meant?", len(tried), all)
	}
}
