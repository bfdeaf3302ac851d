package host

import (
	"context"

	"github.com/hashicorp/go-hclog"

	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
)

// Run is a connector's view of its run: where it adds objects, facts about the run, and calls to
// CAR. Any goroutine may call its methods, unless they say otherwise.
type Run struct {
	log      hclog.Logger
	source   string
	service  *Service
	progress *progress
}

// Logger is the log for the connector's own messages.
func (r *Run) Logger() hclog.Logger { return r.log }

// Service are the calls to CAR that a connector may make.
func (r *Run) Service() *Service { return r.service }

// Source is the name of the connection, which is the key of the source.
func (r *Run) Source() string { return r.source }

// Mode is how the run imports; empty until that is chosen. It changes at most once, from
// incremental to full.
func (r *Run) Mode() Mode { return r.progress.currentMode() }

// Model is CAR's data model with the connector's extension; the published model before the
// extension is known.
func (r *Run) Model() *model.Model { return r.progress.currentModel() }

// Timestamp is the time of the import in epoch milliseconds, the same for everything that it
// reports. A full import that follows an incremental one in the same run has a later timestamp.
func (r *Run) Timestamp() int64 { return r.progress.currentTimestamp() }

// Submission is where objects are added; nil outside an import. It belongs to the goroutine that
// runs the connector. A full import that follows an incremental one in the same run has another
// submission.
func (r *Run) Submission() *submit.Submission { return r.progress.currentSubmission() }

// SendVertices sends all vertices added so far and returns when CAR has them. Only the goroutine
// that runs the connector may call it.
func (r *Run) SendVertices(ctx context.Context) error {
	submission, err := r.importing("send vertices")
	if err != nil {
		return err
	}
	return submission.SendVertices(ctx)
}

// SendEdges sends all edges added so far, the vertices before them, and returns when CAR has them.
// Only the goroutine that runs the connector may call it.
func (r *Run) SendEdges(ctx context.Context) error {
	submission, err := r.importing("send edges")
	if err != nil {
		return err
	}
	return submission.SendEdges(ctx)
}

// importing returns the submission, or an error for a call that is only possible during an import.
func (r *Run) importing(what string) (*submit.Submission, error) {
	if submission := r.Submission(); submission != nil {
		return submission, nil
	}
	return nil, failure.New(failure.General, "cannot %s: no import is under way", what).
		WithHint("call it in importVertices or importEdges")
}
