package patterns

import (
	"math/bits"
	"sort"
)

// charset is a set that can be asked fast.
type charset struct {
	low  [4]uint64 // the first 256 characters, a bit each
	rest set       // those behind
}

func newCharset(s set) *charset {
	made := new(charset)
	for _, r := range s {
		for c := r[0]; c <= min(r[1], 0xFF); c++ {
			made.low[c>>6] |= 1 << (c & 63)
		}
		if r[1] > 0xFF {
			made.rest = append(made.rest, [2]rune{max(r[0], 0x100), r[1]})
		}
	}
	return made
}

func (s *charset) has(c rune) bool {
	if c < 0x100 {
		return s.low[c>>6&3]&(1<<(c&63)) != 0
	}
	return s.rest.has(c)
}

// single is the one character of a set, -1 if it has more or none.
func (s set) single() rune {
	if len(s) == 1 && s[0][0] == s[0][1] {
		return s[0][0]
	}
	return -1
}

func (s set) has(c rune) bool {
	if len(s) == 0 || c < s[0][0] || c > s[len(s)-1][1] {
		return false
	}
	i := sort.Search(len(s), func(i int) bool { return s[i][1] >= c })
	return i < len(s) && s[i][0] <= c
}

// onlyLow is the one character of a charset if it is among the first 256, and -1 otherwise.
func (s *charset) onlyLow() rune {
	if s == nil || len(s.rest) > 0 {
		return -1
	}
	found := rune(-1)
	for i, word := range s.low {
		if word == 0 {
			continue
		}
		if found >= 0 || word&(word-1) != 0 {
			return -1
		}
		found = rune(64*i + bits.TrailingZeros64(word))
	}
	return found
}
