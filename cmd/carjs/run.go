package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/cmd/carjs/internal/keeper"
	"carjs/host"
	"carjs/host/failure"
	"carjs/host/redact"
)

// runCommand is carjs run: one import. Its flags are those of the settings table and those that the
// connector declares, which the library cannot know: package settings reads the line.
func (env environment) runCommand() *cli.Command {
	return &cli.Command{
		Name:            "run",
		Usage:           "import a data source into CAR once, incrementally if possible",
		UsageText:       "carjs run [flags] CONNECTOR [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			r := &run{environment: env, Run: &app.Run{
				Output: env.Stderr, Terminal: isTerminal(env.Stderr), Colour: hasColour(env.Stderr), Width: columns(env.Stderr),
				Identity: identity(), Redactor: redact.New(), LimitMemory: env.limitMemory,
			}}
			defer r.Close()
			var report *host.Report
			if death := keeper.Ended(); death != nil {
				report = r.Lost(death, c.Args().Slice())
			} else {
				report = r.Do(c.Context, c.Args().Slice())
			}
			if report == nil {
				fmt.Fprint(r.Stdout, r.Line.Usage())
				return nil
			}
			return r.finish(report)
		},
	}
}

// run is one execution of the command.
type run struct {
	environment
	*app.Run
}

// finish tells how the run ended, in the report's file and to whoever reads, and returns the exit
// code as an error.
func (r *run) finish(report *host.Report) error {
	if failed := r.Recorded(report); failed != nil {
		report = r.alsoFailed(report, failed)
	}
	if err := r.writeReport(report); err != nil {
		failed := failure.New(failure.Recoverable, "cannot write the report: %v", err).WithCause(err).
			WithFault(failure.FaultSettings).WithHint("set -report to a file that can be written")
		report = r.alsoFailed(report, failed)
	}
	r.writeTermination(report)
	r.print(report)
	if report.ExitCode == failure.CodeOK {
		if !r.Settings.ConnectionTest {
			r.Complete()
		}
		return nil
	}
	return exitError(report.ExitCode)
}

// alsoFailed is the report of a run whose result could not be written: the first failure stays the
// one that counts.
func (r *run) alsoFailed(report *host.Report, failed *failure.Failure) *host.Report {
	if report.ExitCode == failure.CodeOK {
		return host.Failed(failed)
	}
	r.say(r.Stderr, fmt.Sprintf("carjs: %s\n", r.Redactor.String(failed.Error())))
	return report
}
