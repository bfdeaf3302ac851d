package host

import (
	"context"
	"errors"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/meter"
	"carjs/host/model"
	"carjs/host/usage"
)

// grace is how long a connector has to return once the run was stopped. After that, the run ends
// without it.
const grace = 1500 * time.Millisecond

// Import runs the connector once: incrementally if possible, else fully. It returns when the run
// has ended, and within two seconds of the end of ctx whatever the connector does. The report is
// never nil. The log tells what the run does, but not that it failed: that is up to the caller.
func Import(ctx context.Context, connector Connector, options Options) *Report {
	s := newSession(connector, options)
	return s.supervise(ctx, func(ctx context.Context) error {
		if s.invalid != nil {
			return s.invalid
		}
		if err := options.check(); err != nil {
			return err
		}
		if err := connector.Start(ctx, s.run); err != nil {
			return err
		}
		return s.importOnce(ctx)
	})
}

// TestConnection starts the connector and tests the connection to its data source. It does not call
// CAR, whose settings may be missing.
func TestConnection(ctx context.Context, connector Connector, options Options) *Report {
	s := newSession(connector, options)
	s.keepSavePoint = true
	s.meter.Enter(meter.Test)
	return s.supervise(ctx, func(ctx context.Context) error {
		if err := connector.Start(ctx, s.run); err != nil {
			return err
		}
		code, err := connector.TestConnection(ctx)
		if err == nil && code != 0 {
			return connectionFailure(code)
		}
		return err
	})
}

// SchemaExtension starts a connector, asks it for its schema extension, and closes it. It calls
// neither CAR nor the data source. The extension is nil if there is none.
func SchemaExtension(ctx context.Context, connector Connector, options Options) (*model.Extension, error) {
	s := newSession(connector, options)
	s.keepSavePoint = true
	var extension *model.Extension
	report := s.supervise(ctx, func(ctx context.Context) error {
		err := connector.Start(ctx, s.run)
		if err == nil {
			extension, err = connector.SchemaExtension(ctx)
		}
		return err
	})
	return extension, report.Err()
}

// session is one call of [Import], [TestConnection] or [SchemaExtension]. It owns the parts of a
// run, none of which knows the session:
//
//	session ─┬─ progress    how far the run has come
//	         ├─ savePoint   the save point in CAR
//	         ├─ Service     the connector's calls to CAR, which use both
//	         └─ Run         what the connector sees: Service and progress
type session struct {
	connector Connector
	options   Options
	log       hclog.Logger
	meter     *meter.Meter
	started   time.Time
	car       *car.Client
	invalid   error // why there is no client
	progress  *progress
	point     *savePoint
	service   *Service
	sender    *sender
	run       *Run
	guard     *guard
	skips     skips
	// keepSavePoint is set for calls that are not imports: their failures must not reset the save
	// point.
	keepSavePoint bool
	extension     *model.Extension // the connector's; nil when it has none
	// model is CAR's data model with the extension, before CAR's import schema amends it.
	model *model.Model
	// found is what CAR had of the source itself when the run began.
	found car.Source
	marks marks
	// removedEdges are edges that were removed with invalid vertices: see lostEdge.
	removedEdges []lostEdge
	// stop ends the run's context with the reason.
	stop context.CancelCauseFunc
}

func newSession(connector Connector, options Options) *session {
	s := &session{connector: connector, options: options, log: options.Logger, started: time.Now(), model: model.CAR()}
	if s.log == nil {
		s.log = hclog.NewNullLogger()
	}
	if s.meter = options.Meter; s.meter == nil {
		s.meter = meter.New(nil)
	}
	s.car, s.invalid = newClient(options.CAR, s.log, s.meter)
	s.progress = newProgress(options.Now)
	s.point = &savePoint{client: s.car}
	s.service = &Service{
		client: s.car, invalid: s.invalid, source: options.CAR.Source, log: s.log, progress: s.progress, point: s.point,
	}
	s.sender = newSender(s.car, s.service, s.log)
	s.guard = newGuard(options.MaxDeletions, s.service.sizes)
	s.service.guard = s.guard
	s.run = &Run{log: s.log, source: options.CAR.Source, service: s.service, progress: s.progress}
	return s
}

// setModel makes a model that of the run.
func (s *session) setModel(m *model.Model) {
	s.progress.setModel(m)
	if s.car != nil {
		s.car.Use(m)
	}
}

// newClient makes the client of CAR, or says what is wrong with its settings.
func newClient(config car.Config, log hclog.Logger, m *meter.Meter) (*car.Client, error) {
	if config.Logger == nil {
		config.Logger = log
	}
	if config.Waiting == nil {
		config.Waiting = m.Wait
	}
	client, err := car.New(config)
	var typed *failure.Failure
	if err != nil && !errors.As(err, &typed) {
		err = failure.New(failure.InvalidParameter, "invalid settings for CAR: %v", err).WithCause(err)
	}
	return client, err
}

// supervise does the work on its own goroutine and makes the report. If the caller's context or the
// deadline ends and the connector does not return, it is abandoned: its context has ended, so it
// cannot call CAR any more.
func (s *session) supervise(ctx context.Context, work func(context.Context) error) *Report {
	bounded, cancel := s.bound(ctx)
	defer cancel()
	ctx, s.stop = context.WithCancelCause(bounded)
	defer s.stop(nil)

	ended := make(chan *failure.Failure, 1)
	go func() { ended <- s.attempt(ctx, bounded, work) }()
	select {
	case f := <-ended:
		return s.report(f)
	case <-bounded.Done():
	}
	select {
	case f := <-ended:
		return s.report(f)
	case <-time.After(grace):
		s.log.Warn("the connector did not return after the run was stopped: ending the run without it", "waited", grace)
		return s.report(whyStopped(bounded))
	}
}

// bound adds the deadline of the run to the context.
func (s *session) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.options.Timeout <= 0 {
		return context.WithCancel(ctx)
	}
	late := failure.New(failure.Recoverable, "the run did not end within %s", s.options.Timeout).
		WithFault(failure.FaultSettings).WithCause(context.DeadlineExceeded).WithHint("raise -timeout")
	return context.WithTimeoutCause(ctx, s.options.Timeout, late)
}

// attempt does the work, resets the save point if a failure requires that, and closes the
// connector. The context of the work ends before the bounded one if pages cannot be sent; the save
// point must still be reset then.
func (s *session) attempt(ctx, bounded context.Context, work func(context.Context) error) *failure.Failure {
	f := s.failure(ctx, protect(func() error { return work(ctx) }))
	if f != nil && failure.Rule(f.Kind).ResetsSavePoint && !s.keepSavePoint {
		s.resetAfter(bounded, f)
	}
	if err := protect(s.connector.Close); err != nil {
		s.log.Warn("the connector did not close cleanly", "error", err)
	}
	return f
}

// report makes the report. The connector may still be running if it was abandoned.
func (s *session) report(f *failure.Failure) *Report {
	s.tellSkipped()
	r := &Report{
		Source: s.options.CAR.Source, Mode: s.progress.currentMode(), SavePoint: s.point.value(),
		Seconds:     time.Since(s.started).Round(time.Millisecond).Seconds(),
		Collections: s.progress.counts(), SkippedReasons: s.skips.list(s.progress.currentModel()),
		Dangling:  s.progress.danglingEdges(),
		Outdated:  s.progress.outdatedObjects(),
		Model:     s.progress.currentModel(),
		Requests:  Requests{CAR: s.service.requests()},
		Resources: usage.Now(),
	}
	if s.options.DatasourceRequests != nil {
		r.Requests.Datasource = s.options.DatasourceRequests()
	}
	if f != nil {
		r.fail(f)
	}
	return r
}
