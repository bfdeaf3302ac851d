package patterns

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// atomEscape reads what is behind a backslash outside a class.
func (r *reader) atomEscape() node {
	c := r.peek(0)
	switch {
	case c >= '1' && c <= '9':
		start := r.at
		n, _ := r.number()
		if n <= r.total {
			return &backReference{groups: []int{n}, folded: r.flags.IgnoreCase}
		}
		if r.full {
			fail("Invalid escape")
		}
		r.at = start
	case c == 'k' && (r.full || r.named):
		r.at++
		if !r.take("<") {
			fail("Invalid named reference")
		}
		reference := &backReference{folded: r.flags.IgnoreCase}
		r.references, r.wanted = append(r.references, reference), append(r.wanted, r.groupName())
		return reference
	}
	if s, ok := r.several(); ok {
		return char{s}
	}
	return r.char(r.character(false))
}

// several reads the escape of more than one character.
func (r *reader) several() (s set, ok bool) {
	c := r.peek(0)
	switch c {
	case 'd', 'D':
		s = digits
	case 's', 'S':
		s = spaces
	case 'w', 'W':
		if s = words; r.full && r.flags.IgnoreCase {
			s = closed(words, true)
		}
	case 'p', 'P':
		if !r.full {
			return nil, false
		}
		r.at++
		return r.property(c == 'P'), true
	default:
		return nil, false
	}
	r.at++
	if unicode.IsUpper(c) {
		s = s.complement()
	}
	return s, true
}

// property reads what is behind \p.
func (r *reader) property(negated bool) set {
	var name strings.Builder
	if !r.take("{") {
		fail("Invalid property name")
	}
	for !r.take("}") {
		if !r.more() {
			fail("Invalid property name")
		}
		name.WriteRune(r.peek(0))
		r.at++
	}
	s, err := property(name.String())
	if err != nil {
		panic(syntaxError(err.Error()))
	}
	if r.flags.UnicodeSets {
		s = r.folded(s)
	}
	if negated {
		s = s.complement()
	}
	return r.folded(s)
}

// controls are the escapes that stand for one character.
var controls = map[rune]rune{'t': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r'}

// character reads the escape of one character, inside a class or outside.
func (r *reader) character(inClass bool) rune {
	c := r.peek(0)
	r.at++
	if control, ok := controls[c]; ok {
		return control
	}
	switch {
	case c < 0:
		fail(`\ at end of pattern`)
	case c == 'b' && inClass:
		return '\b'
	case c == '-' && inClass && r.full:
		return '-'
	case c == 'c':
		return r.control(inClass)
	case c == 'x' || c == 'u':
		if made, ok := r.hexadecimal(c); ok {
			return made
		}
		if r.full {
			fail("Invalid Unicode escape")
		}
	case c >= '0' && c <= '9':
		return r.octal(c)
	case r.full && !strings.ContainsRune(`^$\.*+?()[]{}|/`, c):
		fail("Invalid escape")
	case c == 'k' && r.named:
		fail("Invalid escape")
	}
	return c
}

func (r *reader) control(inClass bool) rune {
	c := r.peek(0)
	if c|0x20 >= 'a' && c|0x20 <= 'z' || inClass && !r.full && (c >= '0' && c <= '9' || c == '_') {
		r.at++
		return c % 32
	}
	if r.full {
		fail("Invalid unicode escape")
	}
	r.at-- // the c is a character of its own
	return '\\'
}

func (r *reader) octal(c rune) rune {
	if r.full {
		if next := r.peek(0); c != '0' || next >= '0' && next <= '9' {
			fail("Invalid decimal escape")
		}
		return 0
	}
	if c >= '8' {
		return c
	}
	n := c - '0'
	for i := 0; i < 2; i++ {
		next := r.peek(0)
		if next < '0' || next > '7' || 8*n+next-'0' > 0xFF {
			break
		}
		n = 8*n + next - '0'
		r.at++
	}
	return n
}

// hexadecimal reads what is behind \x or \u. It reads nothing where that is no such escape.
func (r *reader) hexadecimal(c rune) (made rune, ok bool) {
	switch {
	case c == 'x':
		return r.digits(2)
	case r.full && r.peek(0) == '{':
		return r.braced()
	}
	high, ok := r.digits(4)
	if !ok || !r.full || !isHigh(high) || r.peek(0) != '\\' || r.peek(1) != 'u' {
		return high, ok
	}
	start := r.at
	r.at += 2
	if low, ok := r.digits(4); ok && isLow(low) {
		return utf16.DecodeRune(high, low), true
	}
	r.at = start
	return high, true
}

// braced reads {1F600}.
func (r *reader) braced() (made rune, ok bool) {
	r.at++
	for !r.take("}") {
		digit := hexadecimalDigit(r.peek(0))
		if digit < 0 {
			fail("Invalid Unicode escape")
		}
		if made, ok = 16*made+digit, true; made > unicode.MaxRune {
			fail("Undefined Unicode code-point")
		}
		r.at++
	}
	return made, ok
}

func (r *reader) digits(n int) (made rune, ok bool) {
	for i := 0; i < n; i++ {
		digit := hexadecimalDigit(r.peek(i))
		if digit < 0 {
			return 0, false
		}
		made = 16*made + digit
	}
	r.at += n
	return made, true
}

func hexadecimalDigit(c rune) rune {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return -1
}

// groupName reads a name and the > behind it.
func (r *reader) groupName() string {
	var name strings.Builder
	for !r.take(">") {
		c := r.peek(0)
		if c < 0 {
			fail("Invalid capture group name")
		}
		r.at++
		full := r.full
		if c == '\\' {
			r.full = true // in names, escapes are those of the flag u
			made, ok := rune(0), false
			if r.take("u") {
				made, ok = r.hexadecimal('u')
			}
			if c = made; !ok {
				fail("Invalid Unicode escape")
			}
			r.full = full
		} else if isHigh(c) && isLow(r.peek(0)) {
			c = utf16.DecodeRune(c, r.peek(0))
			r.at++
		}
		if !isNamed(c, name.Len() > 0) {
			fail("Invalid capture group name")
		}
		name.WriteRune(c)
	}
	if name.Len() == 0 {
		fail("Invalid capture group name")
	}
	return name.String()
}

// isNamed tells whether a character may stand in a name, at its begin or behind.
func isNamed(c rune, behind bool) bool {
	switch {
	case c == '$' || c == '_':
		return true
	case c < 0x80:
		return c|0x20 >= 'a' && c|0x20 <= 'z' || behind && c >= '0' && c <= '9'
	case behind:
		return idContinue().has(c) || c == 0x200C || c == 0x200D
	}
	return idStart().has(c)
}
