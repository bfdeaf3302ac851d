// Package meter is where the parts of a run say how far they are while it goes on: the session its
// phase, the submission its objects, pages and imports, and all that talk over the network what
// they wait for. Whoever shows the run reads it as often as they like.
//
// Counting costs one atomic addition, and nothing is computed before somebody reads. What became of
// a run in the end is not here: that is the report of package host.
package meter

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Phase is a part of a run, by the name that a person sees.
type Phase string

// The phases of an import, in their order. Jobs comes again and again.
const (
	Build    Phase = "build"         // bundles the connector, starts what is embedded
	Check    Phase = "check"         // looks at CAR: schema extension, database, save point
	Read     Phase = "read"          // asks the data source for its save point and what has changed
	Vertices Phase = "vertices"      // the connector adds vertices
	Edges    Phase = "edges"         // the connector adds edges
	Jobs     Phase = "wait for jobs" // all pages are posted, and CAR works on them
	Delete   Phase = "delete"        // removes what is gone from the data source
	Leave    Phase = "leave"         // ends a full import: CAR retires what was not reported
	Save     Phase = "save"          // stores the save point
)

// Test is the one phase of a connection test.
const Test Phase = "connection test"

// Meter has the figures of one run. Any goroutine may use it.
type Meter struct {
	// Elements counts the objects that the connector has added, whatever became of them.
	Elements atomic.Int64
	// Sent counts the objects in pages for which CAR has made a job.
	Sent atomic.Int64
	// Posting is how many pages are under way to CAR, Jobs how many imports it works on.
	Posting, Jobs atomic.Int64

	now   func() time.Time
	began time.Time
	phase atomic.Value // Phase

	mu    sync.Mutex
	waits []*wait
}

// wait is something that a run waits for.
type wait struct {
	why     string
	began   time.Time
	planned time.Duration
}

// New returns the meter of a run that begins now. A nil clock is the machine's.
func New(now func() time.Time) *Meter {
	if now == nil {
		now = time.Now
	}
	m := &Meter{now: now, began: now()}
	m.phase.Store(Build)
	return m
}

// Enter begins a phase and returns the one before it, to go back to where the new one is a part of
// it.
func (m *Meter) Enter(p Phase) (before Phase) {
	return m.phase.Swap(p).(Phase)
}

// Wait notes that the run waits, why, and for how long if that is known (0 when not). What it
// returns must be called when the wait is over.
func (m *Meter) Wait(why string, planned time.Duration) (over func()) {
	w := &wait{why: why, began: m.now(), planned: planned}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waits = append(m.waits, w)
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if i := slices.Index(m.waits, w); i >= 0 {
			m.waits = slices.Delete(m.waits, i, i+1)
		}
	}
}

// Reading is what a meter shows at one moment.
type Reading struct {
	Phase Phase
	// Elapsed is the time since the run began.
	Elapsed        time.Duration
	Elements, Sent int64
	Posting, Jobs  int64
	// Waits are those under way: planned ones first, of these the one that ends last, then the
	// longest.
	Waits []Wait
}

// Wait is a wait under way.
type Wait struct {
	Why string
	// Planned tells that the end is known.
	Planned bool
	// Time is what is left of a planned wait, never less than 0, and how long another one has taken
	// so far.
	Time time.Duration
}

// Read reads the meter.
func (m *Meter) Read() Reading {
	now := m.now()
	r := Reading{
		Phase: m.phase.Load().(Phase), Elapsed: now.Sub(m.began), Elements: m.Elements.Load(), Sent: m.Sent.Load(),
		Posting: m.Posting.Load(), Jobs: m.Jobs.Load(),
	}
	m.mu.Lock()
	for _, w := range m.waits {
		shown := Wait{Why: w.why, Planned: w.planned > 0, Time: now.Sub(w.began)}
		if shown.Planned {
			shown.Time = max(0, w.planned-shown.Time)
		}
		r.Waits = append(r.Waits, shown)
	}
	m.mu.Unlock()
	slices.SortStableFunc(r.Waits, func(a, b Wait) int {
		if a.Planned != b.Planned {
			if a.Planned {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.Time, a.Time)
	})
	return r
}

// worthTelling is a wait that whoever looks on wonders about.
const worthTelling = time.Second

// Waiting is the wait that tells most of why the run does not go on; false when none is long enough
// to be told.
func (r Reading) Waiting() (Wait, bool) {
	for _, w := range r.Waits {
		if w.Time >= worthTelling {
			return w, true
		}
	}
	return Wait{}, false
}
