package redact

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// A matcher finds the forms of all secrets in one pass. It is not a strings.Replacer, for three
// reasons: matches that overlap are replaced as one (a replacer would leave the end of the second),
// escapes are understood at each character (so any mixture of escaped and plain is found, where a
// list of spellings would always miss one), and a form counts or not by what stands around it.
type matcher struct {
	// byFirst holds the forms by their first byte.
	byFirst [256][]form
	// whole has the spellings that are a secret when they are all of a value.
	whole map[string]kind
	// pairs has a bit for every pair of bytes with which a form begins: most places of a text are
	// done with after one look.
	pairs [1 << 16 / 64]uint64
}

func newMatcher(secrets, public map[string]bool) *matcher {
	m := &matcher{whole: map[string]kind{}}
	seen := make(map[form]bool)
	for secret := range secrets {
		for _, f := range formsOf(secret, public[secret] && kindOf(secret) != anywhere) {
			if seen[f] || f.text == "" {
				continue
			}
			seen[f] = true
			m.whole[f.text] = max(m.whole[f.text], f.kind)
			m.byFirst[f.text[0]] = append(m.byFirst[f.text[0]], f)
			if len(f.text) == 1 {
				for next := range uint(256) {
					m.pair(uint(f.text[0])<<8 | next)
				}
				continue
			}
			m.pair(uint(f.text[0])<<8 | uint(f.text[1]))
		}
	}
	return m
}

func (m *matcher) pair(pair uint) { m.pairs[pair/64] |= 1 << (pair % 64) }

// never tells that no form can begin at i, whatever comes later.
func (m *matcher) never(s string, i int) bool {
	if i+1 >= len(s) || escapes(s[i]) || escapes(s[i+1]) {
		return false
	}
	pair := uint(s[i])<<8 | uint(s[i+1])
	return m.pairs[pair/64]&(1<<(pair%64)) == 0
}

// minCore is the least number of base64 characters that are taken for part of a secret inside a
// longer base64 text.
const minCore = 5

// hexForms returns the secret in hexadecimal, in small and in capital letters.
func hexForms(secret string) []string {
	small := hex.EncodeToString([]byte(secret))
	return []string{small, strings.ToUpper(small)}
}

// base64Forms returns the secret's own base64 texts, and, with inside, the texts by which it shows
// inside the base64 of something longer (the pair user:password, a JSON document): three, as it may
// begin at any of the three bytes of a group. Characters that also depend on the bytes before or
// after are left out of those.
func base64Forms(secret string, inside bool) []string {
	var out []string
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		raw := encoding.WithPadding(base64.NoPadding)
		out = append(out, encoding.EncodeToString([]byte(secret)), raw.EncodeToString([]byte(secret)))
		for before := range 3 {
			if !inside {
				break
			}
			text := raw.EncodeToString(append(make([]byte, before), secret...))
			first := (before*8 + 5) / 6
			last := (before + len(secret)) * 8 / 6
			if last-first >= minCore {
				out = append(out, text[first:last])
			}
		}
	}
	return out
}

// replace returns s with the marker in place of every match; matches that overlap share one.
func (m *matcher) replace(s string) string { return m.replaceIn(s, false) }

// replaceIn is replace; in a name only what looks like nothing but a secret is replaced.
func (m *matcher) replaceIn(s string, name bool) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		if s[i] != Marker[0] && m.never(s, i) {
			i++
			continue
		}
		n := m.at(s, i, name)
		if marked := strings.HasPrefix(s[i:], Marker); marked && n <= len(Marker) {
			// Text may come by twice. A marker stays one, also for someone whose password is part
			// of it.
			i += len(Marker)
			continue
		}
		if n == 0 {
			i++
			continue
		}
		end := i + n
		for j := i + 1; j < end; j++ {
			if n := m.at(s, j, name); j+n > end {
				end = j + n
			}
		}
		b.WriteString(s[done:i])
		b.WriteString(Marker)
		i, done = end, end
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// near tells whether a text spells a secret at all, be it as a value or as a name. Most do not, and
// are done with.
func (m *matcher) near(s string) bool {
	for i := range len(s) {
		if m.never(s, i) {
			continue
		}
		if m.spelled(s[i:], func(form, int) bool { return true }) > 0 {
			return true
		}
	}
	return false
}

// at returns the length of the longest match that begins at i, 0 when there is none.
func (m *matcher) at(s string, i int, name bool) int {
	if m.never(s, i) {
		return 0
	}
	return m.spelled(s[i:], func(f form, n int) bool {
		if name {
			return f.kind == anywhere
		}
		return f.counts(s, i, i+n)
	})
}

// spelled returns the length of the longest form that a text begins with and that counts.
func (m *matcher) spelled(s string, counts func(f form, n int) bool) (longest int) {
	try := func(first byte) {
		for _, form := range m.byFirst[first] {
			if n := match(s, form.text); n > longest && counts(form, n) {
				longest = n
			}
		}
	}
	try(s[0])
	if !escapes(s[0]) {
		return longest
	}
	for _, d := range [...]decoded{unescape(s), unescapeTwice(s)} {
		if d.size > 0 && d.text[0] != s[0] {
			try(d.text[0])
		}
	}
	return longest
}

// match returns how many bytes at the start of s spell the form, each character plain, escaped, or
// escaped twice (a JSON body quoted in JSON, a URL in a query parameter); 0 when they do not.
func match(s, form string) int {
	done := 0
	for done < len(s) && form != "" && s[done] == form[0] && !escapes(s[done]) {
		done, form = done+1, form[1:]
	}
	switch {
	case form == "":
		return done
	case done == len(s), !escapes(s[done]):
		return 0
	}
	s = s[done:]
	plain := one(s[0], 1)
	for _, d := range [...]decoded{plain, unescape(s), unescapeTwice(s)} {
		rest, ok := strings.CutPrefix(form, d.String())
		if d.size == 0 || !ok {
			continue
		}
		if rest == "" {
			return done + d.size
		}
		if n := match(s[d.size:], rest); n > 0 {
			return done + d.size + n
		}
	}
	return 0
}
