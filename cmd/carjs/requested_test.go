package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/failure"
)

// asked is a desk with a connector that imports the ids that code returns, by means of a client with
// options, from a data source.
func questioned(t *testing.T, options, code, url string) *desk {
	t.Helper()
	d := newDesk(t)
	d.write("connectors/asked/src/main.ts", assetConnector(`import { HttpClient, oauth2 } from "carjs/http";
const url = context().args.CONFIGURATION_AUTH_URL;
const client = new HttpClient({ baseURL: url, `+options+` });
async function ids(): Promise<string[]> { `+code+` }
void [client, oauth2];
declare module "carjs" { interface Args { CONFIGURATION_AUTH_URL: string } }`,
		`async testConnection() { return 0; }`, `for (const id of await ids()) handler.add(id, id);`))
	d.write("connectors/asked/configurations/config.json", strings.Replace(tlsConfig, "Secured", "Asked", 1))
	d.env = append(d.env, "CONFIGURATION_AUTH_URL="+url)
	return d
}

// sends fails the test unless an import sends n assets.
func (d *desk) sends(n int, flags ...string) result {
	d.Helper()
	r := d.ok(host.ModeFull, "asked", append(flags, "-full")...)
	if sent := r.report.Collections["asset"].Sent; sent != n {
		d.Errorf("%d assets, want %d\n%s", sent, n, r)
	}
	return r
}

// The standard's fetch goes over TLS as the client says, through the program, in a run, recorded and
// replayed; without its settings it does not.
func TestFetchOverTLS(t *testing.T) {
	t.Parallel()
	data := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") != "k1" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		fmt.Fprint(w, `["h1", "h2"]`)
	}))
	data.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes
	data.StartTLS()
	t.Cleanup(data.Close)
	ca := "ca: " + quoted(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: data.Certificate().Raw})))
	const relative = `return (await client.fetch("/hosts")).json();`
	for _, c := range []struct{ name, tls, code, message, option string }{
		{"authority", ca, relative, "", ""},
		{"insecure", "insecure: true", relative, "", ""},
		{"whole URL", ca, `return (await client.fetch(url + "/hosts")).json();`, "", ""},
		{"Request", ca, `return (await client.fetch(new Request(url + "/hosts"))).json();`, "", ""},
		{"in place of the platform's", ca, `globalThis.fetch = client.fetch; return (await fetch("/hosts")).json();`, "", ""},
		{"as an option of others", ca, `const api = { fetch: client.fetch }; return (await api.fetch("/hosts")).json();`, "", ""},
		{"no settings", "", relative, "it is signed by an unknown authority", "tls.ca"},
		{
			"the platform's", ca, `return (await fetch(url + "/hosts", { headers: { "X-Key": "k1" } })).json();`,
			"it is signed by an unknown authority", "tls.ca",
		},
		{"other name", ca + `, serverName: "source.example.org"`, relative, "it is not for source.example.org", "tls.serverName"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := questioned(t, `headers: { "X-Key": "k1" }, tls: { `+c.tls+` }`, c.code, data.URL)
			if c.message == "" {
				d.sends(2, "-record", "recorded")
				d.sends(2, "-replay", "recorded")
				return
			}
			r := d.imports("asked", "-full")
			if r.code != failure.CodeDatasourceConnect || !strings.HasPrefix(r.report.Failure.At, "src/main.ts:5:") {
				t.Fatalf("exit code %d at %s\n%s", r.code, r.report.Failure.At, r)
			}
			contains(t, fmt.Sprint(r), c.message, c.option)
		})
	}
}

// What data sources answer when they are asked too often, through the program: it waits as long as
// it is told to, says so, and asks again.
func TestThrottledRuns(t *testing.T) {
	t.Parallel()
	in := func(d time.Duration) time.Time { return time.Now().Add(d) }
	for name, busy := range map[string]func(http.Header) int{
		"seconds": func(h http.Header) int { h.Set("Retry-After", "1"); return http.StatusTooManyRequests },
		"date": func(h http.Header) int {
			h.Set("Retry-After", in(2*time.Second).UTC().Format(http.TimeFormat))
			return http.StatusServiceUnavailable
		},
		"epoch": func(h http.Header) int {
			h.Set("Retry-After", fmt.Sprint(in(2*time.Second).Unix()))
			return http.StatusTooManyRequests
		},
		"RateLimit-Reset": func(h http.Header) int { h.Set("RateLimit-Reset", "1"); return http.StatusTooManyRequests },
		"X-RateLimit-Reset, milliseconds": func(h http.Header) int {
			h.Set("X-RateLimit-Reset", fmt.Sprint(in(time.Second).UnixMilli()))
			return http.StatusTooManyRequests
		},
		"Okta": func(h http.Header) int {
			h.Set("X-Rate-Limit-Remaining", "0")
			h.Set("X-Rate-Limit-Reset", fmt.Sprint(in(2*time.Second).Unix()))
			return http.StatusTooManyRequests
		},
		"Qualys": func(h http.Header) int { h.Set("X-RateLimit-ToWait-Sec", "1"); return http.StatusConflict },
		"GitHub": func(h http.Header) int {
			h.Set("X-RateLimit-Remaining", "0")
			h.Set("X-RateLimit-Reset", fmt.Sprint(in(2*time.Second).Unix()))
			return http.StatusForbidden
		},
		"a rule of the connector's": func(h http.Header) int { h.Set("X-Busy", "1"); return http.StatusTeapot },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var times []time.Time
			data := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				if times = append(times, time.Now()); len(times) == 1 {
					w.WriteHeader(busy(w.Header()))
					return
				}
				fmt.Fprint(w, `["h1"]`)
			}))
			t.Cleanup(data.Close)
			d := questioned(t, `rules: [{ status: 418, then: "wait", wait: { header: "X-Busy" } }]`, `return client.get<string[]>("/hosts");`, data.URL)
			r := d.sends(1)
			if len(times) != 2 {
				t.Errorf("asked %d times", len(times))
			}
			contains(t, r.stderr, "waiting before a request is repeated")
		})
	}
}

// Token answers as token servers give them, through the program: the token that counts then is used,
// and what refuses a login ends with the code and the words of the server.
func TestTokensOfRuns(t *testing.T) {
	t.Parallel()
	const fine = `{"access_token": "t$n", "expires_in": 3600}`
	for _, c := range []struct {
		name, answer string
		status       int
		want         string // of the tokens of the requests, or the failure's message
		code         int
	}{
		{"number", fine, 200, "t1 t1", 0},
		{"text", `{"access_token": "t$n", "expires_in": "3600", "scope": null}`, 200, "t1 t1", 0},
		{"fraction", `{"access_token": "t$n", "expires_in": 3599.5}`, 200, "t1 t1", 0},
		{"date", `{"access_token": "t$n", "expires_in": "2099-01-02T04:04:05Z"}`, 200, "t1 t1", 0},
		{"null", `{"access_token": "t$n", "expires_in": null}`, 200, "t1 t1", 0},
		{"missing", `{"access_token": "t$n"}`, 200, "t1 t1", 0},
		{"over soon", `{"access_token": "t$n", "expires_in": 1, "scope": ""}`, 200, "t1 t2", 0},
		{"rotated", `{"access_token": "t$n", "expires_in": 1, "refresh_token": "r$n"}`, 200, "t1 t2", 0},
		{"an error with status 200", `{"error": "invalid_client", "error_description": "the secret has expired"}`, 200,
			"the secret has expired (invalid_client)", failure.CodeDatasourceAuth},
		{"refused", `{"error": "unauthorized_client"}`, 401, "unauthorized_client", failure.CodeDatasourceAuth},
		{"a page", `<html>log in</html>`, 200, "not JSON", failure.CodeDatasourceDataProcess},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var tokens, refreshed []string
			issued := 0
			data := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				if r.URL.Path == "/token" {
					issued++
					if token := r.FormValue("refresh_token"); token != "" {
						refreshed = append(refreshed, token)
					}
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(c.status)
					fmt.Fprint(w, strings.ReplaceAll(c.answer, "$n", fmt.Sprint(issued)))
					return
				}
				tokens = append(tokens, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
				fmt.Fprint(w, `["h1"]`)
			}))
			t.Cleanup(data.Close)
			grant, pause := `clientSecret: "s3cret"`, "1"
			if strings.Contains(c.answer, `"expires_in": 1,`) {
				pause = "1100"
			}
			if c.name == "rotated" {
				grant = `grant: "refresh_token", refreshToken: "r0"`
			}
			d := questioned(t, `auth: oauth2({ tokenURL: url + "/token", clientId: "i", `+grant+` })`,
				`await client.get("/hosts"); await new Promise((done) => setTimeout(done, `+pause+`)); return client.get<string[]>("/hosts");`, data.URL)
			if c.code != 0 {
				r := d.imports("asked", "-full")
				if r.code != c.code || !strings.Contains(r.report.Failure.Message, c.want) {
					t.Errorf("exit code %d, want %d and %q\n%s", r.code, c.code, c.want, r)
				}
				return
			}
			d.sends(1)
			if got := strings.Join(tokens, " "); got != c.want {
				t.Errorf("tokens %s, want %s", got, c.want)
			}
			if c.name == "rotated" && !slices.Equal(refreshed, []string{"r0", "r1"}) {
				t.Errorf("refreshed with %v", refreshed)
			}
		})
	}
}

// Every escape of a path and a query arrives as the connector wrote it, through the program, also
// when it is recorded and replayed.
func TestEscapesOfRuns(t *testing.T) {
	t.Parallel()
	paths := []string{
		"/groups/a%2Fb/hosts", "/groups/a%2fb/hosts", "/%E4%BD%A0?q=%2F%3A%20x",
		"/x?q=a%2Bb+c&r=%zz", "/a%20b;v=1/c%3Bd", "/x?a=1&a=2&=", "/a%2E%2Eb",
		"/x%25y?z=%2525",
	}
	var mu sync.Mutex
	var seen []string
	data := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen = append(seen, r.RequestURI)
		mu.Unlock()
		fmt.Fprintf(w, `[%q]`, r.RequestURI)
	}))
	t.Cleanup(data.Close)
	list, err := json.Marshal(paths)
	if err != nil {
		t.Fatal(err)
	}
	const code = `const all: string[] = [];
  for (const path of %s) {
    all.push("get " + (await client.get<string[]>(path))[0]);
    all.push("fetch " + (await (await client.fetch(path)).json())[0]);
    all.push("platform " + (await (await fetch(url + path)).json())[0]);
    for await (const record of client.records<string>(path)) all.push("records " + record);
    for await (const page of client.paginate.link<string>(path)) all.push("pages " + page[0]);
  }
  return all;`
	d := questioned(t, "", fmt.Sprintf(code, list), data.URL)
	d.sends(5*len(paths), "-record", "recorded")
	for i, uri := range seen {
		if want := paths[i/5]; uri != want {
			t.Errorf("request %d asked for %s, want %s", i, uri, want)
		}
	}
	d.sends(5*len(paths), "-replay", "recorded")
}
