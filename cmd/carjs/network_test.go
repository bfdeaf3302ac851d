package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/host"
	"carjs/host/author/dev"
)

// network is a desk with a connector whose import is body, in line 12, and a data source on
// loopback. The connector has the settings url, other and region, and declares hosts, given as JSON,
// unless they are empty.
func network(t testing.TB, hosts, body string) (d *desk, source *httptest.Server, asked *atomic.Int64) {
	t.Helper()
	d, asked = newDesk(t), &atomic.Int64{}
	source = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch {
		case r.URL.Query().Get("to") != "":
			http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusTemporaryRedirect)
		case r.URL.Path == "/token":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"access_token": "t0ken", "expires_in": 3600}`)
		default:
			fmt.Fprint(w, `{"ok": true}`)
		}
	}))
	t.Cleanup(source.Close)
	d.small(body)
	path := filepath.Join(d.dir, "connectors", "small", "main.ts")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d.write("connectors/small/main.ts", `import { HttpClient, oauth2 } from "carjs/http"; const args = context().args as any; void [HttpClient, oauth2, args]; `+string(text))
	if hosts != "" {
		hosts = `, "hosts": ` + hosts
	}
	d.write("connectors/small/configurations/config.json", `{"connection": {"type": {"type": "connectorType"`+hosts+`}},
		"configuration": {"url": {"type": "text"}, "other": {"type": "text", "optional": true}, "region": {"type": "text", "optional": true}}}`)
	return d, source, asked
}

// port is the port of a server, with its colon.
func port(s *httptest.Server) string { return s.URL[strings.LastIndexByte(s.URL, ':'):] }

// TestNetworkPolicy has connectors connect to what they may and may not.
func TestNetworkPolicy(t *testing.T) {
	const (
		get    = `await (await fetch(args.other)).text();`
		client = `await new HttpClient({ baseURL: args.other }).get("/x");`
		place  = "main.ts:12:"
	)
	for _, c := range []struct {
		name, hosts, body string
		other             string // $port is that of the data source
		flags, env        []string
		code              int
		says              []string
		fault             string
		asked             int64
	}{
		{name: "loopback is allowed", body: get, other: "http://127.0.0.1$port/", asked: 1},
		{name: "metadata", body: get, other: "http://169.254.169.254/latest/meta-data/", code: 54, fault: "connector",
			says: []string{"connecting to 169.254.169.254:80 is not allowed: it is a link-local address", place, "-allow-net '*,169.254.169.254'"}},
		{name: "metadata as a number", body: client, other: "http://2852039166", code: 54, says: []string{"(169.254.169.254)"}},
		{name: "metadata in octal digits", body: client, other: "http://0251.0376.0251.0376", code: 54, says: []string{"(169.254.169.254)"}},
		{name: "metadata mapped into IPv6", body: get, other: "http://[::ffff:a9fe:a9fe]/", code: 54, says: []string{"(169.254.169.254)"}},
		{name: "metadata through NAT64", body: get, other: "http://[64:ff9b::a9fe:a9fe]/", code: 54, says: []string{"link-local"}},
		{name: "link-local of IPv6", body: get, other: "http://[fe80::1]/", code: 54, says: []string{"link-local"}},
		{name: "metadata that the operator allows elsewhere", body: get, other: "http://169.254.169.254/",
			flags: []string{"-allow-net", "169.254.1.1"}, code: 54,
			says: []string{"link-local"}},
		{name: "a redirect to metadata", body: get, other: "http://127.0.0.1$port/?to=http://169.254.169.254/",
			code: 54, says: []string{"link-local", place}, asked: 1},
		{name: "a redirect to another host", body: get, other: "http://127.0.0.1$port/?to=http://localhost$port/",
			flags: []string{"-allow-net", "127.0.0.1"},
			asked: 2}, // localhost is 127.0.0.1, which is allowed
		{name: "a redirect out of what is allowed", body: get, other: "http://localhost$port/?to=http://127.0.0.1$port/",
			flags: []string{"-allow-net", "localhost"},
			code:  54, fault: "settings", says: []string{"not allowed: -allow-net names localhost", "add 127.0.0.1", "CARJS_ALLOW_NET"}, asked: 1},
		{name: "a client, without another attempt", body: client, other: "http://evil.example", flags: []string{"-allow-net", "api.example"},
			code: 54, fault: "settings", says: []string{"connecting to evil.example:80", place}},
		{name: "the fetch of a client", body: `await new HttpClient({ baseURL: args.url, allowOrigins: [args.other] }).fetch(args.other + "/");`,
			other: "http://evil.example", flags: []string{"-allow-net", "api.example"}, code: 54, says: []string{"connecting to evil.example:80"}},
		{name: "a login elsewhere", other: "http://evil.example/token", flags: []string{"-allow-net", "api.example"}, code: 54,
			body: `await new HttpClient({ baseURL: args.url, auth: oauth2({ tokenURL: args.other, clientId: "a", clientSecret: "b" }) }).get("/x");`,
			says: []string{"connecting to evil.example:80"}},
		{name: "other TLS settings", body: `await new HttpClient({ baseURL: args.other, tls: { insecure: true } }).get("/x");`, other: "https://169.254.169.254",
			code: 54, says: []string{"link-local"}},
		{name: "denied by address", body: get, other: "http://localhost$port/", flags: []string{"-deny-net", "127.0.0.0/8,[::1]"},
			code: 54, fault: "settings", says: []string{"denied by the rule"}},
		{name: "another port", body: get, other: "http://127.0.0.1:9/",
			flags: []string{"-allow-net", "127.0.0.1$port"}, code: 54, says: []string{"127.0.0.1:9 is not allowed"}},
		{name: "the environment", body: get, other: "http://evil.example/",
			env: []string{"CARJS_ALLOW_NET=api.example"}, code: 54, says: []string{"evil.example"}},
		{name: "a catch lets a run go on, and nothing is sent", body: `try { await fetch(args.other); } catch { } ` + addOne, other: "http://169.254.169.254/"},

		{name: "declared", hosts: `["{url}"]`, body: get, other: "http://127.0.0.1$port/", asked: 1},
		{name: "not declared", hosts: `["*.example:443"]`, body: get, other: "http://evil.example/", code: 54, fault: "connector",
			says: []string{"connecting to evil.example:80 is not declared: hosts in config.json names *.example:443", `"hosts" of connection.type`, place}},
		{name: "not declared by its other name", hosts: `["{url}"]`, body: get, other: "http://localhost$port/", asked: 1}, // the address is declared
		{name: "declared and allowed", hosts: `["{url}"]`, body: get, other: "http://127.0.0.1$port/", flags: []string{"-allow-net", "127.0.0.1"}, asked: 1},
		{name: "asks for a name at an address", hosts: `["{url}", "localhost"]`, body: get, other: "http://127.0.0.1$port/", asked: 1,
			flags: []string{"-allow-net", "127.0.0.0/8"}},
		{name: "asks for a name at another address", hosts: `["localhost"]`, body: get, other: "http://127.0.0.1$port/",
			flags: []string{"-allow-net", "10.0.0.0/8"}, code: 2, says: []string{"localhost, which -allow-net does not allow"}},
		{name: "asks for more than is allowed", hosts: `["api.example", "telemetry.example:443"]`, body: get, other: "http://127.0.0.1$port/",
			flags: []string{"-allow-net", "api.example"}, code: 2, fault: "settings",
			says: []string{"small asks to connect to telemetry.example:443, which -allow-net does not allow", "CARJS_ALLOW_NET"}},
		{name: "asks for what is denied", hosts: `["{url}", "telemetry.example"]`, body: get, other: "http://127.0.0.1$port/",
			flags: []string{"-deny-net", "*.example"}, code: 2,
			says: []string{"small asks to connect to telemetry.example, which -deny-net denies"}},
		{name: "a setting that is metadata", hosts: `["{other}"]`, body: get, other: "http://169.254.169.254/", code: 2, says: []string{"asks to connect to 169.254.169.254:80"}},
		{name: "a setting that is no host", hosts: `["{other}"]`, body: get, other: "*", code: 2, says: []string{"-other (CONFIGURATION_OTHER) must name a host"}},
		{name: "no list", body: get, other: "x", flags: []string{"-allow-net", "https://a.example"},
			code: 2, says: []string{"-allow-net (CARJS_ALLOW_NET) must be hosts"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, source, asked := network(t, c.hosts, c.body)
			d.env = append(d.env, c.env...)
			flags := append([]string{"-source", "s", "-url", source.URL, "-other", c.other}, c.flags...)
			for i := range flags {
				flags[i] = strings.ReplaceAll(flags[i], "$port", port(source))
			}
			r := d.imports("small", flags...)
			if r.code != c.code || asked.Load() != c.asked {
				t.Fatalf("code %d instead of %d, %d requests arrived instead of %d\n%v", r.code, c.code, asked.Load(), c.asked, r)
			}
			said := r.stderr
			if f := r.report.Failure; f != nil {
				said = f.Message + "\n" + f.Hint + "\n" + f.At
			}
			contains(t, said, c.says...)
			if f := r.report.Failure; f != nil && c.fault != "" && string(f.Fault) != c.fault {
				t.Errorf("the fault of %s", f.Fault)
			}
			if c.code == 54 && r.report.Requests.Datasource > c.asked+1 {
				t.Errorf("tried %d times", r.report.Requests.Datasource)
			}
		})
	}
}

// TestNetworkProxies: through a proxy, the host that it is asked for counts.
func TestNetworkProxies(t *testing.T) {
	d, source, _ := network(t, "", `await (await fetch(args.other, { headers: args.region ? { Host: args.region } : {} })).text();`)
	proxied := &atomic.Int64{}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		proxied.Add(1)
		fmt.Fprint(w, "{}")
	}))
	defer proxy.Close()
	d.env = append(d.env, "HTTP_PROXY="+proxy.URL)
	for _, c := range []struct {
		other, host, allowed string
		code                 int
		says                 string
	}{
		{other: "http://api.example/"},
		{other: "http://api.example/", allowed: "api.example"},
		{other: "http://api.example/", allowed: "127.0.0.1", code: 54, says: "api.example:80 is not allowed"},
		{other: "http://169.254.169.254/", code: 54, says: "link-local"},
		{other: "http://metadata.google.internal/", code: 54, says: "cloud metadata"},
		{other: "http://api.example/", host: "metadata.google.internal", code: 54, says: "cloud metadata"},
		{other: "http://api.example/", host: "evil.example", allowed: "api.example", code: 54, says: "evil.example:80 is not allowed"},
	} {
		proxied.Store(0)
		args := []string{"-source", "s", "-url", source.URL, "-other", c.other, "-region", c.host}
		if c.allowed != "" {
			args = append(args, "-allow-net", c.allowed)
		}
		r := d.imports("small", args...)
		if r.code != c.code || (proxied.Load() == 1) != (c.code == 0) {
			t.Errorf("%+v: the proxy was asked %d times\n%v", c, proxied.Load(), r)
		}
		contains(t, r.stderr, c.says)
	}
}

// TestNetworkServices keeps a connector from the CAR service that it is run with.
func TestNetworkServices(t *testing.T) {
	d, source, _ := network(t, "", `await (await fetch(args.other, { headers: args.region ? { Host: args.region } : {} })).text();`)
	car := d.serve("car", "-addr", "127.0.0.1:0")
	here := car[strings.IndexByte(car, ':'):]
	flags := []string{"-source", "s", "-url", source.URL, "-car-service-url", "http://" + car + "/api/car/v2",
		"-car-service-key", "k", "-car-service-password", "p"}
	for _, other := range []string{"http://" + car, "http://localhost" + here, "http://0.0.0.0" + here, "http://[::ffff:127.0.0.1]" + here,
		source.URL + "/?to=http://" + car} {
		r := d.imports("small", append(flags, "-other", other)...)
		if r.code != 54 {
			t.Errorf("%s: %v", other, r)
		}
		contains(t, r.stderr, "it is the CAR service")
	}
	if r := d.imports("small", append(flags, "-other", source.URL, "-region", car)...); r.code != 54 {
		t.Errorf("by the header Host: %v", r)
	}
	if r := d.imports("small", append(flags, "-other", "http://"+car, "-allow-net", "*,127.0.0.1"+here)...); r.code != 0 {
		t.Errorf("allowed by name: %v", r)
	}
	// A command that needs no CAR knows it by the environment.
	d.env = append(d.env, "CAR_SERVICE_URL=http://"+car)
	if r := d.run("request", "small", "http://"+car+"/", "-url", source.URL); r.code == 0 {
		t.Errorf("carjs request: %v", r)
	}
}

// TestNetworkCommands has the other commands obey, and recordings be left alone.
func TestNetworkCommands(t *testing.T) {
	d, source, asked := network(t, `["{url}"]`, `const client = new HttpClient({ baseURL: args.url }); await client.get("/x"); `+addOne)
	flags := []string{"-source", "s", "-url", source.URL}
	if r := d.imports("small", append(flags, "-record", "recorded")...); r.code != 0 {
		t.Fatal(r)
	}
	asked.Store(0)
	if r := d.imports("small", append(flags, "-replay", "recorded", "-full",
		"-deny-net", "*", "-allow-net", "other.example")...); r.code != 0 ||
		asked.Load() != 0 {
		t.Errorf("replay: %v", r)
	}
	if r := d.imports("small", append(flags, "-record", "again", "-deny-net", "*")...); r.code != 2 || asked.Load() != 0 {
		t.Errorf("record: %v", r)
	}

	shown := []string{"connects to", "{url}"}
	contains(t, d.run("check", "small").stdout, "small connects to {url}")
	contains(t, d.run("describe", "connector", "small").stdout, shown...)
	if r := d.run("build", "small"); r.code != 0 {
		t.Fatal(r)
	}
	contains(t, d.run("describe", "connector", "small.carjs").stdout, append(shown, "built by", "SHA-256")...)
	var described struct{ Hosts []string }
	if err := json.Unmarshal([]byte(d.run("describe", "connector", "small.carjs", "-json").stdout), &described); err != nil ||
		len(described.Hosts) != 1 {
		t.Errorf("%v, %v", described, err)
	}
	if r := d.imports("small.carjs", append(flags, "-allow-net", "api.example")...); r.code != 2 || asked.Load() != 0 {
		t.Errorf("an artifact that asks for more: %v", r)
	}
	if r := d.ok(host.ModeFull, "small.carjs", append(flags, "-full", "-allow-net", "127.0.0.1")...); asked.Load() != 1 {
		t.Errorf("an artifact: %v", r)
	}

	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-deny-net", "127.0.0.1"}, "-deny-net denies"},
		{[]string{"-allow-net", "api.example"}, "-allow-net does not allow"},
	} {
		asked.Store(0)
		r := d.run(append([]string{"request", "small", "/x", "-url", source.URL}, c.args...)...)
		if r.code != 2 || asked.Load() != 0 {
			t.Errorf("request %v: %v", c.args, r)
		}
		contains(t, r.stderr, c.want)
	}
}

// TestNetworkDev: a loop obeys from its first run on, and goes by config.json as it is then.
func TestNetworkDev(t *testing.T) {
	a := newAuthor(t)
	l := a.loop("-allow-net", "127.0.0.1")
	l.end(dev.Good)
	a.edit("configurations/config.json", `"{url}"`, `"{url}", "10.1.2.3"`)
	if end := l.end(dev.Failed); end.Failure == nil || !strings.Contains(end.Failure.Message, "10.1.2.3") {
		t.Errorf("%+v", end.Failure)
	}
	a.edit("configurations/config.json", `"{url}", "10.1.2.3"`, `"{url}"`)
	l.end(dev.Good)
}
