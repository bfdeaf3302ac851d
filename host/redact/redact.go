// Package redact keeps secrets out of everything carjs writes: log lines, error texts, reports,
// recordings, kept pages.
//
// A [Redactor] knows the secrets of a run and finds them as they are, percent-encoded, JSON-escaped
// and inside base64, whatever the mixture. Two things it finds without having been told: the
// password in a URL and the value of an Authorization header. The package knows nothing of where
// secrets come from, nor of what is done with the text.
package redact

import (
	"bytes"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Marker stands where a secret was.
const Marker = "[redacted]"

// MinLength is the number of characters below which a secret is not looked for: shorter ones occur
// everywhere by accident, and a text in which every "on" is a marker hides nothing but its own
// meaning. Surrounding white space does not count.
const MinLength = 4

// minLine is the length from which a line of a secret of several lines (a private key) is a secret
// of its own, so that a key that is printed line by line does not get through.
const minLine = 16

// Redactor is the set of secrets of a run. The zero value knows none and is ready for use, and so
// is nil; it may be used by several goroutines, also while secrets are added.
type Redactor struct {
	mu      sync.Mutex
	known   map[string]bool // everything looked for, so that adding a secret twice costs nothing
	matcher atomic.Pointer[matcher]
}

// New makes a redactor that knows the secrets.
func New(secrets ...string) *Redactor {
	r := &Redactor{}
	r.Add(secrets...)
	return r
}

// Add makes secrets known. Blank ones and those shorter than [MinLength] are ignored.
func (r *Redactor) Add(secrets ...string) {
	var all []string
	for _, secret := range secrets {
		all = append(all, parts(secret)...)
	}
	r.add(all)
}

// AddBasic makes the credentials of a Basic login known: the password, and the pair as it stands in
// the header. The user's name on its own is no secret.
func (r *Redactor) AddBasic(user, password string) {
	if strings.TrimSpace(password) == "" {
		return
	}
	r.Add(password)
	if pair := user + ":" + password; utf8.RuneCountInString(pair) >= MinLength {
		r.add([]string{pair})
	}
}

func (r *Redactor) add(texts []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	added := false
	for _, text := range texts {
		if r.known[text] {
			continue
		}
		if r.known == nil {
			r.known = make(map[string]bool)
		}
		r.known[text] = true
		added = true
	}
	if added {
		r.matcher.Store(newMatcher(r.known))
	}
}

// String returns the text with every secret replaced by [Marker]. A text without one is returned as
// it is, without a copy.
func (r *Redactor) String(s string) string {
	if m := r.current(); m != nil {
		s = m.replace(s)
	}
	return replacePatterns(s)
}

// Bytes is [Redactor.String] for bytes. It returns b itself when there is nothing to replace, and
// never changes it.
func (r *Redactor) Bytes(b []byte) []byte {
	s := string(b)
	if out := r.String(s); out != s {
		return []byte(out)
	}
	return b
}

// Finds tells whether there is a secret in some text: whether Bytes would change it.
func (r *Redactor) Finds(b []byte) bool { return !bytes.Equal(r.Bytes(b), b) }

// Known is how many texts are looked for. As long as it is the same, what was redacted once need
// not be again.
func (r *Redactor) Known() int {
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.known)
}

func (r *Redactor) current() *matcher {
	if r == nil {
		return nil
	}
	return r.matcher.Load()
}

// parts returns what has to be looked for to hide a secret: the secret, the secret without the
// white space around it (a mounted file often ends in a newline that its reader trims), and the
// long lines of one that has several.
func parts(secret string) []string {
	trimmed := strings.TrimSpace(secret)
	if utf8.RuneCountInString(trimmed) < MinLength {
		return nil
	}
	out := []string{trimmed}
	if trimmed != secret {
		out = append(out, secret)
	}
	// A key that is passed in an environment variable has its line ends spelled out.
	lines := strings.Split(strings.ReplaceAll(trimmed, `\n`, "\n"), "\n")
	if len(lines) == 1 {
		return out
	}
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if len(line) >= minLine && !strings.HasPrefix(line, "-----") { // the frame of a PEM block is no secret
			out = append(out, line)
		}
	}
	return append(out, strings.Join(lines, "\n"))
}
