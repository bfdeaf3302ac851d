package http

import (
	"context"
	"sync"
	"time"

	"carjs/host/httpx"
)

// limiter lets at most so many requests start in any stretch of time. It is safe for use by several
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

// wait returns when a request may start. One that gives up has used its turn: giving it back could
// let two others meet.
func (l *limiter) wait(ctx context.Context) error {
	l.mu.Lock()
	at := time.Now()
	if free := l.starts[l.next].Add(l.per); !l.starts[l.next].IsZero() && free.After(at) {
		at = free
	}
	l.starts[l.next] = at
	l.next = (l.next + 1) % len(l.starts)
	l.mu.Unlock()
	return httpx.Wait(ctx, time.Until(at))
}
