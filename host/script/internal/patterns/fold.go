package patterns

import (
	"sync"
	"unicode"
)

// canonical is the character that all those are compared by that differ in case only. Without full,
// it is the upper case, as long as that is one unit and does not make a letter of ASCII of another.
func canonical(c rune, full bool) rune {
	if full {
		switch c { // equal since Unicode 15.1
		case 0x1FD3:
			return 0x390
		case 0x1FE3:
			return 0x3B0
		case 0xFB06:
			return 0xFB05
		}
		least := c
		for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
			least = min(least, other)
		}
		return least
	}
	if c < 0x80 {
		if c >= 'a' && c <= 'z' {
			return c - 'a' + 'A'
		}
		return c
	}
	upper := unicode.ToUpper(c)
	if upper < 0x80 || upper > 0xFFFF || c > 0xFFFF || c == 0xDF || isLong(c) {
		return c
	}
	return upper
}

// isLong tells whether the upper case of a character is more than one, although the tables of
// unicode have one for it.
func isLong(c rune) bool {
	switch c {
	case 0x1FB3, 0x1FBC, 0x1FC3, 0x1FCC, 0x1FF3, 0x1FFC:
		return true
	}
	return c >= 0x1F80 && c <= 0x1FAF
}

// closed are the characters that match one of a set in any case.
func closed(s set, full bool) set {
	if len(s) > 0 && s[len(s)-1][1] < 0x80 {
		return closedLetters(s, full)
	}
	var more []rune
	groups := cases(full)
	for _, r := range s.common(groups.all) {
		for c := r[0]; c <= r[1]; c++ {
			more = append(more, groups.of[canonical(c, full)]...)
		}
	}
	if len(more) == 0 {
		return s
	}
	return s.and(ofRunes(more...))
}

// closedLetters is closed for ASCII, as nearly all sets are.
func closedLetters(s set, full bool) set {
	parts := [][2]rune{}
	for _, r := range s {
		parts = append(parts, r)
		for _, letters := range []struct {
			from, to, by rune
		}{{'a', 'z', 'A' - 'a'}, {'A', 'Z', 'a' - 'A'}} {
			if low, high := max(r[0], letters.from), min(r[1], letters.to); low <= high {
				parts = append(parts, [2]rune{low + letters.by, high + letters.by})
			}
		}
	}
	made := of(parts...)
	if !full {
		return made
	}
	// The long s and the sign of Kelvin.
	if made.has('s') {
		made = made.and(ofRunes(0x17F))
	}
	if made.has('k') {
		made = made.and(ofRunes(0x212A))
	}
	return made
}

// caseGroups are the characters that have others of other case.
type caseGroups struct {
	all set
	of  map[rune][]rune // by what they are compared by
}

func cases(full bool) caseGroups {
	if full {
		return casesFull()
	}
	return casesOfUnits()
}

var (
	casesFull    = sync.OnceValue(func() caseGroups { return casesOf(true, 0x1FFFF) })
	casesOfUnits = sync.OnceValue(func() caseGroups { return casesOf(false, 0xFFFF) })
)

func casesOf(full bool, last rune) caseGroups {
	groups := caseGroups{of: map[rune][]rune{}}
	for c := rune(0); c <= last; c++ {
		if to := canonical(c, full); to != c {
			if groups.of[to] == nil {
				groups.of[to] = []rune{to}
			}
			groups.of[to] = append(groups.of[to], c)
		}
	}
	var all []rune
	for _, group := range groups.of {
		all = append(all, group...)
	}
	groups.all = ofRunes(all...)
	return groups
}
