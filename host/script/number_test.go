package script

import (
	"strings"
	"testing"
)

// TestNumberOfBigInt compares Number(value) with the standard, for values of all kinds.
func TestNumberOfBigInt(t *testing.T) {
	for code, want := range map[string]string{
		`Number(2n ** 64n)`:            "18446744073709552000",
		`Number(2n ** 63n)`:            "9223372036854776000",
		`Number(-(2n ** 63n) - 1025n)`: "-9223372036854778000",
		`Number(9007199254740993n)`:    "9007199254740992",
		`Number(2n ** 1024n)`:          "Infinity",
		`Number(0n) + Number(-5n)`:     "-5",
		`Number(BigInt("0x20010db8000000000000000000000001")) / 2 ** 96`:                            "536939960",
		`Number("12") + Number(true) + Number(null)`:                                                "13",
		`Number(undefined) + "," + Number([7]) + "," + Number(new Date(5))`:                         "NaN,7,5",
		`try { Number(Symbol()); } catch (e) { return e.name; }`:                                    "TypeError",
		`try { Number({ valueOf() { throw new EvalError("x"); } }); } catch (e) { return e.name; }`: "EvalError",
		`const Number = (x) => "own " + x; return Number(1n)`:                                       "own 1",
		`const Number = 5; try { Number(1n); } catch (e) { return e.name; }`:                        "TypeError",
		`Number.parseFloat("1.5") + new Number(2) + Number()`:                                       "3.5",
	} {
		t.Run(code, func(t *testing.T) {
			body := code
			if !strings.Contains(code, "return ") {
				body = "return String(" + code + ")"
			}
			if got := evaluate(t, "main.ts", "export default () => { "+body+"; }"); got != want {
				t.Errorf("is %s, want %s", got, want)
			}
		})
	}
}
