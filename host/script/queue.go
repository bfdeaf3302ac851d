package script

import (
	"container/heap"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// task is one turn of the loop. An error ends the Do under way.
type task func() error

// queue is what the loop has yet to do. Only post and wakeUp may be called from other goroutines.
type queue struct {
	mu    sync.Mutex
	tasks []task
	// wake holds a token when there is something new for a loop that sleeps.
	wake chan struct{}

	// idle is the task for when nothing is left that goes on by itself; for that, timers count or
	// do not.
	idle        task
	idleIgnores bool

	clock *Clock

	timers timers
	// timerNext tells that a timer which is due comes before the next task.
	timerNext bool
	serial    uint64 // of timers and operations: equal deadlines go in the order they were set
	pending   map[*operation]struct{}
}

// operation is Async work under way.
type operation struct {
	cancel context.CancelFunc
	serial uint64
	// stack is where it was started.
	stack []goja.StackFrame
}

func (q *queue) init() {
	q.wake = make(chan struct{}, 1)
	q.pending = map[*operation]struct{}{}
}

// push adds a task; post does it from another goroutine.
func (q *queue) push(t task) {
	q.mu.Lock()
	q.tasks = append(q.tasks, t)
	q.mu.Unlock()
}

func (q *queue) post(t task) {
	q.push(t)
	q.wakeUp()
}

func (q *queue) wakeUp() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take returns the next task, or how long to sleep until there is one (a negative time: until
// woken). It is not ok when there never will be one. Where both a task and a timer are due they
// take turns, so that neither can starve the other.
func (q *queue) take() (t task, wait time.Duration, ok bool) {
	q.clock.report(q, false)
	defer func() {
		if t != nil {
			q.clock.report(q, true)
		}
	}()
	wait = -1
	if len(q.timers) > 0 {
		now, runs := q.clock.timers()
		if wait = max(q.timers[0].due.Sub(now), 0); wait > 0 && !runs {
			wait = -1
		}
	}
	if wait != 0 || !q.timerNext {
		if t = q.pop(); t != nil {
			q.timerNext = true
			return t, 0, true
		}
	}
	q.timerNext = false
	switch {
	case wait == 0:
		return heap.Pop(&q.timers).(*timer).run, 0, true
	case q.idle != nil && len(q.pending) == 0 && (q.idleIgnores || !slices.ContainsFunc(q.timers, func(t *timer) bool { return !t.repeats })):
		t, q.idle = q.idle, nil
		return t, 0, true
	case wait > 0 && len(q.pending) == 0 && q.clock.Skip(wait):
		return heap.Pop(&q.timers).(*timer).run, 0, true
	}
	return nil, wait, len(q.timers) > 0 || len(q.pending) > 0
}

func (q *queue) pop() task {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.tasks) == 0 {
		return nil
	}
	t := q.tasks[0]
	q.tasks[0] = nil
	q.tasks = q.tasks[1:]
	return t
}

// sleep returns when the time has passed, something was posted, or ctx has ended.
func (q *queue) sleep(ctx context.Context, wait time.Duration) {
	var alarm <-chan time.Time
	if wait >= 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		alarm = t.C
	}
	select {
	case <-alarm:
	case <-q.wake:
	case <-ctx.Done():
	}
}

// oldest returns the operation that has been under way longest, nil when there is none.
func (q *queue) oldest() *operation {
	var oldest *operation
	for op := range q.pending {
		if oldest == nil || op.serial < oldest.serial {
			oldest = op
		}
	}
	return oldest
}

// timer is a task for later.
type timer struct {
	due    time.Time
	serial uint64
	run    task
	// repeats marks an interval, which would go on for ever.
	repeats bool
	index   int // in the heap, -1 when it is not there
}

// start puts a timer on the heap.
func (q *queue) start(t *timer, d time.Duration) {
	q.serial++
	now, _ := q.clock.timers()
	t.due, t.serial = now.Add(max(d, 0)), q.serial
	heap.Push(&q.timers, t)
}

// stop takes a timer off the heap, if it is there.
func (q *queue) stop(t *timer) {
	if t.index >= 0 {
		heap.Remove(&q.timers, t.index)
	}
}

// dropTimers takes all timers off the heap.
func (q *queue) dropTimers() {
	for _, t := range q.timers {
		t.index = -1
	}
	q.timers = nil
}

// timers is a heap with the earliest on top.
type timers []*timer

func (h timers) Len() int { return len(h) }
func (h timers) Less(i, j int) bool {
	if h[i].due.Equal(h[j].due) {
		return h[i].serial < h[j].serial
	}
	return h[i].due.Before(h[j].due)
}
func (h timers) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}
func (h *timers) Push(x any) {
	t := x.(*timer)
	t.index = len(*h)
	*h = append(*h, t)
}
func (h *timers) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.index = -1
	return t
}
