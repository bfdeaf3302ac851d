package bindings

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"carjs/bindings/carjs"
	"carjs/host"
	"carjs/host/artifact"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/script"
	"carjs/host/settings"
)

// scripted evaluates an expression of the module m with the given exports.
func scripted(t *testing.T, exports map[string]any, expression string) (string, error) {
	t.Helper()
	rt, err := NewRuntime(carjs.New(nil), Options{Modules: []Module{NewModule("acme/m", exports)}})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	program, err := script.Compile("m.js", `const m = require("acme/m");
exports.result = (async () => JSON.stringify(`+expression+`))()
exports.settled = exports.result.then((r) => { exports.text = r === undefined ? "undefined" : r })`)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := rt.Load(t.Context(), program)
	if err == nil {
		err = rt.Drain(t.Context())
	}
	if err != nil {
		return "", err
	}
	return loaded.Get("text").String(), nil
}

func TestModuleOfGoFunctions(t *testing.T) {
	type point struct{ X, Y int }
	lost := failure.New(failure.Datasource, "the tickets are gone")
	exports := map[string]any{
		"constant": map[string]any{"a": []int{1, 2}},
		"add":      func(a, b int) int { return a + b },
		"nothing":  func() {},
		"length":   func(n []int) int { return len(n) },
		"mirror":   func(p point) (point, error) { return point{p.Y, p.X}, nil },
		"maybe":    func(p *point) bool { return p == nil },
		"fails":    func(why string) (int, error) { return 0, errors.New(why) },
		"lost":     func() error { return lost },
		"waits":    func(ctx context.Context, n int) (string, error) { return strings.Repeat("x", n), ctx.Err() },
		"waitless": func(context.Context) error { return errors.New("not today") },
	}
	for _, test := range []struct{ expression, want, err string }{
		{expression: `m.constant`, want: `{"a":[1,2]}`},
		{expression: `m.add(1, 2)`, want: `3`},
		{expression: `m.add(1n, 2)`, want: `3`},
		{expression: `m.nothing()`, want: `undefined`},
		{expression: `m.mirror({X: 1, Y: 2})`, want: `{"X":2,"Y":1}`},
		{expression: `[m.maybe(), m.maybe(null), m.maybe({})]`, want: `[true,true,false]`},
		{expression: `await m.waits(3)`, want: `"xxx"`},
		{expression: `m.waits(1) instanceof Promise`, want: `true`},
		{expression: `[m.add.name, m.waits.name]`, want: `["add","waits"]`},
		{expression: `(() => { try { m.fails("no") } catch (e) { return [e instanceof Error, e.message] } })()`, want: `[true,"no"]`},
		{expression: `m.add(1)`, err: "add: argument 2 must be a whole number, not undefined"},
		{expression: `m.add(1, "2")`, err: "add: argument 2 must be a whole number, not a text"},
		{expression: `m.add(1, 2.5)`, err: "add: argument 2 must be a whole number, not a number"},
		{expression: `m.mirror([1])`, err: "mirror: argument 1 must be an object, not an array"},
		{expression: `m.mirror({X: "a"})`, err: "mirror: argument 1 must have a whole number in X"},
		{expression: `m.add(1, () => 2)`, err: "add: argument 2 must be a whole number, not a function"},
		{expression: `m.add(1, NaN)`, err: "add: argument 2 must be a whole number, not a number"},
		{expression: `await m.waitless()`, err: "not today"},
		{expression: `m.length([1, "2"])`, err: "length: argument 1 must have a whole number in it"},
		{expression: `m.lost()`, err: "the tickets are gone"},
	} {
		t.Run(test.expression, func(t *testing.T) {
			got, err := scripted(t, exports, test.expression)
			if test.err == "" && (err != nil || got != test.want) {
				t.Errorf("%s, %v, want %s", got, err, test.want)
			}
			if test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
				t.Errorf("error %v, want %q", err, test.err)
			}
		})
	}
	_, err := scripted(t, exports, `m.lost()`)
	if f := (*failure.Failure)(nil); !errors.As(err, &f) || f.Kind != failure.Datasource {
		t.Errorf("the failure became %v", err)
	}
}

func TestModuleThatCannotBeMade(t *testing.T) {
	for name, export := range map[string]any{
		"variadic":  func(...int) {},
		"many":      func() (int, int, error) { return 0, 0, nil },
		"a channel": make(chan int),
		"no":        (func())(nil),
	} {
		if got, err := scripted(t, map[string]any{"x": export}, "m.x"); err == nil || !strings.Contains(err.Error(), "export x: ") {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
	for _, name := range []string{"carjs", "carjs/http", ""} {
		if _, err := NewRuntime(carjs.New(nil), Options{Modules: []Module{NewModule(name, nil)}}); err == nil {
			t.Errorf("a second module %q", name)
		}
	}
}

// What a program adds is known to the bundler, and what it does not add is told as ever.
func TestLoadKnowsItsModules(t *testing.T) {
	_, err := Load(t.Context(), "testdata/tickets", Options{})
	var unbuilt *bundle.BuildError
	if !errors.As(err, &unbuilt) || !strings.Contains(err.Error(), "acme") {
		t.Errorf("without its module: %v", err)
	}
	connector, err := Load(t.Context(), "testdata/tickets", Options{Modules: []Module{NewModule("acme/tickets", map[string]any{
		"limit": 1, "open": func(context.Context, map[string]any) ([]string, error) { return nil, errors.New("closed on Sundays") },
	})}})
	if err != nil {
		t.Fatal(err)
	}
	report := host.TestConnection(t.Context(), connector, host.Options{})
	if report.ExitCode == 0 || !strings.Contains(report.Failure.Message, "closed on Sundays") ||
		!strings.Contains(report.Failure.At, "main.ts") {
		t.Errorf("%+v", report.Failure)
	}
}

// Settings are completed and checked as in a run, also those of an artifact.
func TestLoadCompletesSettings(t *testing.T) {
	built, err := bundle.Build(t.Context(), bundle.Source{Dir: "testdata/hosts", Modules: Modules()})
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := artifact.Encode(built, os.DirFS("testdata/hosts"), "test")
	file := filepath.Join(t.TempDir(), "hosts.carjs")
	if err == nil {
		err = artifact.Write(file, encoded)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"testdata/hosts", file} {
		for _, test := range []struct {
			args map[string]any
			want string // in the error
		}{
			{map[string]any{"url": "http://127.0.0.1:1"}, ""},
			{map[string]any{"CONFIGURATION_AUTH_URL": "http://127.0.0.1:1", "limit": 1e6, "extra": []int{1}}, ""},
			{nil, "CONFIGURATION_AUTH_URL"},
			{map[string]any{"url": "http://127.0.0.1:1", "limit": "many"}, "CONFIGURATION_PARAMETER_LIMIT"},
		} {
			connector, err := Load(t.Context(), path, Options{Args: test.args})
			if test.want != "" {
				f := failure.From(err)
				if err == nil || f.Kind != failure.InvalidParameter || !strings.Contains(f.Message, test.want) ||
					!strings.Contains(f.Hint, "Options.Args") {
					t.Errorf("%s %v: %v", path, test.args, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s %v: %v", path, test.args, err)
				continue
			}
			connector.Close()
		}
	}
	for _, path := range []string{"testdata/none", "load.go"} {
		if _, err := Load(t.Context(), path, Options{}); err == nil {
			t.Errorf("%s was loaded", path)
		}
	}
	whole, err := completed(os.DirFS("testdata/hosts"), Options{Args: map[string]any{"url": "http://h", "source": "office", "extra": true}})
	want := map[string]any{
		"CONFIGURATION_AUTH_URL": "http://h", "url": "http://h", "CONFIGURATION_PARAMETER_LIMIT": 2.0, "source": "office", "extra": true,
	}
	for name, value := range want {
		if err != nil || fmt.Sprint(whole.Args[name]) != fmt.Sprint(value) {
			t.Errorf("%s is %v, want %v (%v)", name, whole.Args[name], value, err)
		}
	}
	// A program's connector keeps to the hosts that it declares.
	declared := fstest.MapFS{settings.ConfigFile: {Data: []byte(`{"connection": {"type": {"type": "connectorType", "hosts": ["{url}"]}},
		"configuration": {"url": {"type": "text"}}}`)}}
	if whole, err = completed(declared, Options{Args: map[string]any{"url": "http://h.example"}}); err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://elsewhere.example", nil)
	if _, err := whole.Transport.RoundTrip(request); err == nil || !strings.Contains(err.Error(), "hosts in config.json names h.example:80") {
		t.Error(err)
	}
}
