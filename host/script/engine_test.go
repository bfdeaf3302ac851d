package script

import (
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // Berlin, wherever the test runs

	"github.com/dop251/goja"
)

// engineFaults are the wrong results of docs/engine.md: a case, what the engine says, and what is
// right. The others of that page are told apart by the tests of what replaces the built-ins.
var engineFaults = []struct{ code, wrong, right string }{
	{`Date.parse("1730894400") > 0`, "true", "false"},
	{`Date.parse("10.0.0.7") > 0`, "true", "false"},
	{`new Date("2024-001").getUTCFullYear() < 1`, "true", "false"},
	{`Date.parse("2024-11-06T10:00+02") > 0`, "true", "false"},
	{`Date.parse("2024-11-06t10:00:00z") > 0`, "false", "true"},
	{`Date.parse("6 Nov 2024 12:00 CET") > 0`, "true", "false"},
	{`new Date(2024, 9, 27, 2, 30).toISOString()`, "2024-10-27T01:30:00.000Z", "2024-10-27T00:30:00.000Z"},
	{`new Date(253402300800000).toISOString()`, "+10000-01-01T00:00:00.000Z", "+010000-01-01T00:00:00.000Z"},
	{`new Date(-62198755200000).toISOString()`, "-0001-01-01T00:00:00.000Z", "-000001-01-01T00:00:00.000Z"},
	{`"😀".replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, "X")`, "😀", "X"},
	{`"é a".replace(/\b/g, "|")`, "|é| |a|", "é |a|"},
	{`"a\r\nkey: b\r\n".match(/^key: (.*)$/m) === null`, "true", "false"},
	{`"a\u2028b".match(/^b/m) === null`, "true", "false"},
	{`Number(2n ** 64n)`, "0", "18446744073709552000"},
	{`JSON.parse('"\\ud800"') === "\ud800"`, "false", "true"},
	{`JSON.parse("1", (k, v, context) => context?.source) === "1"`, "false", "true"},
	{`[2n ** 64n].map(Number)[0]`, "0", "18446744073709552000"},
	{`Array.from(new Set([2n ** 64n]), Number)[0]`, "0", "18446744073709552000"},
	{`1e20 | 0`, "0", "1661992960"},
	{`~~1e20`, "0", "1661992960"},
	{`1e20 >>> 0`, "0", "1661992960"},
	{`"a1".match(/(?:(a)|(\d))+/)[1]`, "a", "undefined"},
	{`"b".match(/(a*)*/)[1]`, "", "undefined"},
	{`/(?:|a)*/.exec("aaa")[0]`, "", "aaa"},
	{`/[a-z]/i.test("\u212A")`, "true", "false"},
	{`/\u017F/i.test("s")`, "true", "false"},
	{`"1h".replace(/([a-z]*)/g, "<$&>")`, "<>1<h>", "<>1<h><>"},
	{`(function (f) { return function () { return (() => f.apply(this, arguments))(); }; })((a) => a === 7)(7)`, "false", "true"},
	{`(function () { function f() { return new.target === undefined; } function A() { this.ok = f(); } return new A().ok; })()`, "false", "true"},
	{`(function () { const o = { f() { return new.target; } }; class A { constructor() { this.ok = o.f() === undefined; } } return new A().ok; })()`,
		"false", "true"},
	// open
	{`[2n ** 64n].flatMap(Number)[0]`, "0", ""},
	{`new Int32Array([1e20])[0]`, "0", ""},
}

// The engine has the faults that docs/engine.md tells of, and carjs those that it calls open. Where
// this fails, a newer engine is right: take the case out of the page, and what works around it out
// of the code.
func TestEngineFaults(t *testing.T) {
	inBerlin(t)
	for _, fault := range engineFaults {
		t.Run(fault.code, func(t *testing.T) {
			if got, err := goja.New().RunString(fault.code); err != nil || got.String() != fault.wrong {
				t.Errorf("the engine says %v, %v, no longer %q", got, err, fault.wrong)
			}
			program, err := Compile("main.js", "exports.run = () => "+fault.code+";")
			if err != nil {
				t.Fatal(err)
			}
			rt, exports := start(t, Options{}, program)
			got, err := call(t.Context(), rt, exports, "run")
			want := fault.right
			if want == "" {
				want = fault.wrong // open
			}
			if err != nil || got.String() != want {
				t.Errorf("carjs says %v, %v, want %q", got, err, want)
			}
		})
	}
}

// The page is written for the version of the engine that is linked.
func TestEnginePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/engine.md")
	if err != nil {
		t.Fatal(err)
	}
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(mod), "github.com/dop251/goja ")
	version, _, found := strings.Cut(rest, "\n")
	if !found || !strings.Contains(string(page), "`"+strings.TrimSpace(version)+"`") {
		t.Errorf("docs/engine.md does not name the engine's version %s", version)
	}
}

// inBerlin sets the zone for a test: one with changes of the clocks.
func inBerlin(t *testing.T) {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	before := time.Local
	time.Local = berlin
	t.Cleanup(func() { time.Local = before })
}

// expect runs an expression in a runtime of carjs and compares its value, as text.
func expect(t *testing.T, code, want string) {
	t.Helper()
	rt, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	got, err := rt.Do(t.Context(), func(vm *goja.Runtime) (goja.Value, error) { return vm.RunString(code) })
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("is %s, want %s", got, want)
	}
}
