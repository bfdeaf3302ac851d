package host

import (
	"context"

	"github.com/hashicorp/go-hclog"

	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
)

// Run is what a connector sees of the run it is part of: where it adds objects, what it may know,
// and its calls to CAR. Its methods may be called from any goroutine, but for those that say
// otherwise.
type Run struct {
	log      hclog.Logger
	source   string
	service  *Service
	progress *progress
}

// Logger takes what the connector has to say.
func (r *Run) Logger() hclog.Logger { return r.log }

// Service are the calls to CAR that a connector may make.
func (r *Run) Service() *Service { return r.service }

// Source is the name of the connection, which is the key of the source.
func (r *Run) Source() string { return r.source }

// Mode is how the run imports; empty before that is chosen. It changes from incremental to full
// once at most.
func (r *Run) Mode() Mode { return r.progress.currentMode() }

// Model is CAR's data model with the connector's extension; the published model before the
// extension is known.
func (r *Run) Model() *model.Model { return r.progress.currentModel() }

// Timestamp is the time of the import in epoch milliseconds, the same on everything that it
// reports. When a full import replaces an incremental one in the same run, it is a later time.
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

// importing returns the submission, or the connector's fault of doing something for which there
// must be one.
func (r *Run) importing(what string) (*submit.Submission, error) {
	if submission := r.Submission(); submission != nil {
		return submission, nil
	}
	return nil, failure.New(failure.General, "cannot %s: no import is under way", what).
		WithHint("call it in importVertices or importEdges")
}
