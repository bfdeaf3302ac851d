package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"carjs/bindings/harness"
	"carjs/cmd/carjs/internal/app"
	"carjs/cmd/carjs/internal/terminal"
	"carjs/host/author/testrun"
	"carjs/host/author/watch"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/script"
	"carjs/host/settings"
)

// testCommand is carjs test: the tests of a connector, and the checks that every connector must
// pass.
func (env environment) testCommand() *cli.Command {
	return &cli.Command{
		Name:            "test",
		Usage:           "run a connector's tests and the acceptance checks",
		UsageText:       "carjs test [flags] CONNECTOR [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			tests, err := app.ReadTests(c.Args().Slice())
			if err != nil {
				return err
			}
			t := &testSession{environment: env, Tests: tests}
			return t.do(c.Context)
		},
	}
}

// testSession is one execution of the command.
type testSession struct {
	environment
	*app.Tests
	printer *terminal.TestPrinter
}

func (t *testSession) do(ctx context.Context) error {
	if t.Line.Help {
		fmt.Fprint(t.Stdout, t.Line.Usage())
		return nil
	}
	t.printer = &terminal.TestPrinter{Out: terminal.Writer(t.Stdout), Colour: hasColour(t.Stdout)}
	if watching, _ := t.Values.Value(settings.EnvTestWatch).(bool); watching {
		return t.watch(ctx)
	}
	return t.fresh(ctx)
}

// once runs everything once. Failed tests are told as such, and are exit code 1.
func (t *testSession) once(ctx context.Context) error {
	options := t.Options(t.printer.File)
	run, err := harness.Run(ctx, options)
	untested := errors.Is(err, harness.ErrNoTests)
	if untested {
		run = &testrun.Result{Connector: options.Source.Name}
	} else if err != nil {
		return t.notRun(err)
	}
	if err := t.accept(ctx, options, run); err != nil {
		return err
	}
	if untested && len(run.Checks) == 0 {
		return t.notRun(err)
	}
	if filter := t.Filter(); filter != "" && len(run.Files) == 0 && len(run.Checks) == 0 {
		return usage("no test or check has %q in its name", filter).WithHint("carjs test without -filter lists all names")
	}
	t.printer.Summary(run)
	if err := t.write(run, options.Coverage); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return failure.From(context.Cause(ctx))
	}
	if !run.OK() {
		return exitError(failure.CodeGeneral)
	}
	return nil
}

// notRun says why nothing could be run.
func (t *testSession) notRun(err error) error {
	var broken *bundle.BuildError
	if errors.As(err, &broken) {
		fmt.Fprintf(t.Stderr, "carjs: the connector or its tests do not build\n\n%s\n",
			strings.TrimSpace(broken.Format(hasColour(t.Stderr))))
		return exitError(failure.CodeInvalidParameter)
	}
	if errors.Is(err, harness.ErrNoTests) {
		return usage("the connector %s has no tests", t.Line.Connector.Name).
			WithHint(`write a file NAME.test.ts that begins with: import { test, expect } from "carjs/test"`)
	}
	return err
}

// write writes the files that were asked for, and the table of the coverage.
func (t *testSession) write(run *testrun.Result, coverage *script.Coverage) error {
	if coverage != nil {
		files := coverage.Files()
		if err := testrun.PrintCoverage(t.Stdout, files); err != nil {
			return err
		}
		if err := writeTo(t.Values.Text(settings.EnvTestCoverageFile),
			func(w io.Writer) error { return testrun.WriteLCOV(w, files) }); err != nil {
			return err
		}
	}
	return writeTo(t.Values.Text(settings.EnvTestJUnit), func(w io.Writer) error { return testrun.WriteJUnit(w, run) })
}

// writeTo writes a file; without a name there is nothing to do.
func writeTo(name string, content func(io.Writer) error) error {
	if name == "" {
		return nil
	}
	file, err := os.Create(name)
	if err == nil {
		err = errors.Join(content(file), file.Close())
	}
	if err != nil {
		return usage("cannot write %s: %v", name, err).WithCause(err)
	}
	return nil
}

// watch runs everything at every save, until the context ends.
func (t *testSession) watch(ctx context.Context) error {
	dir := t.Line.Connector.Dir
	if dir == "" {
		return usage("the connector %s is built in: its files do not change", t.Line.Connector.Name)
	}
	watcher, err := watch.New(dir)
	if err == nil {
		err = watcher.Follow(nil, func(name string) bool {
			return !strings.HasPrefix(path.Base(name), ".") &&
				(strings.HasSuffix(name, ".json") || strings.Contains(path.Ext(name), "ts") ||
					strings.Contains(path.Ext(name), "js"))
		})
	}
	if err != nil {
		return usage("cannot watch the folder of %s: %v", t.Line.Connector.Name, err).WithCause(err)
	}
	defer watcher.Close()
	for {
		if err := t.fresh(ctx); err != nil {
			t.tell(err)
		}
		fmt.Fprintf(t.Stdout, "\nwaiting for a save in %s; press Ctrl-C to end\n", filepath.Base(dir))
		select {
		case <-ctx.Done():
			return nil
		case files := <-watcher.Changes():
			fmt.Fprintf(t.Stdout, "\n%s saved\n\n", strings.Join(files, ", "))
		}
	}
}

// fresh reads the declaration, which may have changed, and runs everything.
func (t *testSession) fresh(ctx context.Context) error {
	if err := t.Reread(); err != nil {
		return err
	}
	return t.once(ctx)
}

// tell says what would have ended a single run.
func (t *testSession) tell(err error) {
	var exit exitError
	if errors.As(err, &exit) {
		return // it was said
	}
	f := failure.From(err)
	fmt.Fprintf(t.Stderr, "carjs: %s\n", f.Message)
	if f.Hint != "" {
		fmt.Fprintf(t.Stderr, "  next step  %s\n", f.Hint)
	}
}
