package host

import (
	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
	"carjs/host/usage"
)

// Mode is how a run imports.
type Mode string

// The modes of a run.
const (
	ModeFull        Mode = "full"
	ModeIncremental Mode = "incremental"
)

// Report is the outcome of a run. -report writes it as JSON.
type Report struct {
	// Source is the name of the connection.
	Source string `json:"source"`
	// Mode is empty when the run ended before it was chosen, and in a connection test.
	Mode Mode `json:"mode"`
	// ExitCode is the exit code of the process.
	ExitCode int `json:"exit_code"`
	// Failure is nil if the run succeeded.
	Failure *ReportedFailure `json:"failure"`
	// SavePoint is the save point that CAR has now, as far as the run knows: the next run continues
	// there. "" means none.
	SavePoint string `json:"save_point"`
	// Seconds is how long the run took.
	Seconds float64 `json:"seconds"`
	// Collections has the counts of every collection with objects. An edge that was deactivated
	// counts as deleted.
	Collections map[string]submit.Count `json:"collections"`
	// SkippedReasons says why objects were left out, each reason once.
	SkippedReasons []SkippedReason `json:"skipped_reasons"`
	// Dangling says which edges were left out because the vertex at one of their ends is missing.
	Dangling []submit.Dangling `json:"dangling"`
	// Outdated says which invalid objects CAR keeps as an earlier import reported them.
	Outdated []Outdated `json:"outdated"`
	Requests Requests   `json:"requests"`
	// Lost tells that the process which imported is gone, killed for example, and what it had sent is
	// not known: Collections and Requests count nothing.
	Lost bool `json:"lost,omitempty"`
	// Resources is what the process used up to the end of the run.
	Resources usage.Used `json:"resources"`
	// Model is the data model of the run, the connector's extension included.
	Model *model.Model `json:"-"`

	err *failure.Failure
}

// ReportedFailure is a failure as the report shows it.
type ReportedFailure struct {
	Kind    failure.Kind  `json:"kind"`
	Code    int           `json:"code"`
	Message string        `json:"message"`
	Hint    string        `json:"hint"`
	At      string        `json:"at"`
	Fault   failure.Fault `json:"fault"`
	Detail  string        `json:"detail"`
}

// Requests counts requests, including retries.
type Requests struct {
	CAR        int64 `json:"car"`
	Datasource int64 `json:"datasource"`
}

// Failed is the report of a run that failed before it began: the settings are wrong, or there is no
// connector.
func Failed(err error) *Report {
	r := &Report{
		Collections: map[string]submit.Count{}, SkippedReasons: []SkippedReason{}, Dangling: []submit.Dangling{},
		Outdated: []Outdated{},
		Model:    model.CAR(), Resources: usage.Now(),
	}
	r.fail(describe(err))
	return r
}

// Standing is what is known of a run while it goes on, for a report that somebody else has to write.
type Standing struct {
	Source    string `json:"source"`
	Mode      Mode   `json:"mode"`
	SavePoint string `json:"save_point"`
}

// Lost is the report of a run that ended without one, with what was known of it.
func Lost(known Standing, seconds float64, err error) *Report {
	r := Failed(err)
	r.Source, r.Mode, r.SavePoint, r.Seconds, r.Lost = known.Source, known.Mode, known.SavePoint, seconds, true
	return r
}

// tellStanding says where the run stands now.
func (s *session) tellStanding() {
	if s.options.Standing != nil {
		s.options.Standing(Standing{Source: s.options.CAR.Source, Mode: s.progress.currentMode(), SavePoint: s.point.value()})
	}
}

// Err returns the [*failure.Failure] that ended the run; nil if it succeeded.
func (r *Report) Err() error {
	if r.err == nil {
		return nil
	}
	return r.err
}

// fail turns the report into that of a failed run.
func (r *Report) fail(f *failure.Failure) {
	r.err, r.ExitCode = f, f.Code
	r.Failure = &ReportedFailure{Kind: f.Kind, Code: f.Code, Message: f.Message, Hint: f.Hint, At: f.At, Fault: f.Fault, Detail: f.Detail}
}
