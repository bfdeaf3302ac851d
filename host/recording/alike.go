package recording

import (
	"net/url"
	"strings"
	"sync"

	"carjs/host/redact"
)

// alike finds requests that are recorded, but for what may be a secret on either side: other
// secrets were known when they were recorded, or a word that is a secret was no value there. It is
// looked at only when a request is not recorded word for word.
type alike struct {
	mu      sync.Mutex
	known   int
	answers map[string][]*stored // by their normal form, which depends on the secrets that are known
	bound   map[string]string    // which request a recorded one with a hidden value was taken for
}

// find returns the answers to a request.
func (a *alike) find(p *Replayer, method string, asked *url.URL, sent string) []*stored {
	a.mu.Lock()
	defer a.mu.Unlock()
	if known := p.scrub.redactor.Known(); a.answers == nil || a.known != known {
		a.known, a.answers = known, make(map[string][]*stored, len(p.recording.exchanges))
		for _, s := range p.recording.exchanges {
			key := p.scrub.normal(p.recording.Ignore, s.method, s.url, s.sent)
			a.answers[key] = append(a.answers[key], s)
		}
	}
	key := p.scrub.normal(p.recording.Ignore, method, asked, sent)
	if found := a.answers[key]; found != nil || p.next != nil {
		return found
	}
	return a.answers[a.hiding(key)]
}

// hiding returns the recorded request in which a value is hidden and that is this one otherwise,
// the one that hides least. It stands for the first request that it was taken for, and for no
// other: what is not recorded is not to be answered with something else.
func (a *alike) hiding(asked string) string {
	best, least := "", 0
	for key := range a.answers {
		hidden := strings.Count(key, redact.Marker)
		if hidden == 0 || best != "" && (hidden > least || hidden == least && key > best) || !hides(key, asked) {
			continue
		}
		if bound, ok := a.bound[key]; ok && bound != asked {
			continue
		}
		best, least = key, hidden
	}
	if best != "" {
		if a.bound == nil {
			a.bound = map[string]string{}
		}
		a.bound[best] = asked
	}
	return best
}

// delimiters are what a hidden value does not go beyond.
const delimiters = "&/?\n\"<"

// hides tells whether a request is another one with markers in place of values.
func hides(recorded, asked string) bool {
	pieces := strings.Split(recorded, redact.Marker)
	rest, ok := strings.CutPrefix(asked, pieces[0])
	for _, piece := range pieces[1:] {
		if !ok {
			return false
		}
		value := upTo(rest, delimiters)
		end := len(value)
		if head := upTo(piece, delimiters); head != "" { // a part of the value is not hidden
			if end = strings.Index(value, head); end < 0 {
				return false
			}
		}
		rest, ok = strings.CutPrefix(rest[end:], piece)
	}
	return ok && rest == ""
}

// upTo is the beginning of a text, up to the first of some characters.
func upTo(text, any string) string {
	if end := strings.IndexAny(text, any); end >= 0 {
		return text[:end]
	}
	return text
}
