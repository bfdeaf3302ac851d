// Package patterns writes regular expressions such that the engine finds with them what the
// standard says. The engine has two matchers of its own; docs/engine.md lists where they are wrong
// without an error. The package knows the syntax of patterns; host/script has it read those of
// literals and of the class RegExp.
package patterns

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	// atLineStart and atLineEnd are ^ and $ with the flag m: the engine knows no line terminator
	// but \n.
	atLineStart = `(?<![^\n\r\u2028\u2029])`
	atLineEnd   = `(?![^\n\r\u2028\u2029])`
	// atWord and notAtWord are \b and \B, for which the engine takes é for a character of a word.
	atWord    = `(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))`
	notAtWord = `(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))`
)

// Mended returns a pattern that means the same and that the engine understands as the standard
// does. A pattern that needs nothing, as nearly all, is returned as it is.
func Mended(pattern, flags string) string {
	unicode := strings.ContainsAny(flags, "uv")
	multiline := strings.Contains(flags, "m") && strings.ContainsAny(pattern, "^$")
	word := (strings.Contains(pattern, `\b`) || strings.Contains(pattern, `\B`)) &&
		(multiline || strings.ContainsAny(flags, "gy") || backtracks(pattern))
	surrogates := !unicode && strings.Contains(pattern, "[") && hasSurrogates(pattern) && !strings.Contains(pattern, firstOwn)
	if !multiline && !word && !surrogates {
		return pattern
	}
	var b strings.Builder
	var seen []string
	for rest := pattern; rest != ""; {
		n := length(rest)
		part := rest[:n]
		rest = rest[n:]
		switch {
		case part == "^" && multiline:
			b.WriteString(atLineStart)
		case part == "$" && multiline:
			b.WriteString(atLineEnd)
		case part == `\b` && word:
			b.WriteString(atWord)
		case part == `\B` && word:
			b.WriteString(notAtWord)
		case part[0] == '[' && surrogates:
			if hasSurrogates(part) && !slices.Contains(seen, part) {
				seen = append(seen, part)
			}
			b.WriteString(apart(part, slices.Index(seen, part)))
		default:
			b.WriteString(part)
		}
	}
	return b.String()
}

// backtracks tells whether a pattern has what only the engine's slower matcher knows, which is the
// one that is wrong about words.
func backtracks(pattern string) bool {
	if strings.Contains(pattern, "(?=") || strings.Contains(pattern, "(?!") || strings.Contains(pattern, "(?<") {
		return true
	}
	for i := 0; i+1 < len(pattern); i++ {
		if pattern[i] == '\\' {
			if c := pattern[i+1]; c >= '1' && c <= '9' || c == 'k' {
				return true
			}
			i++
		}
	}
	return false
}

// hasSurrogates tells whether a pattern may name halves of surrogate pairs.
func hasSurrogates(pattern string) bool {
	lower := strings.ToLower(pattern)
	return strings.Contains(lower, `\ud`)
}

// length is that of the first part of a pattern: a class, an escape, or a character.
func length(pattern string) int {
	switch pattern[0] {
	case '\\':
		if len(pattern) == 1 {
			return 1
		}
		_, size := utf8.DecodeRuneInString(pattern[1:])
		return 1 + size
	case '[':
		for i := 1; i < len(pattern); i++ {
			switch pattern[i] {
			case '\\':
				i++
			case ']':
				return i + 1
			}
		}
		return len(pattern)
	}
	_, size := utf8.DecodeRuneInString(pattern)
	return size
}

// firstOwn is in every pattern in which classes were written apart.
const firstOwn = `\uF002`

// apart writes a class such that the engine's slower matcher does not take it for another one: it
// knows the classes of a pattern by the ends of their ranges, in an encoding in which all halves of
// surrogate pairs are alike. So each class but the first has an end that no other has. n is the
// place of the class among those that have halves, and -1 for one that has none.
func apart(text string, n int) string {
	if n < 1 {
		return text
	}
	rest, negated := strings.CutPrefix(strings.TrimSuffix(text[1:], "]"), "^")
	var t translator
	var s set
	for rest != "" {
		part, after, err := t.atom(rest)
		if err != nil {
			return text
		}
		s, rest = s.and(part), after
	}
	// Of a private use, twice n because neighbours run together.
	own := ofRunes(rune(0xF000 + 2*n))
	has := len(s.common(own)) > 0
	if has {
		s = s.without(own)
	} else {
		s = s.and(own)
	}
	class := "[" + s.units() + "]"
	if negated {
		class = "[^" + s.units() + "]"
	}
	if has != negated {
		return "(?:" + own.units() + "|" + class + ")"
	}
	return "(?:(?!" + own.units() + ")" + class + ")"
}
