package settings

import (
	"regexp/syntax"
	"strings"
	"unicode"
)

// longestMatch bounds the texts that are made for an expression.
const longestMatch = 1000

// matching makes a short text that an expression matches as a whole; not ok for an expression that
// cannot be read. What an expression says of the text around a place, \b above all, is not heeded.
func matching(expression string) (text string, ok bool) {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return "", false
	}
	var b strings.Builder
	ok = match(&b, parsed.Simplify())
	return b.String(), ok
}

func match(b *strings.Builder, re *syntax.Regexp) bool {
	if b.Len() > longestMatch {
		return false
	}
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		return matchClass(b, re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('a')
	case syntax.OpCapture, syntax.OpPlus:
		return match(b, re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if !match(b, sub) {
				return false
			}
		}
	case syntax.OpAlternate:
		return match(b, re.Sub[0])
	case syntax.OpNoMatch:
		return false
	}
	return true // nothing: an anchor, or what may be missing
}

// matchClass writes a character of a class, given as ranges: a letter or digit where it has one.
func matchClass(b *strings.Builder, ranges []rune) bool {
	for _, c := range "a1A-._/:@" {
		for i := 0; i+1 < len(ranges); i += 2 {
			if ranges[i] <= c && c <= ranges[i+1] {
				b.WriteRune(c)
				return true
			}
		}
	}
	for i := 0; i+1 < len(ranges); i += 2 {
		if unicode.IsPrint(ranges[i]) {
			b.WriteRune(ranges[i])
			return true
		}
	}
	return false
}
