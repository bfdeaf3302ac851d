package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/failure"
)

// Proxies of the environment, through the program: a variable that cannot be used ends it before it
// begins, a proxy that refuses the login is named with it, and a password works as it is pasted.
func TestProxiesOfRuns(t *testing.T) {
	t.Parallel()
	const password = "p@ss/w#r?d:%5&é"
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		login := strings.TrimPrefix(r.Header.Get("Proxy-Authorization"), "Basic ")
		if pair, _ := base64.StdEncoding.DecodeString(login); string(pair) != "user:"+password {
			w.Header().Set("Proxy-Authenticate", `Basic realm="office"`)
			w.WriteHeader(http.StatusProxyAuthRequired)
			return
		}
		fmt.Fprint(w, `["h1"]`)
	}))
	t.Cleanup(proxy.Close)
	address := strings.TrimPrefix(proxy.URL, "http://")
	for name, c := range map[string]struct {
		variable string
		code     int
		says     []string
	}{
		"no URL":         {"http://[bad", failure.Rule(failure.InvalidParameter).Code, []string{"cannot use HTTP_PROXY", "http://host:3128"}},
		"no port":        {"127.0.0.1:x", failure.Rule(failure.InvalidParameter).Code, []string{"cannot use HTTP_PROXY"}},
		"no such scheme": {"socks4://h", failure.Rule(failure.InvalidParameter).Code, []string{"cannot use HTTP_PROXY", "socks4"}},
		"no login":       {proxy.URL, failure.CodeDatasourceConnect, []string{"the proxy " + address + " requires a user name and password"}},
		"wrong login": {
			"http://user:wr0ng@" + address, failure.CodeDatasourceConnect,
			[]string{"the proxy " + address + " rejected the login of the user", "%25"},
		},
		"as pasted":  {"http://user:" + password + "@" + address, 0, nil},
		"as escaped": {"http://user:p%40ss%2Fw%23r%3Fd%3A%255%26%C3%A9@" + address, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := questioned(t, "", `return client.get<string[]>("/hosts");`, "http://source.test")
			d.env = append(d.env, "HTTP_PROXY="+c.variable)
			if c.code == 0 {
				d.sends(1)
				return
			}
			r := d.imports("asked", "-full")
			if r.code != c.code || r.report.Mode == host.ModeIncremental {
				t.Errorf("exit code %d, want %d\n%s", r.code, c.code, r)
			}
			contains(t, fmt.Sprint(r), c.says...)
			if strings.Contains(fmt.Sprint(r), "wr0ng") {
				t.Errorf("the password is shown\n%s", r)
			}
		})
	}
}
