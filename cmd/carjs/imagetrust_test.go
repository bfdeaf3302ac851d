package main

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Whom a connector in an image trusts is in the image: Mozilla's authorities, and those of -ca.
func TestImageTrusts(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("images are for Linux")
	}
	ours := newIssuer(t)
	cert, key := ours.pair(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	})
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	data := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `[{"id": "1", "name": "one"}]`)
	}))
	data.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	data.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes
	data.StartTLS()
	t.Cleanup(data.Close)

	d := newDesk(t)
	if r := d.run("init", "inventory", "-template", "minimal"); r.code != 0 {
		t.Fatal(r)
	}
	d.write("company.pem", asPEM("CERTIFICATE", ours.certificate.Raw))
	_, car := reachableCAR(t)
	for _, test := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"Mozilla's alone", nil, 51, "signed by an unknown authority"},
		{"and the company's", []string{"-ca", "company.pem"}, 0, "The full import of office is complete"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if r := d.image(append([]string{"inventory", "-o", "inventory.tar"}, test.args...)...); r.code != 0 {
				t.Fatal(r)
			}
			image := readTar(t, filepath.Join(d.dir, "inventory.tar"))[here]
			root := t.TempDir()
			if err := image.Unpack(root); err != nil {
				t.Fatal(err)
			}
			trusted(t, filepath.Join(root, "etc/ssl/certs/ca-certificates.crt"))
			c := inImage(t, root, image.Config.Config)
			c.Env = append(append(c.Env, car...), "CONNECTION_NAME=office", "CONFIGURATION_AUTH_URL="+data.URL, "CONFIGURATION_AUTH_TOKEN=t")
			if c.SysProcAttr == nil { // not shut in: it would look at this machine's
				c.Env = append(c.Env, "SSL_CERT_FILE="+filepath.Join(root, "etc/ssl/certs/ca-certificates.crt"))
			}
			out, _ := c.CombinedOutput() // the code is looked at
			if got := c.ProcessState.ExitCode(); got != test.code || !strings.Contains(string(out), test.says) {
				t.Errorf("exit code %d, want %d and %q\n%s", got, test.code, test.says, out)
			}
		})
	}
}

// trusted checks that a file holds what the web is signed with, in certificates that can be read.
func trusted(t *testing.T, path string) {
	t.Helper()
	rest, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for block := (*pem.Block)(nil); ; {
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		names[certificate.Subject.CommonName] = true
	}
	for _, name := range []string{"ISRG Root X1", "DigiCert Global Root G2", "Amazon Root CA 1"} {
		if !names[name] {
			t.Errorf("%s is not among %d authorities", name, len(names))
		}
	}
	if len(names) < 100 {
		t.Errorf("%d authorities", len(names))
	}
}
