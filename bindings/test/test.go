// Package test is the TypeScript module "carjs/test": the tests of a connector, declared and run.
//
// One [Suite] is one file of tests in one runtime. The script declares (suite.go), Go runs what was
// declared (run.go), so that a test that throws, hangs, loops for ever or leaves a promise behind
// is stopped and told about in one place. What a test expects is checked in expect.js with
// equal.js, and shown by show.js; the rest of the module's face is test.js. A data source that
// stands in a test is in source.go and route.go, a connector under test in subject.go.
//
// What an import is, which settings there are and what CAR has is known to the [Host], which is
// made elsewhere.
package test

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"carjs/bindings/args"
	"carjs/host/author/testrun"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Name is what tests import.
const Name = "carjs/test"

// Host does what a test asks for beyond its own runtime. Its errors are for the author of the test.
type Host interface {
	// Configure adds settings, by the names that an author knows them by, to what context().args
	// shows.
	Configure(settings map[string]string) error
	// Subject makes a connector to test whose requests go to a data source. recorded are settings
	// that were recorded with that, nil for a scripted one: those that are missing are taken from
	// there.
	Subject(source http.RoundTripper, settings, recorded map[string]string) (Subject, error)
	// Recording opens a recording, and tells the settings that are in it; the folder is relative to
	// the connector's.
	Recording(folder string) (answers http.RoundTripper, settings map[string]string, err error)
}

// Subject is a connector under test with a CAR of its own. Its methods are called from one
// goroutine at a time.
type Subject interface {
	// TestConnection returns the exit code of a connection test.
	TestConnection(ctx context.Context) int
	// Import imports once.
	Import(ctx context.Context, full bool) *Result
	// Vertices and Edges are the graph's, as JSON arrays; Counts is how many there are of each that
	// is there.
	Vertices(collection string) (json.RawMessage, error)
	Edges(collection string) (json.RawMessage, error)
	Counts() (map[string]int, error)
	// Vertex and Edge are one of them; nil when it is not there.
	Vertex(collection, key string) (json.RawMessage, error)
	Edge(collection, from, to string) (json.RawMessage, error)
	Close() error
}

// Options configure a [Suite].
type Options struct {
	// File is the name of the file of tests.
	File string
	Host Host
	// Clock is the one that the suite's runtime and the runtimes of its subjects go by.
	Clock *script.Clock
	// Timeout is the longest that a test or a hook may take, unless it says otherwise.
	Timeout time.Duration
	// Selected tells by its full name whether a test is to be run; nil runs all.
	Selected func(name string) bool
}

// Suite is one file of tests. It is made before its runtime, whose module table has [Suite.Module].
type Suite struct {
	options Options
	rt      *script.Runtime
	root    *group
	// at is the group that is being declared; nil once the file is loaded.
	at       *group
	hasOnly  bool
	skips    map[string]string
	sources  []*source
	subjects []Subject
	respond  goja.Callable
	// broken are the requests that nothing answered, and what went wrong with answers, in the test
	// under way.
	broken []error

	mu  sync.Mutex
	log *[]testrun.Line // where lines go: those of the test under way, or of the file
}

// New makes a suite.
func New(options Options) *Suite {
	root := &group{}
	return &Suite{options: options, root: root, at: root, skips: map[string]string{}}
}

// Module is the row for the runtime's module table.
func (s *Suite) Module() script.Module { return script.Module{Name: Name, New: s.exports} }

// The parts of the module that are in the language itself.
var (
	//go:embed show.js
	showJS string
	//go:embed equal.js
	equalJS string
	//go:embed expect.js
	expectJS string
	//go:embed test.js
	testJS string
)

// programs are compiled once a process: programs are read-only.
var programs = sync.OnceValues(func() (map[string]*goja.Program, error) {
	compiled := map[string]*goja.Program{}
	for name, code := range map[string]string{"show": showJS, "equal": equalJS, "expect": expectJS, "test": testJS} {
		p, err := goja.Compile(script.InternalPrefix+name+".js", code, true)
		if err != nil {
			return nil, fmt.Errorf("compile %s.js: %w", name, err)
		}
		compiled[name] = p
	}
	return compiled, nil
})

// exports makes the module: each part is a function of those before it.
func (s *Suite) exports(rt *script.Runtime) (goja.Value, error) {
	s.rt = rt
	vm := rt.VM()
	native, err := s.native()
	if err != nil {
		return nil, err
	}
	compiled, err := programs()
	if err != nil {
		return nil, err
	}
	part := func(name string, args ...goja.Value) goja.Value {
		if err != nil {
			return goja.Undefined()
		}
		var value goja.Value
		if value, err = vm.RunProgram(compiled[name]); err != nil {
			return goja.Undefined()
		}
		factory, _ := goja.AssertFunction(value)
		value, err = factory(goja.Undefined(), args...)
		return value
	}
	show := part("show")
	equal := part("equal", show)
	expect := part("expect", show, equal, native)
	module := part("test", show, expect, native)
	if err != nil {
		return nil, fmt.Errorf("make the module %q: %w", Name, err)
	}
	s.respond, _ = goja.AssertFunction(module.ToObject(vm).Get("respond"))
	return module.ToObject(vm).Get("exports"), nil
}

// native is the object through which the scripts reach Go.
func (s *Suite) native() (*goja.Object, error) {
	native := s.rt.VM().NewObject()
	var errs []error
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{
		"diff":      s.diff,
		"stringify": s.rt.Stringify,
		"test":      s.declareTest,
		"group":     s.declareGroup,
		"hook":      s.declareHook,
		"source":    s.newSource,
		"recorded":  s.newRecorded,
		"settings":  s.configure,
		"subject":   s.newSubject,
		"freeze":    s.freeze,
		"advance":   s.advance,
		"restore":   s.restore,
		"skipCheck": s.skipCheck,
	} {
		errs = append(errs, native.Set(name, f))
	}
	return native, errors.Join(errs...)
}

// skipCheck is acceptance.skip.
func (s *Suite) skipCheck(call goja.FunctionCall) goja.Value {
	s.skips[call.Argument(0).String()] = call.Argument(1).String()
	return goja.Undefined()
}

// configure is settings().
func (s *Suite) configure(call goja.FunctionCall) goja.Value {
	if err := s.options.Host.Configure(texts(args.Of(s.rt, call, "settings").Arg(0, "settings"))); err != nil {
		s.rt.Throw(err)
	}
	return goja.Undefined()
}

// texts reads settings, which may be missing.
func texts(given args.Arg) map[string]string {
	if goja.IsUndefined(given.Value()) {
		return map[string]string{}
	}
	return given.Scalars()
}

// freeze, advance and restore are the clock's.
func (s *Suite) freeze(call goja.FunctionCall) goja.Value {
	s.options.Clock.Freeze(time.UnixMilli(call.Argument(0).ToInteger()))
	return goja.Undefined()
}

func (s *Suite) advance(call goja.FunctionCall) goja.Value {
	d := time.Duration(call.Argument(0).ToFloat() * float64(time.Millisecond))
	return s.rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		return nil, s.options.Clock.Advance(ctx, d)
	})
}

func (s *Suite) restore(goja.FunctionCall) goja.Value {
	s.options.Clock.Restore()
	return goja.Undefined()
}
