// Package segment finds the characters, words and sentences of a text, as Unicode's annex 29
// defines them.
package segment

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Segment is a piece of a text: the UTF-16 unit behind its last one, and whether it is a word.
type Segment struct {
	End  int
	Word bool
}

// scripts without spaces, whose words only a dictionary knows.
var scripts = []struct {
	name  string
	table *unicode.RangeTable
}{
	{"Chinese or Japanese", unicode.Han}, {"Japanese", unicode.Hiragana}, {"Japanese", unicode.Katakana}, {"Thai", unicode.Thai},
	{"Lao", unicode.Lao}, {"Khmer", unicode.Khmer}, {"Burmese", unicode.Myanmar},
}

// Of takes a text apart by grapheme, word or sentence. It is an error to ask for words of a
// language that has no spaces between them.
func Of(text, granularity string) ([]Segment, error) {
	if granularity == "word" {
		for _, r := range text {
			if r < 0x0e00 {
				continue
			}
			for _, script := range scripts {
				if unicode.Is(script.table, r) {
					return nil, fmt.Errorf("Intl.Segmenter has no dictionary for words in %s: use granularity grapheme or sentence", script.name)
				}
			}
		}
	}
	var found []Segment
	end, state := 0, -1
	var last string
	for text != "" {
		var piece string
		switch granularity {
		case "word":
			piece, text, state = uniseg.FirstWordInString(text, state)
		case "sentence":
			piece, text, state = uniseg.FirstSentenceInString(text, state)
		default:
			piece, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		}
		for _, r := range piece {
			end += 1
			if r > 0xffff {
				end++
			}
		}
		if granularity == "grapheme" && conjunct(last, piece) {
			found[len(found)-1].End = end
		} else {
			found = append(found, Segment{end, granularity == "word" && isWord(piece)})
		}
		last = piece
	}
	return found, nil
}

func isWord(piece string) bool {
	for _, r := range piece {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return true
		}
	}
	return false
}

// conjuncts are the scripts in which consonants that a virama joins are one character: since
// version 15.1 of Unicode.
var conjuncts = []struct {
	virama     rune
	from, to   rune
	additional []rune
}{
	{0x094d, 0x0915, 0x0939, []rune{0x0958, 0x0959, 0x095a, 0x095b, 0x095c, 0x095d, 0x095e, 0x095f}},
	{0x09cd, 0x0995, 0x09b9, []rune{0x09dc, 0x09dd, 0x09df, 0x09f0, 0x09f1}},
	{0x0acd, 0x0a95, 0x0ab9, []rune{0x0af9}},
	{0x0b4d, 0x0b15, 0x0b39, []rune{0x0b5c, 0x0b5d, 0x0b5f, 0x0b71}},
	{0x0c4d, 0x0c15, 0x0c39, []rune{0x0c58, 0x0c59, 0x0c5a}},
	{0x0d4d, 0x0d15, 0x0d3a, nil},
}

// conjunct tells whether two characters are one: the first ends in a virama that may have marks
// around it, the second begins with a consonant.
func conjunct(last, piece string) bool {
	next, _ := utf8.DecodeRuneInString(piece)
	if next < 0x0915 || next > 0x0d3a {
		return false
	}
	for _, c := range conjuncts {
		consonant := func(r rune) bool {
			found := r >= c.from && r <= c.to
			for _, each := range c.additional {
				found = found || r == each
			}
			return found
		}
		if !consonant(next) {
			continue
		}
		joined, begun := false, false
		for _, r := range last {
			switch {
			case consonant(r):
				joined, begun = false, true
			case r == c.virama:
				joined = begun
			case r != 0x200d && !unicode.Is(unicode.Mn, r):
				joined, begun = false, false
			}
		}
		return joined
	}
	return false
}
