package script

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Clock is what Date and the timers of runtimes go by. A nil Clock is the machine's; one that is
// made can be stopped and moved on by hand, for tests, and several runtimes may share it. It is
// safe for use by several goroutines.
//
// Two times are kept. What Date tells is set by whoever stops the clock or moves it, to any time
// there is.
// Timers go by a time of their own, which stands still while the clock is stopped and never jumps,
// so that stopping the clock fires nothing.
type Clock struct {
	machine func() time.Time // what tells the machine's time

	mu      sync.Mutex
	ahead   time.Duration // by how much Date is ahead of the machine while the clock runs
	skips   bool          // waits that only a timer can end are skipped
	stopped bool
	wall    time.Time     // what Date tells while stopped
	still   time.Time     // where the timers' time stands while stopped
	behind  time.Duration // by how much the timers' time is behind the machine's while the clock runs
	loops   map[*queue]*loopState
	// changed is closed, and made anew, when a loop has something to report.
	changed chan struct{}
}

// loopState is what the clock knows of a loop.
type loopState struct {
	due    time.Time // of its earliest timer
	waits  bool      // it has a timer
	atWork bool      // it has taken a task and not come back
}

// ErrClockRuns is why a clock cannot be moved.
var ErrClockRuns = errors.New("the clock is running: stop it before you move it")

// NewClock makes a clock that runs as the machine's does.
func NewClock() *Clock { return NewClockOf(time.Now) }

// NewClockOf makes a clock that runs as another one does, which tells the machine's time.
func NewClockOf(machine func() time.Time) *Clock {
	return &Clock{machine: machine, loops: map[*queue]*loopState{}, changed: make(chan struct{})}
}

// Now is what Date tells.
func (c *Clock) Now() time.Time {
	if c == nil {
		return time.Now()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return c.wall
	}
	return c.machine().Add(c.ahead)
}

// MoveTo lets Date tell a time, from which it runs on. Timers wait for as long as before. A clock
// that is stopped stays where it is.
func (c *Clock) MoveTo(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		c.ahead = at.Sub(c.machine())
	}
}

// SkipWaits has the clock jump to the next timer of a loop when nothing else can happen there: no
// request or other work is under way.
func (c *Clock) SkipWaits() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skips = true
}

// SkipsWaits tells whether the clock skips waits.
func (c *Clock) SkipsWaits() bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skips
}

// Skip moves a clock that skips waits on, as if somebody had waited, and tells whether it does. A
// clock that is stopped does not.
func (c *Clock) Skip(wait time.Duration) bool {
	if c == nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.skips || c.stopped {
		return false
	}
	c.behind -= wait
	c.ahead += wait
	return true
}

// Freeze stops the clock; Date tells the time that is given from now on. It may be stopped already.
func (c *Clock) Freeze(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		c.still = time.Now().Add(-c.behind)
	}
	c.stopped, c.wall = true, at
}

// Restore lets the clock run again. Timers have to wait for as long as they had left.
func (c *Clock) Restore() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		return
	}
	c.stopped, c.behind = false, time.Since(c.still)
	c.wakeLoops()
}

// Advance moves a stopped clock on. Timers that become due run at their time, each before the next;
// it returns when they have run. It must not be called on a loop, which would wait for itself:
// [Runtime.Async] is the way.
func (c *Clock) Advance(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		return ErrClockRuns
	}
	for target := c.still.Add(d); ; {
		if err := c.settle(ctx); err != nil {
			return err
		}
		next, found := c.earliest()
		if !found || next.After(target) {
			c.move(target)
			return nil
		}
		c.move(next)
	}
}

// move sets the timers' time. The lock is held.
func (c *Clock) move(to time.Time) {
	c.wall = c.wall.Add(to.Sub(c.still))
	c.still = to
	c.wakeLoops()
}

// settle waits until no timer is due and no loop is at work. The lock is held, but for the wait.
func (c *Clock) settle(ctx context.Context) error {
	for !c.settled() {
		changed := c.changed
		c.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
		}
		c.mu.Lock()
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !c.stopped {
			return ErrClockRuns
		}
	}
	return nil
}

func (c *Clock) settled() bool {
	for _, loop := range c.loops {
		if loop.atWork || loop.waits && !loop.due.After(c.still) {
			return false
		}
	}
	return true
}

func (c *Clock) earliest() (due time.Time, found bool) {
	for _, loop := range c.loops {
		if loop.waits && (!found || loop.due.Before(due)) {
			due, found = loop.due, true
		}
	}
	return due, found
}

func (c *Clock) wakeLoops() {
	for q := range c.loops {
		q.wakeUp()
	}
}

// timers is the time that timers go by, and whether it goes on by itself.
func (c *Clock) timers() (now time.Time, runs bool) {
	if c == nil {
		return time.Now(), true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return c.still, false
	}
	return time.Now().Add(-c.behind), true
}

// report says what a loop is about to do: it has taken a task, or it looks for one.
func (c *Clock) report(q *queue, atWork bool) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	state := &loopState{atWork: atWork, waits: len(q.timers) > 0}
	if state.waits {
		state.due = q.timers[0].due
	}
	c.loops[q] = state
	close(c.changed)
	c.changed = make(chan struct{})
}

// forget is for a loop that is over.
func (c *Clock) forget(q *queue) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.loops, q)
	close(c.changed)
	c.changed = make(chan struct{})
}
