package httpx

import (
	"context"
	"time"
)

// Wait returns nil when the time has passed, and the cause of the context's end when that comes
// first. Without a time to wait it only says whether the context has ended.
func Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
