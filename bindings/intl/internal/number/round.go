package number

import (
	"math/big"
	"strings"
)

// Digits say how a number is rounded, by the names of Intl.NumberFormat.
type Digits struct {
	MinInteger               int
	MinFraction, MaxFraction int
	// MinSignificant and MaxSignificant are 0 where they do not count.
	MinSignificant, MaxSignificant int
	// Priority is which counts where both do: "auto" for significant digits, "morePrecision" or
	// "lessPrecision". NoFraction is set where fraction digits do not count.
	Priority   string
	NoFraction bool
	// Increment is 1 or a multiple of the last digit to which is rounded.
	Increment int
	Mode      string
	// StripInteger leaves out zeros behind the point of a number that is whole.
	StripInteger bool
}

// round rounds, and says how many fraction digits are shown at least.
func (g Digits) round(d Decimal) (Decimal, int) {
	if !d.finite() {
		return d, 0
	}
	fractions, significants := !g.NoFraction, g.MaxSignificant > 0
	// Where a digit is the last one, by the exponents of ten.
	byFraction, bySignificant := -g.MaxFraction, d.magnitude()-g.MaxSignificant+1
	rounded := func() (Decimal, int) {
		r := d.rounded(byFraction, g.Increment, g.Mode)
		return r, g.MinFraction
	}
	bySignificants := func() (Decimal, int) {
		r := d.rounded(bySignificant, 1, g.Mode)
		return r, g.MinSignificant - 1 - r.magnitude()
	}
	var r Decimal
	var shown int
	switch {
	case significants && fractions && g.Priority != "auto":
		useSignificant := bySignificant <= byFraction
		if g.Priority == "lessPrecision" {
			useSignificant = !useSignificant
		}
		if useSignificant {
			r, shown = bySignificants()
		} else {
			r, shown = rounded()
		}
	case significants:
		r, shown = bySignificants()
	default:
		r, shown = rounded()
	}
	if g.StripInteger && len(r.digits) <= r.point {
		shown = 0
	}
	return r, max(shown, 0)
}

// rounded rounds to a multiple of increment × 10^last.
func (d Decimal) rounded(last, increment int, mode string) Decimal {
	if d.digits == "" || increment <= 1 && d.point-len(d.digits) >= last {
		return d
	}
	// In units of 10^last: a whole number, and whether and how there is more.
	kept := max(d.point-last, 0)
	var unit, rest string
	switch {
	case kept >= len(d.digits):
		unit = d.digits + strings.Repeat("0", kept-len(d.digits))
	default:
		unit, rest = d.digits[:kept], d.digits[kept:]
	}
	if d.point-last < 0 {
		rest = "0" + rest
	}
	n := new(big.Int)
	if unit != "" {
		n.SetString(unit, 10)
	}
	step := big.NewInt(int64(max(increment, 1)))
	quotient, remainder := new(big.Int).QuoRem(n, step, new(big.Int))
	more := strings.Trim(rest, "0") != ""
	if remainder.Sign() != 0 || more {
		if up(mode, d.Negative, half(remainder, step, rest), quotient.Bit(0) == 1) {
			quotient.Add(quotient, big.NewInt(1))
		}
	}
	text := quotient.Mul(quotient, step).String()
	return Decimal{Negative: d.Negative, digits: text, point: len(text) + last}.trimmed()
}

// half compares remainder and the decimal fraction behind it with half a step.
func half(remainder, step *big.Int, fraction string) int {
	fraction = strings.TrimRight(fraction, "0")
	left := new(big.Int).Sub(step, new(big.Int).Lsh(remainder, 1))
	switch {
	case left.Sign() < 0, left.Sign() == 0 && fraction != "":
		return 1
	case left.Sign() == 0:
		return 0
	case left.IsInt64() && left.Int64() == 1:
		return strings.Compare(fraction, "5")
	}
	return -1
}

// up tells whether a number that lies between two is rounded away from zero. half is how its
// distance from the one nearer to zero compares with that to the other.
func up(mode string, negative bool, half int, odd bool) bool {
	switch mode {
	case "ceil":
		return !negative
	case "floor":
		return negative
	case "expand":
		return true
	case "trunc":
		return false
	}
	if half != 0 {
		return half > 0
	}
	switch mode {
	case "halfCeil":
		return !negative
	case "halfFloor":
		return negative
	case "halfTrunc":
		return false
	case "halfEven":
		return odd
	}
	return true // halfExpand
}
