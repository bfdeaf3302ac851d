package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/failure"
)

// issuer signs certificates.
type issuer struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{}
	i.certificate, i.key = i.sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "Test Authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	return i
}

// sign makes a certificate of a template, with a key of its own; the first one signs itself.
func (i *issuer) sign(t *testing.T, template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	template.NotBefore = template.NotAfter.Add(-48 * time.Hour)
	parent, signer := i.certificate, i.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate, key
}

// pair is a certificate and its key as texts in PEM form.
func (i *issuer) pair(t *testing.T, template *x509.Certificate) (cert, key string) {
	t.Helper()
	certificate, private := i.sign(t, template)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return asPEM("CERTIFICATE", certificate.Raw), asPEM("PRIVATE KEY", der)
}

func asPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// Data sources with every kind of TLS, through the program: each with the option that it takes, or
// with a message that names the cause, a hint that names the option, and one attempt.
func TestTLSServers(t *testing.T) {
	t.Parallel()
	ours, theirs := newIssuer(t), newIssuer(t)
	local := func(change func(*x509.Certificate)) *x509.Certificate {
		c := &x509.Certificate{
			Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		}
		if change != nil {
			change(c)
		}
		return c
	}
	named := local(func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"source.example"} })
	clients := x509.NewCertPool()
	clients.AddCert(ours.certificate)
	wanted := func(c *tls.Config) { c.ClientAuth, c.ClientCAs = tls.RequireAndVerifyClientCert, clients }
	cert, key := ours.pair(t, local(nil))
	otherCert, otherKey := theirs.pair(t, local(nil))
	ca := "ca: " + quoted(asPEM("CERTIFICATE", ours.certificate.Raw))
	for _, c := range []struct {
		name     string
		template *x509.Certificate
		config   func(*tls.Config)
		options  string
		message  string // of the failure; "" for a run that succeeds
		hint     string
	}{
		{"self-signed", local(nil), nil, "", "the certificate is not trusted: it is signed by an unknown authority", "tls.ca"},
		{"self-signed, authority given", local(nil), nil, ca, "", ""},
		{"self-signed, insecure", local(nil), nil, "insecure: true", "", ""},
		{"wrong name", named, nil, ca, "it is not for 127.0.0.1", "tls.serverName"},
		{"wrong name, name given", named, nil, ca + `, serverName: "source.example"`, "", ""},
		{"Common Name only", local(func(c *x509.Certificate) { c.IPAddresses = nil }), nil, ca,
			"it names 127.0.0.1 only as its Common Name", "tls.serverName"},
		{
			"expired", local(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }), nil, ca, "it expired on ",
			"have the data source's certificate renewed",
		},
		{"client certificate wanted", local(nil), wanted, ca, "the server requires a client certificate", "tls.cert"},
		{
			"client certificate wanted, TLS 1.2", local(nil), func(c *tls.Config) { wanted(c); c.MaxVersion = tls.VersionTLS12 }, ca,
			"requires a client certificate", "tls.cert",
		},
		{"client certificate given", local(nil), wanted, ca + ", cert: " + quoted(cert) + ", key: " + quoted(strings.ReplaceAll(key, "\n", `\n`)), "", ""},
		{
			"client certificate of somebody else", local(nil), wanted, ca + ", cert: " + quoted(otherCert) + ", key: " + quoted(otherKey),
			"the server requires a client certificate that it trusts", "tls.cert",
		},
		{
			"old version", local(nil), func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, ca,
			"the server supports no TLS version that is allowed here", "tls.minVersion",
		},
		{
			"old version allowed", local(nil), func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 },
			ca + `, minVersion: "1.0"`, "", "",
		},
		{
			"not new enough", local(nil), func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }, ca + `, minVersion: "1.3"`,
			"the server supports no TLS version that is allowed here", "tls.minVersion",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			certificate, private := ours.sign(t, c.template)
			data := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = io.WriteString(w, `[{"id": "h1"}, {"id": "h2"}]`)
			}))
			data.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes
			var connections atomic.Int64
			data.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					connections.Add(1)
				}
			}
			data.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate.Raw}, PrivateKey: private}}}
			if c.config != nil {
				c.config(data.TLS)
			}
			data.StartTLS()
			defer data.Close()
			d := newDesk(t)
			d.write("connectors/secured/src/main.ts", strings.Replace(tlsConnector, "TLS", "{ "+c.options+" }", 1))
			d.write("connectors/secured/configurations/config.json", tlsConfig)
			if c.message == "" {
				r := d.ok(host.ModeFull, "secured", "-url", data.URL, "-full")
				if n := r.report.Collections["asset"].Sent; n != 2 {
					t.Errorf("%d assets, want 2", n)
				}
				return
			}
			r := d.imports("secured", "-url", data.URL, "-full")
			if r.code != failure.CodeDatasourceConnect {
				t.Fatalf("exit code %d\n%s", r.code, r)
			}
			contains(t, r.report.Failure.Message, c.message)
			contains(t, r.report.Failure.Hint, c.hint)
			if n := connections.Load(); n != 1 {
				t.Errorf("%d connections: what cannot succeed is tried again", n)
			}
			if text := fmt.Sprint(r); strings.Contains(text, "PRIVATE KEY") {
				t.Errorf("a key is shown\n%s", text)
			}
		})
	}
}

// What is wrong with a client certificate is told before anything is sent.
func TestClientCertificateThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	cert, _ := i.pair(t, &x509.Certificate{})
	_, otherKey := i.pair(t, &x509.Certificate{})
	for options, want := range map[string]string{
		"cert: " + quoted(cert) + ", key: " + quoted(otherKey): "cannot use the client certificate for the data source: " +
			"private key does not match public key",
		`cert: "nonsense", key: "nonsense"`: "cannot use the client certificate for the data source: failed to find any PEM data in certificate input",
		"cert: " + quoted(cert):             "HttpClient: the option tls.cert goes with tls.key, the key of the certificate",
		`minVersion: "1.4" as any`:          `HttpClient: the option tls.minVersion must be "1.2", "1.3", "1.1" or "1.0", not "1.4"`,
	} {
		d := newDesk(t)
		d.write("connectors/secured/src/main.ts", strings.Replace(tlsConnector, "TLS", "{ "+options+" }", 1))
		d.write("connectors/secured/configurations/config.json", tlsConfig)
		r := d.imports("secured", "-url", "https://127.0.0.1:1", "-full")
		if r.code == 0 || r.report.Failure == nil {
			t.Fatalf("%s", r)
		}
		contains(t, r.report.Failure.Message, want)
	}
}
