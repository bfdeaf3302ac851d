package patterns

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Unicode tells whether a pattern has what the engine takes for something else or does not know:
// properties of characters, or the classes of the flag v.
func Unicode(pattern, flags string) bool {
	if strings.Contains(flags, "v") {
		return true
	}
	return strings.Contains(flags, "u") && (strings.Contains(pattern, `\p{`) || strings.Contains(pattern, `\P{`))
}

// Translated writes a pattern for which [Unicode] is true with the characters that it means, for the
// flags that it returns: v becomes u. The error says which property, or which part of a class, is
// not there.
func Translated(pattern, flags string) (translated, with string, err error) {
	t := translator{sets: strings.Contains(flags, "v"), fold: strings.Contains(flags, "i")}
	var b strings.Builder
	for rest := pattern; rest != ""; {
		switch {
		case isProperty(rest):
			var s set
			if s, rest, err = t.property(rest); err != nil {
				return "", "", err
			}
			b.WriteString(s.class())
		case rest[0] == '[' && t.sets:
			var c class
			if c, rest, err = t.class(rest); err != nil {
				return "", "", err
			}
			b.WriteString(c.text())
		case rest[0] == '[':
			n := length(rest)
			text, err := t.oldClass(rest[:n])
			if err != nil {
				return "", "", err
			}
			b.WriteString(text)
			rest = rest[n:]
		default:
			n := length(rest)
			b.WriteString(rest[:n])
			rest = rest[n:]
		}
	}
	return b.String(), strings.ReplaceAll(flags, "v", "u"), nil
}

func isProperty(text string) bool {
	return strings.HasPrefix(text, `\p{`) || strings.HasPrefix(text, `\P{`)
}

// translator reads patterns; sets tells that of the flag v, fold those of the flag i.
type translator struct{ sets, fold bool }

// property reads \p{…} or \P{…}.
func (t translator) property(text string) (s set, rest string, err error) {
	inside, rest, closed := strings.Cut(text[len(`\p{`):], "}")
	if !closed {
		return nil, "", fmt.Errorf(`\p{%s has no closing brace`, inside)
	}
	if s, err = property(inside); err == nil && text[1] == 'P' {
		s = s.complement()
	}
	return s, rest, err
}

// oldClass writes a class of the flag u. One without properties is left alone.
func (t translator) oldClass(text string) (string, error) {
	if !strings.Contains(text, `\p{`) && !strings.Contains(text, `\P{`) {
		return text, nil
	}
	rest, negated := strings.CutPrefix(strings.TrimSuffix(text[1:], "]"), "^")
	var s set
	for rest != "" {
		var part set
		var err error
		if part, rest, err = t.atom(rest); err != nil {
			return "", err
		}
		s = s.and(part)
	}
	if negated {
		s = t.folded(s).complement()
	}
	return s.class(), nil
}

// folded are the characters that match those of a set: with the flag i, in any case.
func (t translator) folded(s set) set {
	if !t.fold {
		return s
	}
	var more []rune
	all := ofTables(unicode.Lu, unicode.Ll, unicode.Lt, unicode.Other_Uppercase, unicode.Other_Lowercase, unicode.M)
	for _, r := range s.common(all) {
		for c := r[0]; c <= r[1]; c++ {
			for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
				more = append(more, other)
			}
		}
	}
	return s.and(ofRunes(more...))
}

// class is one of the flag v: characters, and texts of several of them.
type class struct {
	set   set
	texts []string
}

// text writes the class; longer texts match first.
func (c class) text() string {
	if len(c.texts) == 0 {
		return c.set.class()
	}
	slices.SortStableFunc(c.texts, func(a, b string) int { return utf8.RuneCountInString(b) - utf8.RuneCountInString(a) })
	parts := make([]string, 0, len(c.texts)+1)
	empty := false
	for _, text := range slices.Compact(c.texts) {
		if empty = text == ""; empty {
			continue
		}
		var b strings.Builder
		for _, r := range text {
			fmt.Fprintf(&b, `\u{%X}`, r)
		}
		parts = append(parts, b.String())
	}
	if len(c.set) > 0 {
		parts = append(parts, c.set.class())
	}
	if empty {
		parts = append(parts, "")
	}
	return "(?:" + strings.Join(parts, "|") + ")"
}

// class reads a class: parts in a row, or parts with -- or && between all of them.
func (t translator) class(text string) (c class, rest string, err error) {
	rest, negated := strings.CutPrefix(text[1:], "^")
	first := true
	for {
		if after, ok := strings.CutPrefix(rest, "]"); ok {
			rest = after
			break
		}
		operator := ""
		if !first && (strings.HasPrefix(rest, "--") || strings.HasPrefix(rest, "&&")) {
			operator, rest = rest[:2], rest[2:]
		}
		if rest == "" {
			return c, "", errors.New("unterminated character class")
		}
		var part class
		if part, rest, err = t.part(rest); err != nil {
			return c, "", err
		}
		switch operator {
		case "--":
			c.set = c.set.without(part.set)
			c.texts = slices.DeleteFunc(c.texts, func(s string) bool { return slices.Contains(part.texts, s) })
		case "&&":
			c.set = c.set.common(part.set)
			c.texts = slices.DeleteFunc(c.texts, func(s string) bool { return !slices.Contains(part.texts, s) })
		default:
			c.set, c.texts = c.set.and(part.set), append(c.texts, part.texts...)
		}
		first = false
	}
	if negated {
		if len(c.texts) > 0 {
			return c, "", errors.New("a negated character class may not have texts of several characters")
		}
		c.set = t.folded(c.set).complement()
	}
	return c, rest, nil
}

// part reads what may stand in a class of the flag v: a class, texts, or what stands in others too.
func (t translator) part(text string) (c class, rest string, err error) {
	switch {
	case text[0] == '[':
		return t.class(text)
	case strings.HasPrefix(text, `\q{`):
		return alternatives(text[len(`\q{`):])
	}
	c.set, rest, err = t.atom(text)
	return c, rest, err
}

// atom reads a property, a shorthand, a range or a character.
func (t translator) atom(text string) (s set, rest string, err error) {
	if isProperty(text) {
		return t.property(text)
	}
	if len(text) > 1 && text[0] == '\\' {
		if s, ok := shorthands[text[1]]; ok {
			return s, text[2:], nil
		}
	}
	low, rest, err := character(text)
	if err != nil {
		return nil, "", err
	}
	high := low
	after, ranged := strings.CutPrefix(rest, "-")
	if ranged && after != "" && after[0] != ']' && !(t.sets && after[0] == '-') && !isSeveral(after) {
		if high, rest, err = character(after); err != nil {
			return nil, "", err
		}
		if high < low {
			return nil, "", errors.New("range out of order in character class")
		}
	}
	return set{{low, high}}, rest, nil
}

// isSeveral tells whether a text begins with the escape of several characters.
func isSeveral(text string) bool {
	if len(text) < 2 || text[0] != '\\' {
		return false
	}
	_, ok := shorthands[text[1]]
	return ok || isProperty(text)
}

// shorthands are the escapes that stand for several characters.
var shorthands = map[byte]set{'d': digits, 'D': digits.complement(), 'w': words, 'W': words.complement(), 's': spaces, 'S': spaces.complement()}

var (
	digits = set{{'0', '9'}}
	words  = of([2]rune{'0', '9'}, [2]rune{'A', 'Z'}, [2]rune{'a', 'z'}, [2]rune{'_', '_'})
	spaces = of([2]rune{'\t', '\r'}, [2]rune{0x2000, 0x200A}, [2]rune{0x2028, 0x2029}).and(ofRunes(' ', 0xA0, 0x1680, 0x202F, 0x205F, 0x3000, 0xFEFF))
)

// alternatives reads what is behind \q{.
func alternatives(text string) (c class, rest string, err error) {
	var one []rune
	flush := func() {
		if len(one) == 1 {
			c.set = c.set.and(ofRunes(one[0]))
		} else {
			c.texts = append(c.texts, string(one))
		}
		one = nil
	}
	for rest = text; rest != ""; {
		switch rest[0] {
		case '}':
			flush()
			return c, rest[1:], nil
		case '|':
			flush()
			rest = rest[1:]
			continue
		}
		var r rune
		if r, rest, err = character(rest); err != nil {
			return c, "", err
		}
		one = append(one, r)
	}
	return c, "", errors.New(`\q{ has no closing brace`)
}

// controls are the escapes that stand for one character.
var controls = map[byte]rune{'t': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r', 'b': '\b', '0': 0}

// character reads one character or the escape of one.
func character(text string) (r rune, rest string, err error) {
	if text[0] != '\\' {
		r, n := utf8.DecodeRuneInString(text)
		return r, text[n:], nil
	}
	if len(text) < 2 {
		return 0, "", errors.New(`\ at the end of the pattern`)
	}
	bad := fmt.Errorf("invalid escape in %q", text)
	hexadecimal := func(digits, rest string) (rune, string, error) {
		n, err := strconv.ParseUint(digits, 16, 32)
		if err != nil || n > 0x10FFFF {
			return 0, "", bad
		}
		return rune(n), rest, nil
	}
	switch c := text[1]; {
	case strings.HasPrefix(text, `\u{`):
		inside, rest, closed := strings.Cut(text[3:], "}")
		if !closed {
			return 0, "", bad
		}
		return hexadecimal(inside, rest)
	case c == 'u' && len(text) >= 6:
		r, rest, err := hexadecimal(text[2:6], text[6:])
		if err == nil && r >= 0xD800 && r < 0xDC00 && strings.HasPrefix(rest, `\u`) && len(rest) >= 6 {
			if low, err := strconv.ParseUint(rest[2:6], 16, 32); err == nil && low >= 0xDC00 && low < 0xE000 {
				return (r-0xD800)<<10 + rune(low) - 0xDC00 + 0x10000, rest[6:], nil
			}
		}
		return r, rest, err
	case c == 'x' && len(text) >= 4:
		return hexadecimal(text[2:4], text[4:])
	case c == 'c' && len(text) >= 3:
		return rune(text[2] % 32), text[3:], nil
	case c == 'u' || c == 'x' || c == 'c':
		return 0, "", bad
	default:
		if r, ok := controls[c]; ok {
			return r, text[2:], nil
		}
		r, n := utf8.DecodeRuneInString(text[1:])
		return r, text[1+n:], nil
	}
}
