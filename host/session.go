package host

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/usage"
)

// grace is how long a connector has to return once the run was stopped. Beyond it the run ends
// without it.
const grace = 1500 * time.Millisecond

// Import runs the connector once: incremental when that is possible, else full. It returns when the
// run has ended, and within two seconds of the end of ctx whatever the connector does. The report
// is never nil. What the run does is logged; that it failed is for the caller to say.
func Import(ctx context.Context, connector Connector, options Options) *Report {
	s := newSession(connector, options)
	return s.run(ctx, func(ctx context.Context) error {
		switch {
		case s.invalid != nil:
			return s.invalid
		case options.CAR.Source == "":
			return failure.New(failure.InvalidParameter, "the name of the connection is missing").
				WithHint("give it with -source or CONNECTION_NAME")
		case model.CheckKey(options.CAR.Source) != nil:
			return failure.New(failure.InvalidParameter, "the name of the connection does not do: %v", model.CheckKey(options.CAR.Source)).
				WithHint("give another one with -source or CONNECTION_NAME")
		case options.KeepExport && options.ExportDir == "":
			return failure.New(failure.InvalidParameter, "pages are to be kept, but no folder is named").
				WithHint("name one with -export-data-dir")
		}
		if err := connector.Start(ctx, s.side); err != nil {
			return err
		}
		return s.importOnce(ctx)
	})
}

// TestConnection starts the connector and lets it try its data source. CAR is asked for nothing, so
// that its settings may be missing.
func TestConnection(ctx context.Context, connector Connector, options Options) *Report {
	s := newSession(connector, options)
	s.test = true
	return s.run(ctx, func(ctx context.Context) error {
		if err := connector.Start(ctx, s.side); err != nil {
			return err
		}
		code, err := connector.TestConnection(ctx)
		if err == nil && code != 0 {
			return answered(code)
		}
		return err
	})
}

// session is one call of Import or TestConnection.
type session struct {
	connector Connector
	options   Options
	log       hclog.Logger
	car       *car.Client
	invalid   error // why there is no client
	side      *Run
	test      bool
	started   time.Time
	point     savePoint
	extension *model.Extension // the connector's; nil when it has none
	// stop ends the run's context with the reason.
	stop context.CancelCauseFunc
}

func newSession(connector Connector, options Options) *session {
	s := &session{connector: connector, options: options, log: options.Logger, started: time.Now()}
	if s.log == nil {
		s.log = hclog.NewNullLogger()
	}
	if options.CAR.Logger == nil {
		options.CAR.Logger = s.log
	}
	client, err := car.New(options.CAR)
	if err != nil {
		var typed *failure.Failure
		if !errors.As(err, &typed) {
			err = failure.New(failure.InvalidParameter, "the settings for CAR do not do: %v", err).WithCause(err)
		}
		s.invalid = err
	} else {
		s.car = client
	}
	s.side = newRun(s.log, options.CAR.Source,
		&Service{client: s.car, without: s.invalid, log: s.log, deleted: map[string]int{}, reset: s.reset}, options.Now)
	return s
}

// run does the work on a goroutine of its own and makes the report. When the caller's context or
// the deadline ends and the connector does not come back, it is left behind: its context has ended,
// so that it cannot reach CAR any more.
func (s *session) run(ctx context.Context, work func(context.Context) error) *Report {
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
		s.log.Warn("the connector did not return when the run was stopped: it is left behind")
		return s.report(whyStopped(bounded))
	}
}

// bound puts the deadline of the run on the context.
func (s *session) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.options.Timeout <= 0 {
		return context.WithCancel(ctx)
	}
	late := failure.New(failure.Recoverable, "the run did not end within %s", s.options.Timeout).
		WithFault(failure.FaultSettings).WithCause(context.DeadlineExceeded).WithHint("give it more time with -timeout")
	return context.WithTimeoutCause(ctx, s.options.Timeout, late)
}

// attempt does the work, draws the consequences of a failure and closes the connector. The context
// of the work ends earlier than the bounded one when pages cannot be sent; the save point must be
// reset after that still.
func (s *session) attempt(ctx, bounded context.Context, work func(context.Context) error) *failure.Failure {
	f := s.failure(ctx, protect(func() error { return work(ctx) }))
	if f != nil && failure.Rule(f.Kind).ResetsSavePoint && !s.test {
		s.resetAfter(bounded, f)
	}
	if err := protect(s.connector.Close); err != nil {
		s.log.Warn("the connector did not close cleanly", "error", err)
	}
	return f
}

// report makes the report. The connector may still be running when it was left behind.
func (s *session) report(f *failure.Failure) *Report {
	r := &Report{
		Source: s.options.CAR.Source, Mode: s.side.Mode(), SavePoint: s.point.value(),
		Seconds:     time.Since(s.started).Round(time.Millisecond).Seconds(),
		Collections: s.side.counts(),
		Model:       s.side.Model(),
		Requests:    Requests{CAR: s.side.service.requests()},
		Resources:   usage.Now(),
	}
	if s.options.DatasourceRequests != nil {
		r.Requests.Datasource = s.options.DatasourceRequests()
	}
	if f != nil {
		r.fail(f)
	}
	return r
}

// answered is the failure for a connection test that ended with a code and without an exception.
func answered(code int) error {
	kinds := map[int]failure.Kind{
		failure.CodeInvalidParameter: failure.InvalidParameter,
		failure.CodeRecoverable:      failure.Recoverable,
		failure.CodeUnrecoverable:    failure.Unrecoverable,
	}
	meanings := map[int]string{
		failure.CodeDatasourceConnect:          "the data source cannot be reached",
		failure.CodeDatasourceAuth:             "the data source does not accept the credentials",
		failure.CodeDatasourceForbidden:        "the data source does not permit it",
		failure.CodeDatasourceInvalidParameter: "the data source does not accept a parameter",
		failure.CodeDatasourceDataProcess:      "the data source's answer cannot be processed",
	}
	kind, ok := kinds[code]
	switch {
	case ok:
	case code >= failure.CodeDatasource && code <= failure.CodeDatasourceDataProcess:
		kind = failure.Datasource
	default:
		kind = failure.General
	}
	meaning, ok := meanings[code]
	if !ok {
		meaning = fmt.Sprintf("it ended with code %d", code)
	}
	return failure.New(kind, "the connection test failed: %s", meaning).WithCode(code).WithFault(failure.FaultDatasource)
}
