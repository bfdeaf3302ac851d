package records

import (
	"context"
	"sync"
)

const (
	// windowRecords and windowBytes are how many records, and how much text of them, are read ahead
	// of the script. Twice as much may be there: the script has taken as much at once. Larger
	// windows were measured to be no faster.
	windowRecords = 2048
	windowBytes   = 1 << 20
	// handful is how many records are handed over at once while more of them are there to read.
	handful = 64
)

// Window is what was read beside the loop and not yet taken by the script: a bounded window. One
// goroutine puts them in, the loop takes them out.
type Window struct {
	in     *Values
	losses []Loss

	mu    sync.Mutex
	items []any
	size  int   // of the text of items
	any   bool  // at least one was put in
	over  bool  // nothing comes any more
	err   error // with which it ended
	// filled and emptied hold a token when there is something new for who waits.
	filled, emptied chan struct{}
}

func NewWindow(in *Values) *Window {
	return &Window{in: in, filled: make(chan struct{}, 1), emptied: make(chan struct{}, 1)}
}

// Any tells whether a record was put in at all.
func (out *Window) Any() bool {
	out.mu.Lock()
	defer out.mu.Unlock()
	return out.any
}

// Begin says that records of another text follow: [Window.Any] tells whether one of those was put in.
func (out *Window) Begin() {
	out.mu.Lock()
	defer out.mu.Unlock()
	out.any = false
}

// Losses are what the values of the records lack of the digits in the text, once ReadJSON is done.
func (out *Window) Losses() []Loss { return out.losses }

// Put adds records of so many bytes of text, and waits while there are too many.
func (out *Window) Put(ctx context.Context, items []any, size int) error {
	for {
		out.mu.Lock()
		if len(out.items) == 0 || len(out.items)+len(items) <= windowRecords && out.size+size <= windowBytes {
			out.items, out.size, out.any = append(out.items, items...), out.size+size, true
			out.mu.Unlock()
			signal(out.filled)
			return nil
		}
		out.mu.Unlock()
		select {
		case <-out.emptied:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// End says that nothing comes any more, and why when that is an error. Only the first counts, but
// for one with drop, which lets go what is there.
func (out *Window) End(err error, drop bool) {
	out.mu.Lock()
	if drop {
		out.items, out.size = nil, 0
	}
	if drop || !out.over {
		out.over, out.err = true, err
	}
	out.mu.Unlock()
	signal(out.filled)
}

// Take waits for records and takes all there are. There are none at the end, which an error may be
// the reason of.
func (out *Window) Take(ctx context.Context, done []any) ([]any, error) {
	for {
		out.mu.Lock()
		if len(out.items) > 0 {
			items := out.items
			out.items, out.size = done[:0], 0
			out.mu.Unlock()
			signal(out.emptied)
			return items, nil
		}
		if out.over {
			defer out.mu.Unlock()
			return nil, out.err
		}
		out.mu.Unlock()
		select {
		case <-out.filled:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func signal(token chan struct{}) {
	select {
	case token <- struct{}{}:
	default:
	}
}
