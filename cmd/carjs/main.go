// Command carjs runs connectors that copy a data source into CAR and are written in TypeScript.
//
// There is one file for each command, with its flags and what it prints. What a command runs is put
// together in internal/app, and done elsewhere: see the map in CONTRIBUTING.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // where the system has no time zones, as in an image from nothing

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/keeper"
	_ "carjs/cmd/carjs/internal/warm" // while it is imported
	"carjs/host/failure"
)

func main() {
	log.SetOutput(io.Discard) // Go's HTTP quotes here what servers send, in a format of its own
	collector := tuneCollector()
	ctx, stop := interruptible(context.Background())
	defer stop()
	env := environment{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, limitMemory: func(most uint64) {
		collector.limit(most)
		keeper.Limit(most + keptMemory)
	}}
	code := env.main(ctx, os.Args)
	stop()
	keeper.Done()
	os.Exit(code)
}

// environment is what a command reads and writes besides files.
type environment struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// limitMemory has the process stay below a size; nil lets it grow.
	limitMemory func(most uint64)
}

// main runs one command line and returns the exit code.
func (env environment) main(ctx context.Context, args []string) int {
	app := env.app()
	err := app.RunContext(ctx, flagsFirst(app, args))
	var exit exitError
	switch {
	case err == nil:
		return failure.CodeOK
	case errors.As(err, &exit):
		return int(exit)
	}
	f := failure.From(err)
	fmt.Fprintf(env.Stderr, "carjs: %s\n", f.Message)
	if f.Hint != "" {
		fmt.Fprintf(env.Stderr, "  next step  %s\n", f.Hint)
	}
	return f.Code
}

// exitError ends the process with a code when everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// app is the table of commands.
func (env environment) app() *cli.App {
	return &cli.App{
		Name:        "carjs",
		Usage:       "write, try, test and run CAR connectors in TypeScript",
		UsageText:   "carjs COMMAND [flags] ...",
		Version:     version(),
		Writer:      env.Stdout,
		ErrWriter:   env.Stderr,
		HideVersion: false,
		// A help command of one's own takes the library's flag away, too.
		Flags: []cli.Flag{cli.HelpFlag},
		Commands: []*cli.Command{
			env.initCommand(), env.runCommand(), env.devCommand(), env.requestCommand(), env.testCommand(), env.checkCommand(),
			env.typesCommand(), env.buildCommand(), env.imageCommand(), env.publishCommand(), env.configCommand(), env.manifestCommand(),
			env.deployCommand(), env.describeCommand(), env.carCommand(), env.sourceCommand(), env.versionCommand(), helpCommand(),
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unknownCommand(c.App, c.Args().First())
			}
			return cli.ShowAppHelp(c)
		},
		// The codes of the process are failure's business, not the library's.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   usageError,
	}
}

// helpCommand shows the commands, or what a command says after -help: the library's own help knows
// nothing of the flags that the settings make.
func helpCommand() *cli.Command {
	return &cli.Command{
		Name:      "help",
		Aliases:   []string{"h"},
		Usage:     "list the commands, or the flags of one",
		UsageText: "carjs help [COMMAND ...]",
		Action: func(c *cli.Context) error {
			name := c.Args().First()
			switch {
			case name == "":
				return cli.ShowAppHelp(c)
			case c.App.Command(name) == nil:
				return unknownCommand(c.App, name)
			}
			return c.App.RunContext(c.Context, slices.Concat([]string{c.App.Name}, c.Args().Slice(), []string{"-help"}))
		},
	}
}

// usage is the failure of a command line that cannot be understood.
func usage(format string, args ...any) *failure.Failure {
	return failure.Usage(format, args...)
}

// unknownCommand is the failure of a line whose first word is no command.
func unknownCommand(app *cli.App, name string) error {
	var names []string
	for _, c := range app.Commands {
		names = append(names, c.Name)
	}
	return usage("unknown command %q%s", name, failure.DidYouMean(name, names)).WithHint("carjs help lists the commands")
}

// usageError puts the library's message on a bad flag in our form.
func usageError(c *cli.Context, err error, _ bool) error {
	name, flags := c.Command.FullName(), c.Command.Flags
	if name == "" || name == c.App.Name {
		return usage("%s", badFlag(err, c.App.Flags)).WithHint("carjs help lists the commands")
	}
	return usage("%s: %s", name, badFlag(err, flags)).WithHint("carjs %s -help lists the flags", name)
}

// badFlag is the library's message on a flag, with the flags that may have been meant when there is
// none of the name.
func badFlag(err error, flags []cli.Flag) string {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err.Error()
	}
	var known []string
	for _, flag := range flags {
		for _, k := range flag.Names() {
			known = append(known, "-"+k)
		}
	}
	return "unknown flag -" + name + failure.DidYouMean("-"+name, known)
}

// interruptible is a context that ends at Ctrl-C, at SIGTERM, and when the terminal is closed,
// unless that is ignored as under nohup; the cause says which. A second signal ends the process at
// once.
func interruptible(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if !signal.Ignored(syscall.SIGHUP) {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		select {
		case received := <-signals:
			signal.Stop(signals)
			cancel(stoppedError{received})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}

// stoppedError is the cause of a context that a signal ended. It is a [context.Canceled] for those
// who ask.
type stoppedError struct{ signal os.Signal }

func (e stoppedError) Is(err error) bool { return err == context.Canceled }

// Error names the signal as a shell or a cluster does, and not as Go does ("interrupt").
func (e stoppedError) Error() string {
	switch e.signal {
	case os.Interrupt:
		return "stopped by Ctrl-C (SIGINT)"
	case syscall.SIGTERM:
		return "stopped by SIGTERM"
	case syscall.SIGHUP:
		return "stopped by SIGHUP: the terminal was closed"
	}
	return "stopped by the signal " + e.signal.String()
}

// stoppedAs puts what became of a command's work into the error of one that a signal ended, unless
// that says so itself. It leaves other errors as they are.
func stoppedAs(err error, became string) error {
	if known := (*failure.Failure)(nil); !errors.Is(err, context.Canceled) || errors.As(err, &known) {
		return err
	}
	return failure.New(failure.Recoverable, "%s: carjs was stopped", became).WithFault(failure.FaultNobody).WithCause(err).
		WithHint("run the command again")
}
