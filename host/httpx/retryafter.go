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
//   - a date of HTTP or of RFC 3339, or one that is nearly that, as of a server that formats it
//     itself; one without a zone is in UTC;
//   - a time from now as "00:01:30", as Go writes it, "1m30s", or in words, "90 seconds".
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
	if at, err := http.ParseTime(text); err == nil {
		return min(at.Sub(now), MaxWait), true
	}
	for _, layout := range dateLayouts() {
		if at, err := time.Parse(layout, text); err == nil {
			return min(at.Sub(now), MaxWait), true
		}
	}
	for _, read := range []func(string) (time.Duration, bool){clockWait, wordedWait} {
		if wait, ok := read(text); ok {
			return wait, true
		}
	}
	wait, err := time.ParseDuration(text)
	return min(wait, MaxWait), err == nil && wait >= 0
}

// dateLayouts are the forms of dates besides those of HTTP. No name of a zone but UTC and GMT is
// among them: Go takes the others for UTC where it does not know them.
func dateLayouts() []string {
	return []string{
		time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05",
		"2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04:05 GMT",
		"Mon, 2 Jan 2006 15:04:05 Z0700", "Mon, 2 Jan 2006 15:04:05 GMT", "Mon, 2 Jan 2006 15:04:05 UTC",
	}
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

// wordedWait reads a number with its unit, "90 seconds".
func wordedWait(text string) (time.Duration, bool) {
	number, word, _ := strings.Cut(text, " ")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || !(n >= 0) {
		return 0, false
	}
	var unit time.Duration
	switch strings.TrimSuffix(strings.ToLower(strings.TrimSpace(word)), "s") {
	case "", "sec", "second": // "" is of "s", as a text without a word is a number
		unit = time.Second
	case "min", "minute":
		unit = time.Minute
	case "hour":
		unit = time.Hour
	case "msec", "millisecond":
		unit = time.Millisecond
	default:
		return 0, false
	}
	return time.Duration(min(n*unit.Seconds(), MaxWait.Seconds()) * float64(time.Second)), true
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
