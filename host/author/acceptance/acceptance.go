// Package acceptance has the checks that every connector must pass, whatever its data source is:
// that it tells good credentials from bad ones, that an incremental import comes out as a full one,
// that each request that fails ends in a failure of the right kind, and so on.
//
// A check runs the connector as production does, against an embedded CAR service in memory and a
// data source that the caller provides, as it is or as it was recorded. What a connector is made of
// is not known here; who prints the results is not either.
package acceptance

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host"
	"carjs/host/recording"
)

// Check is one thing that a connector must do.
type Check struct {
	// Name is for people and for skipping it: "incremental-equals-full".
	Name string
	// Explains says what the connector must do, in a sentence.
	Explains string
	run      func(ctx context.Context, t *trial)
}

// Checks returns the table of checks, in the order in which they run. Every call returns a table of
// its own.
func Checks() []Check {
	return []Check{
		{
			"connection-test",
			"testConnection() queries the data source, returns 0 if all is well, and something else if the data source refuses the login",
			connectionTest,
		},
		{"objects-validate", "a full import adds only valid objects: none is skipped", objectsValidate},
		{"edges-meet-vertices", "both ends of every edge are added, because carjs drops other edges", edgesMeetVertices},
		{"save-point", "a full import ends with a save point, and after a change with a different one", savePoint},
		{"nothing-changed", "an incremental import sends nothing if nothing has changed", nothingChanged},
		{
			"incremental-equals-full",
			"after a change, an incremental import leaves the same graph as a full import",
			incrementalEqualsFull,
		},
		{
			"failures-are-typed",
			"when a request to the data source fails, the import ends in a DatasourceFailure with the right code, " +
				"never in an unknown error or in success",
			failuresAreTyped,
		},
		{"no-secrets", "no secret setting appears in the connector's log, in a failure, or in the graph", noSecrets},
	}
}

// Status is how a check came out.
type Status string

// The outcomes.
const (
	Passed  Status = "passed"
	Failed  Status = "failed"
	Skipped Status = "skipped"
)

// Result is what came of a check.
type Result struct {
	Check
	Status Status
	// Why says what is wrong, or why the check was skipped. Of several faults it has a line each.
	Why string
	// At is the line of TypeScript, where one is known.
	At   string
	Took time.Duration
}

// Subject is the connector that is checked.
type Subject struct {
	// Name is the name of the source in CAR; empty is "acceptance".
	Name string
	// Open makes a connector for one run, whose requests go through the transport. Waits before
	// repetitions must be short.
	Open func(transport http.RoundTripper, log hclog.Logger) (host.Connector, error)
	// Source returns the way to the data source, for one run.
	Source func() http.RoundTripper
	// Changed is the data source after a change; nil when there is none to be had.
	Changed func() http.RoundTripper
	// Secrets are the values of secret settings.
	Secrets []string
	// Skip has reasons not to run checks, by their names.
	Skip map[string]string
}

// Run runs the checks that selected says yes to by their names, nil for all, and hands over each
// result as it comes. A name in Skip that is no check is a failed result.
func Run(ctx context.Context, subject Subject, selected func(name string) bool, told func(Result)) {
	if subject.Name == "" {
		subject.Name = "acceptance"
	}
	known, said := map[string]bool{}, map[string]bool{}
	for _, check := range Checks() {
		known[check.Name] = true
		if ctx.Err() != nil {
			return
		}
		if selected != nil && !selected(check.Name) {
			continue
		}
		if reason, skip := subject.Skip[check.Name]; skip {
			told(Result{Check: check, Status: Skipped, Why: reason})
			continue
		}
		told(runOne(ctx, subject, check, said))
	}
	for name := range subject.Skip {
		if !known[name] {
			told(Result{Check: Check{Name: name}, Status: Failed, Why: "acceptance.skip names an unknown check"})
		}
	}
}

// runOne runs a check. said has the failures of imports that other checks told of already.
func runOne(ctx context.Context, subject Subject, check Check, said map[string]bool) Result {
	began := time.Now()
	t := &trial{subject: subject, said: said, result: Result{Check: check, Status: Passed}}
	defer t.close()
	check.run(ctx, t)
	t.result.Took = time.Since(began)
	return t.result
}

// notRecorded tells whether a run failed because the recording lacks a request, which says nothing
// of the connector.
func notRecorded(report *host.Report) (*recording.MissingError, bool) {
	var missing *recording.MissingError
	return missing, report.Err() != nil && errors.As(report.Err(), &missing)
}
