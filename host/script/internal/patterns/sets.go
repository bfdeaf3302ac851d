package patterns

import (
	"slices"
	"strings"
)

// mixture is a class of the flag v: characters, and texts of none or several of them. With the flag
// i it has all that match in any case, the texts in one of them.
type mixture struct {
	set   set
	texts []string
}

// classOfSets reads what is behind the opening bracket of a class of the flag v.
func (r *reader) classOfSets() node { return r.mixture().node(r) }

// node matches the mixture, longer texts first.
func (m mixture) node(r *reader) node {
	if len(m.texts) == 0 {
		return char{m.set}
	}
	length := func(s string) int { return len([]rune(s)) }
	texts := slices.Clone(m.texts)
	slices.SortStableFunc(texts, func(a, b string) int { return length(b) - length(a) })
	var all choice
	empty := false
	for _, text := range texts {
		if empty = empty || text == ""; text == "" {
			continue
		}
		var one sequence
		for _, c := range text {
			one = append(one, r.char(c))
		}
		all = append(all, one)
	}
	all = append(all, char{m.set})
	if empty {
		all = append(all, sequence{})
	}
	return all
}

// mixture reads a class: parts in a row, or parts with -- or && between all of them.
func (r *reader) mixture() (m mixture) {
	negated := r.take("^")
	if !r.take("]") {
		first, ranged := r.part(true)
		m = m.with("", first)
		switch operator := r.operator(); {
		case operator != "" && ranged:
			fail("Invalid set operation in character class")
		case operator != "":
			for r.operator() != "" {
				if !r.take(operator) || operator == "&&" && r.peek(0) == '&' {
					fail("Invalid set operation in character class")
				}
				part, _ := r.part(false)
				m = m.with(operator, part)
			}
			if !r.take("]") {
				fail("Invalid set operation in character class")
			}
		default:
			for !r.take("]") {
				part, _ := r.part(true)
				m = m.with("", part)
			}
		}
	}
	if negated {
		if len(m.texts) > 0 {
			fail("Negated character class may contain strings")
		}
		m.set = m.set.complement()
	}
	return m
}

// operator is what comes next, if it is one.
func (r *reader) operator() string {
	for _, known := range []string{"--", "&&"} {
		if r.peek(0) == rune(known[0]) && r.peek(1) == rune(known[1]) {
			return known
		}
	}
	return ""
}

func (m mixture) with(operator string, part mixture) mixture {
	switch operator {
	case "--":
		m.set = m.set.without(part.set)
		m.texts = slices.DeleteFunc(m.texts, func(s string) bool { return slices.Contains(part.texts, s) })
	case "&&":
		m.set = m.set.common(part.set)
		m.texts = slices.DeleteFunc(m.texts, func(s string) bool { return !slices.Contains(part.texts, s) })
	default:
		m.set = m.set.and(part.set)
		for _, text := range part.texts {
			if !slices.Contains(m.texts, text) {
				m.texts = append(m.texts, text)
			}
		}
	}
	return m
}

// part reads a class, texts, an escape, a character, or a range where one may stand.
func (r *reader) part(ranges bool) (m mixture, ranged bool) {
	switch {
	case r.take("["):
		return r.mixture(), false
	case r.take(`\q{`):
		return r.texts(), false
	}
	if r.peek(0) == '\\' {
		r.at++
		if s, ok := r.several(); ok {
			return mixture{set: s}, false
		}
		r.at--
	}
	low := r.setCharacter()
	high := low
	if ranges && r.peek(0) == '-' && r.peek(1) != '-' {
		r.at++
		if high = r.setCharacter(); low > high {
			fail("Range out of order in character class")
		}
		ranged = true
	}
	return mixture{set: r.folded(set{{low, high}})}, ranged
}

// doubled are the characters that may not stand twice in a class.
const doubled = "&!#$%*+,.:;<=>?@^`~"

// setCharacter reads one character of a class.
func (r *reader) setCharacter() rune {
	c := r.peek(0)
	r.at++
	switch {
	case c < 0:
		fail("Unterminated character class")
	case c == '\\':
		if next := r.peek(0); next >= 0 && strings.ContainsRune("&-!#%,:;<=>@`~", next) {
			r.at++
			return next
		}
		return r.character(true)
	case strings.ContainsRune("()[]{}/-|", c):
		fail("Invalid character in character class")
	case strings.ContainsRune(doubled, c) && r.peek(0) == c:
		fail("Invalid set operation in character class")
	}
	return c
}

// texts reads what is behind \q{.
func (r *reader) texts() (m mixture) {
	var one []rune
	flush := func() {
		if len(one) == 1 {
			m.set = m.set.and(r.folded(ofRunes(one[0])))
		} else {
			for i, c := range one {
				if r.flags.IgnoreCase {
					one[i] = canonical(c, true)
				}
			}
			m = m.with("", mixture{texts: []string{string(one)}})
		}
		one = nil
	}
	for {
		switch {
		case r.take("}"):
			flush()
			return m
		case r.take("|"):
			flush()
			continue
		}
		one = append(one, r.setCharacter())
	}
}
