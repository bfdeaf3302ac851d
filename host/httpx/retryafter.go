package httpx

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MaxRetryAfter is the most that [RetryAfter] returns. Nothing that runs waits longer, and a
// duration cannot hold every number that a server can write.
const MaxRetryAfter = 24 * time.Hour

// RetryAfter returns the wait that an answer asks for in its Retry-After header: seconds, which may
// have a fraction, or the time from now to an HTTP date, 0 when that is over. It is false when the
// answer asks for nothing, or for nothing that can be understood.
func RetryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(header.Get("Retry-After"))
	// A number out of range comes with an error and as infinity, which is bounded like any other.
	if seconds, err := strconv.ParseFloat(text, 64); err == nil || math.IsInf(seconds, 0) {
		if !(seconds >= 0) { // NaN as well
			return 0, false
		}
		return time.Duration(min(seconds, MaxRetryAfter.Seconds()) * float64(time.Second)), true
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), MaxRetryAfter), true
	}
	return 0, false
}
