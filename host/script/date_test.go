package script

import (
	"testing"
	_ "time/tzdata" // Berlin, wherever the test runs

	"github.com/dop251/goja"
)

// TestDate compares Date with the standard, in a zone with changes of the clocks.
func TestDate(t *testing.T) {
	inBerlin(t)
	for code, want := range map[string]string{
		`Date.parse("1730894400")`:                     "NaN",
		`String(new Date("1730894400000"))`:            "Invalid Date",
		`new Date("2024-11-06").toISOString()`:         "2024-11-06T00:00:00.000Z",
		`new Date("Nov 6, 2024").toISOString()`:        "2024-11-05T23:00:00.000Z",
		`Date.parse(new String("2024-11-06"))`:         "1730851200000",
		`Date.parse({ toString: () => "2024-11-06" })`: "1730851200000",
		`Date.parse()`:                    "NaN",
		`+new Date({ valueOf: () => 5 })`: "5",
		`+new Date({ toString: () => "2024-11-06", valueOf: () => ({}) })`:          "1730851200000",
		`+new Date({ [Symbol.toPrimitive]: (hint) => hint === "default" ? 7 : 8 })`: "7",
		`+new Date(new Date(7))`:   "7",
		`+new Date([2024, 11, 6])`: "1730847600000",
		`+new Date(NaN) + "," + +new Date(undefined) + "," + +new Date(null) + "," + +new Date(true)`:            "NaN,NaN,0,1",
		`+new Date(1.9) + "," + +new Date(-1.9) + "," + Object.is(+new Date(-0), 0)`:                             "1,-1,true",
		`+new Date(8.64e15) + "," + +new Date(8.64e15 + 1)`:                                                      "8640000000000000,NaN",
		`new Date(2024, 9, 27, 2, 30).toISOString()`:                                                             "2024-10-27T00:30:00.000Z",
		`new Date(2024, 2, 31, 2, 30).toISOString()`:                                                             "2024-03-31T01:30:00.000Z",
		`new Date(70, 0).getFullYear()`:                                                                          "1970",
		`+new Date(1970, 0, 1, 1, 0, 0, 1e13)`:                                                                   "10000000000000",
		`+new Date(2024, NaN)`:                                                                                   "NaN",
		`Date.UTC(2024) + "," + Date.UTC(2024, 1, 30) + "," + Date.UTC() + "," + Date.UTC(99)`:                   "1704067200000,1709251200000,NaN,915148800000",
		`typeof Date() + "," + /2\d\d\d/.test(Date())`:                                                           "string,true",
		`Date.name + Date.length + typeof Date + Date.parse.name + Date.UTC.length`:                              "Date7functionparse7",
		`new Date(0).constructor === Date && new Date(0) instanceof Date && Date.prototype.constructor === Date`: "true",
		`Object.prototype.toString.call(new Date(0))`:                                                            "[object Date]",
		`class Day extends Date { noon() { this.setUTCHours(12); return this; } }; const d = new Day("2024-11-06").noon(); [d.toISOString(), d instanceof Day, d instanceof Date, d.constructor.name].join()`: "2024-11-06T12:00:00.000Z,true,true,Day",
		`const d = new Date(0); d.setHours(24); d.toISOString()`:                                      "1970-01-01T23:00:00.000Z",
		`const d = new Date("2024-10-26T00:30:00Z"); d.setDate(27); d.toISOString()`:                  "2024-10-27T00:30:00.000Z",
		`const d = new Date("2024-01-31T12:00:00Z"); d.setMonth(1); d.toISOString()`:                  "2024-03-02T12:00:00.000Z",
		`const d = new Date(NaN); [d.setHours(1), d.setUTCFullYear(2024, 1), d.toISOString()].join()`: "NaN,1706745600000,2024-02-01T00:00:00.000Z",
		`const d = new Date(0); [d.setUTCMonth(), +d].join()`:                                         "NaN,NaN",
		`const d = new Date(0); [d.setUTCMilliseconds(1e13), d.setUTCSeconds(1, 2)].join()`:           "10000000000000,9999999961002",
		`const d = new Date(0); d.setUTCFullYear(99); d.toISOString()`:                                "0099-01-01T00:00:00.000Z",
		`new Date(253402300800000).toISOString()`:                                                     "+010000-01-01T00:00:00.000Z",
		`new Date(-62198755200000).toISOString()`:                                                     "-000001-01-01T00:00:00.000Z",
		`new Date(-62167219200000).toISOString()`:                                                     "0000-01-01T00:00:00.000Z",
		`JSON.stringify([new Date(253402300800000), new Date(NaN)])`:                                  `["+010000-01-01T00:00:00.000Z",null]`,
		`try { new Date(NaN).toISOString(); } catch (e) { e.name + ": " + e.message; }`:               "RangeError: Invalid time value",
		`try { Date.prototype.setTime.call({}, 1); } catch (e) { e.name; }`:                           "TypeError",
		`try { Date.prototype.setHours.call({}, 1); } catch (e) { e.name; }`:                          "TypeError",
		`try { new Date(Symbol()); } catch (e) { e.name; }`:                                           "TypeError",
		`try { new Date({ toString() { throw new EvalError("own"); } }); } catch (e) { e.name; }`:     "EvalError",
		`try { new Date(1n); } catch (e) { e.name; }`:                                                 "TypeError",
		`Reflect.construct(Date, [0], Array) instanceof Array`:                                        "true",
		`Date = 5; Date`: "5",
		`const own = Date; globalThis.Date = class extends own { constructor() { super(5); } }; +new Date()`: "5",
		`structuredClone(new Date(5)).getTime()`:                        "5",
		`Object.keys(Date).length + Object.keys(Date.prototype).length`: "0",
	} {
		t.Run(code, func(t *testing.T) { expect(t, code, want) })
	}
}

func BenchmarkDate(b *testing.B) {
	for name, code := range map[string]string{
		"text": `new Date("2024-11-06T10:00:00.000Z")`, "number": `new Date(1730851200000)`, "now": `Date.now()`, "new": `new Date()`,
		"parse": `Date.parse("2024-11-06T10:00:00.000Z")`, "iso": `date.toISOString()`, "local": `new Date(2024, 10, 6, 12)`, "set": `date.setUTCHours(12)`,
	} {
		b.Run(name, func(b *testing.B) {
			rt, err := New(Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer rt.Close()
			_, err = rt.Do(b.Context(), func(vm *goja.Runtime) (goja.Value, error) {
				run, err := vm.RunString("const date = new Date(0); (n) => { for (let i = 0; i < n; i++) " + code + " }")
				if err != nil {
					return nil, err
				}
				loop, _ := goja.AssertFunction(run)
				b.ResetTimer()
				return loop(goja.Undefined(), vm.ToValue(b.N))
			})
			if err != nil {
				b.Fatal(err)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		rt, err := New(Options{})
		if err != nil {
			b.Fatal(err)
		}
		rt.Close()
	}
}
