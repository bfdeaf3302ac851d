// Package number writes numbers as Intl.NumberFormat does, to the last digit of what can be written
// of them: decimals, not floating point, are rounded.
//
// Symbols and patterns are data (package locales). The package knows nothing of the engine: options
// arrive checked.
package number

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// Decimal is a number in decimal digits: 0.digits × 10^point, or one of the numbers without.
type Decimal struct {
	Negative      bool
	digits        string // without zeros at either end
	point         int
	infinite, nan bool
}

// Float is a number of a script.
func Float(x float64) Decimal {
	d, _ := Parse(strconv.FormatFloat(x, 'e', -1, 64))
	return d
}

// NaN is the number that is none.
var NaN = Decimal{nan: true}

// IsNaN tells whether d is no number.
func (d Decimal) IsNaN() bool { return d.nan }

// Parse reads the text of a number as the language does: decimal with an exponent, whole numbers
// with the prefixes 0x, 0o and 0b, Infinity, and 0 for an empty text.
func Parse(text string) (Decimal, bool) {
	var d Decimal
	if len(text) > 2 && text[0] == '0' && strings.ContainsRune("xXoObB", rune(text[1])) {
		n, ok := new(big.Int).SetString(text, 0)
		if !ok || strings.Contains(text, "_") {
			return NaN, false
		}
		return Parse(n.String())
	}
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		d.Negative = text[0] == '-'
		text = text[1:]
		if text == "" {
			return NaN, false
		}
	}
	switch text {
	case "Infinity", "Inf":
		d.infinite = true
		return d, true
	case "":
		return d, true
	case "NaN":
		return NaN, true
	}
	mantissa, exponent := text, ""
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		mantissa, exponent = text[:at], text[at+1:]
		if exponent == "" {
			return NaN, false
		}
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole+fraction == "" || strings.Trim(whole+fraction, "0123456789") != "" {
		return NaN, false
	}
	d.point = len(whole)
	if exponent != "" {
		n, err := strconv.Atoi(exponent)
		if err != nil && strings.Trim(strings.TrimLeft(exponent, "+-"), "0123456789") != "" {
			return NaN, false
		}
		d.point += max(min(n, 1e6), -1e6) // beyond that lies infinity, or zero
	}
	d.digits = whole + fraction
	return d.trimmed(), true
}

func (d Decimal) trimmed() Decimal {
	left := strings.TrimLeft(d.digits, "0")
	d.point -= len(d.digits) - len(left)
	d.digits = strings.TrimRight(left, "0")
	if d.digits == "" {
		d.point = 0
	}
	return d
}

// zero tells whether all digits are 0.
func (d Decimal) zero() bool { return d.digits == "" && !d.infinite && !d.nan }

// finite tells whether there are digits.
func (d Decimal) finite() bool { return !d.infinite && !d.nan }

// shifted is d × 10^n.
func (d Decimal) shifted(n int) Decimal {
	if d.digits != "" {
		d.point += n
	}
	return d
}

// magnitude is the exponent of the first digit, 0 for zero.
func (d Decimal) magnitude() int {
	if d.digits == "" {
		return 0
	}
	return d.point - 1
}

// Compare orders two numbers: negative where d is the smaller one. Neither is NaN.
func (d Decimal) Compare(e Decimal) int {
	if d.zero() && e.zero() {
		return 0
	}
	sign := func(x Decimal) int {
		switch {
		case x.zero():
			return 0
		case x.Negative:
			return -1
		}
		return 1
	}
	if a, b := sign(d), sign(e); a != b || a == 0 {
		return a - b
	}
	order := 0
	switch {
	case d.infinite || e.infinite:
		if d.infinite != e.infinite {
			order = -1
			if d.infinite {
				order = 1
			}
		}
	case d.point != e.point:
		order = d.point - e.point
	default:
		order = strings.Compare(d.digits, e.digits)
	}
	if d.Negative {
		return -order
	}
	return order
}

// text are the digits before and behind the point, with at least so many.
func (d Decimal) text(integers, fractions int) (whole, fraction string) {
	switch {
	case d.point <= 0:
		whole, fraction = "", strings.Repeat("0", -d.point)+d.digits
	case d.point >= len(d.digits):
		whole = d.digits + strings.Repeat("0", d.point-len(d.digits))
	default:
		whole, fraction = d.digits[:d.point], d.digits[d.point:]
	}
	if d.digits == "" {
		whole, fraction = "", ""
	}
	whole = strings.Repeat("0", max(integers-len(whole), 0)) + whole
	fraction += strings.Repeat("0", max(fractions-len(fraction), 0))
	return whole, fraction
}

// Float is the nearest number of a script.
func (d Decimal) Float() float64 {
	switch {
	case d.nan:
		return math.NaN()
	case d.infinite && d.Negative:
		return math.Inf(-1)
	case d.infinite:
		return math.Inf(1)
	}
	x, _ := strconv.ParseFloat("0."+d.digits+"e"+strconv.Itoa(d.point), 64) // infinite where it is too large
	if d.Negative {
		return -x
	}
	return x
}
