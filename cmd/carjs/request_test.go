package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// requestConnector has a client with a login by OAuth and TLS settings, made in the constructor of the
// asset server; MORE is further code there.
var requestConnector = assetConnector(`import { HttpClient, oauth2 } from "carjs/http";
declare module "carjs" { interface Args { CONFIGURATION_AUTH_URL: string; CONFIGURATION_AUTH_SECRET: string } }`, `
  client = new HttpClient({
    baseURL: context().args.CONFIGURATION_AUTH_URL + "/api", tls: { insecure: true }, headers: { "X-Tenant": "t1" },
    auth: oauth2({
      tokenURL: context().args.CONFIGURATION_AUTH_URL + "/token", clientId: "me", clientSecret: context().args.CONFIGURATION_AUTH_SECRET,
    }),
  });
  constructor() { super(); MORE }
  async testConnection() { throw new Error("not tested"); return 0; }`, "")

const requestConfig = `{"connection": {"type": {"type": "connectorType", "displayName": "Requests", "group": "requests"}},
 "configuration": {"auth": {"type": "fields", "url": {"type": "text"}, "secret": {"type": "password"}}}}`

// requests is a desk with the connector and its data source, an API behind a login by OAuth over TLS.
func requests(t *testing.T, more string) (d *desk, flags []string, seen func() []*http.Request) {
	t.Helper()
	var mu sync.Mutex
	var all []*http.Request
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if _, secret, _ := r.BasicAuth(); secret != "s3cret-of-ours" {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error": "invalid_client"}`)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"access_token": "t0ken-of-the-day", "expires_in": 3600}`)
	})
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		kept := r.Clone(r.Context())
		kept.Body = io.NopCloser(strings.NewReader(string(body)))
		mu.Lock()
		all = append(all, kept)
		mu.Unlock()
		if r.Header.Get("Authorization") != "Bearer t0ken-of-the-day" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Set-Cookie", "session=c00kie-of-ours")
		switch strings.TrimPrefix(r.URL.Path, "/api") {
		case "/big":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"z": 9007199254740993, "a": 1.10, "token": "t0ken-of-the-day", "echo": "s3cret-of-ours"}`)
		case "/latin":
			w.Header().Set("Content-Type", "text/plain; charset=iso-8859-1")
			w.Write([]byte{'g', 'r', 0xfc, 'n'})
		case "/bytes":
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Write([]byte{0, 1, 2, 0xff})
		case "/busy":
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprint(w, "come back")
		case "/moved":
			http.Redirect(w, r, "/api/big", http.StatusFound)
		case "/forbidden":
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"why": %q}`, strings.Repeat("x", 5000))
		default:
			w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
			w.Write(body)
		}
	})
	server := httptest.NewUnstartedServer(mux)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	d = newDesk(t)
	d.write("connectors/requests/src/main.ts", strings.Replace(requestConnector, "MORE", more, 1))
	d.write("connectors/requests/configurations/config.json", requestConfig)
	return d, []string{"-url", server.URL, "-secret", "s3cret-of-ours"}, func() []*http.Request {
		mu.Lock()
		defer mu.Unlock()
		seen := all
		all = nil
		return seen
	}
}

func TestRequest(t *testing.T) {
	t.Parallel()
	d, flags, seen := requests(t, "")
	d.write("body.json", `{"name": "from a file"}`)
	request := func(args ...string) result {
		t.Helper()
		r := d.run(append(append([]string{"request", "requests"}, flags...), args...)...)
		for _, secret := range []string{"s3cret-of-ours", "t0ken-of-the-day", "c00kie-of-ours"} {
			if strings.Contains(r.stdout+r.stderr, secret) {
				t.Errorf("%q is shown:\n%s", secret, r)
			}
		}
		return r
	}
	for _, test := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr []string
		want           string // "METHOD path, content type, body" of the last request, when it matters
	}{
		{"json keeps digits and order", []string{"/big?n=1"}, 0,
			[]string{"{\n  \"z\": 9007199254740993,\n  \"a\": 1.10,\n  \"token\": \"[redacted]\",\n  \"echo\": \"[redacted]\"\n}\n"},
			[]string{"200 OK", "Content-Type: application/json", "Set-Cookie: [redacted]"}, "GET /api/big?n=1"},
		{"method", []string{"delete", "/things/1"}, 0, nil, []string{"200 OK"}, "DELETE /api/things/1"},
		{"data is posted as JSON", []string{"/things", "-d", `{"a":1}`}, 0, []string{"{\n  \"a\": 1\n}\n"}, nil,
			`POST /api/things application/json {"a":1}`},
		{"data of a file", []string{"PUT", "/things", "-d", "@body.json"}, 0, []string{`"from a file"`}, nil,
			`PUT /api/things application/json {"name": "from a file"}`},
		{"a form", []string{"/things", "-d", "a=1&b=2"}, 0, []string{"a=1&b=2"}, nil,
			"POST /api/things application/x-www-form-urlencoded a=1&b=2"},
		{"headers", []string{"/things", "-H", "Content-Type: text/csv", "--header", "X-Other: y", "-d", "a,b"}, 0, []string{"a,b"}, nil,
			"POST /api/things text/csv a,b"},
		{"include", []string{"-i", "/big"}, 0, []string{"200 OK\n", "Content-Type: application/json\n", "\n\n{\n"}, nil, ""},
		{"verbose shows the login", []string{"-v", "/big"}, 0, []string{`"z"`},
			[]string{"> POST https://127.0.0.1", "/token\n", "> Authorization: [redacted]", "> GET https://", "< HTTP/1.1 200 OK", "> X-Tenant: t1",
				"> Accept: application/json"}, ""},
		{"verbose shows redirects", []string{"-v", "/moved"}, 0, []string{`"z"`}, []string{"< HTTP/1.1 302 Found", "> GET https://127.0.0.1"}, "GET /api/big"},
		{"another charset", []string{"/latin"}, 0, []string{"grün"}, nil, ""},
		{"bytes", []string{"/bytes"}, 0, []string{"\x00\x01\x02\xff"}, nil, ""},
		{"a busy server is not waited for", []string{"/busy"}, 51, []string{"come back"},
			[]string{"503 Service Unavailable", "Retry-After: 30", "next step"}, "GET /api/busy"},
		{"the whole body of a refusal", []string{"/forbidden"}, 53, []string{strings.Repeat("x", 5000)},
			[]string{"403 Forbidden", "grant it the permission"}, ""},
		{"elsewhere", []string{"https://example.com/x"}, 55, nil, []string{"allowOrigins"}, ""},
		{"no path", nil, 2, nil, []string{"no path given"}, ""},
		{"too many words", []string{"GET", "/a", "/b"}, 2, nil, []string{"too many arguments"}, ""},
		{"no method", []string{"/a", "/b"}, 2, nil, []string{`"/a" is not a method`}, ""},
		{"no header", []string{"/a", "-H", "s0mething"}, 2, nil, []string{`"NAME: VALUE"`}, ""},
		{"no file", []string{"/a", "-d", "@nowhere"}, 2, nil, []string{"cannot read the body", "nowhere"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			seen()
			r := request(test.args...)
			if r.code != test.code {
				t.Errorf("want exit code %d\n%s", test.code, r)
			}
			contains(t, r.stdout, test.stdout...)
			contains(t, r.stderr, test.stderr...)
			if test.want == "" {
				return
			}
			all := seen()
			if len(all) == 0 {
				t.Fatalf("nothing arrived\n%s", r)
			}
			last := all[len(all)-1]
			body, _ := io.ReadAll(last.Body)
			got := strings.TrimSpace(fmt.Sprintf("%s %s %s %s", last.Method, last.URL.RequestURI(), last.Header.Get("Content-Type"), body))
			if got != test.want {
				t.Errorf("%s arrived, want %s", got, test.want)
			}
		})
	}
	// The login that is refused is told as such, with what it answered.
	r := d.run("request", "requests", flags[0], flags[1], "-secret", "wrong-secret", "/big")
	if r.code != 52 {
		t.Errorf("%s", r)
	}
	contains(t, r.stdout, "invalid_client")
	if entries, _ := os.ReadDir(filepath.Join(d.dir, ".carjs")); len(entries) > 0 {
		t.Errorf("a request left %v", entries)
	}
}

func TestRequestForPrograms(t *testing.T) {
	t.Parallel()
	d, flags, _ := requests(t, "")
	var out struct {
		Method, URL  string
		Status       int
		Headers      map[string]string
		JSON         json.RawMessage
		Text         string
		Base64       []byte
		Milliseconds *int64
		Failure      *struct {
			Message string
			Code    int
		}
	}
	ask := func(args ...string) result {
		t.Helper()
		r := d.run(append(append([]string{"request", "requests", "-json"}, flags...), args...)...)
		out.Failure, out.Text, out.Base64, out.JSON = nil, "", nil, nil
		if err := json.Unmarshal([]byte(r.stdout), &out); err != nil {
			t.Fatalf("%v\n%s", err, r)
		}
		return r
	}
	ask("/big")
	if out.Status != 200 || out.Method != "GET" || !strings.HasSuffix(out.URL, "/api/big") || out.Headers["Set-Cookie"] != "[redacted]" ||
		!strings.Contains(string(out.JSON), "9007199254740993") || out.Failure != nil || out.Milliseconds == nil {
		t.Errorf("%+v", out)
	}
	if ask("/latin"); out.Text != "grün" {
		t.Errorf("%+v", out)
	}
	if ask("/bytes"); string(out.Base64) != "\x00\x01\x02\xff" {
		t.Errorf("%+v", out)
	}
	if r := ask("/forbidden"); r.code != 53 || out.Status != 403 || out.Failure == nil || out.Failure.Code != 53 {
		t.Errorf("%+v", out)
	}
}

// A request is recorded like those of a run, and a recording answers it.
func TestRequestRecorded(t *testing.T) {
	t.Parallel()
	d, flags, seen := requests(t, "")
	if r := d.run(append(append([]string{"request", "requests"}, flags...), "/big", "-record", "traffic")...); r.code != 0 {
		t.Fatalf("%s", r)
	}
	seen()
	r := d.run("request", "requests", "/big", "-replay", "traffic")
	if r.code != 0 || len(seen()) > 0 {
		t.Errorf("%s", r)
	}
	contains(t, r.stdout, "9007199254740993")
	r = d.run("request", "requests", "/other", "-replay", "traffic")
	if r.code != 51 {
		t.Errorf("%s", r)
	}
	contains(t, r.stderr, "no response is recorded for GET")
}

func TestRequestOfSeveralClients(t *testing.T) {
	t.Parallel()
	d, flags, seen := requests(t, `
    new HttpClient({ baseURL: context().args.CONFIGURATION_AUTH_URL + "/api/second", tls: { insecure: true }, headers: { Authorization: "Bearer t0ken-of-the-day" } });`)
	request := func(args ...string) result {
		seen()
		return d.run(append(append([]string{"request", "requests"}, flags...), args...)...)
	}
	arrived := func(want string, r result) {
		t.Helper()
		if all := seen(); r.code != 0 || len(all) != 1 || all[0].URL.Path != want {
			t.Errorf("want %s, got %v\n%s", want, all, r)
		}
	}
	r := request("/x")
	if r.code != 2 {
		t.Errorf("%s", r)
	}
	contains(t, r.stderr, "makes 2 clients", "1  https://", "2  https://", "/api/second", "src/main.ts:", "-client")
	arrived("/api/x", request("/x", "-client", "1"))
	arrived("/api/second/x", request("/x", "-client", "second"))
	arrived("/api/second/x", request(flags[1]+"/api/second/x"))
	arrived("/api/third", request(flags[1]+"/api/third"))
	if r := request("/x", "-client", "third"); r.code != 2 {
		t.Errorf("%s", r)
	}
}

// Clients that are made by testConnection are found; a connector without any says what to do.
func TestRequestWithoutAClientAtStart(t *testing.T) {
	t.Parallel()
	d, flags, seen := requests(t, "")
	code := strings.Replace(d.read("connectors/requests/src/main.ts"), "MORE", "", 1)
	later := strings.NewReplacer("client = new HttpClient", "make = () => new HttpClient", `throw new Error("not tested");`,
		`await this.make().get("/test");`).Replace(code)
	d.write("connectors/requests/src/main.ts", later)
	if r := d.run(append(append([]string{"request", "requests"}, flags...), "/big")...); r.code != 0 || len(seen()) != 2 {
		t.Errorf("%s", r)
	}
	d.write("connectors/requests/src/main.ts", strings.Replace(later, `await this.make().get("/test");`, "", 1))
	r := d.run(append(append([]string{"request", "requests"}, flags...), "/big")...)
	if r.code != 2 {
		t.Errorf("%s", r)
	}
	contains(t, r.stderr, "requests makes no HttpClient", "constructor of the asset server")
	// What goes wrong before is told with its place.
	d.write("connectors/requests/src/main.ts", strings.Replace(code, "super();", `super(); throw new Error("no way");`, 1))
	r = d.run(append(append([]string{"request", "requests"}, flags...), "/big")...)
	if r.code == 0 {
		t.Errorf("%s", r)
	}
	contains(t, r.stderr, "no way", "src/main.ts:12")
	d.write("connectors/requests/src/main.ts", "const = 1;")
	r = d.run(append(append([]string{"request", "requests"}, flags...), "/big")...)
	if r.code != 2 {
		t.Errorf("%s", r)
	}
	contains(t, r.stderr, "does not build", "main.ts:1:7")
}
