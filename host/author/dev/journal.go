package dev

import (
	"slices"
	"sync"
	"time"
)

// What a [Journal] keeps at most.
const (
	keptRuns   = 30
	keptBodies = 3 // runs with the bodies of their requests
	keptLines  = 2000
)

// Journal keeps what happened lately, to be looked at while more happens. It is safe for concurrent
// use.
type Journal struct {
	mu      sync.Mutex
	runs    []*Entry // the oldest first
	readers map[chan struct{}]bool
}

// Entry is a run as far as it has got.
type Entry struct {
	Run      int
	Began    time.Time
	Begin    Begin
	Log      []LogLine
	Requests []Exchange
	// Skipped are the first objects that were left out, one for each reason.
	Skipped []Skip
	// End is nil while the run goes on.
	End *End
	// Left is how many lines, requests and skipped objects are not kept, because there are too
	// many.
	Left int
}

// NewJournal makes an empty journal.
func NewJournal() *Journal { return &Journal{readers: map[chan struct{}]bool{}} }

// Add notes an event.
func (j *Journal) Add(e Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.Kind == RunBegins {
		j.runs = append(j.runs, &Entry{Run: e.Run, Began: e.Time, Begin: *e.Begin})
		j.forget()
	}
	if r := j.find(e.Run); r != nil {
		r.add(e)
	}
	for reader := range j.readers {
		select {
		case reader <- struct{}{}:
		default: // it has not looked since the last time
		}
	}
}

// forget drops what is too old.
func (j *Journal) forget() {
	if len(j.runs) > keptRuns {
		j.runs = slices.Delete(j.runs, 0, len(j.runs)-keptRuns)
	}
	for _, r := range j.runs[:max(0, len(j.runs)-keptBodies)] {
		for i := range r.Requests {
			r.Requests[i].Body, r.Requests[i].Sent = nil, nil
		}
	}
}

func (j *Journal) find(run int) *Entry {
	for _, r := range slices.Backward(j.runs) {
		if r.Run == run {
			return r
		}
	}
	return nil
}

func (r *Entry) add(e Event) {
	switch {
	case e.End != nil:
		r.End = e.End
	case len(r.Log)+len(r.Requests)+len(r.Skipped) >= keptLines:
		if e.Kind != RunBegins {
			r.Left++
		}
	case e.Log != nil:
		r.Log = append(r.Log, *e.Log)
	case e.Request != nil:
		r.Requests = append(r.Requests, *e.Request)
	case e.Skipped != nil:
		r.Skipped = append(r.Skipped, *e.Skipped)
	}
}

// Runs returns the runs, the latest first, as they are now.
func (j *Journal) Runs() []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	var runs []Entry
	for _, r := range slices.Backward(j.runs) {
		runs = append(runs, r.copy())
	}
	return runs
}

// copy shares what only grows.
func (r *Entry) copy() Entry {
	c := *r
	c.Requests = slices.Clone(r.Requests)
	return c
}

// Watch tells of every event, several at once where the reader is slow, until cancel is called.
func (j *Journal) Watch() (news <-chan struct{}, cancel func()) {
	reader := make(chan struct{}, 1)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.readers[reader] = true
	return reader, func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		delete(j.readers, reader)
	}
}
