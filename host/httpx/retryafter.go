package httpx

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// MaxRetryAfter is the most that [RetryAfter] returns. Nothing that runs waits longer.
const MaxRetryAfter = 24 * time.Hour

// RetryAfter returns the wait in the Retry-After header of a response, in any of the forms of
// [ReadWait]; 0 if the time is past. It is false if the header is missing or cannot be parsed.
func RetryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	wait, ok := ReadWait(header.Get("Retry-After"), 0, now)
	return min(max(wait, 0), MaxRetryAfter), ok
}

// MaxWait is the longest wait: a duration cannot hold every number that a server may send.
const MaxWait = 100 * 365 * 24 * time.Hour

// Where a number stops being a wait in seconds and is a point in time: 2001 in seconds, 1973 in
// milliseconds, 1973 in microseconds. No wait is that long.
const (
	epochSeconds      = 1e9
	epochMilliseconds = 1e11
	epochMicroseconds = 1e14
)

// ReadWait reads a wait in the forms that data sources use; negative if its end has passed, at most
// [MaxWait]:
//   - a number, which may have a fraction: a time from now in units of unit (0 is seconds), or a
//     time since 1970 in seconds, milliseconds or microseconds, told apart by magnitude;
//   - a date of HTTP or of RFC 3339;
//   - a time from now as "00:01:30", or as Go writes it, "1m30s".
//
// It is false for anything else, a negative number among it.
func ReadWait(text string, unit time.Duration, now time.Time) (time.Duration, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, false
	}
	// A number out of range comes with an error and as infinity, which is bounded like any other.
	if n, err := strconv.ParseFloat(text, 64); err == nil || math.IsInf(n, 0) {
		return numericWait(n, unit, now)
	}
	at, err := http.ParseTime(text)
	if err != nil {
		at, err = time.Parse(time.RFC3339, text)
	}
	if err == nil {
		return min(at.Sub(now), MaxWait), true
	}
	if wait, ok := clockWait(text); ok {
		return wait, true
	}
	wait, err := time.ParseDuration(text)
	return min(wait, MaxWait), err == nil && wait >= 0
}

func numericWait(n float64, unit time.Duration, now time.Time) (time.Duration, bool) {
	if !(n >= 0) { // NaN as well
		return 0, false
	}
	seconds := float64(now.UnixNano()) / float64(time.Second)
	switch {
	case n >= epochMicroseconds:
		n = n/1e6 - seconds
	case n >= epochMilliseconds:
		n = n/1e3 - seconds
	case n >= epochSeconds:
		n -= seconds
	case unit > 0:
		n *= unit.Seconds()
	}
	return time.Duration(min(n, MaxWait.Seconds()) * float64(time.Second)), true
}

// clockWait reads hours, minutes and seconds, "00:00:05".
func clockWait(text string) (time.Duration, bool) {
	parts := strings.Split(text, ":")
	if len(parts) != 3 {
		return 0, false
	}
	var wait time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		n, err := strconv.ParseFloat(parts[i], 64)
		if err != nil || !(n >= 0 && n < 1e6) {
			return 0, false
		}
		wait += time.Duration(n * float64(unit))
	}
	return wait, true
}
