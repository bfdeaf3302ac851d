package host

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/files"
	"carjs/host/internal/inventory"
)

// protect calls f and turns a panic in it into a failure: operators must not see a Go stack trace.
func protect(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = failure.New(failure.General, "carjs has a bug: %v", p).WithFault(failure.FaultCarjs).
				WithDetail(string(debug.Stack())).WithHint("report this bug with the detail from the run's report")
		}
	}()
	return f()
}

// failure makes the failure of an error. If the run was stopped meanwhile, by its caller, by its
// deadline or because pages could not be sent, the failure is the reason for that, whatever the
// connector returned. A [failure.Unrecoverable] one is kept, because it says that CAR may have a
// gap.
func (s *session) failure(ctx context.Context, err error) *failure.Failure {
	if err == nil {
		return nil
	}
	f := describe(err)
	if ctx.Err() == nil || f.Kind == failure.Unrecoverable {
		return f
	}
	why := whyStopped(ctx)
	// The place where the connector was when its time was over shows what took so long. It says
	// nothing about a failure of CAR, or about a run that somebody stopped.
	if why.Fault != failure.FaultCAR && why.Fault != failure.FaultNobody && f.At != "" {
		why.At = f.At
		why.Detail = strings.Trim(why.Detail+"\n\n"+f.Detail, "\n")
	}
	return why
}

// describe makes the failure of an error, with its position in the connector.
func describe(err error) *failure.Failure {
	f := &failure.Failure{}
	var typed *failure.Failure
	var notPossible *failure.NotPossible
	var noAnswer *inventory.NoAnswerError
	switch {
	case errors.As(err, &typed):
		*f = *typed // a copy: others may hold the error
	case errors.As(err, &notPossible):
		f = failure.New(failure.General, "%s", notPossible.Error()).WithCause(err).
			WithHint("only an incremental import can fall back to a full one")
	case errors.As(err, &noAnswer): // where silence proves nothing and nobody knew another way
		rule := car.RuleFor(car.PostQuery, car.Answer("404"))
		f = failure.New(rule.Kind, "%s", noAnswer.Error()).WithFault(rule.Fault).WithCause(err).
			WithHint("check that the CAR service answers queries")
	default:
		f = failure.New(failure.General, "%s", err.Error()).WithCause(err)
	}
	ofThisMachine(f, err)
	if f.Hint == "" {
		f.Hint = f.DefaultHint()
	}
	var located Located
	if errors.As(err, &located) {
		if f.At == "" {
			f.At = located.At()
		}
		if f.Detail == "" {
			f.Detail = located.Detail()
		}
	}
	return f
}

// ofThisMachine blames the machine for the failures that it causes: too many open files or a full
// disk are temporary, and not the fault of the connector, the data source or CAR. What a gap in CAR
// means for the next run does not change.
func ofThisMachine(f *failure.Failure, err error) {
	trouble, ok := files.TroubleOf(err)
	if !ok || !trouble.Passing {
		return
	}
	f.Fault = failure.FaultSettings
	if f.Kind == failure.Datasource || f.Kind == failure.InvalidParameter || f.Kind == failure.General {
		f.Kind, f.Code = failure.Recoverable, failure.CodeRecoverable
	}
	if !strings.Contains(f.Message, trouble.Reason) && !strings.Contains(f.Message, trouble.Cause.Error()) {
		f.Message += ": " + trouble.Reason
	}
	if !strings.Contains(f.Hint, trouble.Hint) && !strings.Contains(f.Hint, "ulimit") {
		f.Hint = trouble.Hint
	}
}

// whyStopped is the failure of a run whose context has ended.
func whyStopped(ctx context.Context) *failure.Failure {
	cause := context.Cause(ctx)
	var typed *failure.Failure
	if errors.As(cause, &typed) || errors.Is(cause, context.DeadlineExceeded) {
		return describe(failure.From(cause))
	}
	f := failure.From(context.Canceled)
	if cause != nil && cause != context.Canceled {
		f.Detail = cause.Error() // which signal it was
	}
	return f
}

// resetAfter resets the save point after a failure that may have left a gap in CAR.
//
// If that fails too, the next run is still correct. During a full import there is no save point to
// reset. After an incremental one the old save point stays, and the next run repeats all changes
// since then.
func (s *session) resetAfter(ctx context.Context, f *failure.Failure) {
	if s.car == nil || s.point.none() {
		return
	}
	s.log.Info("resetting the save point: the next run is a full import")
	err := s.point.reset(ctx)
	if err == nil {
		return
	}
	s.log.Error("cannot reset the save point", "error", err)
	f.Hint = "start the next run with -full: the save point was not reset"
	note := fmt.Sprintf("reset the save point: %v", err)
	if f.Detail != "" {
		note = f.Detail + "\n" + note
	}
	f.Detail = note
}
