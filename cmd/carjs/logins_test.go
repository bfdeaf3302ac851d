package main

import (
	"crypto/x509"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"carjs/host"
)

// loginConfig declares a password beside the URL.
const loginConfig = `{"connection": {"type": {"type": "connectorType", "displayName": "Login", "group": "login"}},
 "configuration": {"auth": {"type": "fields", "url": {"type": "text", "regex": "^https?://.+"}, "password": {"type": "password"}}}}`

// loginSource is a data source behind several logins: each gives out what counts then.
type loginSource struct {
	mu     sync.Mutex
	logins int
}

func (s *loginSource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	current := func() string { return fmt.Sprintf("a-session-that-nobody-may-see-%d", s.logins) }
	data, _ := io.ReadAll(r.Body)
	switch r.URL.Path {
	case "/cookie", "/header", "/body", "/oauth":
		s.logins++
		if !strings.Contains(string(data), "the-password") && !strings.Contains(string(data), "assertion=eyJ") {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
	}
	switch r.URL.Path {
	case "/cookie":
		http.SetCookie(w, &http.Cookie{Name: "theme", Value: "dark", Path: "/"})
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: current(), Path: "/", HttpOnly: true})
		http.Redirect(w, r, "/home", http.StatusFound)
	case "/home":
		fmt.Fprint(w, `{}`)
	case "/header":
		w.Header().Set("X-Auth-Token", current())
	case "/body":
		fmt.Fprintf(w, `{"result": {"ticket": %q}}`, current())
	case "/oauth":
		fmt.Fprintf(w, `{"access_token": %q, "expires_in": "3600"}`, current())
	default:
		sid, _ := r.Cookie("sid")
		given := r.Header.Get("X-Auth-Token") + r.Header.Get("X-Ticket") + strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if sid != nil {
			given = sid.Value
		}
		if given != current() {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `[{"id": "h1"}, {"id": "h2"}]`)
	}
}

// A run that logs in can be recorded, without what the login gave, and replayed.
func TestLoginsAreRecorded(t *testing.T) {
	t.Parallel()
	_, key := newIssuer(t).pair(t, &x509.Certificate{})
	for name, auth := range map[string]string{
		"cookie": `session({ login: { path: "/cookie", form: { password } } })`,
		"header": `session({ login: { path: "/header", json: { password } }, token: { header: "X-Auth-Token" } })`,
		"body":   `session({ login: { path: "/body", json: { password } }, token: { path: "result.ticket", to: "X-Ticket" } })`,
		"password": `oauth2({ tokenURL: context().args.CONFIGURATION_AUTH_URL + "/oauth", grant: "password", username: "u",
  password: context().args.CONFIGURATION_AUTH_PASSWORD })`,
		"key": `oauth2({ tokenURL: context().args.CONFIGURATION_AUTH_URL + "/oauth", clientId: "i", privateKey: ` + quoted(key) + ` })`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := httptest.NewServer(&loginSource{})
			defer source.Close()
			d := newDesk(t)
			text := strings.NewReplacer(`import { HttpClient }`, `import { HttpClient, oauth2, session }`, "tls: TLS", "auth: "+auth,
				"const client", "const password = context().args.CONFIGURATION_AUTH_PASSWORD;\nvoid [oauth2, session, password];\nconst client",
				"CONFIGURATION_AUTH_URL: string }", "CONFIGURATION_AUTH_URL: string; CONFIGURATION_AUTH_PASSWORD: string }").Replace(tlsConnector)
			d.write("connectors/login/src/main.ts", text)
			d.write("connectors/login/configurations/config.json", loginConfig)
			assets := func(what string, r result) {
				t.Helper()
				if n := r.report.Collections["asset"].Sent; n != 2 {
					t.Errorf("%s: %d assets, want 2", what, n)
				}
			}
			const folder = "connectors/login/recordings/first"
			assets("-record", d.ok(host.ModeFull, "login", "-url", source.URL, "-password", "the-password", "-full", "-record", folder))
			source.Close()
			assets("-replay", d.ok(host.ModeFull, "login", "-full", "-replay", folder, "-password", "the-password"))
			assets("-replay without the password", d.ok(host.ModeFull, "login", "-full", "-replay", folder))
			err := filepath.WalkDir(filepath.Join(d.dir, folder), func(path string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() {
					return err
				}
				data, err := os.ReadFile(path)
				for _, secret := range []string{"nobody-may-see", "the-password", "eyJ", "dark"} {
					if strings.Contains(string(data), secret) {
						t.Errorf("%s has %s:\n%s", path, secret, data)
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
