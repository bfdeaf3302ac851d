package esjson

import (
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestKeeps(t *testing.T) {
	for text, want := range map[string]bool{
		"0": true, "-0": true, "1.10": true, "1e2": true, "100E-2": true, "0.1": true, "123456789012345": true, "9007199254740993": false,
		"9007199254740992": true, "0.1234567890123456789": false, "0.30000000000000004": true, "1e400": false, "-1e400": false, "1e-400": false,
		"1e99999999999999999999": false, "1e-99999999999999999999": false, "0e99999999999999999999": true, "100000000000000000000000": true,
		"100000000000000000000001": false, "1.000000000000000000000": true, "5e-324": true, "4e-324": false, "1.7976931348623157e308": true,
	} {
		v, _ := strconv.ParseFloat(text, 64)
		if got := Keeps(v, text); got != want {
			t.Errorf("a number keeps %s: %v", text, got)
		}
	}
}

// Equal numbers are written alike, different ones are not, and what is written is the number.
func TestAppendDecimal(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 3000 {
		a, b := randomNumber(random), randomNumber(random)
		x, y := string(AppendDecimal(nil, a)), string(AppendDecimal(nil, b))
		for text, written := range map[string]string{a: x, b: y} {
			if !json.Valid([]byte(written)) || rational(t, written).Cmp(rational(t, text)) != 0 {
				t.Fatalf("%s is written as %s", text, written)
			}
		}
		if (x == y) != (rational(t, a).Cmp(rational(t, b)) == 0) {
			t.Fatalf("%s and %s are written as %s and %s", a, b, x, y)
		}
	}
}

func rational(t *testing.T, text string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%s is no number", text)
	}
	return r
}

// randomNumber is a number as JSON spells it. Few digits make equal ones likely.
func randomNumber(random *rand.Rand) string {
	digits := func(n int) string {
		var b strings.Builder
		for range n {
			b.WriteByte("0019"[random.IntN(4)])
		}
		return b.String()
	}
	text := strings.TrimLeft(digits(random.IntN(30)), "0")
	if text == "" {
		text = "0"
	}
	if random.IntN(2) == 0 {
		text = "-" + text
	}
	if random.IntN(2) == 0 {
		text += "." + digits(1+random.IntN(25))
	}
	if random.IntN(3) == 0 {
		text += []string{"e", "E+", "e-"}[random.IntN(3)] + strconv.Itoa(random.IntN(450))
	}
	return text
}

// Exponents of any length are exact.
func TestHugeExponents(t *testing.T) {
	long := strings.Repeat("9", 2*longestExponent)
	for text, want := range map[string]string{
		"1e99999999999999999999":       "1.0e99999999999999999999",
		"1e+99999999999999999998":      "1.0e99999999999999999998",
		"-12.50E99999999999999999999":  "-1.250e100000000000000000000",
		"0.00125e-9223372036854775808": "1.250e-9223372036854775811",
		"10e9223372036854775807":       "1.0e9223372036854775808",
		"1e00000000000000000000000005": "100000",
		"1e-0000000000000000000000002": "0.01",
		"0e99999999999999999999":       "0",
		"-0.0e-99999999999999999999":   "0",
		"1e1073741824":                 "1.0e1073741824",
		"1e1073741825":                 "1.0e1073741825",
		"12.5e" + long:                 "12.5e" + long,
		"-0.0125E-00" + long:           "-0.0125e-" + long,
	} {
		if got := string(AppendDecimal(nil, text)); got != want {
			t.Errorf("%.60s is written as %.60s, want %.60s", text, got, want)
		}
		if again := string(AppendDecimal(nil, want)); again != want {
			t.Errorf("%.60s is written as %.60s", want, again)
		}
	}
}
