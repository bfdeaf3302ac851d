package httpx_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"carjs/host/httpx"
)

// Servers that no connection can be made to, and why.
func TestTLSFaults(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	with := func(c tls.Certificate) *tls.Config { return &tls.Config{Certificates: []tls.Certificate{c}} }
	host := func(s *httptest.Server) string { return s.Listener.Addr().String() }
	plain := httptest.NewServer(http.HandlerFunc(hello))
	t.Cleanup(plain.Close)
	expired := time.Now().Add(-time.Minute)
	early := time.Now().Add(time.Hour)
	ok := ours.issue(t, nil)
	for name, c := range map[string]struct {
		address, reason string
		kind            httpx.Kind
	}{
		"unknown authority": {
			host(tlsServer(t, with(theirs.issue(t, nil)))),
			"the certificate is not trusted: it is signed by an unknown authority", httpx.UnknownAuthority,
		},
		"other name": {
			host(tlsServer(t, with(ours.issue(t, func(c *x509.Certificate) { c.DNSNames = []string{"other.test"} })))),
			"the certificate is not trusted: it is not for car.test", httpx.WrongHost,
		},
		"Common Name only": {
			host(tlsServer(t, with(ours.issue(t, func(c *x509.Certificate) { c.DNSNames = nil })))),
			"the certificate is not trusted: it names car.test only as its Common Name, not as a Subject Alternative Name", httpx.WrongHost,
		},
		"expired": {
			host(tlsServer(t, with(ours.issue(t, func(c *x509.Certificate) { c.NotAfter = expired })))),
			"the certificate is not trusted: it expired on " + expired.UTC().Format(time.DateOnly), httpx.OutOfDate,
		},
		"not yet valid": {
			host(tlsServer(t, with(ours.issue(t, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = early, early.Add(time.Hour) })))),
			"the certificate is not trusted: it is not valid before " + early.UTC().Format(time.DateOnly), httpx.OutOfDate,
		},
		"for clients only": {
			host(tlsServer(t, with(ours.issue(t, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })))),
			"the certificate is not trusted: certificate specifies an incompatible key usage", httpx.BadCertificate,
		},
		"client certificate, TLS 1.2": {
			handshakes(t, &tls.Config{Certificates: []tls.Certificate{ok}, ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}),
			"the server rejected the TLS handshake: no common version or cipher, or it requires a client certificate", httpx.TLSFailed,
		},
		"client certificate, TLS 1.3": {
			handshakes(t, &tls.Config{Certificates: []tls.Certificate{ok}, ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS13}),
			"the server requires a client certificate that it trusts", httpx.ClientCertificate,
		},
		"TLS 1.1, refused by the server": {
			host(tlsServer(t, &tls.Config{Certificates: []tls.Certificate{ok}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})),
			"the server supports no TLS version that is allowed here", httpx.TLSVersion,
		},
		"TLS 1.0, refused here": {
			answers(t, serverHelloTLS10),
			"the server chose TLS 1.0, a version that is not allowed here", httpx.TLSVersion,
		},
		"no cipher in common": {
			host(tlsServer(t, &tls.Config{
				Certificates: []tls.Certificate{ok}, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256},
			})),
			"the server rejected the TLS handshake: no common version or cipher, or it requires a client certificate", httpx.TLSFailed,
		},
		"alert about the client's certificate": {
			answers(t, "\x15\x03\x03\x00\x02\x02\x2a"), "the server requires a client certificate that it trusts", httpx.ClientCertificate,
		},
		"alert about the name": {answers(t, "\x15\x03\x03\x00\x02\x02\x70"), "the server does not know the name car.test:443", httpx.WrongHost},
		"alert of another kind": {
			answers(t, "\x15\x03\x03\x00\x02\x02\x2f"), "the server ended the TLS connection: illegal parameter", httpx.TLSFailed,
		},
		"no TLS":     {plain.Listener.Addr().String(), "the server does not speak TLS there", httpx.NotTLS},
		"not HTTP":   {answers(t, "220 mail.test ESMTP\r\n"), "the server does not speak TLS there", httpx.NotTLS},
		"hangs up":   {answers(t, ""), "the connection was closed before the response was complete", httpx.Dropped},
		"hangs up 2": {answers(t, "\x16\x03\x03"), "the connection was closed before the response was complete", httpx.Dropped},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// A bundle and a name that the certificate is for, wherever the server is.
			transport := httpx.WithTLS(httpx.NewIn(variables(map[string]string{"SSL_CERT_FILE": ours.file(t)})),
				&tls.Config{ServerName: "car.test"})
			_, err := get(t, transport, "https://"+c.address)
			if err == nil {
				t.Fatal("there was an answer")
			}
			d := httpx.Diagnose("car.test:443", err)
			if d.Kind != c.kind || d.Reason != c.reason || d.Retryable != (c.kind == httpx.Dropped) {
				t.Errorf("%v is %+v", err, d)
			}
		})
	}
}

// handshakes serves TLS up to the end of the handshake, and keeps the connection open so that the
// client is sure to see how it ends.
func handshakes(t *testing.T, config *tls.Config) string {
	t.Helper()
	return listens(t, func(conn net.Conn) {
		_ = tls.Server(conn, config).Handshake()
		_, _ = io.Copy(io.Discard, conn)
	})
}

// answers sends the same to whoever has sent something, and hangs up.
func answers(t *testing.T, text string) string {
	t.Helper()
	return listens(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 64<<10))
		_, _ = io.WriteString(conn, text)
	})
}

func listens(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

// serverHelloTLS10 is what a server of 1999 answers to any ClientHello: record, handshake message,
// version 3.1, random, no session, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
var serverHelloTLS10 = "\x16\x03\x01\x00\x2a" + "\x02\x00\x00\x26" + "\x03\x01" + strings.Repeat("r", 32) + "\x00" + "\x00\x2f" + "\x00"

// Authorities of the environment count besides those of the system, and those of the settings
// instead.
func TestAuthorities(t *testing.T) {
	a := newAuthority(t)
	s := tlsServer(t, &tls.Config{Certificates: []tls.Certificate{a.issue(t, nil)}})
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	for name, c := range map[string]struct {
		variables map[string]string
		config    *tls.Config
		want      httpx.Kind
	}{
		"none":               {nil, &tls.Config{}, httpx.UnknownAuthority},
		"SSL_CERT_FILE":      {map[string]string{"SSL_CERT_FILE": a.file(t)}, &tls.Config{}, ""},
		"REQUESTS_CA_BUNDLE": {map[string]string{"REQUESTS_CA_BUNDLE": a.file(t)}, &tls.Config{}, ""},
		"a folder":           {map[string]string{"REQUESTS_CA_BUNDLE": strings.TrimSuffix(a.file(t), "ca.pem")}, &tls.Config{}, ""},
		"several": {
			map[string]string{"CURL_CA_BUNDLE": a.file(t), "SSL_CERT_FILE": newAuthority(t).file(t)}, &tls.Config{}, "",
		},
		"another one":       {map[string]string{"CURL_CA_BUNDLE": newAuthority(t).file(t)}, &tls.Config{}, httpx.UnknownAuthority},
		"settings":          {map[string]string{"CURL_CA_BUNDLE": "/not/there"}, &tls.Config{RootCAs: pool}, ""},
		"settings lack it":  {map[string]string{"CURL_CA_BUNDLE": a.file(t)}, &tls.Config{RootCAs: x509.NewCertPool()}, httpx.UnknownAuthority},
		"cannot be read":    {map[string]string{"CURL_CA_BUNDLE": "/not/there"}, &tls.Config{}, httpx.BadEnvironment},
		"nothing is set":    {map[string]string{"CURL_CA_BUNDLE": ""}, &tls.Config{}, httpx.UnknownAuthority},
		"not to be checked": {map[string]string{"CURL_CA_BUNDLE": "/not/there"}, &tls.Config{InsecureSkipVerify: true}, ""},
	} {
		c.config.ServerName = "car.test"
		_, err := get(t, httpx.WithTLS(httpx.NewIn(variables(c.variables)), c.config), s.URL)
		if (err == nil) != (c.want == "") || err != nil && httpx.Diagnose("", err).Kind != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is asked without TLS needs no certificates.
func TestBundleIsReadForTLSOnly(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(hello))
	defer s.Close()
	transport := httpx.NewIn(variables(map[string]string{"SSL_CERT_FILE": "/not/there"}))
	if _, err := get(t, transport, s.URL); err != nil {
		t.Error(err)
	}
	_, err := get(t, transport, "https"+strings.TrimPrefix(s.URL, "http"))
	var fault *httpx.EnvironmentError
	if !errors.As(err, &fault) || fault.Variable != "SSL_CERT_FILE" || !strings.Contains(fault.Error(), "/not/there") {
		t.Errorf("got %v", err)
	}
}

// The protocol is the same with and without TLS settings of one's own.
func TestHTTP2(t *testing.T) {
	a := newAuthority(t)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{Certificates: []tls.Certificate{a.issue(t, nil)}}
	s.StartTLS()
	defer s.Close()
	config := &tls.Config{ServerName: "car.test"}
	transport := httpx.WithTLS(httpx.NewIn(variables(map[string]string{"SSL_CERT_FILE": a.file(t)})), config)
	for range 2 {
		if got, err := get(t, transport, s.URL); got != "HTTP/2.0" {
			t.Errorf("%q, %v", got, err)
		}
	}
	if config.RootCAs != nil || config.NextProtos != nil {
		t.Errorf("the settings were changed: %+v", config)
	}
}

// A transport that cannot have TLS settings says so instead of sending without them.
func TestWithTLS(t *testing.T) {
	odd := roundTripper(func(*http.Request) (*http.Response, error) { return nil, io.EOF })
	own := httpx.WithTLS(odd, &tls.Config{})
	if httpx.TakesTLS(own) {
		t.Error("it takes them")
	}
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://car.test", strings.NewReader("x"))
	_, err := own.RoundTrip(request)
	if !errors.Is(err, httpx.ErrNoTLS) || httpx.Diagnose("", err).Retryable {
		t.Errorf("got %v", err)
	}
	for _, able := range []http.RoundTripper{http.DefaultTransport, httpx.New(), httpx.Transport(http.NotFoundHandler())} {
		if !httpx.TakesTLS(httpx.WithTLS(able, &tls.Config{ServerName: "x"})) {
			t.Errorf("%T takes none", able)
		}
	}
	if http.DefaultTransport.(*http.Transport).TLSClientConfig != nil &&
		http.DefaultTransport.(*http.Transport).TLSClientConfig.ServerName == "x" {
		t.Error("the original was changed")
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
