package script

import (
	"strings"
	"testing"
)

// TestBitsOfLargeNumbers compares operations on bits with the standard, of numbers that the engine
// takes for 0 above all.
func TestBitsOfLargeNumbers(t *testing.T) {
	for code, want := range map[string]string{
		`1e20 | 0`:   "1661992960",
		`~~1e20`:     "1661992960",
		`1e20 >>> 0`: "1661992960",
		`[-1e20 | 0, ~~-1e20, -1e20 >>> 0, 1e20 << 0, 1e20 >> 0, 1e20 ^ 0, 1e20 & -1]`:                                                                                        "-1661992960,-1661992960,2632974336,1661992960,1661992960,1661992960,1661992960",
		`[0 | 1e20, 255 & 1e20, ~1e20, 0 ^ 1e20]`:                                                                                                                             "1661992960,0,-1661992961,1661992960",
		`let x = 1e20; x |= 0; return x`:                                                                                                                                      "1661992960",
		`let x = -1e20, y = 5; x >>>= 0; y ^= 1e20 * 3; return [x, y]`:                                                                                                        "2632974336,691011589",
		`const o = { x: 1e20, p: { y: 2 ** 63 + 2048 } }; o.x &= 0xffffff; o.p.y |= 1; return [o.x, o.p.y]`:                                                                   "1048576,2049",
		`class C { #x = 1e20; go() { this.#x |= 0; return this.#x; } } return new C().go()`:                                                                                   "1661992960",
		`const v = 2 ** 64 + 4096; return [v | 0, ~~v, v >>> 0, v & 8191]`:                                                                                                    "4096,4096,4096,4096",
		`const h = 0xdeadbeef, p = 0xcc9e2d51; return [(h * p) ^ 0, (h * p) | 0, (h * p * 1) >>> 16]`:                                                                         "1259040768,1259040768,19211",
		`[1.9 | 0, -1.9 | 0, ~~-0.5, NaN | 0, Infinity | 0, -Infinity >>> 0, "12" | 0, null | 0, true | 0, undefined | 0, [3] | 0, "1e20" | 0]`:                               "1,-1,0,0,0,0,12,0,1,0,3,1661992960",
		`[4294967295 | 0, 4294967296.5 | 0, 2147483648 | 0, -2147483649 | 0, 9007199254740993 | 0, 2 ** 62 | 1]`:                                                              "-1,0,-2147483648,2147483647,0,1",
		`[~~5n, ~5n, 5n | 8n, (2n ** 70n) & 255n, ~~(2n ** 70n)]`:                                                                                                             "5,-6,13,0,1180591620717411303424",
		`let b = 2n ** 70n; b |= 1n; b >>= 1n; return b`:                                                                                                                      "590295810358705651712",
		`try { return 5n | 0; } catch (e) { return e.name; }`:                                                                                                                 "TypeError",
		`try { return 5n >>> 0; } catch (e) { return e.name; }`:                                                                                                               "TypeError",
		`try { return Symbol("a") | 0; } catch (e) { return e.name; }`:                                                                                                        "TypeError",
		`try { return ~~Symbol("a"); } catch (e) { return e.name; }`:                                                                                                          "TypeError",
		`const seen = []; const o = (n) => ({ valueOf() { seen.push(n); return n; } }); const r = [o(1) | 0, ~~o(2), o(3) | o(4), 0 | o(5), o(1e20) >>> 0]; return [r, seen]`: "1,2,7,5,1661992960,1,2,3,4,5,100000000000000000000",
		`const x = 1e20, o = { valueOf() { return ~~x + ~~7.5; } }; return ~~o`:                                                                                               "1661992967",
		`const f = async () => ~~(await 1e20) + (~~(await 2.5)); let r; f().then((x) => { r = x; }); return typeof r`:                                                         "undefined",
		`const o = { n: 0, get x() { this.n++; return 1e20; }, set x(v) { this.v = v; } }; o.x |= 0; return [o.n, o.v]`:                                                       "1,1661992960",
		`const bits = (x) => (x << 13 | x >>> 19) ^ (x & 255); return bits(0x12345678)`:                                                                                       "-1966144962",
	} {
		t.Run(code, func(t *testing.T) {
			body := code
			if !strings.Contains(code, "return ") {
				body = "return " + code
			}
			if got := evaluate(t, "main.ts", "export default () => String((() => { "+body+"; })())"); got != want {
				t.Errorf("is %s, want %s", got, want)
			}
		})
	}
}
