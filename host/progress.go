package host

import (
	"maps"
	"sync"
	"time"

	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
)

// progress is the state of a run. The session advances it; the connector's [Run] and [Service] read
// it and record what they did. Any goroutine may call its methods. It makes no calls.
type progress struct {
	now func() time.Time
	// orphans are the vertices that may have lost their last edge.
	orphans orphans

	mu         sync.Mutex
	mode       Mode
	model      *model.Model
	timestamp  int64
	submission *submit.Submission
	replaced   map[string]bool         // collections that the submission replaces, all of one where it is true
	allAdded   bool                    // only deletions are left
	ended      map[string]submit.Count // of submissions that were closed
	deleted    map[string]int          // objects that the connector or the session deleted or deactivated
	retired    map[string]int          // objects that CAR retired at the end of a full import
	dangling   []submit.Dangling       // edges that were left out
	outdated   []Outdated              // what CAR keeps of invalid objects
	named      *string                 // the save point that the connector named; nil when it did not
}

// newProgress returns the progress of a run that has not begun. A nil clock is the machine's.
func newProgress(now func() time.Time) *progress {
	if now == nil {
		now = time.Now
	}
	return &progress{
		now: now, model: model.CAR(), timestamp: now().UnixMilli(),
		ended: map[string]submit.Count{}, deleted: map[string]int{}, retired: map[string]int{}, dangling: []submit.Dangling{},
		outdated: []Outdated{},
	}
}

// begin starts an attempt in a mode, with its own timestamp, so that CAR does not take it for an
// earlier attempt.
func (p *progress) begin(mode Mode) {
	p.orphans.forget()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mode != "" {
		p.timestamp = max(p.timestamp+1, p.now().UnixMilli())
	}
	p.mode, p.replaced, p.allAdded, p.named, p.dangling = mode, map[string]bool{}, false, nil, []submit.Dangling{}
	p.outdated = []Outdated{}
}

func (p *progress) currentMode() Mode {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mode
}

func (p *progress) currentModel() *model.Model {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.model
}

func (p *progress) setModel(m *model.Model) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.model = m
}

func (p *progress) currentTimestamp() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.timestamp
}

func (p *progress) currentSubmission() *submit.Submission {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.submission
}

func (p *progress) setSubmission(s *submit.Submission) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.submission = s
}

// endSubmission keeps the counts of a submission that is closed.
func (p *progress) endSubmission() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, count := range p.submission.Counts() {
		p.ended[name] = p.ended[name].Plus(count)
	}
	p.submission = nil
}

// setAllAdded notes that the connector adds nothing more.
func (p *progress) setAllAdded() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.allAdded = true
}

// replace lets the submission replace a collection, and hands over what CAR has of it.
func (p *progress) replace(submission *submit.Submission, collection string, whole bool, existing []submit.Existing) error {
	if err := submission.Replace(collection, existing); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.replaced[collection] = p.replaced[collection] || whole
	return nil
}

// reportsWhole tells whether the import reports all of a collection, and not only what changed.
func (p *progress) reportsWhole(collection string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mode == ModeFull || p.replaced[collection]
}

// mayDelete rejects deletions from a collection that is being replaced: an object that is deleted
// and then added as CAR had it would count as unchanged, and be missing.
func (p *progress) mayDelete(collection string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, replaced := p.replaced[collection]; p.allAdded || !replaced {
		return nil
	}
	return failure.New(failure.General, "cannot delete from %s: replaces(%q) is active", collection, collection).
		WithHint("do not add objects that are gone: the end of the import deletes them; or call delete in deleteVertices")
}

// countDeleted counts objects that were deleted, or edges that were deactivated.
func (p *progress) countDeleted(collection string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n > 0 {
		p.deleted[collection] += n
	}
}

// countRetired counts objects that CAR retired because a full import did not report them.
func (p *progress) countRetired(collection string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retired[collection] += n
}

// counts returns the counts so far, over all attempts.
func (p *progress) counts() map[string]submit.Count {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := maps.Clone(p.ended)
	if p.submission != nil {
		for name, count := range p.submission.Counts() {
			counts[name] = counts[name].Plus(count)
		}
	}
	for name, n := range p.deleted {
		count := counts[name]
		count.Deleted += n
		counts[name] = count
	}
	for name, n := range p.retired {
		count := counts[name]
		count.Retired += n
		counts[name] = count
	}
	return counts
}

// setDangling keeps which edges were left out.
func (p *progress) setDangling(edges []submit.Dangling) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dangling = edges
}

func (p *progress) danglingEdges() []submit.Dangling {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dangling
}

// addOutdated keeps that CAR has objects of a collection in an earlier form.
func (p *progress) addOutdated(o Outdated) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.outdated = append(p.outdated, o)
}

func (p *progress) outdatedObjects() []Outdated {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.outdated
}

// nameSavePoint makes a save point the one to store at the end.
func (p *progress) nameSavePoint(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.named = &id
}

// savePointToStore is what is stored at the end: the save point that the connector set, else the
// one that the import returned.
func (p *progress) savePointToStore(said string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.named != nil {
		return *p.named
	}
	return said
}
