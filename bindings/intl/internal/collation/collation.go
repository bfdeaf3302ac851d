// Package collation compares texts as Intl.Collator does, in the order of Unicode with what is
// special in a language.
package collation

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Options are those of Intl.Collator.
type Options struct {
	// Sensitivity is base, accent, case or variant.
	Sensitivity       string
	Numeric           bool
	UpperFirst        bool
	IgnorePunctuation bool
}

// Collator compares texts. It is of one goroutine.
type Collator struct {
	opts Options
	all  *collate.Collator
	// letters compares without regard to case, where that is looked at apart.
	letters *collate.Collator
	keys    collate.Buffer
}

// order compares two texts with a collator of the library, which leaves punctuation out of keys
// alone.
func (c *Collator) order(by *collate.Collator, a, b string) int {
	if !c.opts.IgnorePunctuation {
		return by.CompareString(a, b)
	}
	c.keys.Reset()
	return bytes.Compare(by.KeyFromString(&c.keys, a), by.KeyFromString(&c.keys, b))
}

// New makes a collator for a language.
func New(of string, opts Options) *Collator {
	if opts.IgnorePunctuation {
		of += "-u-ka-blanked"
	}
	tag := language.Make(of)
	c := &Collator{opts: opts}
	switch opts.Sensitivity {
	case "base":
		c.all = collate.New(tag, collate.IgnoreCase, collate.IgnoreDiacritics)
	case "accent":
		c.all = collate.New(tag, collate.IgnoreCase)
	case "case":
		c.letters = collate.New(tag, collate.IgnoreCase, collate.IgnoreDiacritics)
	default:
		c.all = collate.New(tag)
		if opts.UpperFirst {
			c.letters = collate.New(tag, collate.IgnoreCase)
		}
	}
	return c
}

// Compare orders two texts: -1, 0 or 1.
func (c *Collator) Compare(a, b string) int {
	if a == b {
		return 0
	}
	if c.opts.Numeric {
		a, b = numbered(a), numbered(b)
	}
	if c.letters != nil {
		if order := c.order(c.letters, a, b); order != 0 {
			return order
		}
		if order := byCase(a, b); order != 0 {
			if c.opts.UpperFirst {
				return -order
			}
			return order
		}
		if c.all == nil {
			return 0
		}
	}
	return c.order(c.all, a, b)
}

// numbered has the length of each number before it, such that the order of digits is that of numbers.
// The library's own order of numbers is another where a zero stands before letters.
func numbered(text string) string {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return text
	}
	var out, number strings.Builder
	end := func() {
		digits := strings.TrimLeft(number.String(), "0")
		if number.Len() > 0 {
			fmt.Fprintf(&out, "%06d%s", len(digits), digits)
		}
		number.Reset()
	}
	for _, r := range text {
		if !unicode.IsDigit(r) {
			end()
			out.WriteRune(r)
			continue
		}
		zero := r // digits of all scripts stand in tens, but not all of the tens begin at a round number
		for zero > r-9 && unicode.IsDigit(zero-1) {
			zero--
		}
		if r <= '9' {
			zero = '0'
		}
		number.WriteByte(byte('0' + (r-zero)%10))
	}
	end()
	return out.String()
}

// byCase orders texts of the same letters by the first of which the case differs, lower case first.
func byCase(a, b string) int {
	x, y := letters(a), letters(b)
	for i := range min(len(x), len(y)) {
		if p, q := unicode.IsUpper(x[i]), unicode.IsUpper(y[i]); p != q {
			if p {
				return 1
			}
			return -1
		}
	}
	return 0
}

func letters(text string) []rune {
	var found []rune
	for _, r := range norm.NFKD.String(text) {
		if unicode.IsLetter(r) {
			found = append(found, r)
		}
	}
	return found
}
