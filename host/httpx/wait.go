package httpx

import (
	"context"
	"time"
)

// Wait returns nil after the time has passed, or the cause of the context's end if that comes
// first. Without a time to wait it only checks the context.
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
