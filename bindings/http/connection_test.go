package http_test

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/bindings/fetch"
	"carjs/host/httpx"
)

// What the environment says about proxies and certificates holds for data sources, and what cannot
// succeed is tried once.
func TestConnections(t *testing.T) {
	secure := func(config *tls.Config) *httptest.Server {
		s := httptest.NewUnstartedServer(http.HandlerFunc(echo))
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.TLS = config
		s.StartTLS()
		t.Cleanup(s.Close)
		return s
	}
	s := secure(nil)
	wanting := secure(&tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12})
	old := secure(&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(407) }))
	t.Cleanup(proxy.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem") // httptest has one certificate for all its servers
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	trusting := map[string]string{"REQUESTS_CA_BUNDLE": ca}
	for _, c := range []struct {
		name, url, options string
		env                map[string]string
		want               string
		requests           int64
	}{
		{"authority of the environment", s.URL, "", trusting, `/x`, 1},
		{"the same, with TLS settings", s.URL, `, tls: { serverName: "example.com" }`, trusting, `/x`, 1},
		{
			"other name", strings.Replace(s.URL, "127.0.0.1", "localhost", 1), "", trusting,
			`["DatasourceFailure",51,"GET $a/x: the certificate is not trusted: it is not for localhost"]`, 1,
		},
		{
			"client certificate", wanting.URL, "", trusting,
			`["DatasourceFailure",51,"GET $a/x: the server rejected the TLS handshake: no common version or cipher, or it requires a client certificate"]`, 1,
		},
		{
			"old TLS", old.URL, "", trusting,
			`["DatasourceFailure",51,"GET $a/x: the server supports no TLS version that is allowed here"]`, 1,
		},
		{
			"proxy with a password", "https://source.test", "", map[string]string{"HTTPS_PROXY": proxy.URL},
			`["DatasourceFailure",51,"GET $a/x: the proxy $proxy requires a user name and password, and its URL has none"]`, 1,
		},
		{
			"proxy with a password, without TLS", "http://source.test", "", map[string]string{"HTTP_PROXY": proxy.URL},
			`["DatasourceFailure",51,"GET $a/x: the proxy $proxy requires a user name and password, and its URL has none"]`, 1,
		},
		{
			"not a proxy", "https://source.test", "", map[string]string{"ALL_PROXY": "ftp://h"},
			`["DatasourceFailure",51,"GET $a/x: cannot use ALL_PROXY: a proxy cannot have the scheme \"ftp\"; use http, https, socks5 or socks5h"]`, 1,
		},
		{
			"proxy that is not there", "https://source.test", "", map[string]string{"ALL_PROXY": "socks5://127.0.0.1:1"},
			`["DatasourceFailure",51,"GET $a/x: cannot connect to the proxy: connection refused by it (tried 4 times)"]`, 4,
		},
	} {
		var count atomic.Int64
		transport := httpx.NewIn(func(name string) (string, bool) { value, ok := c.env[name]; return value, ok })
		w := world(fetch.Deps{Transport: transport, Count: func() { count.Add(1) }})
		script := `return caught(async () => (await new HttpClient({ baseURL: a, ...quick` + c.options + ` }).get("/x")).url)`
		check{c.name, script, strings.ReplaceAll(c.want, "$proxy", strings.TrimPrefix(proxy.URL, "http://"))}.run(t, w, c.url)
		if count.Load() != c.requests {
			t.Errorf("%s: %d requests, want %d", c.name, count.Load(), c.requests)
		}
	}
}
