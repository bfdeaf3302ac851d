package model

import (
	"strconv"
	"strings"
)

// decimal is a number with all digits of its text. A float64 holds 15, a bigint of CAR's database
// has 19, and a numeric thousands.
type decimal struct {
	negative bool
	// digits are the significant ones, without zeros at either end; empty is zero.
	digits string
	// point is where the decimal point stands: the value is 0.digits times ten to this power.
	point int
}

// farPoint replaces every larger exponent: it is beyond all bounds, and additions to it do not
// overflow.
const farPoint = 1 << 30

// parseDecimal reads a JSON number.
func parseDecimal(text string) decimal {
	var d decimal
	if d.negative = strings.HasPrefix(text, "-"); d.negative {
		text = text[1:]
	}
	exponent := 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		var err error
		if exponent, err = strconv.Atoi(text[i+1:]); err != nil || exponent > farPoint || exponent < -farPoint {
			if exponent = farPoint; strings.HasPrefix(text[i+1:], "-") {
				exponent = -farPoint
			}
		}
		text = text[:i]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	d.point = exponent + len(whole) - (len(whole) + len(fraction) - len(digits))
	d.digits = strings.TrimRight(digits, "0")
	if d.digits == "" {
		return decimal{}
	}
	return d
}

// whole tells whether the number has no fraction.
func (d decimal) whole() bool { return len(d.digits) <= max(d.point, 0) }

// compare returns -1, 0 or 1 as d is less than, equal to or more than other.
func (d decimal) compare(other decimal) int {
	if sign := d.sign() - other.sign(); sign != 0 {
		return min(1, max(-1, sign))
	}
	more := 1
	if d.negative {
		more = -1
	}
	switch {
	case d.point > other.point:
		return more
	case d.point < other.point:
		return -more
	}
	return more * strings.Compare(d.digits, other.digits)
}

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}
