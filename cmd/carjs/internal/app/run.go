package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/bindings"
	"carjs/cmd/carjs/internal/embedded"
	"carjs/cmd/carjs/internal/keeper"
	"carjs/cmd/carjs/internal/terminal"
	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/files"
	"carjs/host/httpx"
	"carjs/host/logging"
	"carjs/host/meter"
	"carjs/host/model"
	"carjs/host/redact"
	"carjs/host/settings"
)

// Run is one import or connection test: carjs run. It is filled as it gets on, so that its end can
// be told in the right way however far it got.
type Run struct {
	// Output is where the log goes, Terminal tells whether that is one, Colour whether it wants
	// colours, and Width how many columns it has. Identity tells this program from every other
	// carjs, for the cache of bundles; without it, nothing is kept there.
	Output           io.Writer
	Terminal, Colour bool
	Width            func() int
	Identity         string

	// LimitMemory has the process stay below a size; nil lets it grow.
	LimitMemory func(most uint64)

	// Redactor knows the secrets of the run. It is there from the start.
	Redactor *redact.Redactor

	// Line is the line, nil when it cannot be read.
	Line *Line
	// Settings are those of carjs. Report is there even when the line cannot be read.
	Settings settings.RunOptions
	// Embedded tells that CAR is the embedded one.
	Embedded bool
	// Log is nil before the settings are known; JSON tells that it is in JSON.
	Log  hclog.Logger
	JSON bool
	// BuildError says why the connector does not build.
	BuildError *bundle.BuildError

	values    settings.Values
	notes     notes
	meter     *meter.Meter
	shown     func() // ends what shows the progress; nil before it begins
	traffic   *traffic
	stop      context.CancelCauseFunc // ends the import with the reason
	waited    bool                    // for another run
	emptyCAR  bool                    // the embedded CAR service was made by this run
	realCAR   bool                    // CAR is a service that is configured, or must be
	farCAR    bool                    // and one that others may work with, too
	stopAfter []func() error
	beside    sync.WaitGroup // work that must end before the process
}

// Do makes the run, up to its report; nil when only help was asked for. The run must be closed
// afterwards.
func (r *Run) Do(ctx context.Context, args []string) *host.Report {
	var err error
	ctx, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	r.meter = meter.New(nil)
	defer r.endProgress()
	if r.Line, err = ReadLine("run", settings.RunTable(), args); err != nil {
		r.Settings.Report = reportIn(args)
		return host.Failed(err)
	}
	if r.Line.Help {
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
	options, err := r.session(ctx, connector)
	if err != nil {
		return host.Failed(err)
	}
	if r.Settings.ConnectionTest {
		return host.TestConnection(ctx, connector, options)
	}
	return host.Import(ctx, connector, options)
}

// configure gathers and checks the settings, and then starts the embedded data source where it
// takes the place of one that is not named.
func (r *Run) configure() error {
	var err error
	if r.values, err = r.Line.Gather(); err != nil {
		return err
	}
	r.Settings = r.values.Run()
	if r.LimitMemory != nil && r.Settings.MaxMemory > 0 {
		r.LimitMemory(r.Settings.MaxMemory)
	}
	r.values.Redact(r.Redactor)
	r.Redactor.Public(publicWords(r.Line.Connector.Name, r.Settings.Source)...)
	if err := r.clearReport(); err != nil {
		return err
	}
	r.openLog()
	if err := r.Line.Verify(r.values); err != nil {
		return err
	}
	if r.Embedded {
		r.values = r.values.WithDefaults(map[string]string{settings.EnvSource: r.Line.Connector.Name})
	}
	standsIn := !r.farCAR && embedded.StandsIn(r.Line.Connector.Name, r.values)
	given := r.values
	if standsIn {
		r.values = given.WithDefaults(embedded.SourceSettings(embedded.SomeURL))
	}
	if r.values, err = withReplayed(r.values); err != nil {
		return err
	}
	var needs []settings.Need
	if !r.Settings.ConnectionTest {
		needs = append(needs, settings.NeedCAR)
	}
	if err := r.values.Check(needs...); err != nil {
		return r.noSampleData(err)
	}
	if standsIn {
		if err := r.embedSource(given); err != nil {
			return err
		}
	}
	r.values.Redact(r.Redactor)
	return nil
}

// withReplayed adds the settings of the recording that is to be replayed, if one is.
func withReplayed(values settings.Values) (settings.Values, error) {
	replay := values.Text(settings.EnvReplay)
	if replay == "" {
		return values, nil
	}
	if values.Text(settings.EnvRecord) != "" {
		return values, failure.Usage("-record and -replay exclude each other").WithHint("use one of them")
	}
	recorded, err := openRecording(replay)
	if err != nil {
		return values, err
	}
	return values.WithStandIns(recorded.Settings), nil
}

// local tells whether a URL leads to this machine.
func local(address string) bool {
	u, err := url.Parse(address)
	return err == nil && httpx.Loopback(u.Host)
}

// noSampleData adds to a failure of settings why the embedded data source did not stand in: its
// sample data must not get into a CAR service that somebody works with.
func (r *Run) noSampleData(err error) error {
	if !r.farCAR || !embedded.StandsIn(r.Line.Connector.Name, r.values) {
		return err
	}
	f := *failure.From(err)
	f.Message += "; the embedded data source is only used with a CAR service on this machine"
	return &f
}

// publicWords are the names that carjs writes all the time, besides more of them: those of the
// collections.
func publicWords(more ...string) []string {
	core := model.CAR()
	for _, c := range append(core.Vertices(), core.Edges()...) {
		more = append(more, c.Name)
	}
	return more
}

// StandardOutput is the name of a report that is written there, in place of what is told to people.
const StandardOutput = "-"

// clearReport removes the report of an earlier run, which must not be taken for this one's,
// whatever ends it.
func (r *Run) clearReport() error {
	path := r.Settings.Report
	if path == "" || path == StandardOutput {
		return nil
	}
	if err := files.Remove(path); err != nil {
		return failure.Usage("cannot write the report: %v", err)
	}
	if err := files.Writable(path); err != nil {
		// Before anything is imported: this is exit code 2, by which nothing was.
		r.Settings.Report = ""
		return failure.Usage("cannot write the report to %s: %v", path, err).WithCause(err).
			WithHint("set -report to a file in an existing folder")
	}
	return nil
}

// openLog makes the run's logger and begins to show progress. The first line says that CAR is the
// embedded service, when it is.
func (r *Run) openLog() {
	r.beginProgress(r.makeLog(true))
	if r.Embedded {
		r.Log.Info("using the embedded CAR service, because no CAR settings are set",
			"kept_in", filepath.Join(r.Settings.StateDir, "car.db"))
	}
}

// makeLog makes the run's logger, and the line that shows progress where one is wanted and possible.
func (r *Run) makeLog(progress bool) (live *terminal.Live) {
	format := r.Settings.LogFormat
	if format != logging.Text && format != logging.JSON {
		format = logging.JSON
		if r.Terminal {
			format = logging.Text
		}
	}
	r.JSON = format == logging.JSON
	name := r.Settings.Name
	if name == "" {
		name = r.Line.Declaration.Name
	}
	car, err := r.values.CAR()
	r.realCAR = err != nil || car.Mode != settings.CAREmbedded
	r.farCAR = r.realCAR && (err != nil || r.values.Text(settings.EnvCAR) == settings.RequireCAR || !local(car.URL))
	r.Embedded = !r.realCAR && !r.Settings.ConnectionTest
	source := r.Settings.Source
	if source == "" && r.Embedded {
		source = r.Line.Connector.Name
	}
	output := r.Output
	if progress && r.liveLine(format) {
		live = &terminal.Live{Out: r.Output, Width: r.Width, Colour: r.Colour}
		output = live
	}
	r.Log = logging.New(logging.Options{
		Level: Level(r.Settings.Debug), Format: format, Output: output, Redactor: r.Redactor, Colour: r.Colour,
		Connector: name, Source: source, Version: r.Settings.Version,
	})
	return live
}

// embedSource starts the embedded data source, and completes the settings that were given with its
// address.
func (r *Run) embedSource(given settings.Values) error {
	running, err := embedded.StartSource(r.Settings.StateDir, r.Log, r.broken)
	if err != nil {
		return err
	}
	r.stopAfter = append(r.stopAfter, running.Stop)
	r.values = given.WithDefaults(embedded.SourceSettings(running.URL))
	return nil
}

// build bundles the connector and makes its runtime.
func (r *Run) build(ctx context.Context) (*bindings.Connector, error) {
	traffic, err := openTraffic(ctx, r.Line, r.values, r.Redactor)
	if err != nil {
		return nil, err
	}
	r.traffic = traffic
	cache := bundle.Cache{
		Dir: filepath.Join(r.Settings.StateDir, "bundles"), Version: r.Identity, Private: r.Redactor.Finds, Later: r.beside.Go,
	}
	ctx, cancel := buildTime(ctx, r.Settings.Timeout)
	defer cancel()
	build := func() (*bundle.Bundle, error) { return r.Line.Connector.Build(ctx, bindings.Modules(), cache) }
	connector, err := bindings.Build(build, func() (bindings.Options, error) {
		return scriptOptions(r.values, access{
			transport: traffic.transport, log: r.Log, secret: r.Redactor.Add, hides: hiding(r.Redactor), waiting: r.meter.Wait,
			clock: traffic.clock, end: r.end,
		}), nil
	})
	if errors.As(err, &r.BuildError) {
		return nil, BuildFailure(r.Line.Connector.Name, r.BuildError)
	}
	if err != nil {
		return nil, err
	}
	for _, warning := range connector.Warnings() {
		r.Log.Warn("the bundler warns of the connector's code", "warning", warning.Frame)
	}
	return connector, nil
}

// end ends the run without its script, at once where memory runs out.
func (r *Run) end(f *failure.Failure, now bool) {
	if now {
		keeper.Die(r.notes.with(f))
	}
	r.stop(f)
}

// buildTime bounds a build by the time of the whole run.
func buildTime(ctx context.Context, most time.Duration) (context.Context, context.CancelFunc) {
	if most <= 0 {
		return context.WithCancel(ctx)
	}
	late := failure.New(failure.Recoverable, "the build of the connector did not end within %s", most).
		WithFault(failure.FaultSettings).WithCause(context.DeadlineExceeded).WithHint("raise -timeout")
	return context.WithTimeoutCause(ctx, most, late)
}

// BuildFailure is the failure of a connector that does not build.
func BuildFailure(name string, err *bundle.BuildError) *failure.Failure {
	first := err.Messages[0]
	if strings.Contains(first.Text, syscall.EMFILE.Error()) {
		return failure.New(failure.Recoverable, "cannot read the files of the connector %s", name).
			WithCause(errors.Join(err, syscall.EMFILE)).WithFault(failure.FaultSettings)
	}
	f := failure.New(failure.InvalidParameter, "the connector %s does not build: %s", name, first.Text).
		WithFault(failure.FaultConnector).WithCause(err).WithDetail(err.Format(false)).WithHint("fix the code at the position above")
	if first.File != "" {
		f.At = fmt.Sprintf("%s:%d:%d", first.File, first.Line, first.Column)
	}
	return f
}

// Recorded completes what was recorded of the traffic, told whether the run succeeded. The error is
// for the report.
func (r *Run) Recorded(report *host.Report) *failure.Failure {
	if r.traffic == nil {
		return nil
	}
	succeeded := report.ExitCode == failure.CodeOK
	if recorder := r.traffic.recorder; recorder != nil && succeeded {
		recorder.Imported(string(report.Mode))
		if report.Mode == host.ModeIncremental && !recorder.HasFull() {
			r.Log.Warn("recorded an incremental import, which has only what changed since the last one",
				"folder", r.values.Text(settings.EnvRecord), "hint", "run it again with -full to record everything")
		}
	}
	if err := r.traffic.done(succeeded); err != nil {
		f := recordFailure(err)
		// Not exit code 2, by which nothing was imported.
		f.Kind, f.Code = failure.Recoverable, failure.CodeRecoverable
		return f
	}
	return nil
}

// Close stops the embedded services, and waits for what is done beside the run.
func (r *Run) Close() {
	defer r.beside.Wait()
	for _, stop := range r.stopAfter {
		if err := stop(); err != nil && r.Log != nil {
			r.Log.Warn("an embedded service did not shut down cleanly", "error", err)
		}
	}
}
