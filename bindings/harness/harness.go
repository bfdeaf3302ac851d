// Package harness runs a connector for those who try it: its tests, one file after the other in a
// runtime of their own (carjs test), and the acceptance checks. Each import under test has a
// runtime and settings of its own and a CAR service in memory.
//
// What a test can say is the module carjs/test, in bindings/test; what the acceptance checks look
// at is in host/author/acceptance; how results are printed is for the command.
package harness

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"carjs/bindings"
	"carjs/bindings/carjs"
	"carjs/bindings/test"
	"carjs/host/author/testrun"
	"carjs/host/bundle"
	"carjs/host/redact"
	"carjs/host/script"
	"carjs/host/settings"
)

// Options say which tests are run, and how.
type Options struct {
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
	// Script is what each script is given: its limits, and modules besides those of carjs. Args,
	// transport, waits, clock and loggers are the harness's.
	Script bindings.Options
	// Done, when set, is told of every file when its tests have run.
	Done func(testrun.File)
}

// ErrNoTests is why nothing was run: the connector has no file of tests.
var ErrNoTests = errors.New("no tests")

// script makes the options of a script: waits before a request is repeated are short.
func (o *Options) script(own func(*bindings.Options)) bindings.Options {
	script := o.Script
	script.RetryWait, script.MaxWait = retryWait, retryWait
	own(&script)
	return script
}

// Files returns the files of tests in a connector's folder, sorted: those that end in .test.ts
// or .test.js, but not those of npm packages and in folders whose name begins with a dot.
func Files(files fs.FS) ([]string, error) {
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

// Run runs the tests of a connector, one file after the other. Everything is built before anything
// runs: when the connector or a file of tests does not build, the error is a [*bundle.BuildError];
// when there are no tests it is [ErrNoTests]. That tests fail is in the run. When ctx ends, the run
// has what was done until then.
func Run(ctx context.Context, options Options) (*testrun.Result, error) {
	began := time.Now()
	names, err := Files(options.Files)
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

// build builds the connector and its tests. What is wrong with any of them is told in one error.
func (o *Options) build(ctx context.Context, names []string) (connector *bindings.Program, tests []*bindings.Program, err error) {
	var messages []*bundle.BuildError
	make := func(entry string, modules []string) (*bindings.Program, error) {
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
			return nil, err
		}
		return bindings.Compile(b, o.Coverage)
	}
	modules := bindings.Modules(o.Script.Modules...)
	if connector, err = make("", modules); err != nil {
		return nil, nil, err
	}
	for _, name := range names {
		program, err := make(name, append(slices.Clip(modules), test.Name))
		if err != nil {
			return nil, nil, err
		}
		tests = append(tests, program)
	}
	if len(messages) > 0 {
		return nil, nil, bundle.Join(messages)
	}
	return connector, tests, nil
}

// runFile runs the tests of one file in a runtime of their own.
func (o *Options) runFile(
	ctx context.Context, connector *bindings.Program, name string, program *bindings.Program,
) (testrun.File, error) {
	clock := script.NewClock()
	core := carjs.New(nil)
	h := &testHost{options: o, ctx: ctx, connector: connector, clock: clock, core: core, redactor: redact.New()}
	if err := h.Configure(nil); err != nil {
		return testrun.File{}, err
	}
	suite := test.New(test.Options{File: name, Host: h, Clock: clock, Timeout: o.Timeout, Selected: o.Selected})
	h.log = suite.Log
	rt, err := bindings.NewRuntime(core, o.script(func(own *bindings.Options) {
		own.Transport, own.Clock, own.Logger = suite.Transport(), clock, testLogger(suite.Log, false)
		own.Modules = append(slices.Clip(own.Modules), suite.Module())
	}))
	if err != nil {
		return testrun.File{}, fmt.Errorf("run %s: %w", name, err)
	}
	defer rt.Close()
	return suite.Run(ctx, rt, program.Script()), nil
}
