package main

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/failure"
)

// tunnel is a proxy that lets requests with the user and password through, to one server whatever
// host they name.
type tunnel struct {
	target string
	mu     sync.Mutex
	asked  []string // hosts
}

func (p *tunnel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Proxy-Authorization") != "Basic dXNlcjpwcm94eS1zZWNyZXQ=" { // user:proxy-secret
		w.WriteHeader(http.StatusProxyAuthRequired)
		return
	}
	p.mu.Lock()
	p.asked = append(p.asked, r.Host)
	p.mu.Unlock()
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
	var both sync.WaitGroup
	both.Go(func() {
		_, _ = io.Copy(there, buffered)
		there.Close()
	})
	both.Go(func() {
		_, _ = io.Copy(here, there)
		here.Close()
	})
	both.Wait()
}

// A run behind a company's proxy, to a CAR with a certificate of the company's own: what the
// environment says about it holds, and a variable that cannot be used ends the run before it
// begins.
func TestProxyAndCertificates(t *testing.T) {
	service, err := carserver.Open(carserver.Config{Key: "k", Password: "p"})
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	car := httptest.NewUnstartedServer(service.Handler())
	car.Config.ErrorLog = log.New(io.Discard, "", 0)
	car.StartTLS() // with a certificate for example.com
	defer car.Close()
	through := &tunnel{target: car.Listener.Addr().String()}
	proxy := httptest.NewServer(through)
	defer proxy.Close()
	certificate := filepath.Join(t.TempDir(), "ca.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: car.Certificate().Raw})
	if err := os.WriteFile(certificate, data, 0o600); err != nil {
		t.Fatal(err)
	}
	address := proxy.Listener.Addr().String()
	good := "http://user:proxy-secret@" + address
	for _, test := range []struct {
		name    string
		env     []string
		code    int
		message []string // parts of it, the hint included
	}{
		{"HTTPS_PROXY", []string{"HTTPS_PROXY=" + good, "SSL_CERT_FILE=" + certificate}, 0, nil},
		{"ALL_PROXY", []string{"ALL_PROXY=" + good, "REQUESTS_CA_BUNDLE=" + certificate}, 0, nil},
		{"CURL_CA_BUNDLE", []string{"all_proxy=" + good, "CURL_CA_BUNDLE=" + certificate}, 0, nil},
		{
			"no authority", []string{"HTTPS_PROXY=" + good}, failure.CodeRecoverable,
			[]string{"cannot connect to CAR", "signed by an unknown authority", "SSL_CERT_FILE"},
		},
		{
			"wrong password", []string{"HTTPS_PROXY=http://user:proxy-secret2@" + address, "SSL_CERT_FILE=" + certificate}, failure.CodeRecoverable,
			[]string{"cannot connect to CAR", "the proxy " + address + ` rejected the login of the user "user"`, "HTTPS_PROXY"},
		},
		{
			"not a proxy", []string{"HTTPS_PROXY=ftp://user:proxy-secret@" + address}, 2,
			[]string{`cannot use HTTPS_PROXY: a proxy cannot have the scheme "ftp"`, "fix or unset the environment variable"},
		},
		{
			"not a file", []string{"HTTPS_PROXY=" + good, "CURL_CA_BUNDLE=/not/there.pem", "ALL_PROXY=http://:1"}, 2,
			[]string{"cannot use CURL_CA_BUNDLE: cannot read /not/there.pem"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			through.asked = nil
			d := newDesk(t)
			d.small(addOne)
			d.env = test.env
			r := d.imports("small", "-full", "-car-service-url", "https://example.com/api/car/v2", "-car-service-key", "k",
				"-car-service-password", "p", "-source", "office")
			if r.code != test.code {
				t.Fatalf("exit code %d, want %d\n%s", r.code, test.code, r)
			}
			if strings.Contains(r.stdout+r.stderr, "proxy-secret") {
				t.Errorf("the proxy's password is shown\n%s", r)
			}
			if test.code == 0 {
				if r.report.Mode != host.ModeFull || len(through.asked) == 0 ||
					slices.ContainsFunc(through.asked, func(at string) bool { return at != "example.com:443" }) {
					t.Errorf("the proxy was asked for %q\n%s", through.asked, r)
				}
				return
			}
			contains(t, r.report.Failure.Message+"\n"+r.report.Failure.Hint, test.message...)
			if test.code == failure.CodeInvalidParameter && len(through.asked) != 0 {
				t.Errorf("something was sent: %q", through.asked)
			}
		})
	}
}
