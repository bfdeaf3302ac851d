// Package failure holds the typed failures in which a carjs run can end: what kind, whose fault,
// the exit code, and what it means for the next run.
//
// Everything that ends a run is, or is made into, a [Failure]; the exit code, the report and the
// text on the terminal all come from it. Only the table [Kinds] defines the default code of a kind
// and what it does to the save point. The package knows neither CAR nor JavaScript, nor how a
// failure is printed.
package failure

import (
	"context"
	"errors"
	"fmt"
)

// Kind names one of the ways in which a run can fail. Its text is what the report shows in "kind".
type Kind string

// The kinds, as the platform that starts connectors knows them.
const (
	// General is anything that a connector throws, except typed failures.
	General Kind = "GENERAL_APPLICATION_FAILURE"
	// InvalidParameter is a run that could not start: settings missing or malformed, no such
	// connector, TypeScript that does not build.
	InvalidParameter Kind = "CONNECTOR_RUNTIME_INVALID_PARAMETER"
	// Recoverable means that the next run may try an incremental import again.
	Recoverable Kind = "RecoverableFailure"
	// Unrecoverable means that CAR may have a gap: the save point is reset and the next run is
	// full.
	Unrecoverable Kind = "UnrecoverableFailure"
	// Datasource is a failure of the connected data source.
	Datasource Kind = "DatasourceFailure"
)

// Fault says who has to act.
type Fault string

// Whose fault a failure can be.
const (
	FaultConnector  Fault = "connector"
	FaultSettings   Fault = "settings"
	FaultDatasource Fault = "data source"
	FaultCAR        Fault = "CAR"
	FaultCarjs      Fault = "carjs"
	// FaultNobody is for a run that was told to stop.
	FaultNobody Fault = ""
)

// Exit codes that have a name of their own.
const (
	CodeOK                         = 0
	CodeGeneral                    = 1
	CodeInvalidParameter           = 2
	CodeRecoverable                = 10
	CodeUnrecoverable              = 20
	CodeDatasource                 = 50
	CodeDatasourceConnect          = 51
	CodeDatasourceAuth             = 52
	CodeDatasourceForbidden        = 53
	CodeDatasourceInvalidParameter = 54
	CodeDatasourceDataProcess      = 55
)

// KindRule is what the platform fixes for one kind.
type KindRule struct {
	Kind Kind `json:"kind"`
	// Code is the exit code when a failure names none.
	Code int `json:"code"`
	// ResetsSavePoint tells whether the save point is reset, so that the next run is full.
	ResetsSavePoint bool `json:"resets_save_point"`
	// Fault is whose fault it is unless the failure says otherwise.
	Fault Fault `json:"fault"`
	// NextRun tells an operator what the next run will do.
	NextRun string `json:"next_run"`
}

// NextRunUnaffected is what a run that ended before its import began means for the next one.
const NextRunUnaffected = "not affected: this run imported nothing"

// Kinds returns the table of all kinds, in the order in which documentation shows them.
func Kinds() []KindRule {
	return []KindRule{
		{General, CodeGeneral, false, FaultConnector, "the save point is kept"},
		{InvalidParameter, CodeInvalidParameter, false, FaultSettings, NextRunUnaffected},
		{Recoverable, CodeRecoverable, false, FaultCAR, "the incremental import is retried"},
		{Unrecoverable, CodeUnrecoverable, true, FaultCAR, "the save point was reset: the next run is a full import"},
		{Datasource, CodeDatasource, false, FaultDatasource, "the save point is kept"},
	}
}

// Rule returns the row of the table for a kind; an unknown kind has the row of [General].
func Rule(kind Kind) KindRule {
	rules := Kinds()
	for _, rule := range rules {
		if rule.Kind == kind {
			return rule
		}
	}
	return rules[0]
}

// DefaultHint returns the next step after a failure that names none; "" when there is no step that
// holds for all failures of its kind.
func (f *Failure) DefaultHint() string {
	if f.Kind != Datasource || f.Fault != FaultDatasource {
		return ""
	}
	switch f.Code {
	case CodeDatasourceConnect:
		return "check that the data source is running, and the host and port in the connector's settings"
	case CodeDatasourceAuth:
		return "check the credentials in the connector's settings"
	case CodeDatasourceForbidden:
		return "give the account in the connector's settings the permissions it needs"
	case CodeDatasourceInvalidParameter:
		return "check the connector's settings"
	case CodeDatasourceDataProcess:
		return "check the data that the data source returned"
	}
	return "check the data source and its log, then start the run again"
}

// Failure is an error that ends a run.
type Failure struct {
	Kind  Kind
	Code  int   // exit code, 1 to 255
	Fault Fault // who has to act
	// Message is one sentence for the operator: what happened, without a secret in it.
	Message string
	// Detail is for the developer of the connector: an answer's text, a code frame, a stack in
	// TypeScript terms. May be empty.
	Detail string
	// Hint is the next step, one sentence. May be empty.
	Hint string
	// At is where in the TypeScript, "src/main.ts:7:8". Empty when no script was running.
	At string
	// Err is the cause, for errors.Is and errors.As. May be nil.
	Err error
}

// Error returns the operator's sentence.
func (f *Failure) Error() string { return f.Message }

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Err }

// Usage is the failure of a command line or of settings that cannot be used.
func Usage(format string, args ...any) *Failure {
	return New(InvalidParameter, format, args...).WithFault(FaultSettings)
}

// New makes a failure of a kind with the kind's default code and fault; the message is formatted as
// by [fmt.Sprintf].
func New(kind Kind, format string, args ...any) *Failure {
	rule := Rule(kind)
	return &Failure{Kind: kind, Code: rule.Code, Fault: rule.Fault, Message: fmt.Sprintf(format, args...)}
}

// WithCode sets the exit code. A code that no process can end with (outside 1 to 255) leaves the
// default in place, because a failure must never look like a success to the platform.
func (f *Failure) WithCode(code int) *Failure {
	if code >= 1 && code <= 255 {
		f.Code = code
	}
	return f
}

// WithFault says whose fault it is, where that differs from the kind's usual one.
func (f *Failure) WithFault(fault Fault) *Failure {
	f.Fault = fault
	return f
}

// WithHint sets the next step.
func (f *Failure) WithHint(format string, args ...any) *Failure {
	f.Hint = fmt.Sprintf(format, args...)
	return f
}

// WithDetail sets the developer's text.
func (f *Failure) WithDetail(detail string) *Failure {
	f.Detail = detail
	return f
}

// WithCause keeps the error that led to the failure.
func (f *Failure) WithCause(err error) *Failure {
	f.Err = err
	return f
}

// From returns the failure that err is or wraps. Any other error becomes one: a cancelled context a
// [Recoverable] one, because a stopped run is tried again; everything else a [General] one.
// From(nil) is nil.
func From(err error) *Failure {
	if err == nil {
		return nil
	}
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	switch {
	case errors.Is(err, context.Canceled):
		return New(Recoverable, "the run was stopped").WithFault(FaultNobody).WithCause(err).
			WithHint("start it again: it continues from the save point, or with a full import if there is none")
	case errors.Is(err, context.DeadlineExceeded):
		return New(Recoverable, "the run timed out").WithFault(FaultSettings).WithCause(err).
			WithHint("raise -timeout")
	}
	return New(General, "%s", err.Error()).WithCause(err)
}

// NotPossible is not a failure of the run: a connector returns it when an incremental import cannot
// be made now, and the session goes on with a full one.
type NotPossible struct {
	// Reason is the connector's sentence; it goes to the log.
	Reason string
}

// Error returns the reason.
func (e *NotPossible) Error() string { return "incremental import not possible: " + e.Reason }
