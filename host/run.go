package host

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
)

// Run is a connector's side of the session. Its methods may be called from any goroutine, but for
// those that say otherwise.
type Run struct {
	log     hclog.Logger
	source  string
	service *Service
	now     func() time.Time

	mu         sync.Mutex
	mode       Mode
	model      *model.Model
	timestamp  int64
	submission *submit.Submission
	anew       map[string]bool            // collections that the submission replaces
	orphans    map[string]map[string]bool // by collection that is watched, the keys of vertices that lost an edge
	deleting   bool                       // all was added: only deletions are left
	ended      map[string]submit.Count    // of submissions that were closed
	named      *string                    // the save point that the connector named; nil when it did not
}

func newRun(log hclog.Logger, source string, service *Service, now func() time.Time) *Run {
	if now == nil {
		now = time.Now
	}
	r := &Run{
		log: log, source: source, service: service, now: now, model: model.CAR(), timestamp: now().UnixMilli(),
		ended: map[string]submit.Count{},
	}
	service.run = r
	return r
}

// Logger takes what the connector has to say.
func (r *Run) Logger() hclog.Logger { return r.log }

// Service are the calls to CAR that a connector may make.
func (r *Run) Service() *Service { return r.service }

// Source is the name of the connection, which is the key of the source.
func (r *Run) Source() string { return r.source }

// Mode is how the run imports; empty before that is chosen. It changes from incremental to full
// once at most.
func (r *Run) Mode() Mode {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.mode
}

// Model is CAR's data model with the connector's extension; the published model before the
// extension is known.
func (r *Run) Model() *model.Model {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.model
}

// Timestamp is the time of the import in epoch milliseconds, the same on everything that it
// reports. It is a later one when an incremental import gives way to a full one.
func (r *Run) Timestamp() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.timestamp
}

// Submission is where objects are added; nil outside an import. It belongs to the goroutine that
// runs the connector. A full import that follows an incremental one in the same run has another
// submission.
func (r *Run) Submission() *submit.Submission {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.submission
}

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
		WithHint("do it in importVertices or importEdges")
}

// begin makes the run one of a mode, with a time of its own, so that nothing of an earlier attempt
// is taken for it.
func (r *Run) begin(mode Mode) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.mode != "" {
		r.timestamp = max(r.timestamp+1, r.now().UnixMilli())
	}
	r.mode, r.anew, r.orphans, r.deleting, r.named = mode, map[string]bool{}, map[string]map[string]bool{}, false, nil
}

func (r *Run) setModel(m *model.Model) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.model = m
}

func (r *Run) setSubmission(s *submit.Submission) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.submission = s
}

// endSubmission keeps what became of the objects when a submission is closed.
func (r *Run) endSubmission() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, count := range r.submission.Counts() {
		r.ended[name] = r.ended[name].Plus(count)
	}
	r.submission = nil
}

// addedAll says that nothing is added any more.
func (r *Run) addedAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.deleting = true
}

func (r *Run) nameSavePoint(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.named = &id
}

// savePoint is what is stored at the end: what the connector named, or what the import said.
func (r *Run) savePoint(said string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.named != nil {
		return *r.named
	}
	return said
}

// counts returns what became of the objects so far, of all attempts.
func (r *Run) counts() map[string]submit.Count {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts := maps.Clone(r.ended)
	if r.submission != nil {
		for name, count := range r.submission.Counts() {
			counts[name] = counts[name].Plus(count)
		}
	}
	for name, n := range r.service.deletions() {
		count := counts[name]
		count.Deleted += n
		counts[name] = count
	}
	return counts
}
