package dev

import (
	"encoding/json"
	"errors"
	"time"

	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/submit"
)

// Kind says what happened.
type Kind string

// The kinds of events. A run begins, has any number of the others, and ends; the start comes before
// the first.
const (
	Started   Kind = "start"
	RunBegins Kind = "run"
	Logged    Kind = "log"
	Requested Kind = "request"
	Skipped   Kind = "skipped"
	RunEnds   Kind = "end"
)

// Event is one thing that happened, with one of the parts. Its JSON is a line of carjs dev
// -log-format json.
type Event struct {
	Kind Kind      `json:"event"`
	Time time.Time `json:"time"`
	// Run counts from 1; it is 0 at the start.
	Run     int       `json:"run"`
	Start   *Start    `json:"start,omitempty"`
	Begin   *Begin    `json:"begin,omitempty"`
	Log     *LogLine  `json:"log,omitempty"`
	Request *Exchange `json:"request,omitempty"`
	Skipped *Skip     `json:"skipped,omitempty"`
	End     *End      `json:"end,omitempty"`
}

// Start says what is watched and where it can be looked at.
type Start struct {
	Connector string `json:"connector"`
	// Page is the URL of the page, empty when there is none.
	Page string `json:"page,omitempty"`
}

// The causes of a run.
const (
	CauseStart   = "start"
	CauseSave    = "save"
	CauseCommand = "command"
)

// Begin says why and how a run is made.
type Begin struct {
	Cause string `json:"cause"`
	// Files are those that were saved, relative to the connector's folder.
	Files []string  `json:"files,omitempty"`
	Mode  host.Mode `json:"mode"`
	asked host.Mode // Mode, unless that is not possible
	// Live runs ask the data source itself.
	Live bool `json:"live"`
}

// LogLine is one line of the log.
type LogLine struct {
	Level   string `json:"level"`
	Label   string `json:"label"`
	Message string `json:"message"`
	// Fields is an object with what the line says besides its message; nil for nothing.
	Fields json.RawMessage `json:"fields,omitempty"`
	// Pairs is the same as text that follows Message, " key=value" each.
	Pairs string `json:"-"`
}

// Text is the line for people.
func (l LogLine) Text() string { return l.Message + l.Pairs }

// Exchange is a request to the data source with its answer.
type Exchange struct {
	// Number counts the requests of a run from 1, in the order of their ends.
	Number int    `json:"number"`
	Method string `json:"method"`
	URL    string `json:"url"`
	// Status is 0 when there was no answer: Error says why.
	Status int    `json:"status,omitempty"`
	Error  string `json:"error,omitempty"`
	// Recorded answers come from a recording, not from the data source.
	Recorded     bool    `json:"recorded"`
	Milliseconds float64 `json:"ms"`
	Bytes        int64   `json:"bytes"`
	// Type is the content type of the answer. Sent and Body are what was sent and answered, their
	// first [KeptBody] bytes.
	Type string `json:"type,omitempty"`
	Sent []byte `json:"-"`
	Body []byte `json:"-"`
}

// Skip is the first object that was left out for a reason: End.SkippedReasons tells of how many.
type Skip struct {
	Collection string   `json:"collection"`
	Key        string   `json:"key"`
	Faults     []string `json:"faults"`
	// At is the line that reported it, "src/main.ts:7:8".
	At     string `json:"at"`
	Object string `json:"object"`
}

// Outcome is how a run ended.
type Outcome string

// The outcomes.
const (
	Good        Outcome = "good"
	BuildFailed Outcome = "build failed"
	Failed      Outcome = "failed"
	Superseded  Outcome = "superseded" // a later run takes its place
	Stopped     Outcome = "stopped"    // the loop ends
)

// End is what became of a run.
type End struct {
	Outcome Outcome `json:"outcome"`
	// Milliseconds is the time from the beginning of the run, BuildMilliseconds that of the bundler
	// in it.
	Milliseconds      float64 `json:"ms"`
	BuildMilliseconds float64 `json:"build_ms"`
	// Files is the number of files that the bundle is made of.
	Files int `json:"files"`
	// Mode is how the run imported in fact: an incremental import may turn out not to be possible.
	Mode host.Mode `json:"mode,omitempty"`
	// Failure is why a run failed; Messages are the faults of a connector that does not build.
	Failure  *host.ReportedFailure `json:"failure,omitempty"`
	Messages []bundle.Message      `json:"messages,omitempty"`
	// SavePoint is what the next incremental import goes on from.
	SavePoint   string                  `json:"save_point,omitempty"`
	Requests    host.Requests           `json:"requests"`
	Recorded    int64                   `json:"recorded_answers"`
	Collections map[string]submit.Count `json:"collections,omitempty"`
	// SkippedReasons says why objects were left out, each reason once.
	SkippedReasons []host.SkippedReason `json:"skipped_reasons,omitempty"`
	// Dangling are the edges that were left out because a vertex at one of their ends is not there.
	Dangling []submit.Dangling `json:"dangling,omitempty"`
	// Changes is what is different in the graph since the last good run, Vertices and Edges how
	// much is in it.
	Changes  []Change `json:"changes"`
	Vertices int      `json:"vertices"`
	Edges    int      `json:"edges"`
}

// failed is the end of a run that could not begin.
func failed(err error) *End {
	var broken *bundle.BuildError
	if errors.As(err, &broken) {
		return &End{Outcome: BuildFailed, Messages: broken.Messages}
	}
	return &End{Outcome: Failed, Failure: host.Failed(err).Failure}
}
