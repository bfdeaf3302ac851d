// Package patterns writes regular expressions such that the engine finds with them what the
// standard says. The engine has two matchers of its own; docs/engine.md lists where they are wrong
// without an error. The package knows the syntax of patterns; host/script has it read those of
// literals and of the class RegExp.
package patterns

import (
	"fmt"
	"slices"
	"strconv"
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
	surrogates := !unicode && strings.Contains(pattern, "[") && hasSurrogates(pattern)
	if !multiline && !word && !surrogates {
		return pattern
	}
	var b strings.Builder
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
			b.WriteString(secondHalves(part))
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

// secondHalves writes a class of nothing but second halves of surrogate pairs as the complement of all
// others: behind a class of first halves, the engine finds none of them if both have ranges.
func secondHalves(text string) string {
	inner := strings.TrimSuffix(text[1:], "]")
	var ranges [][2]int
	for inner != "" {
		low, rest, ok := half(inner)
		if !ok {
			return text
		}
		high := low
		if after, isRange := strings.CutPrefix(rest, "-"); isRange && after != "" {
			if high, rest, ok = half(after); !ok || high < low {
				return text
			}
		}
		ranges, inner = append(ranges, [2]int{low, high}), rest
	}
	if len(ranges) == 0 {
		return text
	}
	slices.SortFunc(ranges, func(a, b [2]int) int { return a[0] - b[0] })
	var b strings.Builder
	b.WriteString("[^")
	next := 0
	for _, r := range ranges {
		if r[0] > next {
			fmt.Fprintf(&b, `\u%04X-\u%04X`, next, r[0]-1)
		}
		next = max(next, r[1]+1)
	}
	fmt.Fprintf(&b, `\u%04X-\uFFFF]`, next)
	return b.String()
}

// half reads the escape of the second half of a surrogate pair.
func half(text string) (n int, rest string, ok bool) {
	const size = len(`\uDC00`)
	if len(text) < size || text[:2] != `\u` {
		return 0, text, false
	}
	value, err := strconv.ParseUint(text[2:size], 16, 16)
	if err != nil || value < 0xDC00 || value > 0xDFFF {
		return 0, text, false
	}
	return int(value), text[size:], true
}
