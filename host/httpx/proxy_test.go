package httpx_test

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"carjs/host/httpx"
)

// proxy is one that speaks HTTP, tunnels, and knows all names as one address.
type proxy struct {
	*httptest.Server
	target string // host:port
	status int    // of each answer, when it is not 0
	offers []string
	mu     sync.Mutex
	asked  []string // "CONNECT car.test:443 Basic ..."
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	p := &proxy{target: target}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked = append(p.asked, strings.TrimSpace(r.Method+" "+r.RequestURI+" "+r.Header.Get("Proxy-Authorization")))
	p.mu.Unlock()
	if p.status != 0 {
		w.Header()["Proxy-Authenticate"] = p.offers
		w.WriteHeader(p.status)
		return
	}
	if r.Method != http.MethodConnect {
		hello(w, r)
		return
	}
	there, err := net.Dial("tcp", p.target)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer there.Close()
	here, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer here.Close()
	_, _ = io.WriteString(here, "HTTP/1.1 200 OK\r\n\r\n")
	join(here, buffered.Reader, there)
}

// join carries bytes both ways until one side ends.
func join(here net.Conn, from *bufio.Reader, there net.Conn) {
	var both sync.WaitGroup
	both.Go(func() {
		_, _ = io.Copy(there, from)
		there.Close()
	})
	both.Go(func() {
		_, _ = io.Copy(here, there)
		here.Close()
	})
	both.Wait()
}

func TestProxies(t *testing.T) {
	a := newAuthority(t)
	s := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{a.issue(t, nil)}})
	ca := a.file(t)
	for name, c := range map[string]struct {
		variables map[string]string // $p is the proxy's host and port
		url       string
		asked     string // what the proxy was; nothing when it was left out
	}{
		"https": {map[string]string{"HTTPS_PROXY": "http://$p"}, "https://car.test/", "CONNECT car.test:443"},
		"lower case": {
			map[string]string{"https_proxy": "http://$p", "HTTPS_PROXY": "http://127.0.0.1:1"}, "https://car.test/", "CONNECT car.test:443",
		},
		"host and port": {map[string]string{"HTTPS_PROXY": " $p "}, "https://car.test:8443/", "CONNECT car.test:8443"},
		"http":          {map[string]string{"HTTP_PROXY": "http://$p"}, "http://car.test/x", "GET http://car.test/x"},
		"all":           {map[string]string{"ALL_PROXY": "http://$p"}, "https://car.test/", "CONNECT car.test:443"},
		"all, for http": {map[string]string{"all_proxy": "http://$p"}, "http://car.test/x", "GET http://car.test/x"},
		"the special before": {
			map[string]string{"ALL_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://$p"}, "https://car.test/", "CONNECT car.test:443",
		},
		"credentials": {
			map[string]string{"HTTPS_PROXY": "http://user:p%40ss@$p"}, "https://car.test/", "CONNECT car.test:443 Basic dXNlcjpwQHNz",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProxy(t, s.Listener.Addr().String())
			env := map[string]string{"SSL_CERT_FILE": ca}
			for variable, value := range c.variables {
				env[variable] = strings.ReplaceAll(value, "$p", p.Listener.Addr().String())
			}
			if err := httpx.CheckEnvironment(variables(env)); err != nil {
				t.Fatal(err)
			}
			got, err := get(t, httpx.NewIn(variables(env)), c.url)
			if err != nil || !strings.HasPrefix(got, "hello from car.test") {
				t.Errorf("%q, %v", got, err)
			}
			if asked := strings.Join(p.asked, ", "); asked != c.asked {
				t.Errorf("the proxy was asked %q", asked)
			}
		})
	}
}

// Without the proxy, what is on loopback is reached all the same.
func TestNoProxy(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(hello))
	defer s.Close()
	p := newProxy(t, "")
	p.status = http.StatusForbidden
	env := map[string]string{"ALL_PROXY": p.URL}
	if _, err := get(t, httpx.NewIn(variables(env)), s.URL); err != nil || len(p.asked) != 0 {
		t.Errorf("%v, the proxy was asked %q", err, p.asked)
	}
	for text, through := range map[string]bool{"": true, "other.test": true, ".test": false, "car.test": false, "test": false, "*": false} {
		p.asked = nil
		env := map[string]string{"ALL_PROXY": p.URL, "NO_PROXY": text}
		// A port that nothing listens on, in case of a network that answers for all names.
		_, _ = get(t, httpx.NewIn(variables(env)), "http://car.test:1/")
		if (len(p.asked) != 0) != through {
			t.Errorf("NO_PROXY=%s: the proxy was asked %q", text, p.asked)
		}
	}
}

// SOCKS 5 with the names that the proxy looks up (RFC 1928).
func TestSOCKS(t *testing.T) {
	a := newAuthority(t)
	s := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{a.issue(t, nil)}})
	var mu sync.Mutex
	var asked []string
	socks := func(answer byte) string {
		return listens(t, func(conn net.Conn) {
			in := bufio.NewReader(conn)
			greeting := make([]byte, 2)
			_, _ = io.ReadFull(in, greeting)
			_, _ = io.CopyN(io.Discard, in, int64(greeting[1]))
			_, _ = conn.Write([]byte{5, 0})
			head := make([]byte, 5) // version, command, 0, 3 for a name, its length
			_, _ = io.ReadFull(in, head)
			name := make([]byte, int(head[4])+2)
			_, _ = io.ReadFull(in, name)
			mu.Lock()
			asked = append(asked, string(name[:head[4]]))
			mu.Unlock()
			_, _ = conn.Write([]byte{5, answer, 0, 1, 127, 0, 0, 1, 0, 80})
			if answer != 0 {
				return
			}
			there, err := net.Dial("tcp", s.Listener.Addr().String())
			if err == nil {
				join(conn, in, there)
			}
		})
	}
	for _, scheme := range []string{"socks5", "socks5h"} {
		env := variables(map[string]string{"ALL_PROXY": scheme + "://" + socks(0), "SSL_CERT_FILE": a.file(t)})
		if got, err := get(t, httpx.NewIn(env), "https://car.test/"); got != "hello from car.test" {
			t.Errorf("%s: %q, %v", scheme, got, err)
		}
	}
	env := variables(map[string]string{"ALL_PROXY": "socks5://" + socks(5)})
	_, err := get(t, httpx.NewIn(env), "https://car.test/")
	if d := httpx.Diagnose("", err); d.Kind != httpx.ProxyRefused || !strings.Contains(d.Reason, "connection refused") {
		t.Errorf("%v is %+v", err, d)
	}
	mu.Lock()
	defer mu.Unlock()
	if got := strings.Join(asked, " "); got != "car.test car.test car.test" {
		t.Errorf("the proxy was asked for %s", got)
	}
}

func TestProxyFaults(t *testing.T) {
	refusing := func(status int, offers ...string) string {
		p := newProxy(t, "127.0.0.1:1")
		p.status, p.offers = status, offers
		return p.URL
	}
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, c := range map[string]struct {
		proxy, url string
		want       httpx.Diagnosis
	}{
		"407": {withUser(refusing(407), "user:old@"), "https://car.test", httpx.Diagnosis{
			Kind: httpx.ProxyRefused, Reason: `the proxy $proxy rejected the login of the user "user"`,
		}},
		"407 for http": {withUser(refusing(407), "user:old@"), "http://car.test", httpx.Diagnosis{
			Kind: httpx.ProxyRefused, Reason: `the proxy $proxy rejected the login of the user "user"`,
		}},
		"407 without a login": {refusing(407), "https://car.test", httpx.Diagnosis{
			Kind: httpx.ProxyRefused, Reason: "the proxy $proxy requires a user name and password, and its URL has none",
		}},
		"407 of another kind": {withUser(refusing(407, "Negotiate", "NTLM TlRM"), "user:old@"), "https://car.test", httpx.Diagnosis{
			Kind: httpx.ProxyRefused, Reason: "the proxy $proxy requires a login by Negotiate or NTLM, of which none is supported here",
		}},
		"403": {
			refusing(403), "https://car.test", httpx.Diagnosis{Kind: httpx.ProxyRefused, Reason: "the proxy $proxy responded with 403 Forbidden"},
		},
		"nothing behind it": {refusing(0), "https://car.test", httpx.Diagnosis{
			Kind: httpx.ProxyRefused, Reason: "the proxy $proxy responded with 502 Bad Gateway", Retryable: true,
		}},
		"not there": {closed.URL, "https://car.test", httpx.Diagnosis{
			Kind: httpx.ProxyUnreachable, Reason: "cannot connect to the proxy: connection refused by it", Retryable: true,
		}},
		"no TLS there": {"https" + strings.TrimPrefix(refusing(0), "http"), "https://car.test", httpx.Diagnosis{
			Kind: httpx.ProxyUnreachable, Reason: "cannot connect to the proxy: the server does not speak TLS there",
		}},
		"malformed": {"ftp://user:secret@host", "https://car.test", httpx.Diagnosis{
			Kind:   httpx.BadEnvironment,
			Reason: `cannot use ALL_PROXY: a proxy cannot have the scheme "ftp"; use http, https, socks5 or socks5h`,
		}},
	} {
		_, err := get(t, httpx.NewIn(variables(map[string]string{"ALL_PROXY": c.proxy})), c.url)
		if err == nil {
			t.Errorf("%s: there was an answer", name)
			continue
		}
		c.want.Reason = strings.ReplaceAll(c.want.Reason, "$proxy", c.proxy[strings.LastIndexAny(c.proxy, "@/")+1:])
		if got := httpx.Diagnose("car.test", err); got != c.want {
			t.Errorf("%s: %v is %+v", name, err, got)
		}
	}
}

// withUser is a proxy's URL with a login.
func withUser(proxy, login string) string {
	return strings.Replace(proxy, "http://", "http://"+login, 1)
}

// A password works as it is pasted, and as it is escaped.
func TestProxyPasswords(t *testing.T) {
	p := newProxy(t, "127.0.0.1:1")
	for login, want := range map[string]string{
		"user:p@ss/w#r?d:%5&é": "user:p@ss/w#r?d:%5&é", "user:p%40ss%2Fw": "user:p@ss/w", "do\\main:[x] {y}": "do\\main:[x] {y}",
		"user:100%": "user:100%", "user": "user:", "u%3Aser:%2541": "u:ser:%41",
	} {
		transport := httpx.NewIn(variables(map[string]string{"HTTP_PROXY": withUser(p.URL, login+"@")}))
		if _, err := get(t, transport, "http://car.test"); err != nil {
			t.Errorf("%s: %v", login, err)
			continue
		}
		encoded := base64.StdEncoding.EncodeToString([]byte(want))
		if got := p.asked[len(p.asked)-1]; !strings.HasSuffix(got, " Basic "+encoded) {
			t.Errorf("%s: the proxy was asked %s", login, got)
		}
	}
}

// The answer 407 of a server that is asked without a proxy is its own.
func Test407WithoutProxy(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(407) }))
	defer s.Close()
	if _, err := get(t, httpx.NewIn(variables(nil)), s.URL); err != nil {
		t.Error(err)
	}
}

func TestCheckEnvironment(t *testing.T) {
	garbage := t.TempDir()
	for name, c := range map[string]struct {
		variables map[string]string
		want      string // of the error
	}{
		"nothing": {nil, ""},
		"empty":   {map[string]string{"HTTP_PROXY": " ", "SSL_CERT_FILE": ""}, ""},
		"host":    {map[string]string{"HTTP_PROXY": "proxy.test"}, ""},
		"IPv6":    {map[string]string{"HTTP_PROXY": "[::1]:3128"}, ""},
		"SOCKS":   {map[string]string{"ALL_PROXY": "socks5h://user:secret@proxy.test:1080"}, ""},
		"no URL": {
			map[string]string{"HTTPS_PROXY": "http://user:secret@pro xy"},
			"cannot use HTTPS_PROXY: it is not a URL; a proxy looks like http://host:3128",
		},
		"scheme": {
			map[string]string{"https_proxy": "socks4://h"},
			`cannot use https_proxy: a proxy cannot have the scheme "socks4"; use http, https, socks5 or socks5h`,
		},
		"no host": {
			map[string]string{"HTTP_PROXY": "http://:3128"}, "cannot use HTTP_PROXY: it names no host; a proxy looks like http://host:3128",
		},
		"port": {
			map[string]string{"HTTP_PROXY": "h:99999"}, "cannot use HTTP_PROXY: 99999 is not a port, which is a number from 1 to 65535",
		},
		"once": {
			map[string]string{"ALL_PROXY": "http://"}, "cannot use ALL_PROXY: it names no host; a proxy looks like http://host:3128",
		},
		"no file": {
			map[string]string{"CURL_CA_BUNDLE": "/not/there.pem"},
			"cannot use CURL_CA_BUNDLE: cannot read /not/there.pem: no such file or directory",
		},
		"no content": {
			map[string]string{"REQUESTS_CA_BUNDLE": garbage}, "cannot use REQUESTS_CA_BUNDLE: " + garbage + " holds no certificate in PEM form",
		},
		"a bundle": {map[string]string{"REQUESTS_CA_BUNDLE": newAuthority(t).file(t)}, ""},
	} {
		err := httpx.CheckEnvironment(variables(c.variables))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s: %q", name, got)
		}
		if fault := (*httpx.EnvironmentError)(nil); (err != nil) != errors.As(err, &fault) {
			t.Errorf("%s: %T", name, err)
		}
	}
}
