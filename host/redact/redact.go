// Package redact keeps secrets out of everything carjs writes: log lines, error texts, reports,
// recordings, kept pages.
//
// A [Redactor] knows the secrets of a run and finds them as they are, in upper and lower case,
// percent-encoded, JSON-escaped, hexadecimal and inside base64, whatever the mixture. It hides
// values, and no names: a secret that is a word, a user name or a number ("secret", "user", "1234")
// counts only where it stands by itself, not in client_secret, users, /user/1 or {"user": 1}; one
// of up to three characters only where it is all of a value. A secret that looks like nothing else
// (letters with signs or digits among them, or 16 characters) is hidden wherever it stands, also in
// a name: there it is no accident. Some things it finds without having been told: the password in a
// URL, the value of an Authorization header, and parameters such as ?api_key=. The package knows
// nothing of where secrets come from, nor of what is done with the text.
package redact

import (
	"bytes"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Marker stands where a secret was.
const Marker = "[redacted]"

// MinLength is the number of characters below which a secret is looked for only where it is all of
// a value: shorter ones occur everywhere by accident, and a text in which every "on" is a marker
// hides nothing but its own meaning. Surrounding white space does not count.
const MinLength = 4

// minLine is the length from which a line of a secret of several lines (a private key) is a secret
// of its own, so that a key that is printed line by line does not get through.
const minLine = 16

// Redactor is the set of secrets of a run. The zero value knows none and is ready for use, and so
// is nil; it may be used by several goroutines, also while secrets are added.
type Redactor struct {
	mu      sync.Mutex
	known   map[string]bool // everything looked for, so that adding a secret twice costs nothing
	public  map[string]bool
	matcher atomic.Pointer[matcher]
	traffic atomic.Pointer[matcher] // for which no word is public
}

// New makes a redactor that knows the secrets.
func New(secrets ...string) *Redactor {
	r := &Redactor{}
	r.Add(secrets...)
	return r
}

// Add makes secrets known. Blank ones are ignored.
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
		r.prepare()
	}
}

// prepare makes the matchers. mu is held.
func (r *Redactor) prepare() {
	own := newMatcher(r.known, r.public)
	traffic := own
	for text := range r.public {
		if r.known[text] {
			traffic = newMatcher(r.known, nil)
			break
		}
	}
	r.matcher.Store(own)
	r.traffic.Store(traffic)
}

// Public tells of words that carjs itself writes as names: collections, the connection. One that is
// a secret at the same time (a user name "user") hides nothing where carjs says it, and is hidden
// only in JSON, where it is all of a value.
func (r *Redactor) Public(words ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.public == nil {
		r.public = make(map[string]bool)
	}
	for _, text := range words {
		r.public[text] = true
	}
	if len(r.known) > 0 {
		r.prepare()
	}
}

// Name is a text that is a name, such as that of a collection, of a file or of a connection, with
// the marker in place of what looks like nothing but a secret.
func (r *Redactor) Name(s string) string {
	if m := r.current(); m != nil {
		s = m.replaceIn(s, true)
	}
	return s
}

// String returns the text with every secret replaced by [Marker]. A text without one is returned as
// it is, without a copy. JSON stays JSON, see [Redactor.JSON].
func (r *Redactor) String(s string) string { return r.current().clean(s) }

// Traffic is [Redactor.Bytes] for what is exchanged with a data source, where no word is public.
func (r *Redactor) Traffic(b []byte) []byte {
	var m *matcher
	if r != nil {
		m = r.traffic.Load()
	}
	s := string(b)
	if out := m.clean(s); out != s {
		return []byte(out)
	}
	return b
}

// clean is the text without secrets.
func (m *matcher) clean(s string) string {
	near := m != nil && m.near(s)
	switch {
	case !near && !mentionsAuthorization(s):
		return replacePatterns(s)
	case s[0] == '{' || s[0] == '[' || s[0] == '"' || s[0] <= ' ':
		if text := []byte(s); isJSON(text) {
			return unlessSame(s, m.json(text, nil))
		}
	}
	if near {
		s = m.replace(s)
	}
	return replacePatterns(s)
}

func unlessSame(s string, text []byte) string {
	if string(text) == s {
		return s
	}
	return string(text)
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
// long lines of one that has several, and the values of one that is a query.
func parts(secret string) []string {
	trimmed := strings.TrimSpace(secret)
	if trimmed == "" || trimmed == Marker {
		return nil
	}
	out := append([]string{trimmed}, queryParts(trimmed)...)
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

// queryParts returns the long values of a secret that is a query itself (the signature of a shared
// link): whoever sends it may put its parameters in another order.
func queryParts(secret string) []string {
	if !strings.Contains(secret, "&") || !isForm(strings.TrimPrefix(secret, "?")) {
		return nil
	}
	var out []string
	for pair := range strings.SplitSeq(strings.TrimPrefix(secret, "?"), "&") {
		_, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil && kindOf(plain) == anywhere {
			out = append(out, plain)
		}
	}
	return out
}
