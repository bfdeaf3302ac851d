package httpx_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"carjs/host/httpx"
)

// FuzzWaits reads headers with which servers ask to wait: a wait is never negative, nor longer than
// anything that a timer takes.
func FuzzWaits(f *testing.F) {
	for _, seed := range [][3]string{
		{"Retry-After", "120", ""}, {"Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT", "Tue, 20 Oct 2026 07:28:00 GMT"},
		{"Retry-After-Ms", "1e400", ""},
		{"Ratelimit", `"default";r=0;t=30`, ""}, {"X-Ratelimit-Reset", "1796089560", ""}, {"X-Ratelimit-Reset", "2026-12-01T00:00:00Z", "x"},
		{"X-Ms-Ratelimit-Tenant-Retry-After", "00:01:30", ""}, {"Ratelimit", "limit=1, remaining=0, reset=NaN", ""}, {"Retry-After", "-1", ""},
		{"Retry-After", "9223372036854775807h", ""}, {"Retry-After", "0001-01-01T00:00:00Z", "Fri, 31 Dec 9999 23:59:59 GMT"},
	} {
		f.Add(seed[0], seed[1], seed[2], int64(0))
	}
	f.Fuzz(func(t *testing.T, name, value, date string, unit int64) {
		now := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
		header := http.Header{"Date": {date}}
		header.Set(name, value)
		for _, throttled := range []bool{false, true} {
			asked, ok := httpx.WaitAsked(header, throttled, now)
			if ok && (asked.Wait < 0 || asked.Wait > httpx.MaxWait || !strings.EqualFold(asked.Header, http.CanonicalHeaderKey(name))) {
				t.Errorf("%s: %q asks for %+v", name, value, asked)
			}
		}
		if wait, ok := httpx.RetryAfter(http.Header{"Retry-After": {value}}, now); wait < 0 || wait > httpx.MaxRetryAfter || !ok && wait != 0 {
			t.Errorf("Retry-After: %q is %v, %t", value, wait, ok)
		}
		if wait, ok := httpx.ReadWait(value, time.Duration(unit), now); ok && wait > httpx.MaxWait {
			t.Errorf("%q in units of %d is %v", value, unit, wait)
		}
	})
}
