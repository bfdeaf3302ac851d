package patterns

import (
	"slices"
	"unicode"
)

// set is characters as ranges, ascending and apart from each other.
type set [][2]rune

// everything has all characters, halves of surrogate pairs too.
var everything = set{{0, unicode.MaxRune}}

// of makes a set of ranges in any order.
func of(ranges ...[2]rune) set {
	slices.SortFunc(ranges, func(a, b [2]rune) int { return int(a[0] - b[0]) })
	var s set
	for _, r := range ranges {
		if last := len(s) - 1; last >= 0 && r[0] <= s[last][1]+1 {
			s[last][1] = max(s[last][1], r[1])
			continue
		}
		s = append(s, r)
	}
	return s
}

// ofTables makes a set of the characters of tables.
func ofTables(tables ...*unicode.RangeTable) set {
	var ranges [][2]rune
	add := func(low, high, stride rune) {
		if stride == 1 {
			ranges = append(ranges, [2]rune{low, high})
			return
		}
		for r := low; r <= high; r += stride {
			ranges = append(ranges, [2]rune{r, r})
		}
	}
	for _, table := range tables {
		for _, r := range table.R16 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range table.R32 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	return of(ranges...)
}

// ofRunes makes a set of single characters.
func ofRunes(runes ...rune) set {
	ranges := make([][2]rune, len(runes))
	for i, r := range runes {
		ranges[i] = [2]rune{r, r}
	}
	return of(ranges...)
}

func (s set) and(more ...set) set { return of(slices.Concat(append([]set{s}, more...)...)...) }

func (s set) complement() set {
	var rest set
	next := rune(0)
	for _, r := range s {
		if r[0] > next {
			rest = append(rest, [2]rune{next, r[0] - 1})
		}
		next = r[1] + 1
	}
	if next <= unicode.MaxRune {
		rest = append(rest, [2]rune{next, unicode.MaxRune})
	}
	return rest
}

func (s set) without(other set) set { return s.complement().and(other).complement() }

func (s set) common(other set) set { return s.complement().and(other.complement()).complement() }
