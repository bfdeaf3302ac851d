package script

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// guard interrupts script that must not go on. Interrupts come from other goroutines (a timer, a
// context, the memory watch) and must hit the turn they are meant for and no later one, so all
// of them go through its lock.
//
// An interrupt does not reach native code: a native that waits has to watch its context, and a
// regular expression that backtracks, a sort or a fill of a huge array goes on. What does not end
// within [stuckAfter] of its interrupt is given up: Options.End is told, and ends the run without
// the script.
type guard struct {
	vm        *goja.Runtime
	maxTurn   time.Duration
	maxMemory uint64
	ended     func(reason *Error, now bool)
	place     func(*Error) // gives an error the place where script is

	mu      sync.Mutex
	run     uint64 // the Do under way; a late interrupt of another one is dropped
	turn    uint64 // counts turns
	running bool   // a turn is under way
	paused  bool
	began   time.Time // of the turn, moved on by the time it was paused
	reason  error     // why it was interrupted
	timer   *time.Timer
}

func (g *guard) init(rt *Runtime) {
	g.vm, g.maxTurn, g.maxMemory, g.ended = rt.vm, rt.opts.MaxTurn, rt.opts.MaxMemory, rt.opts.End
	g.place = rt.placeOfNative
}

// begin starts a turn, end ends it and clears what may have come too late to interrupt it.
func (g *guard) begin() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running, g.paused, g.reason, g.began = true, false, nil, time.Now()
	g.turn++
	if g.timer == nil {
		g.timer = time.AfterFunc(g.maxTurn, g.tooLong)
	} else {
		g.timer.Reset(g.maxTurn)
	}
}

func (g *guard) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.timer.Stop()
	g.running = false
	if g.reason != nil {
		g.vm.ClearInterrupt()
	}
}

// tooLong is called by the timer. The timer may be late and the turn another one by now, so it
// asks the clock.
func (g *guard) tooLong() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.running || g.paused {
		return
	}
	if left := g.maxTurn - time.Since(g.began); left > 0 {
		g.timer.Reset(left)
		return
	}
	g.interrupt(&Error{
		Message: fmt.Sprintf("the script ran for %v without a pause: endless loop?", g.maxTurn),
		Cause:   ErrEndlessLoop,
	})
}

// interrupt ends the turn under way. The lock is held.
func (g *guard) interrupt(reason error) {
	if g.reason != nil {
		return
	}
	g.reason = reason
	g.vm.Interrupt(reason)
	if e := (*Error)(nil); g.ended != nil && errors.As(reason, &e) {
		turn := g.turn
		time.AfterFunc(stuckAfter, func() { g.giveUp(turn, e) })
	}
}

// stuckAfter is how long script that was interrupted has to stop: a native that ends by itself, such
// as the reading of a long text, mostly does so earlier.
const stuckAfter = time.Second

// giveUp has the run ended without a turn that did not stop.
func (g *guard) giveUp(turn uint64, reason *Error) {
	g.mu.Lock()
	stuck := g.running && g.turn == turn
	g.mu.Unlock()
	if stuck {
		described := *reason
		g.place(&described)
		g.ended(&described, false)
	}
}

// interrupted tells whether the turn under way was interrupted.
func (g *guard) interrupted() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.reason != nil
}

// pause stops the clock of the turn until the returned function is called.
func (g *guard) pause() (resume func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.running || g.paused {
		return func() {}
	}
	g.paused = true
	since := time.Now()
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.paused = false
		g.began = g.began.Add(time.Since(since))
		g.timer.Reset(g.maxTurn - time.Since(g.began))
	}
}

// watch lets a context and the memory limit interrupt the turns of one Do. ended is called when
// the context ends.
func (g *guard) watch(ctx context.Context, ended func()) (stop func()) {
	g.mu.Lock()
	g.run++
	run := g.run
	g.mu.Unlock()
	interrupt := func(reason error) {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.running && g.run == run {
			g.interrupt(reason)
		}
	}
	stopContext := context.AfterFunc(ctx, func() {
		interrupt(stopped(ctx))
		ended()
	})
	done := make(chan struct{})
	if g.maxMemory > 0 {
		go g.watchMemory(done, func(reason *Error) {
			g.mu.Lock()
			defer g.mu.Unlock()
			switch {
			case g.run != run:
			case g.running:
				g.interrupt(reason)
			case g.ended != nil: // what is read beside the loop is too large
				go g.ended(reason, false)
			}
		})
	}
	return func() {
		stopContext()
		close(done)
	}
}
