package model

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"unicode"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2"
)

// compile prepares the pattern.
func (p *Property) compile() (err error) {
	if p.Pattern != "" && p.match == nil {
		p.match, err = compilePattern(p.Pattern)
	}
	return err
}

// compilePattern compiles an ECMAScript regular expression. Every object passes through here, so
// what the table's patterns come down to is matched by hand: a string of characters from a set, and
// a hardware address. For any other pattern Go's own engine is preferred, because it is linear;
// back references only the backtracking engine knows.
func compilePattern(pattern string) (func(string) bool, error) {
	if pattern == macPattern {
		return hardwareAddress, nil
	}
	if set, ok := setPattern(pattern); ok {
		return set.match, nil
	}
	if fast, err := regexp.Compile(pattern); err == nil {
		return fast.MatchString, nil
	}
	slow, err := regexp2.Compile(pattern, regexp2.ECMAScript)
	if err != nil {
		return nil, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	return func(s string) bool {
		ok, err := slow.MatchString(s)
		return err == nil && ok
	}, nil
}

// hardwareAddress is macPattern. Neither alternative of the pattern is anchored at both sides: the
// first wants five pairs of digits with a colon behind each at the start, the second four groups of
// four digits at the end.
func hardwareAddress(s string) bool {
	if len(s) >= 15 && hexGroups(s[:15], 2) {
		return true
	}
	return len(s) >= 19 && hexGroups(s[len(s)-19:]+":", 4)
}

// hexGroups reports whether s consists of groups of size hexadecimal digits with a colon behind
// each.
func hexGroups(s string, size int) bool {
	for i := range len(s) {
		c := s[i]
		if i%(size+1) == size {
			if c != ':' {
				return false
			}
		} else if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return false
		}
	}
	return true
}

// charset is a pattern that a string of one or more characters from a set matches.
type charset struct {
	ascii  [utf8.RuneSelf]bool
	others bool // whether all the characters beyond ASCII are in the set, or none
}

func (c *charset) match(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < utf8.RuneSelf && !c.ascii[b] || b >= utf8.RuneSelf && !c.others {
			return false
		}
	}
	return s != ""
}

// setPattern returns the set of a pattern of the form ^[…]+$; ok is false for any other.
func setPattern(pattern string) (set *charset, ok bool) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || re.Op != syntax.OpConcat || len(re.Sub) != 3 {
		return nil, false
	}
	begin, plus, end := re.Sub[0], re.Sub[1], re.Sub[2]
	if begin.Op != syntax.OpBeginText || plus.Op != syntax.OpPlus || end.Op != syntax.OpEndText ||
		plus.Sub[0].Op != syntax.OpCharClass {
		return nil, false
	}
	set = &charset{}
	for ranges := plus.Sub[0].Rune; len(ranges) > 0; ranges = ranges[2:] {
		from, to := ranges[0], ranges[1]
		for r := from; r <= min(to, utf8.RuneSelf-1); r++ {
			set.ascii[r] = true
		}
		switch {
		case to < utf8.RuneSelf:
		case from <= utf8.RuneSelf && to == unicode.MaxRune:
			set.others = true
		default:
			return nil, false // some of them
		}
	}
	return set, true
}
