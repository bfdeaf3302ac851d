package http

import (
	"sync"
	"time"
)

// limiter lets at most so many requests start in any span of time. It is safe for use by several
// goroutines.
type limiter struct {
	per time.Duration
	mu  sync.Mutex
	// starts are those of the last requests, the oldest at next.
	starts []time.Time
	next   int
}

func newLimiter(requests int, per time.Duration) *limiter {
	return &limiter{per: per, starts: make([]time.Time, requests)}
}

// turn takes a turn, and returns how long the request has to wait for it. One that gives up has used
// its turn: giving it back could let two others meet.
func (l *limiter) turn() time.Duration {
	l.mu.Lock()
	at := time.Now()
	if free := l.starts[l.next].Add(l.per); !l.starts[l.next].IsZero() && free.After(at) {
		at = free
	}
	l.starts[l.next] = at
	l.next = (l.next + 1) % len(l.starts)
	l.mu.Unlock()
	return time.Until(at)
}
