package script

import (
	"context"
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// guard interrupts script that must not go on. Interrupts come from other goroutines (a timer, a
// context, the memory watch) and must hit the turn they are meant for and no later one, so all
// of them go through its lock.
//
// An interrupt does not reach native code. A native that waits has to watch its context; a regular
// expression that backtracks for ever goes on: the time-out of the library behind it is one
// variable of the whole process, and a match that hits it quietly says no, which is worse than a
// run that has to be killed.
type guard struct {
	vm        *goja.Runtime
	maxTurn   time.Duration
	maxMemory uint64

	mu      sync.Mutex
	run     uint64 // the Do under way; a late interrupt of another one is dropped
	running bool   // a turn is under way
	paused  bool
	began   time.Time // of the turn, moved on by the time it was paused
	reason  error     // why it was interrupted
	timer   *time.Timer
}

func (g *guard) init(vm *goja.Runtime, opts Options) {
	g.vm, g.maxTurn, g.maxMemory = vm, opts.MaxTurn, opts.MaxMemory
}

// begin starts a turn, end ends it and clears what may have come too late to interrupt it.
func (g *guard) begin() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.running, g.paused, g.reason, g.began = true, false, nil, time.Now()
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
	if g.reason == nil {
		g.reason = reason
		g.vm.Interrupt(reason)
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
		go g.watchMemory(done, interrupt)
	}
	return func() {
		stopContext()
		close(done)
	}
}

// memoryInterval is how often the heap is looked at: script allocates some 20 MB in that time, and
// looking costs some microseconds.
const memoryInterval = 25 * time.Millisecond

// watchMemory interrupts script when the heap is over the limit. The heap as it stands holds
// garbage as well, up to as much again as what is alive; only when it is over does it collect, and
// what is still over then is alive.
func (g *guard) watchMemory(done <-chan struct{}, interrupt func(error)) {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	over := func() bool {
		metrics.Read(heap)
		return heap[0].Value.Uint64() > g.maxMemory
	}
	ticker := time.NewTicker(memoryInterval)
	defer ticker.Stop()
	for {
		select {
		case <-done:
			return
		case <-ticker.C:
		}
		if !over() {
			continue
		}
		if runtime.GC(); over() {
			interrupt(&Error{
				Message: fmt.Sprintf("the script needs more than %d MiB of memory", g.maxMemory>>20),
				Cause:   ErrMemory,
			})
		}
	}
}
