package httpx

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// waitHeader is a header with which a server asks clients to wait.
type waitHeader struct {
	// name is the canonical name; a star in it stands for any text.
	name string
	unit time.Duration // of a plain number; 0 is seconds
	// quota is a header of every response: it says when the quota is reset, and asks for a wait
	// only if nothing is left.
	quota bool
	// field reads a structured field; nil for the forms of [ReadWait].
	field func(value string, now time.Time) (time.Duration, bool)
}

// waitHeaders is the table of these headers. The first one with a value counts.
func waitHeaders() []waitHeader {
	return []waitHeader{
		{name: "Retry-After"},
		{name: "Retry-After-Ms", unit: time.Millisecond},      // Azure
		{name: "X-Ms-Retry-After-Ms", unit: time.Millisecond}, // Azure Cosmos DB
		{name: "X-Ms-Ratelimit-*-Retry-After"},                // Azure cost management
		{name: "X-Ms-User-Quota-Resets-After"},                // Azure Resource Graph
		{name: "X-Ratelimit-Towait-Sec"},                      // Qualys
		{name: "X-Ratelimit-Retryafter"},                      // CrowdStrike
		{name: "X-Ratelimit-Retry-After"},
		{name: "X-Rate-Limit-Retry-After"},
		{name: "X-Rate-Limit-Retry-After-Seconds"}, // gateways with buckets of tokens
		{name: "X-Retry-After"},
		{name: "Ratelimit", quota: true, field: fieldWait},
		{name: "Ratelimit-Reset", quota: true},
		{name: "X-Rate-Limit-Reset", quota: true},      // Okta
		{name: "X-Ratelimit-Reset-After", quota: true}, // more exact than the next one, which comes with it
		{name: "X-Ratelimit-Reset", quota: true},       // GitHub and many others
	}
}

// leftHeaders are the headers that say how many requests are left.
func leftHeaders() []string {
	return []string{
		"Ratelimit-Remaining", "X-Ratelimit-Remaining", "X-Rate-Limit-Remaining", "X-Ms-Ratelimit-Remaining-*", "X-Ms-User-Quota-Remaining",
	}
}

// AskedWait is the wait that a response asks for, and the header with it.
type AskedWait struct {
	Header string
	Wait   time.Duration // at least 0, at most [MaxWait]
}

// WaitAsked returns the wait that a response asks for in any of the headers that products use. It
// is false if there is none, or none that can be parsed. A header that says when a quota is reset
// comes with every response: it only counts if the response is throttled, as told by the caller, no
// header says that requests are left, and the time is in the future. Times are compared with the
// server's clock if the response has a Date, else with now.
func WaitAsked(header http.Header, throttled bool, now time.Time) (AskedWait, bool) {
	now = serverTime(header, now)
	for _, h := range waitHeaders() {
		if h.quota && !throttled {
			continue
		}
		asked, found := AskedWait{}, false
		for _, name := range h.names(header) {
			read := func(text string) (time.Duration, bool) { return ReadWait(text, h.unit, now) }
			if h.field != nil {
				read = func(text string) (time.Duration, bool) { return h.field(text, now) }
			}
			wait, ok := read(strings.Join(header[name], ", "))
			if ok && (!found || wait > asked.Wait) {
				asked, found = AskedWait{name, max(wait, 0)}, true
			}
		}
		if found && h.quota {
			left, known := requestsLeft(header)
			found = asked.Wait > 0 && (!known || left <= 0)
		}
		if found {
			return asked, true
		}
	}
	return AskedWait{}, false
}

// Exhausted tells whether a response says that no request is left, and in which header.
func Exhausted(header http.Header) (name string, exhausted bool) {
	for _, pattern := range leftHeaders() {
		for _, name := range (waitHeader{name: pattern}).names(header) {
			if left, err := strconv.ParseFloat(strings.TrimSpace(header.Get(name)), 64); err == nil && left <= 0 {
				return name, true
			}
		}
	}
	if left, known := fieldLeft(strings.Join(header["Ratelimit"], ", ")); known && left <= 0 {
		return "Ratelimit", true
	}
	return "", false
}

// requestsLeft is the smallest number of requests that any header says are left.
func requestsLeft(header http.Header) (left float64, known bool) {
	left, known = fieldLeft(strings.Join(header["Ratelimit"], ", "))
	for _, pattern := range leftHeaders() {
		for _, name := range (waitHeader{name: pattern}).names(header) {
			if n, err := strconv.ParseFloat(strings.TrimSpace(header.Get(name)), 64); err == nil && (!known || n < left) {
				left, known = n, true
			}
		}
	}
	return left, known
}

// names returns the matching headers of a response.
func (h waitHeader) names(header http.Header) []string {
	before, after, pattern := strings.Cut(h.name, "*")
	if !pattern {
		if len(header[h.name]) == 0 {
			return nil
		}
		return []string{h.name}
	}
	var names []string
	for name := range header {
		if len(name) > len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// serverTime is the server's time when it responded: the clocks of two machines differ. A response
// from a cache has the time of an earlier one.
func serverTime(header http.Header, now time.Time) time.Time {
	if header.Get("Age") != "" {
		return now
	}
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		return at
	}
	return now
}

// fieldWait reads the field RateLimit: `"burst";r=0;t=30` for each policy, or, in earlier drafts,
// "limit=100, remaining=0, reset=30". Of several policies, the longest wait of those used up
// counts.
func fieldWait(value string, now time.Time) (time.Duration, bool) {
	var wait time.Duration
	found := false
	for _, policy := range policies(value) {
		if left, err := strconv.ParseFloat(policy["r"], 64); err == nil && left > 0 {
			continue
		}
		if t, ok := ReadWait(policy["t"], 0, now); ok {
			wait, found = max(wait, t), true
		}
	}
	return wait, found
}

// fieldLeft is the smallest number of requests left that the field RateLimit has.
func fieldLeft(value string) (left float64, known bool) {
	for _, policy := range policies(value) {
		if n, err := strconv.ParseFloat(policy["r"], 64); err == nil && (!known || n < left) {
			left, known = n, true
		}
	}
	return left, known
}

// policies are the parameters of each policy of the field RateLimit.
func policies(value string) []map[string]string {
	var all []map[string]string
	flat := map[string]string{} // of earlier drafts
	for _, member := range splitField(value, ',') {
		params := map[string]string{}
		for i, part := range splitField(member, ';') {
			name, value, _ := strings.Cut(part, "=")
			name, value = strings.ToLower(strings.TrimSpace(name)), strings.Trim(strings.TrimSpace(value), `"`)
			switch {
			case i > 0 || name == "r" || name == "t":
				params[name] = value
			case name == "remaining":
				flat["r"] = value
			case name == "reset":
				flat["t"] = value
			}
		}
		if len(params) > 0 {
			all = append(all, params)
		}
	}
	if len(flat) > 0 {
		all = append(all, flat)
	}
	return all
}

// splitField splits at separators outside of quotes.
func splitField(text string, separator byte) []string {
	var parts []string
	quoted, start := false, 0
	for i := range len(text) {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == separator && !quoted:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}
