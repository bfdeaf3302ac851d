package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"carjs/host"
	"carjs/host/failure"
	"carjs/host/usage"
)

var update = flag.Bool("update", false, "write the golden files anew")

// locatedError is an error as an adapter for a language makes it.
type locatedError struct{ error }

func (e locatedError) Unwrap() error  { return e.error }
func (e locatedError) At() string     { return "src/main.ts:7:8" }
func (e locatedError) Detail() string { return "  7 | throw it" }

type hook = func(context.Context, *host.Run) error

func fails(err error) hook { return func(context.Context, *host.Run) error { return err } }

// Every row of the table of failures: the exit code, and what becomes of the save point, in both
// modes.
func TestFailuresOfConnector(t *testing.T) {
	tests := []struct {
		name  string
		err   error
		code  int
		kind  failure.Kind
		reset bool
	}{
		{"any error", errMeant, 1, failure.General, false},
		{"bad parameter", failure.New(failure.InvalidParameter, "no"), 2, failure.InvalidParameter, false},
		{"recoverable", failure.New(failure.Recoverable, "no"), 10, failure.Recoverable, false},
		{"recoverable with a code", failure.New(failure.Recoverable, "no").WithCode(17), 17, failure.Recoverable, false},
		{"unrecoverable", failure.New(failure.Unrecoverable, "no"), 20, failure.Unrecoverable, true},
		{"unrecoverable with a code", failure.New(failure.Unrecoverable, "no").WithCode(23), 23, failure.Unrecoverable, true},
		{"unrecoverable behind another error", fmt.Errorf("map: %w", failure.New(failure.Unrecoverable, "no")), 20, failure.Unrecoverable, true},
		{"data source", failure.New(failure.Datasource, "no"), 50, failure.Datasource, false},
		{"data source: connect", failure.New(failure.Datasource, "no").WithCode(51), 51, failure.Datasource, false},
		{"data source: auth", failure.New(failure.Datasource, "no").WithCode(52), 52, failure.Datasource, false},
		{"data source: forbidden", failure.New(failure.Datasource, "no").WithCode(53), 53, failure.Datasource, false},
		{"data source: parameter", failure.New(failure.Datasource, "no").WithCode(54), 54, failure.Datasource, false},
		{"data source: processing", failure.New(failure.Datasource, "no").WithCode(55), 55, failure.Datasource, false},
		{"a context of the connector's own", context.DeadlineExceeded, 1, failure.General, false},
	}
	for _, test := range tests {
		for _, mode := range []host.Mode{host.ModeIncremental, host.ModeFull} {
			t.Run(test.name+"/"+string(mode), func(t *testing.T) {
				f := ready(t)
				c := &tabular{states: []graph{office()}}
				f.ok(c, host.ModeFull)
				f.sequence()
				options := f.options()
				options.Full = mode == host.ModeFull
				c.hooks = map[string]hook{"edges": fails(locatedError{test.err})}
				r := host.Import(context.Background(), c, options)
				if r.ExitCode != test.code || r.Failure.Code != test.code || r.Failure.Kind != test.kind || r.Mode != mode {
					t.Errorf("exit code %d, mode %s: %+v", r.ExitCode, r.Mode, r.Failure)
				}
				if r.Failure.At != "src/main.ts:7:8" || r.Failure.Detail == "" {
					t.Errorf("the place is lost: %+v", r.Failure)
				}
				want := "0"
				if test.reset || mode == host.ModeFull {
					want = ""
				}
				if f.savePoint() != want || r.SavePoint != want {
					t.Errorf("save point %q, reported %q, want %q", f.savePoint(), r.SavePoint, want)
				}
				if slices.Contains(f.sequence(), "DELETE full-import") {
					t.Error("the full import was left, which retires what was not reported")
				}
				c.hooks = nil
				next := host.ModeIncremental
				if want == "" {
					next = host.ModeFull
				}
				f.ok(c, next)
				f.sameAsFull(c)
			})
		}
	}
}

// Before anything was begun a failure changes nothing; the save point goes when the failure says
// so.
func TestFailuresBeforeImport(t *testing.T) {
	for _, step := range []string{"start", "extension", "head"} {
		t.Run(step, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{office()}}
			f.ok(c, host.ModeFull)
			c.hooks, c.steps = map[string]hook{step: fails(errMeant)}, nil
			options := f.options()
			options.Full = true
			if r := host.Import(context.Background(), c, options); r.ExitCode != 1 || f.savePoint() != "0" {
				t.Errorf("exit code %d, save point %q", r.ExitCode, f.savePoint())
			}
			if last := c.steps[len(c.steps)-1]; last != "close" {
				t.Errorf("the connector was not closed but %q", last)
			}
		})
	}
}

func TestPanic(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}, hooks: map[string]hook{"vertices": func(context.Context, *host.Run) error { panic("oh") }}}
	r := f.run(c)
	if r.ExitCode != 1 || r.Failure.Fault != failure.FaultCarjs || strings.Contains(r.Failure.Message, "goroutine") {
		t.Errorf("%+v", r.Failure)
	}
	if c.steps[len(c.steps)-1] != "close" {
		t.Error("the connector was not closed")
	}
	c.hooks = nil
	f.ok(c, host.ModeFull)
}

func TestInvalidOptions(t *testing.T) {
	f := ready(t)
	for name, change := range map[string]func(*host.Options){
		"no URL":    func(o *host.Options) { o.CAR.URL = "" },
		"no source": func(o *host.Options) { o.CAR.Source = "" },
		"no folder": func(o *host.Options) { o.KeepExport = true },
	} {
		options := f.options()
		change(&options)
		c := &tabular{states: []graph{{}}}
		if r := host.Import(context.Background(), c, options); r.ExitCode != 2 || r.Failure.Hint == "" && name != "no URL" {
			t.Errorf("%s: %d %+v", name, r.ExitCode, r.Failure)
		}
		if slices.Contains(c.steps, "start") {
			t.Errorf("%s: the connector was started", name)
		}
	}
}

func TestReportJSON(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office(), changed(office(), func(g graph) {
		delete(g.vertices["asset"], "1")
		g.vertices["asset"]["bad"] = object{"business_value": "much"}
		delete(g.edges["asset_ipaddress"], [2]string{"1", "10.0.0.1"})
	})}}
	options := f.options()
	options.DatasourceRequests = func() int64 { return 7 }
	golden := func(name string) {
		t.Helper()
		r := host.Import(context.Background(), c, options)
		if r.Resources.AllocatedObjects == 0 || r.Resources.MemoryBytes == 0 {
			t.Errorf("the report does not say what was taken: %+v", r.Resources)
		}
		r.Seconds, r.Resources = 1.5, usage.Used{AllocatedBytes: 4, AllocatedObjects: 3, Collections: 2, MemoryBytes: 1}
		r.Requests.CAR = min(r.Requests.CAR, 1) // depends on how often jobs are looked at
		got, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name+".json")
		if *update {
			if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(got)+"\n" != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
		}
	}
	golden("report_full")
	c.at = 1
	golden("report_incremental")
	c.hooks = map[string]hook{"edges": fails(locatedError{failure.New(failure.Datasource, "the data source refuses").
		WithCode(53).WithHint("permit it")})}
	golden("report_failed")
	c.hooks = map[string]hook{"start": fails(errors.New("no"))}
	golden("report_not_started")
}

func TestConnectionTest(t *testing.T) {
	tests := []struct {
		name string
		code int
		err  error
		want int
		kind failure.Kind
	}{
		{"fine", 0, nil, 0, ""},
		{"connect", 51, nil, 51, failure.Datasource},
		{"auth", 52, nil, 52, failure.Datasource},
		{"recoverable", 10, nil, 10, failure.Recoverable},
		{"any code", 77, nil, 77, failure.General},
		{"no code that a process can end with", 300, nil, 1, failure.General},
		{"exception", 0, failure.New(failure.Datasource, "no").WithCode(54), 54, failure.Datasource},
		{"exception beside a code", 51, errMeant, 1, failure.General},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := &tabular{test: func(context.Context) (int, error) { return test.code, test.err }}
			r := host.TestConnection(context.Background(), c, host.Options{}) // no CAR at all
			if r.ExitCode != test.want || (r.Failure == nil) != (test.want == 0) {
				t.Fatalf("exit code %d: %+v", r.ExitCode, r.Failure)
			}
			if r.Failure != nil && r.Failure.Kind != test.kind {
				t.Errorf("kind %s", r.Failure.Kind)
			}
			equalLines(t, c.steps, []string{"start", "close"})
		})
	}
	t.Run("CAR is out of reach", func(t *testing.T) {
		c := &tabular{hooks: map[string]hook{"test": func(ctx context.Context, run *host.Run) error {
			_, err := run.Service().SavePoint(ctx)
			return err
		}}}
		if r := host.TestConnection(context.Background(), c, host.Options{}); r.ExitCode != 2 {
			t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
		}
	})
	t.Run("hangs", func(t *testing.T) {
		c := &tabular{test: func(ctx context.Context) (int, error) { <-ctx.Done(); return 0, ctx.Err() }}
		r := host.TestConnection(context.Background(), c, host.Options{Timeout: 10 * time.Millisecond})
		if r.ExitCode != 10 || !strings.Contains(r.Failure.Hint, "-timeout") {
			t.Errorf("exit code %d: %+v", r.ExitCode, r.Failure)
		}
	})
}
