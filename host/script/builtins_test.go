package script

import "testing"

// TestMissingBuiltIns are built-ins that the engine lacks, and that older or newer packages use.
func TestMissingBuiltIns(t *testing.T) {
	inBerlin(t)
	for code, want := range map[string]string{
		`"a\ud800b".isWellFormed()`:        "false",
		`"a😀é".isWellFormed()`:             "true",
		`"a\ud800b\udc00😀".toWellFormed()`: "a\uFFFDb\uFFFD😀",
		`"abc".toWellFormed()`:             "abc",
		`new Date(0).getYear()`:            "70",
		`new Date(2024, 1, 29, 5).setYear(95) === new Date(1995, 1, 29, 5).getTime()`: "true",
		`new Date(NaN).getYear()`:                               "NaN",
		`new Date(0).toGMTString()`:                             "Thu, 01 Jan 1970 00:00:00 GMT",
		`Uint8Array.from("a1é", (c) => c.charCodeAt(0)).join()`: "97,49,233",
		`Uint8Array.from("123").join() + Uint16Array.from([1, "2"]).join() + Float64Array.from(new Set([1.5])).join() + Uint8Array.from.length`: "1,2,31,21.51",
		`typeof Date()`: "string",
		`(() => { const o = {}; o.__defineGetter__("x", () => 5); o.__defineSetter__("y", () => {}); return [o.x, typeof Object.create(o).__lookupGetter__("x"), typeof o.__lookupSetter__("y"), o.__lookupGetter__("z"), Object.keys(o)].join(); })()`: "5,function,function,,x,y",
		`typeof Symbol.dispose + typeof Symbol.asyncDispose`: "symbolsymbol",
		`(/(\d+)-(\w)?/.test("xé12-z!"), [RegExp.$1, RegExp.$2, RegExp.$3, RegExp["$&"], RegExp.lastParen, RegExp.leftContext, RegExp["$'"], RegExp.input].join("|"))`: "12|z||12-z|z|xé|!|xé12-z!",
		`("ab".replace(/(a)/, "x"), /q/.test("zzz"), RegExp.$1 + RegExp.length + RegExp.nothing)`:                                                                      "a2undefined",
		`new ArrayBuffer(3).resizable + "" + new ArrayBuffer(3).maxByteLength`:                                                                                         "false3",
	} {
		program, err := Compile("main.js", "exports.run = () => "+code+";")
		if err != nil {
			t.Fatal(err)
		}
		rt, exports := start(t, Options{}, program)
		if got, err := call(t.Context(), rt, exports, "run"); err != nil || got.String() != want {
			t.Errorf("%s: got %v, %v, want %s", code, got, err, want)
		}
	}
}
