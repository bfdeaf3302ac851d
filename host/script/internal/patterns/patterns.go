// Package patterns are the regular expressions of the language: it reads patterns, and matches
// texts with them as the standard says, by backtracking. The engine has two matchers of its own, of
// which neither does; docs/engine.md tells where they are wrong without an error. The package knows
// texts as units of 8 or 16 bits and nothing of the engine; host/script makes the class RegExp of it.
//
// Where things are: parse.go, escape.go, class.go and sets.go read a pattern to the tree of
// tree.go; properties.go, emoji.go and fold.go know characters; compile.go and loop.go write the
// instructions that match.go and step.go follow; first.go tells where a match may begin.
package patterns

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// Flags are those of a regular expression.
type Flags struct {
	// Text is what was written.
	Text                                                                         string
	Indices, Global, IgnoreCase, Multiline, DotAll, Unicode, UnicodeSets, Sticky bool
}

// Units tells whether a pattern matches units of UTF-16 rather than characters.
func (f Flags) units() bool { return !f.Unicode && !f.UnicodeSets }

// FullUnicode tells whether a pattern matches characters, not units of UTF-16.
func (f Flags) FullUnicode() bool { return !f.units() }

// ParseFlags reads flags. The error says which of them is none, or stands twice.
func ParseFlags(text string) (Flags, error) {
	f := Flags{Text: text}
	for _, c := range text {
		flag := f.named(c)
		if flag == nil || *flag {
			return f, wrongFlags(text)
		}
		*flag = true
	}
	if f.Unicode && f.UnicodeSets {
		return f, wrongFlags(text)
	}
	return f, nil
}

func wrongFlags(text string) error {
	return syntaxError(fmt.Sprintf("Invalid flags supplied to RegExp constructor '%s'", text))
}

func (f *Flags) named(c rune) *bool {
	switch c {
	case 'd':
		return &f.Indices
	case 'g':
		return &f.Global
	case 'i':
		return &f.IgnoreCase
	case 'm':
		return &f.Multiline
	case 's':
		return &f.DotAll
	case 'u':
		return &f.Unicode
	case 'v':
		return &f.UnicodeSets
	case 'y':
		return &f.Sticky
	}
	return nil
}

// Program is a pattern that can be matched. It does not change, and may be shared.
type Program struct {
	// Flags are those it was made with.
	Flags Flags
	// Names are the names of its groups, by their numbers; empty for one without. The first is the
	// whole match.
	Names []string
	// Named tells whether any group has a name.
	Named bool

	code []inst
	// slots are the registers of a match: two for each group, then those of loops.
	slots int
	// first are the characters with which a match begins; nil when it may be empty.
	first *charset
	// only is the one unit that a match begins with, or -1.
	only rune
	// anchored tells that a match begins at the start of the text.
	anchored bool
}

// Groups is how many groups a match has, the whole one counted.
func (p *Program) Groups() int { return len(p.Names) }

// Compile makes a program of a pattern, given as units of UTF-16. The error says what is wrong with
// the pattern.
func Compile(pattern []uint16, flags Flags) (p *Program, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			wrong, ok := problem.(syntaxError)
			if !ok {
				panic(problem)
			}
			p, err = nil, wrong
		}
	}()
	r := newReader(characters(pattern, flags.FullUnicode()), flags)
	tree := r.pattern()
	p = &Program{Flags: flags, Names: r.groups, Named: r.named}
	c := compiler{program: p, next: 2 * len(r.groups)}
	c.whole(tree)
	p.slots = c.next
	p.begins(tree)
	return p, nil
}

// characters are those of a pattern: units where pairs of surrogates are two.
func characters(pattern []uint16, pairs bool) []rune {
	made := make([]rune, 0, len(pattern))
	for i := 0; i < len(pattern); i++ {
		c := rune(pattern[i])
		if pairs && i+1 < len(pattern) && isHigh(c) && isLow(rune(pattern[i+1])) {
			i++
			c = utf16.DecodeRune(c, rune(pattern[i]))
		}
		made = append(made, c)
	}
	return made
}

func isHigh(c rune) bool { return c >= 0xD800 && c < 0xDC00 }
func isLow(c rune) bool  { return c >= 0xDC00 && c < 0xE000 }

// syntaxError says what is wrong with a pattern.
type syntaxError string

func (e syntaxError) Error() string { return string(e) }

func fail(format string, args ...any) { panic(syntaxError(fmt.Sprintf(format, args...))) }

// Escape writes a text such that a pattern matches just that: RegExp.escape.
func Escape(text []uint16) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := rune(text[i])
		if isHigh(c) && i+1 < len(text) && isLow(rune(text[i+1])) {
			b.WriteRune(utf16.DecodeRune(c, rune(text[i+1])))
			i++
			continue
		}
		escape(&b, c, b.Len() == 0)
	}
	return b.String()
}

func escape(b *strings.Builder, c rune, leads bool) {
	const control = "\t\n\v\f\r"
	switch {
	case leads && (c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'):
		fmt.Fprintf(b, `\x%02x`, c)
	case strings.ContainsRune(`^$\.*+?()[]{}|/`, c):
		b.WriteRune('\\')
		b.WriteRune(c)
	case c >= '\t' && c <= '\r':
		b.WriteByte('\\')
		b.WriteByte("tnvfr"[strings.IndexRune(control, c)])
	case strings.ContainsRune(",-=<>#&!%:;@~'`\"", c) || spaces.has(c) || isHigh(c) || isLow(c):
		if c <= 0xFF {
			fmt.Fprintf(b, `\x%02x`, c)
		} else {
			fmt.Fprintf(b, `\u%04x`, c)
		}
	default:
		b.WriteRune(c)
	}
}
