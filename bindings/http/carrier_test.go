package http_test

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"carjs/bindings/fetch"
)

// Where XML arrives in place of JSON, the next step is how to read it.
func TestXMLIsNoJSON(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "\n<?xml version='1.0'?><hosts/>")
	}))
	defer s.Close()
	check{"", `return new HttpClient({ baseURL: a }).get("/").catch((e) => [e.code, e.hint])`,
		`[55,"read XML with the option responseType: \"text\" or \"bytes\" and the module carjs/xml"]`}.run(t, world(fetch.Deps{}), s.URL)
}

// fetch of a client has the client's settings, and the answers of the standard.
func TestFetchOfAClient(t *testing.T) {
	asked := map[string]int{}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		first := asked[r.URL.Path] == 1
		switch r.URL.Path {
		case "/v1/token":
			fmt.Fprintf(w, `{"access_token":"t%d","expires_in":60}`, asked[r.URL.Path])
		case "/v1/expired":
			if r.Header.Get("Authorization") != "Bearer t2" {
				w.WriteHeader(http.StatusUnauthorized)
			}
			fmt.Fprint(w, r.Header.Get("Authorization"))
		case "/v1/busy":
			if first {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(http.StatusTooManyRequests)
			}
			data, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %s %s %s", r.Method, data, r.Header.Get("X-A"), r.Header.Get("X-B"))
		case "/v1/denied":
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, "no")
		case "/v1/odd":
			w.Header().Set("X-Odd", "1")
			fmt.Fprint(w, "odd")
		case "/v1/stream":
			for range 3 {
				fmt.Fprint(w, strings.Repeat("x", 100_000))
			}
		case "/v1/slow":
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		case "/v1/silent":
			<-r.Context().Done()
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}))
	const client = `const c = new HttpClient({ baseURL: a + "/v1", tls: { ca: b }, headers: { "X-A": "1", "X-B": "1" },
  auth: oauth2({ tokenURL: a + "/v1/token", clientId: "i", clientSecret: "s" }), rules: [{ header: "X-Odd", then: "fail", message: "odd" }] });
const cause = (e: any) => [e.name, e.cause?.code, e.cause?.message];
`
	p := &pauses{}
	w := world(p.still(fetch.Deps{}))
	for _, c := range []check{
		{"no settings", `return fetch(a).catch((e) => e.cause.code)`, `51`},
		{"login is renewed", `return (await c.fetch("/expired")).text()`, `Bearer t2`},
		{"waits, and headers of the request win", `return (await c.fetch("/busy", { method: "POST", body: "x", headers: { "x-b": "2" } })).text()`, `POST x 1 2`},
		{"a Request", `return (await c.fetch(new Request(a + "/v1/busy", { method: "PUT", body: "y" }))).text()`, `PUT y 1 1`},
		{"in place of the platform's", `globalThis.fetch = ((i: any, o: any) => c.fetch(i, o)) as any;
			return [(await fetch("/odd2")).status, (await fetch("/odd2")).status]`, `[200,200]`},
		{"nothing of the platform is made at the start", `return ["fetch", "Request", "Blob", "FormData", "URL", "TextEncoder", "DOMException"].filter((n) => !Object.getOwnPropertyDescriptor(globalThis, n)!.get)`, `[]`},
		{"any status", `const r = await c.fetch("/denied"); return [r.status, r.ok, await r.text()]`, `[403,false,"no"]`},
		{"a rule", `return c.fetch("/odd").catch(cause)`, `["TypeError",55,"GET $a/v1/odd: odd"]`},
		{"a stream", `let n = 0; for await (const part of (await c.fetch("/stream")).body!) n += part.length; return n`, `300000`},
		{"another origin", `return c.fetch("http://127.0.0.1:1/x").catch((e) => [e.name, e.code])`, `["DatasourceFailure",55]`},
		{"a Request to another origin", `return c.fetch(new Request("http://127.0.0.1:1/x")).catch((e) => [e.name, e.code])`, `["DatasourceFailure",55]`},
		{"no answer", `return c.fetch("/silent", { timeout: 50 }).catch((e) => e.cause.code)`, `51`},
		{"no body", `return c.fetch("/slow", { timeout: 50 }).then((r) => r.text()).catch((e) => e.cause.code)`, `51`},
		{"stopped", `return c.fetch("/silent", { signal: AbortSignal.timeout(20) }).catch((e) => e.name)`, `TimeoutError`},
	} {
		c.body = client + c.body
		c.run(t, w, s.URL, ca)
	}
	if got := strings.Join(p.waits, " "); got != (7 * time.Second).String() {
		t.Errorf("waited %s", got)
	}
}
