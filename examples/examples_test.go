// Package examples holds small complete connectors, one idea each. Its test runs every one of them
// against a data source of its own.
package examples

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carjs/bindings"
	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/car"
	"carjs/host/carserver"
	"carjs/host/settings"
)

// dataSource is the data source of an example.
type dataSource interface {
	http.Handler
	// flags are the settings of the connector for a data source at a URL.
	flags(url string) []string
	// change changes the data, in a different way each time.
	change(step int)
	// broken tells what the data source did not like about its client.
	broken() []string
}

// sources has a row for each example.
var sources = map[string]func() dataSource{
	"bulk-export":  newDirectory,
	"cursor-oauth": newEndpointManager,
	"link-header":  newScanner,
	"xml-export":   newInventory,
}

// changes is how often the data of a data source are changed.
const changes = 4

// Every example: a full import, one with nothing to do, and after each change an incremental one
// whose graph is that of a full one.
func TestExamples(t *testing.T) {
	folders, err := filepath.Glob("*/src/main.ts")
	if err != nil {
		t.Fatal(err)
	}
	for _, main := range folders {
		name := strings.Split(filepath.ToSlash(main), "/")[0]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if sources[name] == nil {
				t.Fatalf("the example %s has no data source in the table", name)
			}
			follow(t, name, sources[name]())
		})
	}
	if len(folders) != len(sources) {
		t.Errorf("%d examples, %d data sources", len(folders), len(sources))
	}
}

func follow(t *testing.T, name string, data dataSource) {
	server := httptest.NewServer(data)
	defer server.Close()
	tenant := newTenant(t)
	run := func(tenant *carserver.Server, want host.Mode) *host.Report {
		t.Helper()
		r := importOnce(t, name, data.flags(server.URL), tenant)
		if r.ExitCode != 0 || r.Mode != want {
			t.Fatalf("exit code %d, mode %q, want %q: %+v", r.ExitCode, r.Mode, want, r.Failure)
		}
		return r
	}
	if r := run(tenant, host.ModeFull); len(r.Collections) == 0 {
		t.Fatal("nothing was imported")
	}
	if r := run(tenant, host.ModeIncremental); len(r.Collections) > 0 {
		t.Errorf("nothing has changed, and there came %+v", r.Collections)
	}
	for step := range changes {
		data.change(step)
		run(tenant, host.ModeIncremental)
		fresh := newTenant(t)
		run(fresh, host.ModeFull)
		if diff := graph(t, fresh).Diff(graph(t, tenant)); len(diff) > 0 {
			t.Fatalf("change %d: the graph differs from that of a full import:\n%s", step, strings.Join(diff, "\n"))
		}
	}
	if complaints := data.broken(); len(complaints) > 0 {
		t.Errorf("the data source complains:\n%s", strings.Join(complaints, "\n"))
	}
}

func newTenant(t *testing.T) *carserver.Server {
	t.Helper()
	s, err := carserver.Open(carserver.Config{Prepared: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func graph(t *testing.T, s *carserver.Server) carserver.Graph {
	t.Helper()
	g, err := s.Graph(context.Background(), "example")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// importOnce runs an example as carjs run does.
func importOnce(t *testing.T, name string, flags []string, tenant *carserver.Server) *host.Report {
	t.Helper()
	return importWith(t, name, flags, tenant, func(*bindings.Options) {})
}

// importWith is importOnce with other options of the script.
func importWith(
	t *testing.T, name string, flags []string, tenant *carserver.Server, change func(*bindings.Options),
) *host.Report {
	t.Helper()
	service := httptest.NewServer(tenant.Handler())
	defer service.Close()
	declaration, err := settings.ReadDeclaration(os.DirFS(name))
	if err != nil {
		t.Fatal(err)
	}
	table := settings.RunTable()
	given, err := table.Parse(append(flags, "-source", "example"), declaration.Fields)
	if err != nil {
		t.Fatal(err)
	}
	values, err := settings.Resolve(settings.Input{Table: table, Declaration: declaration, Flags: given,
		LookupEnv: func(string) (string, bool) { return "", false }})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	b, err := bundle.Build(ctx, bundle.Source{Dir: name, Modules: bindings.Modules()})
	if err != nil {
		t.Fatal(err)
	}
	options := bindings.Options{Args: values.Connector(), RetryWait: time.Millisecond}
	change(&options)
	connector, err := bindings.Open(b, options)
	if err != nil {
		t.Fatal(err)
	}
	return host.Import(ctx, connector, host.Options{
		CAR: car.Config{
			URL: service.URL + "/api/car/v2", Source: "example", PollWait: time.Millisecond,
			RetryWait: time.Millisecond,
		},
		DatasourceRequests: connector.DatasourceRequests,
	})
}
