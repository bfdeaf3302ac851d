package car

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host/failure"
	"carjs/host/httpx"
)

// secure is a CAR service over TLS, and its certificate in a file.
func secure(t *testing.T, change func(*httptest.Server)) (s *script, certificate string) {
	t.Helper()
	s = &script{t: t, answers: []http.HandlerFunc{says(`{"id":"j"}`)}}
	s.server = httptest.NewUnstartedServer(s)
	s.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if change != nil {
		change(s.server)
	}
	s.server.StartTLS()
	t.Cleanup(s.server.Close)
	certificate = filepath.Join(t.TempDir(), "ca.pem")
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.server.Certificate().Raw})
	if err := os.WriteFile(certificate, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return s, certificate
}

// in is a client in an environment of its own.
func in(variables map[string]string, change ...func(*Config)) func(*Config) {
	return func(c *Config) {
		c.Transport = httpx.NewIn(func(name string) (string, bool) { value, ok := variables[name]; return value, ok })
		for _, f := range change {
			f(c)
		}
	}
}

// What cannot succeed is tried once, says why, and what to do.
func TestCannotConnect(t *testing.T) {
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(407) }))
	t.Cleanup(refusing.Close)
	at := func(url string) func(*Config) { return func(c *Config) { c.URL = url + "/api/car/v2" } }
	s, certificate := secure(t, nil)
	other := strings.Replace(s.server.URL, "127.0.0.1", "localhost", 1)
	wanting, itsCertificate := secure(t, func(s *httptest.Server) {
		s.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}
	})
	old, itsOwn := secure(t, func(s *httptest.Server) {
		s.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	})
	for name, c := range map[string]struct {
		client    *Client
		why, hint string
	}{
		"unknown authority": {client: s.client(in(nil)), why: "signed by an unknown authority", hint: "SSL_CERT_FILE"},
		"other name": {
			client: s.client(in(map[string]string{"SSL_CERT_FILE": certificate}, at(other))),
			why:    "it is not for localhost", hint: "the host name in the certificate",
		},
		"client certificate": {
			client: wanting.client(in(map[string]string{"SSL_CERT_FILE": itsCertificate})),
			why:    "it requires a client certificate", hint: "client certificate",
		},
		"old TLS": {
			client: old.client(in(map[string]string{"SSL_CERT_FILE": itsOwn})), why: "supports no TLS version", hint: "TLS 1.2",
		},
		"407": {
			client: s.client(in(map[string]string{"HTTPS_PROXY": refusing.URL}, at("https://car.test"))),
			why:    "requires a user name and password, and its URL has none", hint: "NO_PROXY",
		},
		"407 without TLS": {
			client: s.client(in(map[string]string{"HTTP_PROXY": refusing.URL}, at("http://car.test"))),
			why:    "requires a user name and password, and its URL has none", hint: "NO_PROXY",
		},
		"malformed proxy": {
			client: s.client(in(map[string]string{"HTTPS_PROXY": "ftp://user:secret@h"}, at("https://car.test"))),
			why:    "cannot use HTTPS_PROXY", hint: "correct the variable",
		},
		"no bundle": {
			client: s.client(in(map[string]string{"CURL_CA_BUNDLE": "/not/there"})),
			why:    "cannot use CURL_CA_BUNDLE: cannot read /not/there", hint: "correct the variable",
		},
		"host": {client: s.client(in(nil, at("http://name.invalid"))), why: "no such host name.invalid", hint: "correct the host"},
	} {
		_, err := c.client.Import(context.Background(), []byte(`{}`))
		f := failure.From(err)
		rule := RuleFor(PostImport, CannotConnect)
		if name == "host" && f.Kind == rule.Kind && !strings.Contains(f.Message, "no such host") {
			t.Logf("this machine cannot tell that a name does not exist: %s", f.Message)
			continue
		}
		if f.Kind != rule.Kind || f.Fault != rule.Fault || !strings.HasPrefix(f.Message, "cannot connect to CAR for POST imports: ") ||
			!strings.Contains(f.Message, c.why) || !strings.Contains(f.Hint, c.hint) || strings.Contains(f.Message+f.Detail, "secret") {
			t.Errorf("%s: %+v", name, f)
		}
		if c.client.Requests() != 1 {
			t.Errorf("%s: %d requests", name, c.client.Requests())
		}
	}
}

// What may pass is tried again: a proxy that is not there yet, as CAR itself.
func TestProxyComesBack(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	s := newScript(t, says("{}"))
	c := s.client(in(map[string]string{"HTTP_PROXY": closed.URL}, func(c *Config) { c.URL = "http://car.test/api/car/v2" }))
	err := c.SetSavePoint(context.Background(), "1")
	f := failure.From(err)
	if c.Requests() != tries ||
		f.Message != "cannot connect to CAR for PATCH source: cannot connect to the proxy: connection refused by it, 4 times" ||
		!strings.Contains(f.Hint, "HTTPS_PROXY") {
		t.Errorf("%d requests, %+v", c.Requests(), f)
	}
}

// A certificate authority of the environment is trusted, and the reason of an error stays to be
// found.
func TestEnvironmentOfClient(t *testing.T) {
	s, certificate := secure(t, nil)
	if id, err := s.client(in(map[string]string{"REQUESTS_CA_BUNDLE": certificate})).Import(context.Background(), []byte(`{}`)); id != "j" {
		t.Errorf("%q, %v", id, err)
	}
	_, err := s.client(in(nil)).Import(context.Background(), []byte(`{}`))
	var cause *tls.CertificateVerificationError
	if !errors.As(err, &cause) {
		t.Errorf("%v has lost its cause", err)
	}
}
