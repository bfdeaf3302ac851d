package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/urfave/cli/v2"

	"carjs/bindings"
	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/car"
	"carjs/host/carserver"
	"carjs/host/failure"
	"carjs/host/files"
	"carjs/host/redact"
	"carjs/host/settings"
)

// runCommand is carjs run: one import. Its flags are those of the settings table and those that the
// connector declares, which the library cannot know: package settings reads the line.
func (env environment) runCommand() *cli.Command {
	return &cli.Command{
		Name:            "run",
		Usage:           "import a data source into CAR once: incremental when possible, else full",
		UsageText:       "carjs run [flags] CONNECTOR [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			r := &run{environment: env, redactor: redact.New()}
			defer r.close()
			report := r.do(c.Context, c.Args().Slice())
			if report == nil {
				return nil
			}
			return r.finish(report)
		},
	}
}

// run is one execution of the command, filled as it gets on, so that its end can be told in the
// right way however far it got.
type run struct {
	environment
	redactor  *redact.Redactor
	log       hclog.Logger // nil before the settings are known
	json      bool         // the log is in JSON
	usage     string       // what to print after a mistake in the settings
	command   *command
	values    settings.Values
	settings  settings.RunOptions
	buildErr  *bundle.BuildError
	embedded  bool // CAR is the embedded one
	traffic   *traffic
	stopAfter []func() error
	beside    sync.WaitGroup // work that must end before the process
}

// do runs the command up to its report; nil when only help was asked for.
func (r *run) do(ctx context.Context, args []string) *host.Report {
	var err error
	if r.command, err = readCommand("run", settings.RunTable(), args); err != nil {
		r.settings.Report = reportIn(args)
		return host.Failed(err)
	}
	if r.command.flags.Help {
		fmt.Fprint(r.Stdout, r.command.usage())
		return nil
	}
	if err := r.configure(); err != nil {
		return host.Failed(err)
	}
	if err := checkConnections(); err != nil {
		return host.Failed(err)
	}
	connector, err := r.build(ctx)
	if err != nil {
		return host.Failed(err)
	}
	options, err := r.options(connector)
	if err != nil {
		return host.Failed(err)
	}
	if r.settings.ConnectionTest {
		return host.TestConnection(ctx, connector, options)
	}
	return host.Import(ctx, connector, options)
}

// configure gathers the settings, and starts the embedded services where they take the place of
// missing ones.
func (r *run) configure() error {
	var err error
	if r.values, err = r.command.gather(); err != nil {
		return err
	}
	r.settings = r.values.Run()
	r.values.Redact(r.redactor)
	if r.settings.Report != "" && r.settings.Report != standardOutput {
		// The report of an earlier run must not be taken for this one's, whatever ends it.
		if err := files.Remove(r.settings.Report); err != nil {
			return usage("cannot write the report: %v", err)
		}
		if _, err := os.Stat(filepath.Dir(r.settings.Report)); err != nil {
			// Before anything is imported: this is exit code 2, by which nothing was.
			path := r.settings.Report
			r.settings.Report = ""
			return usage("cannot write the report to %s: %v", path, err).WithCause(err).WithHint("name a file in a folder that exists, with -report")
		}
	}
	r.setLogger()
	if r.embedded {
		r.values = r.values.WithDefaults(map[string]string{settings.EnvSource: r.command.connector.Name})
	}
	if err := r.embedSource(); err != nil {
		return err
	}
	if replay := r.values.Text(settings.EnvReplay); replay != "" {
		if r.values.Text(settings.EnvRecord) != "" {
			return usage("-record and -replay exclude each other").WithHint("replay what is recorded, or record anew")
		}
		recorded, err := openRecording(replay)
		if err != nil {
			return err
		}
		r.values = r.values.WithStandIns(recorded.Settings)
	}
	var needs []settings.Need
	if !r.settings.ConnectionTest {
		needs = append(needs, settings.NeedCAR)
	}
	if err := r.values.Check(needs...); err != nil {
		r.usage = r.command.usage()
		return err
	}
	r.values.Redact(r.redactor)
	return nil
}

// embedSource starts the embedded data source for the reference connector when no other is named.
func (r *run) embedSource() error {
	if !standsIn(r.command, r.values) {
		return nil
	}
	running, err := startSource(r.settings.StateDir, r.log)
	if err != nil {
		return err
	}
	r.stopAfter = append(r.stopAfter, running.Stop)
	r.values = withSource(r.values, running.URL)
	return nil
}

// build bundles the connector and makes its runtime.
func (r *run) build(ctx context.Context) (*bindings.Connector, error) {
	traffic, err := openTraffic(r.command, r.values, r.redactor)
	if err != nil {
		return nil, err
	}
	r.traffic = traffic
	cache := bundle.Cache{
		Dir: filepath.Join(r.settings.StateDir, "bundles"), Version: identity(), Private: r.redactor.Finds, Later: r.beside.Go,
	}
	build := func() (*bundle.Bundle, error) { return r.command.connector.Build(ctx, bindings.Modules(), cache) }
	connector, err := bindings.Build(build, func() (bindings.Options, error) {
		return bindings.Options{
			Args: r.values.Connector(), Transport: traffic, Logger: r.log.Named(connectorLabel), Secret: r.redactor.Add,
			RequestTimeout: r.settings.RequestTimeout, RetryWait: r.settings.RetryWait,
			MaxStack: r.settings.MaxStack, MaxTurn: r.settings.MaxTurn, MaxMemory: r.settings.MaxMemory,
		}, nil
	})
	if errors.As(err, &r.buildErr) {
		return nil, buildFailure(r.command.connector.Name, r.buildErr)
	}
	if err != nil {
		return nil, err
	}
	for _, warning := range connector.Warnings() {
		r.log.Warn(warning.Frame)
	}
	return connector, nil
}

// buildFailure is the failure of a connector that does not build.
func buildFailure(name string, err *bundle.BuildError) *failure.Failure {
	first := err.Messages[0]
	f := failure.New(failure.InvalidParameter, "the connector %s does not build: %s", name, first.Text).
		WithFault(failure.FaultConnector).WithCause(err).WithDetail(err.Format(false)).WithHint("mend it where the message points")
	if first.File != "" {
		f.At = fmt.Sprintf("%s:%d:%d", first.File, first.Line, first.Column)
	}
	return f
}

// options are those of the host, with the embedded CAR service started when that is the one to use.
func (r *run) options(connector *bindings.Connector) (host.Options, error) {
	options := host.Options{
		Full: r.settings.Full, PageSize: r.settings.PageSize, InFlight: r.settings.PagesInFlight,
		ExportDir: r.settings.ExportDataDir, KeepExport: r.settings.KeepExportData, Redact: r.redactor.Bytes,
		Timeout: r.settings.Timeout, Logger: r.log, DatasourceRequests: connector.DatasourceRequests,
	}
	if options.KeepExport && options.ExportDir == "" {
		options.ExportDir = filepath.Join(r.settings.StateDir, "export")
	}
	if r.settings.ConnectionTest {
		return options, nil
	}
	settings, err := r.values.CAR()
	if err != nil {
		return options, err
	}
	options.CAR = car.Config{
		URL: settings.URL, Key: settings.Key.Reveal(), Password: settings.Password.Reveal(), Token: settings.Token.Reveal(),
		Source: settings.Source, RetryWait: r.settings.CARRetryWait, PollWait: r.settings.CARRetryWait / 10,
		RequestTimeout: r.settings.RequestTimeout, JobTimeout: r.settings.JobTimeout,
		Compress: r.settings.Compress,
	}
	if r.embedded {
		full, err := r.apart()
		if err != nil {
			return options, usage("the state folder cannot be written to: %v", err).WithCause(err).WithHint("name another with -state-dir")
		}
		options.Full = options.Full || full
		return options, r.embedCAR(&options.CAR)
	}
	return options, nil
}

// embeddedPollWait is short, because the embedded service does a job in milliseconds.
const embeddedPollWait = 5 * time.Millisecond

// embedCAR starts the embedded CAR service.
func (r *run) embedCAR(config *car.Config) error {
	s, err := openCAR(r.settings.StateDir, carserver.Config{Logger: r.log.Named("car")})
	if err != nil {
		return err
	}
	running, err := start(s)
	if err != nil {
		return err
	}
	r.stopAfter = append(r.stopAfter, running.Stop)
	config.URL = running.URL + "/api/car/v2"
	config.PollWait = embeddedPollWait
	return nil
}

// close stops the embedded services, and waits for what is done beside the run.
func (r *run) close() {
	defer r.beside.Wait()
	for _, stop := range r.stopAfter {
		if err := stop(); err != nil && r.log != nil {
			r.log.Warn("an embedded service did not end cleanly", "error", err)
		}
	}
}

// finish tells how the run ended, in the report's file and to whoever reads, and returns the exit
// code as an error.
func (r *run) finish(report *host.Report) error {
	if r.traffic != nil {
		if err := r.traffic.done(report.ExitCode == failure.CodeOK); err != nil {
			report = r.alsoFailed(report, recordFailure(err))
		}
	}
	if err := r.writeReport(report); err != nil {
		failed := usage("cannot write the report: %v", err).WithCause(err).WithHint("name a file in a folder that exists, with -report")
		report = r.alsoFailed(report, failed)
	}
	r.print(report)
	if report.ExitCode == failure.CodeOK {
		if !r.settings.ConnectionTest {
			r.joined()
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
	fmt.Fprintf(r.Stderr, "carjs: %v\n", failed)
	return report
}

// writer is w without secrets. The caller flushes it.
func (r *run) writer(w io.Writer) *redact.Writer { return r.redactor.Writer(w) }
