package recording

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"carjs/host/lazyregexp"
)

// Clock is what the connector goes by in a replay.
type Clock interface {
	// Now is its time.
	Now() time.Time
}

// What counts as the same time in a request and in a recorded one: a connector sends its own present
// time, or one that depends on it, and no two runs take the same time from their start to a request.
const sameTime = time.Minute

// nearEnough is how far from the time of its request a number is taken for a time; others are ids.
const nearEnough = 400 * 24 * time.Hour

// isoTime fits times and dates of ISO 8601.
var isoTime = lazyregexp.New(
	`\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?|\d{8}T\d{6}Z`)

// isoLayouts are their forms.
var isoLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04",
	time.DateTime, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04", time.DateOnly, "20060102T150405Z",
}

// epoch fits numbers, which are times if they have the digits of one.
var epoch = lazyregexp.New(`\d+`)

// epochUnits are the units of epoch times, by the number of their digits.
var epochUnits = map[int]time.Duration{10: time.Second, 13: time.Millisecond, 16: time.Microsecond, 19: time.Nanosecond}

// moments is a request without its times, and its times in their order.
type moments struct {
	shape string
	times []time.Time
}

// timesIn takes the times out of a request that was made at a time.
func timesIn(method string, at *url.URL, sent string, ignore Ignore, made time.Time) moments {
	m := moments{}
	take := func(text string) string { return m.take(text, made) }
	path := isoTime().ReplaceAllStringFunc(strings.Join(segments(at), "/"), m.iso)
	query := ignore.query(at)
	takeForm(query, take)
	if form, ok := formOf(sent); ok {
		takeForm(form, take)
		sent = form.Encode()
	} else {
		sent = take(sent)
	}
	m.shape = method + " " + path + "?" + query.Encode() + "\n" + sent
	return m
}

// takeForm takes the times out of the values of a form, in the order of their names.
func takeForm(form url.Values, take func(string) string) {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for i, value := range form[name] {
			form[name][i] = take(value)
		}
	}
}

// timeMark stands where a time was.
const timeMark = "<time>"

// take takes the times out of a text.
func (m *moments) take(text string, made time.Time) string {
	text = isoTime().ReplaceAllStringFunc(text, m.iso)
	var out strings.Builder
	from := 0
	for _, place := range epoch().FindAllStringIndex(text, -1) {
		start, end := place[0], place[1]
		unit, ok := epochUnits[end-start]
		if !ok || start > 0 && inWord(text[start-1]) || end < len(text) && inWord(text[end]) {
			continue
		}
		number, err := strconv.ParseInt(text[start:end], 10, 64)
		if err != nil {
			continue
		}
		at := time.Unix(0, 0).Add(time.Duration(number) * unit)
		if number > int64(1<<63-1)/int64(unit) || at.Sub(made).Abs() > nearEnough {
			continue
		}
		m.times = append(m.times, at)
		out.WriteString(text[from:start])
		out.WriteString(timeMark)
		from = end
	}
	return out.String() + text[from:]
}

// inWord tells whether a character beside a number makes it a part of something else.
func inWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-'
}

// iso takes one time of ISO 8601.
func (m *moments) iso(text string) string {
	for _, layout := range isoLayouts {
		if at, err := time.Parse(layout, text); err == nil {
			m.times = append(m.times, at)
			return timeMark
		}
	}
	return text
}

// distance is how far the times of a request, made at a time, are from those of another one: each
// from the same time, or from one as long before the request, whichever is less.
func (m moments) distance(made time.Time, other moments, otherMade time.Time) time.Duration {
	most := time.Duration(0)
	for i, at := range m.times {
		absolute := at.Sub(other.times[i]).Abs()
		relative := (at.Sub(made) - other.times[i].Sub(otherMade)).Abs()
		most = max(most, min(absolute, relative))
	}
	return most
}

// alikeStep is the difference of distances that says nothing.
const alikeStep = 5 * time.Second

// atAnotherTime finds the recorded request that is the one asked for, but for the time at which it
// was made. Of several it takes one that was answered least often, the first of those.
func (p *Replayer) atAnotherTime(method string, asked *url.URL, sent string) []*stored {
	now := time.Now()
	if p.Clock != nil {
		now = p.Clock.Now()
	}
	wanted := timesIn(method, asked, sent, p.recording.Ignore, now)
	if len(wanted.times) == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var best *stored
	var bestStep time.Duration
	for _, s := range p.recording.exchanges {
		made := s.at
		if made.IsZero() {
			made = p.recording.Recorded
		}
		m := timesIn(s.method, s.url, s.sent, p.recording.Ignore, made)
		if m.shape != wanted.shape || len(m.times) != len(wanted.times) {
			continue
		}
		distance := wanted.distance(now, m, made)
		if distance > sameTime {
			continue
		}
		step := distance / alikeStep
		switch {
		case best == nil, step < bestStep, step == bestStep && p.timesAsked(s) < p.timesAsked(best):
			best, bestStep = s, step
		}
	}
	if best == nil {
		return nil
	}
	return p.answers[best.identity]
}

// timesAsked is how often a request was answered. mu is held.
func (p *Replayer) timesAsked(s *stored) int { return p.asked[p.answers[s.identity][0].path] }
