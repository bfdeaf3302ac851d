package model

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rule is one entry of a property's validation in a schema extension: a pattern, or a range.
type Rule struct {
	// Pattern is an ECMAScript regular expression that a string must match somewhere; empty means
	// that the rule is a range.
	Pattern string
	// Min and Max bound a number, both inclusive, to the last digit.
	Min, Max json.Number
	// Message is what the author of the extension says to an object that breaks the rule; its first
	// % stands for the value. Empty means that the model says it in its own words.
	Message string

	match func(string) bool
	bounds
}

// limits are what a property of a schema extension demands beyond what the import schema has words
// for in one place: the range and the form of its type, and the rules of its author.
type limits struct {
	bounds
	// form is what a text must look like: an address, a time. nil means any text.
	form  func(string) bool
	forms string // what it must look like, in words: "an IP address"
	rules []Rule
}

// bounds are a range of numbers.
type bounds struct {
	low, high *decimal
	// least and most are the float64 nearest to low and high that are within: a float64 is within
	// the bounds when it is within these.
	least, most float64
	text        string // "from 1 to 5"
}

// newBounds makes a range of JSON numbers.
func newBounds(low, high string) bounds {
	l, h := parseDecimal(low), parseDecimal(high)
	b := bounds{low: &l, high: &h, text: "from " + low + " to " + high}
	b.least, b.most = nearest(low, l, math.Inf(1)), nearest(high, h, math.Inf(-1))
	return b
}

// nearest returns the float64 of a number, or where that lies outside of the range the next one
// inward.
func nearest(text string, exact decimal, inward float64) float64 {
	f, _ := strconv.ParseFloat(text, 64) // out of range it is an infinity, which lies on its side of every bound
	if math.IsInf(f, 0) {
		return f
	}
	// The shortest text of a float64 is not its exact value: only all of its digits are.
	order := parseDecimal(strconv.FormatFloat(f, 'e', 800, 64)).compare(exact)
	if outward := math.Inf(1) == inward && order < 0 || math.Inf(-1) == inward && order > 0; outward {
		return math.Nextafter(f, inward)
	}
	return f
}

// hold reports whether a number is within the bounds, which may be none.
func (b *bounds) hold(v float64) bool { return b.low == nil || v >= b.least && v <= b.most }

func (b *bounds) holdExactly(v decimal) bool {
	return b.low == nil || v.compare(*b.low) >= 0 && v.compare(*b.high) <= 0
}

// checkNumber says what is wrong with a number; empty means nothing.
func (l *limits) checkNumber(v float64) string {
	if !l.hold(v) {
		return fmt.Sprintf("must be %s, not %s", l.text, numberText(v))
	}
	for i := range l.rules {
		if r := &l.rules[i]; !r.hold(v) {
			return r.broken("must be "+r.text+", not ", numberText(v))
		}
	}
	return ""
}

// checkDecimal is checkNumber for a number that is text.
func (l *limits) checkDecimal(text string) string {
	v := parseDecimal(text)
	if !l.holdExactly(v) {
		return fmt.Sprintf("must be %s, not %s", l.text, shortened(text))
	}
	for i := range l.rules {
		if r := &l.rules[i]; !r.holdExactly(v) {
			return r.broken("must be "+r.text+", not ", shortened(text))
		}
	}
	return ""
}

// checkString says what is wrong with a string; empty means nothing.
func (l *limits) checkString(v string) string {
	if l.form != nil && !l.form(v) {
		return "must be " + l.forms + ", not " + quoted(v)
	}
	for i := range l.rules {
		if r := &l.rules[i]; r.match != nil && !r.match(v) {
			if r.Message == "" {
				return "does not match " + r.Pattern + ": " + quoted(v)
			}
			return r.broken("", shortened(v))
		}
	}
	return ""
}

// broken says that a rule is broken, in the words of its author where there are some.
func (r *Rule) broken(ours, value string) string {
	if r.Message == "" {
		return ours + value
	}
	return "is not valid: " + fillIn(r.Message, value)
}

// fillIn puts a value in the place of the first % of an author's message. CAR's database fills its
// messages in like that; a percent sign is written twice there.
func fillIn(message, value string) string {
	var b strings.Builder
	filled := false
	for i := 0; i < len(message); i++ {
		switch {
		case message[i] != '%':
			b.WriteByte(message[i])
		case i+1 < len(message) && message[i+1] == '%':
			b.WriteByte('%')
			i++
		case filled:
			b.WriteByte('%')
		default:
			b.WriteString(value)
			filled = true
		}
	}
	return b.String()
}

// numberText is a number in digits where it is a whole number of a size that people read.
func numberText(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e21 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// shortened is a value that is quoted in a message.
func shortened(v string) string {
	const most = 60
	if utf8.RuneCountInString(v) > most {
		return string([]rune(v)[:most]) + "…"
	}
	return v
}
