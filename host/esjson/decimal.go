package esjson

import (
	"math"
	"strconv"
	"strings"
)

// SafeDigits is how many digits of any number a float64 keeps: one that is spelled with no more of
// them, and without an exponent, is written by [AppendNumber] with the same digits.
const SafeDigits = 15

// MaxSafe is the highest integer up to which every float64 stands for itself alone.
const MaxSafe = 1<<53 - 1

// decimal is a number of any size: 0.digits times ten to the power of exponent. Digits begin and
// end with another one than 0, and are empty for zero.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// most bounds exponents, which may have any number of digits: what is beyond is as far from every
// other number as can be told.
const most = 1 << 30

// decimalOf reads a number as JSON spells it.
func decimalOf(text string) decimal {
	var d decimal
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa, exponent := text, ""
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa, exponent = text[:i], text[i+1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	d.digits, d.exponent = whole, len(whole)
	if fraction != "" {
		d.digits = whole + fraction
	}
	leading := len(d.digits)
	d.digits = strings.TrimLeft(d.digits, "0")
	d.exponent -= leading - len(d.digits)
	d.digits = strings.TrimRight(d.digits, "0")
	if d.digits == "" {
		return decimal{}
	}
	if exponent != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(exponent, "+"))
		if err != nil || n > most || n < -most {
			if n = most; exponent[0] == '-' {
				n = -most
			}
		}
		d.exponent += n
	}
	return d
}

// Keeps tells whether v, the float64 nearest to a number in a JSON text, is written with all the
// digits that the number has.
func Keeps(v float64, text string) bool {
	if math.IsInf(v, 0) {
		return false
	}
	if len(text) <= SafeDigits && !strings.ContainsAny(text, "eE") {
		return true
	}
	return decimalOf(string(AppendNumber(nil, v))) == decimalOf(text)
}

// AppendDecimal appends a number in a JSON text so that equal numbers are equal bytes: as
// [AppendNumber] writes it where a float64 keeps it, and else with all of its digits.
func AppendDecimal(dst []byte, text string) []byte {
	if v, err := strconv.ParseFloat(text, 64); err == nil && Keeps(v, text) {
		return AppendNumber(dst, v)
	}
	d := decimalOf(text)
	if d.digits == "" {
		return append(dst, '0')
	}
	if d.negative {
		dst = append(dst, '-')
	}
	const longest = 400 // an exponent is shorter than more zeros
	switch zeros := d.exponent - len(d.digits); {
	case d.exponent > longest || d.exponent < -longest:
		dst = append(append(append(dst, d.digits[0], '.'), d.digits[1:]...), '0')
		return strconv.AppendInt(append(dst, 'e'), int64(d.exponent-1), 10)
	case zeros >= 0:
		dst = append(dst, d.digits...)
		for range zeros {
			dst = append(dst, '0')
		}
		return dst
	case d.exponent > 0:
		return append(append(append(dst, d.digits[:d.exponent]...), '.'), d.digits[d.exponent:]...)
	}
	dst = append(dst, "0."...)
	for range -d.exponent {
		dst = append(dst, '0')
	}
	return append(dst, d.digits...)
}
