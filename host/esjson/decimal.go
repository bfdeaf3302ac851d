package esjson

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// SafeDigits is how many digits of any number a float64 keeps: [AppendNumber] writes a number with
// at most that many digits and without an exponent unchanged.
const SafeDigits = 15

// MaxSafe is the highest integer up to which a float64 represents every integer exactly.
const MaxSafe = 1<<53 - 1

// decimal is a number of any size: 0.digits times ten to the power of exponent. Digits neither
// begin nor end with 0, and are empty for zero.
type decimal struct {
	negative bool
	digits   string
	exponent int
	// huge is the exponent when it is beyond most: as decimal digits.
	huge string
}

const (
	// most bounds exponents, which may have any number of digits.
	most = 1 << 30
	// longestExponent is how many digits an exponent may have to be calculated with. One that is
	// longer stays as it is spelled.
	longestExponent = 1000
)

// decimalOf reads a JSON number.
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
	if exponent == "" {
		return d
	}
	exponent = strings.TrimPrefix(exponent, "+")
	if n, err := strconv.Atoi(exponent); err == nil && -most <= n && n <= most {
		d.exponent += n
		return d
	}
	sign, number := "", exponent
	if number[0] == '-' {
		sign, number = "-", number[1:]
	}
	number = sign + strings.TrimLeft(number, "0")
	if len(number) > longestExponent {
		d.huge = number // beside the exponent that the digits have
		return d
	}
	n, _ := new(big.Int).SetString("0"+strings.TrimPrefix(number, "-"), 10)
	if sign != "" {
		n.Neg(n)
	}
	if n.Add(n, big.NewInt(int64(d.exponent))); n.IsInt64() && -most <= n.Int64() && n.Int64() <= most {
		d.exponent = int(n.Int64())
		return d
	}
	d.exponent, d.huge = 0, n.String()
	return d
}

// scientific is the exponent of a number with one digit before its point.
func (d decimal) scientific() string {
	if d.huge == "" {
		return strconv.Itoa(d.exponent - 1)
	}
	n, _ := new(big.Int).SetString(d.huge, 10)
	return n.Sub(n, big.NewInt(1)).String()
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

// AppendDecimal appends a number of a JSON text so that equal numbers are equal bytes: as
// [AppendNumber] writes it if a float64 represents it, else with all of its digits.
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
	switch {
	case len(d.huge) > longestExponent:
		return append(append(d.appendPlain(dst), 'e'), d.huge...)
	case d.huge != "" || d.exponent > longest || d.exponent < -longest:
		dst = append(append(append(dst, d.digits[0], '.'), d.digits[1:]...), '0')
		return append(append(dst, 'e'), d.scientific()...)
	}
	return d.appendPlain(dst)
}

// appendPlain appends the digits with as many zeros as it takes.
func (d decimal) appendPlain(dst []byte) []byte {
	switch zeros := d.exponent - len(d.digits); {
	case zeros >= 0:
		return append(append(dst, d.digits...), strings.Repeat("0", zeros)...)
	case d.exponent > 0:
		return append(append(append(dst, d.digits[:d.exponent]...), '.'), d.digits[d.exponent:]...)
	}
	return append(append(append(dst, "0."...), strings.Repeat("0", -d.exponent)...), d.digits...)
}
