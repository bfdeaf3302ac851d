package httpx_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"carjs/host/httpx"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": -1, "soon": -1, "-5": -1, "NaN": -1, "-1e999": -1, "0": 0, "2": 2 * time.Second, " 1.5 ": 1500 * time.Millisecond,
		"1e300": httpx.MaxRetryAfter, "1e999": httpx.MaxRetryAfter, "99999999999999999999": httpx.MaxRetryAfter,
		"Wed, 02 Jan 2030 03:04:15 GMT": 10 * time.Second, "Wed, 02 Jan 2030 03:04:00 GMT": 0,
		"Thu, 02 Jan 2060 03:04:00 GMT": httpx.MaxRetryAfter, "Wednesday, 02-Jan-30 03:04:15 GMT": 10 * time.Second,
	} {
		got, ok := httpx.RetryAfter(http.Header{"Retry-After": {text}}, now)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}

func TestWait(t *testing.T) {
	stopped := errors.New("stopped")
	ended, end := context.WithCancelCause(t.Context())
	end(stopped)
	began := time.Now()
	for _, d := range []time.Duration{-time.Second, 0, time.Hour} {
		if err := httpx.Wait(ended, d); !errors.Is(err, stopped) {
			t.Errorf("%s: %v", d, err)
		}
	}
	if took := time.Since(began); took > time.Minute {
		t.Errorf("it waited %s", took)
	}
	began = time.Now()
	if err := httpx.Wait(t.Context(), 5*time.Millisecond); err != nil || time.Since(began) < 5*time.Millisecond {
		t.Errorf("after %s: %v", time.Since(began), err)
	}
	if err := httpx.Wait(t.Context(), 0); err != nil {
		t.Error(err)
	}
}
