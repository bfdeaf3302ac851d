package harness_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/bindings"
	"carjs/connectors/reference/server"
	"carjs/host"
	"carjs/host/author/acceptance"
	"carjs/host/bundle"
)

// referenceSource is the reference data source, as it is and after a change.
func referenceSource(t *testing.T, changed bool) string {
	t.Helper()
	s, err := server.Open(server.Config{Size: 3})
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s.Handler())
	t.Cleanup(func() { h.Close(); s.Close() })
	if changed {
		for _, step := range []struct{ method, path, body string }{
			{"PATCH", "/hosts/1/", `{"host": "renamed"}`}, {"DELETE", "/assets/2/", ""}, {"PATCH", "/sites/1/", `{"name": "moved"}`},
		} {
			request, err := http.NewRequest(step.method, h.URL+step.path, strings.NewReader(step.body))
			if err != nil {
				t.Fatal(err)
			}
			request.SetBasicAuth("admin", "admin")
			request.Header.Set("Content-Type", "application/json")
			answer, err := http.DefaultClient.Do(request)
			if err != nil || answer.StatusCode/100 != 2 {
				t.Fatalf("%s %s: %v %v", step.method, step.path, answer, err)
			}
			answer.Body.Close()
		}
	}
	return h.URL
}

// redirected sends requests to another address.
type redirected struct{ to string }

func (r redirected) RoundTrip(q *http.Request) (*http.Response, error) {
	q = q.Clone(q.Context())
	q.URL.Host = strings.TrimPrefix(r.to, "http://")
	return http.DefaultTransport.RoundTrip(q)
}

// subject is the reference connector with parts of its files replaced.
func subject(t *testing.T, edits map[string][2]string) acceptance.Subject {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../connectors/reference/src")); err != nil {
		t.Fatal(err)
	}
	for name, edit := range edits {
		before, err := os.ReadFile(dir + "/" + name)
		if err != nil || !strings.Contains(string(before), edit[0]) {
			t.Fatalf("%q is not in %s: %v", edit[0], name, err)
		}
		if err := os.WriteFile(dir+"/"+name, []byte(strings.Replace(string(before), edit[0], edit[1], 1)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := bundle.Build(context.Background(), bundle.Source{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	now, later := referenceSource(t, false), referenceSource(t, true)
	return acceptance.Subject{
		Open: func(transport http.RoundTripper, log hclog.Logger) (host.Connector, error) {
			return bindings.Open(b, bindings.Options{
				Args: map[string]any{
					"CONFIGURATION_AUTH_URL": now, "CONFIGURATION_AUTH_USERNAME": "admin",
					"CONFIGURATION_AUTH_PASSWORD": "admin", "token": "a-secret-token",
				},
				Transport: transport, Logger: log, RetryWait: time.Millisecond,
			})
		},
		Source:  func() http.RoundTripper { return redirected{now} },
		Changed: func() http.RoundTripper { return redirected{later} },
		Secrets: []string{"a-secret-token"},
	}
}

// The reference connector passes; one that is broken in one way fails the check for it, and only
// that.
func TestAcceptance(t *testing.T) {
	for _, test := range []struct {
		name  string
		edits map[string][2]string
		fails []string
		why   string
	}{
		{name: "reference"},
		{"it asks nothing", map[string][2]string{"assetServer.ts": {"async testConnection(): Promise<number> {",
			"async testConnection(): Promise<number> {\n    if (1) return 0;"}},
			[]string{"connection-test"}, "sends no request to the data source"},
		{"an object that is not valid", map[string][2]string{"dataHandler.ts": {"name: row.name, address", "name: 7 as any, address"}},
			[]string{"objects-validate", "edges-meet-vertices"}, "site 1: name must be"},
		{"an incremental import that forgets", map[string][2]string{"incrementalImport.ts": {"replaces(", "constructor.name; String("}},
			[]string{"incremental-equals-full"}, "leaves another graph than a full one"},
		{"a failure that is swallowed",
			map[string][2]string{"fullImport.ts": {"async importVertices() {",
				"async importVertices() { try { await this.importAll(); } catch {} }\n  async importAll() {"}},
			[]string{"failures-are-typed"}, "the import succeeds"},
		{"a secret in the log", map[string][2]string{"main.ts": {"import",
			"import { context } from \"carjs\"; console.log(`token ${context().args.token}`); import"}},
			[]string{"no-secrets"}, "the log of a full import"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var failed []string
			var why string
			s := subject(t, test.edits)
			if test.name != "reference" && !strings.HasPrefix(test.name, "a failure") {
				s.Skip = map[string]string{"failures-are-typed": "it takes longer than all others"}
			}
			acceptance.Run(t.Context(), s, nil, func(r acceptance.Result) {
				t.Logf("%-24s %-8s %s %s", r.Name, r.Status, r.Took.Round(time.Millisecond), r.Why)
				if r.Status == acceptance.Failed {
					failed = append(failed, r.Name)
					why += r.Why
				}
				if r.Status == acceptance.Skipped && s.Skip[r.Name] == "" {
					t.Errorf("%s was skipped: %s", r.Name, r.Why)
				}
			})
			if strings.Join(failed, " ") != strings.Join(test.fails, " ") || !strings.Contains(why, test.why) {
				t.Errorf("failed: %v, want %v: %s", failed, test.fails, why)
			}
		})
	}
}
