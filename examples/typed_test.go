package examples

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"carjs/bindings"
	"carjs/host"
	"carjs/host/author/acceptance"
	"carjs/host/bundle"
	"carjs/host/car"
	"carjs/host/httpx"
	"carjs/host/recording"
	"carjs/host/redact"
	"carjs/host/settings"

	"github.com/hashicorp/go-hclog"
)

// Whatever request of an example fails, a login among them, ends the import with the code that says
// why. The data source is a recording, as in an author's tests.
func TestFailuresAreTyped(t *testing.T) {
	for name, open := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(open())
			defer server.Close()
			declaration, err := settings.ReadDeclaration(os.DirFS(name))
			if err != nil {
				t.Fatal(err)
			}
			table := settings.RunTable()
			given, err := table.Parse(append(open().flags(server.URL), "-source", "example"), declaration.Fields)
			if err != nil {
				t.Fatal(err)
			}
			values, err := settings.Resolve(settings.Input{Table: table, Declaration: declaration, Flags: given,
				LookupEnv: func(string) (string, bool) { return "", false }})
			if err != nil {
				t.Fatal(err)
			}
			b, err := bundle.Build(t.Context(), bundle.Source{Dir: name, Modules: bindings.Modules()})
			if err != nil {
				t.Fatal(err)
			}
			hidden := redact.New()
			connect := func(transport http.RoundTripper, log hclog.Logger) (host.Connector, error) {
				return bindings.Open(b, bindings.Options{
					Args: values.Connector(), Transport: transport, Logger: log, Secret: hidden.Add,
					RetryWait: time.Millisecond, MaxWait: time.Millisecond,
				})
			}
			dir := filepath.Join(t.TempDir(), "recording")
			recorder, err := recording.Record(dir, httpx.New(), hidden, recording.Manifest{})
			if err != nil {
				t.Fatal(err)
			}
			connector, err := connect(recorder, nil)
			if err != nil {
				t.Fatal(err)
			}
			service := httptest.NewServer(newTenant(t).Handler())
			defer service.Close()
			report := host.Import(t.Context(), connector, host.Options{CAR: car.Config{
				URL: service.URL + "/api/car/v2", Source: "example", PollWait: time.Millisecond, RetryWait: time.Millisecond,
			}})
			if report.ExitCode != 0 {
				t.Fatalf("the import to be recorded: %+v", report.Failure)
			}
			if err := recorder.Close(); err != nil {
				t.Fatal(err)
			}
			recorded, err := recording.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			selected := func(check string) bool { return check == "failures-are-typed" || check == "connection-test" }
			checks := 0
			acceptance.Run(t.Context(), acceptance.Subject{
				Open: connect, Source: func() http.RoundTripper { return recorded.Replay(nil, hidden) },
			}, selected, func(r acceptance.Result) {
				checks++
				if r.Status != acceptance.Passed {
					t.Errorf("%s %s: %s %s", r.Name, r.Status, r.Why, r.At)
				}
			})
			if checks != 2 {
				t.Errorf("%d checks", checks)
			}
		})
	}
}
