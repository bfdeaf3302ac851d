package cluster

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"carjs/host/failure"
)

// pair is a certificate for a client and its key, as PEM.
func pair(t *testing.T, name string) (cert, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY",
		Bytes: encoded})
}

// api is a server that says who asks.
type api struct {
	*httptest.Server
	ca     string // in base64
	answer func(w http.ResponseWriter, r *http.Request) bool
}

func newAPI(t *testing.T) *api {
	t.Helper()
	a := &api{}
	a.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.answer != nil && a.answer(w, r) {
			return
		}
		who := map[string]any{"authorization": r.Header.Get("Authorization"), "as": r.Header.Get("Impersonate-User"),
			"groups": r.Header["Impersonate-Group"]}
		if len(r.TLS.PeerCertificates) > 0 {
			who["certificate"] = r.TLS.PeerCertificates[0].Subject.CommonName
		}
		_ = json.NewEncoder(w).Encode(who)
	}))
	a.Config.ErrorLog = log.New(io.Discard, "", 0)
	a.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
	a.StartTLS()
	t.Cleanup(a.Close)
	a.ca = base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw}))
	return a
}

// config is a kubeconfig file with one context.
func (a *api) config(cluster, user string) string {
	return fmt.Sprintf(`current-context: one
contexts:
- {name: one, context: {cluster: c, user: u, namespace: assets}}
clusters:
- name: c
  cluster:
    server: %s
%s
users:
- name: u
  user:
%s
`, a.URL, indent(cluster), indent(user))
}

func indent(lines string) string { return "    " + strings.ReplaceAll(lines, "\n", "\n    ") }

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
		t.Fatal(err)
	}
}

func (a *api) who(t *testing.T, config Config) Object {
	t.Helper()
	c, err := Connect(config)
	if err != nil {
		t.Fatal(err)
	}
	who, err := c.Do(t.Context(), Request{Doing: "ask", Method: "GET", Path: "/api"})
	if err != nil {
		t.Fatal(err)
	}
	return who
}

func TestLogins(t *testing.T) {
	a := newAPI(t)
	dir := t.TempDir()
	cert, key := pair(t, "robot")
	write(t, filepath.Join(dir, "robot.crt"), string(cert))
	write(t, filepath.Join(dir, "keys", "robot.key"), string(key))
	write(t, filepath.Join(dir, "token"), "from-a-file\n")
	base := base64.StdEncoding.EncodeToString
	trusted := "certificate-authority-data: " + a.ca
	for _, test := range []struct{ name, cluster, user, key, want string }{
		{"a token", trusted, "token: secret", "authorization", "Bearer secret"},
		{"a token in a file", trusted, "tokenFile: token", "authorization", "Bearer from-a-file"},
		{"a token and a file", trusted, "token: secret\ntokenFile: token", "authorization", "Bearer from-a-file"},
		{"a token and a file that is not there", trusted, "token: secret\ntokenFile: nowhere", "authorization", "Bearer secret"},
		{"a password", trusted, "username: u\npassword: '123'", "authorization", "Basic " + base([]byte("u:123"))},
		{"a certificate", trusted, "client-certificate-data: " + base(cert) + "\nclient-key-data: " + base(key), "certificate", "robot"},
		{"a certificate in files", trusted, "client-certificate: robot.crt\nclient-key: keys/robot.key", "certificate", "robot"},
		{"nobody", trusted, "{}", "authorization", ""},
		{"somebody else", trusted, "token: t\nas: boss\nas-groups: [a, b]", "as", "boss"},
		{"no check of the certificate", "insecure-skip-tls-verify: true", "token: t", "authorization", "Bearer t"},
		{"another name in the certificate", trusted + "\ntls-server-name: example.com", "token: t", "authorization", "Bearer t"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(dir, "config")
			write(t, path, a.config(test.cluster, test.user))
			if got := a.who(t, Config{Kubeconfig: path}).Text(test.key); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// Several files are one: the first that names something counts, and paths are seen from their file.
func TestSeveralFiles(t *testing.T) {
	a := newAPI(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "one", "config"), "current-context: x\nusers:\n- {name: u, user: {tokenFile: token}}\n")
	write(t, filepath.Join(dir, "one", "token"), "first")
	two := strings.Replace(a.config("certificate-authority-data: "+a.ca, "token: second"), "current-context: one", "current-context: two", 1)
	write(t, filepath.Join(dir, "two"), two+"# end\n")
	list := strings.Join([]string{filepath.Join(dir, "nowhere"), filepath.Join(dir, "one", "config"), filepath.Join(dir, "two")},
		string(filepath.ListSeparator))
	env := func(name string) (string, bool) {
		value, ok := map[string]string{"KUBECONFIG": list, "HOME": dir}[name]
		return value, ok
	}
	if _, err := Connect(Config{LookupEnv: env}); err == nil || !strings.Contains(err.Error(), `no context "x"`) {
		t.Error(err)
	}
	if got := a.who(t, Config{LookupEnv: env, Context: "one"}).Text("authorization"); got != "Bearer first" {
		t.Error(got)
	}
	write(t, filepath.Join(dir, ".kube", "config"), two)
	home := func(name string) (string, bool) {
		value, ok := map[string]string{"HOME": dir}[name]
		return value, ok
	}
	c, err := Connect(Config{LookupEnv: home, Context: "one"})
	if err != nil || c.Namespace() != "assets" {
		t.Error(c, err)
	}
	if c, err = Connect(Config{LookupEnv: home, Context: "one", Namespace: "given"}); err != nil || c.Namespace() != "given" {
		t.Error(c, err)
	}
}

func TestInPod(t *testing.T) {
	a := newAPI(t)
	dir := t.TempDir()
	address, err := url.Parse(a.URL)
	if err != nil {
		t.Fatal(err)
	}
	env := func(name string) (string, bool) {
		value, ok := map[string]string{"KUBERNETES_SERVICE_HOST": address.Hostname(), "KUBERNETES_SERVICE_PORT": address.Port(),
			"HOME": dir}[name]
		return value, ok
	}
	config := Config{LookupEnv: env, ServiceAccount: dir}
	if _, err := Connect(config); err == nil || !strings.Contains(err.Error(), "no token of the cluster") {
		t.Error(err)
	}
	write(t, filepath.Join(dir, "token"), "of-the-pod")
	write(t, filepath.Join(dir, "namespace"), "own\n")
	write(t, filepath.Join(dir, "ca.crt"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})))
	if got := a.who(t, config).Text("authorization"); got != "Bearer of-the-pod" {
		t.Error(got)
	}
	if c, err := Connect(config); err != nil || c.Namespace() != "own" {
		t.Error(c, err)
	}
}

func TestBadKubeconfig(t *testing.T) {
	a := newAPI(t)
	cert, _ := pair(t, "robot")
	trusted := "certificate-authority-data: " + a.ca
	for _, test := range []struct{ name, text, says string }{
		{"empty", "", "no cluster is configured"},
		{"no YAML", "contexts: [\n", "config:1: "},
		{"a list", "- a\n", "config:1: keys and values are expected here"},
		{"a text", "hunter2\n", "config:1: keys and values are expected here"},
		{"clusters that are no list", "clusters: {c: {server: hunter2}}\n", "config:1: a list is expected here"},
		{"a context that is a word", "contexts: [{name: a, context: hunter2 into bool}]\n", "config:1: keys and values are expected here"},
		{"groups that are none", a.config(trusted, "as-groups: hunter2"), "config:12: a list is expected here"},
		{"a bool that is none", a.config("insecure-skip-tls-verify: maybe", "token: hunter2"), "config:8: true or false is expected here"},
		{"a token that is a list", a.config(trusted, "token: [hunter2]"), "config:12: a single value is expected here"},
		{"no base64", a.config("certificate-authority-data: '%'", "token: t"), "config:8: certificate-authority-data is not valid base64"},
		{"no certificate", a.config("certificate-authority-data: aGVsbG8=", "token: t"), "config:8: certificate-authority holds no certificate"},
		{"a file that is not there", a.config("certificate-authority: nowhere.crt", "token: t"), "nowhere.crt"},
		{"no key", a.config(trusted, "client-certificate-data: "+base64.StdEncoding.EncodeToString(cert)),
			"the client certificate of the user u"},
		{"no cluster", strings.Replace(a.config(trusted, "token: t"), "cluster: c,", "cluster: d,", 1),
			`config:3: the context one names the cluster "d"`},
		{"no user", strings.Replace(a.config(trusted, "token: t"), "user: u,", "user: v,", 1), `config:3: the context one names the user "v"`},
		{"no current context", strings.Replace(a.config(trusted, "token: t"), "current-context: one", "", 1), "has no current context"},
		{"no server", strings.Replace(a.config(trusted, "token: t"), "server: "+a.URL, "server: ''", 1), "has no server"},
		{"a server that is none", strings.Replace(a.config(trusted, "token: t"), a.URL, "ftp://x", 1), "config:7: server must be a URL"},
		{"a proxy that is none", a.config(trusted+"\nproxy-url: nonsense", "token: t"), "config:9: proxy-url must be a URL"},
		{"a provider", a.config(trusted, "auth-provider: {name: gcp}"), "config:12: the user u logs in through auth-provider gcp"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "config")
			write(t, path, test.text)
			_, err := Connect(Config{Kubeconfig: path, LookupEnv: func(string) (string, bool) { return "", false }})
			if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "hunter2") {
				t.Fatalf("%v, want %q", err, test.says)
			}
			if f := failure.From(err); f.Code != failure.CodeInvalidParameter || f.Hint == "" {
				t.Errorf("%d %q", f.Code, f.Hint)
			}
		})
	}
}

// A login program is asked again when its answer has expired or the cluster refuses it.
func TestLoginProgram(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	a := newAPI(t)
	dir := t.TempDir()
	cert, key := pair(t, "robot")
	quoted := func(b []byte) string { return strings.ReplaceAll(string(b), "\n", `\n`) }
	program := func(status string) {
		write(t, filepath.Join(dir, "login"), `#!/bin/sh
printf '%s' "$KUBERNETES_EXEC_INFO" > `+dir+`/info
echo "$1" >> `+dir+`/runs
cat <<'END'
{"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential", "status": `+status+`}
END
`)
	}
	runs := func() int {
		data, err := os.ReadFile(filepath.Join(dir, "runs"))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(data, []byte("get-token\n"))
	}
	path := filepath.Join(dir, "config")
	write(t, path, a.config("certificate-authority-data: "+a.ca, "exec:\n  apiVersion: client.authentication.k8s.io/v1beta1\n"+
		"  command: ./login\n  args: [get-token]\n  provideClusterInfo: true"))
	program(`{"token": "one", "expirationTimestamp": "2000-01-01T00:00:00Z"}`)
	c, err := Connect(Config{Kubeconfig: path})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() Object {
		t.Helper()
		who, err := c.Do(t.Context(), Request{Doing: "ask", Method: "GET", Path: "/api"})
		if err != nil {
			t.Fatal(err)
		}
		return who
	}
	if got := ask().Text("authorization"); got != "Bearer one" {
		t.Error(got)
	}
	var info Object
	data, err := os.ReadFile(filepath.Join(dir, "info"))
	if err == nil {
		err = json.Unmarshal(data, &info)
	}
	if err != nil || info.Text("spec", "cluster", "server") != a.URL || info.Text("spec", "cluster", "certificate-authority-data") != a.ca {
		t.Errorf("%s %v", data, err)
	}
	program(`{"token": "two"}`) // without an end
	for range 3 {
		if got := ask().Text("authorization"); got != "Bearer two" {
			t.Error(got)
		}
	}
	if n := runs(); n != 2 {
		t.Errorf("%d runs", n)
	}
	program(`{"clientCertificateData": "` + quoted(cert) + `", "clientKeyData": "` + quoted(key) + `"}`)
	a.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Authorization") == "Bearer two" {
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
		return false
	}
	if got := ask().Text("certificate"); got != "robot" || runs() != 3 {
		t.Errorf("%q after %d runs", got, runs())
	}
}

// A cluster that is busy is asked again; what it says in the end is told.
func TestRetries(t *testing.T) {
	a := newAPI(t)
	path := filepath.Join(t.TempDir(), "config")
	write(t, path, a.config("certificate-authority-data: "+a.ca, "token: t"))
	c, err := Connect(Config{Kubeconfig: path})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		status, times, asked, code int
		says                       string
	}{
		{429, 2, 3, 0, ""}, {503, 1, 2, 0, ""},
		{503, 9, tries, failure.CodeRecoverable, "cannot ask: the cluster answered 503: 503 Service Unavailable"},
		{500, 9, 1, failure.CodeRecoverable, "the cluster answered 500"},
		{404, 9, 1, failure.CodeInvalidParameter, "answered 404 Not Found"},
		{401, 9, 1, failure.CodeInvalidParameter, "rejected the login of the user u"},
	} {
		asked := 0
		a.answer = func(w http.ResponseWriter, _ *http.Request) bool {
			if asked++; asked > test.times {
				return false
			}
			w.WriteHeader(test.status)
			return true
		}
		_, err := c.Do(t.Context(), Request{Doing: "ask", Method: "GET", Path: "/api"})
		code := 0
		if err != nil {
			code = failure.From(err).Code
		}
		if code != test.code || asked != test.asked || err != nil && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%d: asked %d times, %v", test.status, asked, err)
		}
	}
	a.answer = nil
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Do(stopped, Request{Doing: "ask", Method: "GET", Path: "/api"}); err == nil ||
		failure.From(err).Code != failure.CodeRecoverable {
		t.Error(err)
	}
}

// What a cluster warns of is told once.
func TestWarnings(t *testing.T) {
	a := newAPI(t)
	path := filepath.Join(t.TempDir(), "config")
	write(t, path, a.config("certificate-authority-data: "+a.ca, "token: t"))
	a.answer = func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Add("Warning", `299 - "batch/v1beta1 is \"old\""`)
		w.Header().Add("Warning", `299 - "use\nanother"`)
		return false
	}
	var told []string
	c, err := Connect(Config{Kubeconfig: path, Warn: func(text string) { told = append(told, text) }})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := c.Do(t.Context(), Request{Doing: "ask", Method: "GET", Path: "/api"}); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(told, "|"); got != `batch/v1beta1 is "old"|use another` {
		t.Error(got)
	}
}

// The proxy of the cluster holds for it, wherever it is.
func TestProxy(t *testing.T) {
	a := newAPI(t)
	tunnelled := ""
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tunnelled = r.Host
		to, err := net.Dial("tcp", r.Host)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.WriteHeader(http.StatusOK)
		from, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		go func() { _, _ = io.Copy(to, from); to.Close() }()
		_, _ = io.Copy(from, to)
		from.Close()
	}))
	defer proxy.Close()
	path := filepath.Join(t.TempDir(), "config")
	write(t, path, a.config("certificate-authority-data: "+a.ca+"\nproxy-url: "+proxy.URL, "token: t"))
	if got := a.who(t, Config{Kubeconfig: path}).Text("authorization"); got != "Bearer t" || "https://"+tunnelled != a.URL {
		t.Errorf("%q through %q", got, tunnelled)
	}
	a.CloseClientConnections()
}
