package bindings

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"carjs/bindings/carjs"
	"carjs/bindings/test"
	"carjs/host/author/testrun"
	"carjs/host/bundle"
	"carjs/host/redact"
	"carjs/host/script"
	"carjs/host/settings"
)

// TestOptions say which tests are run, and how.
type TestOptions struct {
	// Source is the connector, Files its folder, and Declaration what it declares about its
	// settings.
	Source      bundle.Source
	Files       fs.FS
	Declaration *settings.Declaration
	// Timeout is the longest that a test or a hook may take, unless it says otherwise.
	Timeout time.Duration
	// Selected tells by its full name whether a test is to be run; nil runs all.
	Selected func(name string) bool
	// Coverage, when set, counts which lines of the connector run.
	Coverage *script.Coverage
	// MaxStack, MaxTurn and MaxMemory are the limits of each script, as in [script.Options].
	MaxStack  int
	MaxTurn   time.Duration
	MaxMemory uint64
	// Done, when set, is told of every file when its tests have run.
	Done func(testrun.File)
}

// ErrNoTests is why nothing was run: the connector has no file of tests.
var ErrNoTests = errors.New("no tests")

// TestModules returns the names of the modules that a test can import.
func TestModules() []string { return append(Modules(), test.Name) }

// TestFiles returns the files of tests in a connector's folder, sorted: those that end in .test.ts
// or .test.js, but not those of npm packages and in folders whose name begins with a dot.
func TestFiles(files fs.FS) ([]string, error) {
	var found []string
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case entry.IsDir() && (base == "node_modules" || strings.HasPrefix(base, ".") && name != "."):
			return fs.SkipDir
		case !entry.IsDir() && IsTest(name):
			found = append(found, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for tests: %w", err)
	}
	slices.Sort(found)
	return found, nil
}

// IsTest tells by its name whether a file is one of tests.
func IsTest(name string) bool {
	return strings.HasSuffix(name, ".test.ts") || strings.HasSuffix(name, ".test.js")
}

// Test runs the tests of a connector, one file after the other. Everything is built before anything
// runs: when the connector or a file of tests does not build, the error is a [*bundle.BuildError];
// when there are no tests it is [ErrNoTests]. That tests fail is in the run. When ctx ends, the run
// has what was done until then.
func Test(ctx context.Context, options TestOptions) (*testrun.Result, error) {
	began := time.Now()
	names, err := TestFiles(options.Files)
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, ErrNoTests
	}
	connector, programs, err := options.build(ctx, names)
	if err != nil {
		return nil, err
	}
	run := &testrun.Result{Connector: options.Source.Name}
	for i, name := range names {
		if ctx.Err() != nil {
			break
		}
		file, err := options.runFile(ctx, connector, name, programs[i])
		if err != nil {
			return nil, err
		}
		if options.Selected != nil && len(file.Tests) == 0 && len(file.Failures) == 0 {
			continue
		}
		run.Files = append(run.Files, file)
		if options.Done != nil {
			options.Done(file)
		}
	}
	run.Took = time.Since(began)
	return run, nil
}

// built is a connector that was compiled once, for all imports of all tests.
type built struct {
	bundle  *bundle.Bundle
	program *script.Program
}

// build builds the connector and its tests. What is wrong with any of them is told in one error.
func (o *TestOptions) build(ctx context.Context, names []string) (connector built, tests []*script.Program, err error) {
	var messages []*bundle.BuildError
	make := func(entry string, modules []string) (built, error) {
		source := o.Source
		source.Modules = modules
		if entry != "" {
			source.Entry = entry
		}
		b, err := bundle.Build(ctx, source)
		if err != nil {
			var message *bundle.BuildError
			if errors.As(err, &message) {
				messages = append(messages, message)
				err = nil
			}
			return built{}, err
		}
		program, err := compile(b, o.Coverage)
		return built{b, program}, err
	}
	if connector, err = make("", Modules()); err != nil {
		return built{}, nil, err
	}
	for _, name := range names {
		made, err := make(name, TestModules())
		if err != nil {
			return built{}, nil, err
		}
		tests = append(tests, made.program)
	}
	if len(messages) > 0 {
		return built{}, nil, bundle.Join(messages)
	}
	return connector, tests, nil
}

// runFile runs the tests of one file in a runtime of their own.
func (o *TestOptions) runFile(ctx context.Context, connector built, name string, program *script.Program) (testrun.File, error) {
	clock := script.NewClock()
	core := carjs.New(nil)
	h := &testHost{options: o, ctx: ctx, connector: connector, clock: clock, core: core, redactor: redact.New()}
	if err := h.Configure(nil); err != nil {
		return testrun.File{}, err
	}
	suite := test.New(test.Options{File: name, Host: h, Clock: clock, Timeout: o.Timeout, Selected: o.Selected})
	h.log = suite.Log
	own := Options{Transport: suite.Transport(), RetryWait: testRetryWait, MaxWait: testRetryWait, Logger: testLogger(suite.Log, false)}
	deps := own.deps(nil)
	rt, err := script.New(script.Options{
		Modules: append(modules(core, deps), suite.Module()), Globals: globals(deps), Wrap: core.Wrap, Clock: clock, Log: own.Logger,
		MaxStack: o.MaxStack, MaxTurn: o.MaxTurn, MaxMemory: o.MaxMemory,
	})
	if err != nil {
		return testrun.File{}, fmt.Errorf("make the runtime of %s: %w", name, err)
	}
	defer rt.Close()
	return suite.Run(ctx, rt, program), nil
}
