package console_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"carjs/bindings/console"
	"carjs/bindings/web"
	"carjs/bindings/web/webtest"
	"carjs/host/script"

	"github.com/hashicorp/go-hclog"
)

// logged runs the body of a function and returns what it logs, each entry as "level text".
func logged(t *testing.T, level hclog.Level, body string) string {
	t.Helper()
	var out bytes.Buffer
	world := webtest.World{
		Globals: []script.Global{console.Global(), web.Global()},
		Log:     hclog.New(&hclog.LoggerOptions{Level: level, Output: &out, DisableTime: true}),
	}
	if _, err := world.Run(t, webtest.Main(body)); err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(out.String(), "\n")
}

func TestInspect(t *testing.T) {
	for _, c := range []struct{ value, want string }{
		{`"text"`, `text`},
		{`["it's", "\n", 'both \' and "', "\x01"]`, `[ "it's", '\n', ` + "`both ' and \"`" + `, '\x01' ]`},
		{`[1, -0, NaN, 10n, true, null, undefined, Symbol("s")]`, `[ 1, -0, NaN, 10n, true, null, undefined, Symbol(s) ]`},
		{`{ a: 1, "b-c": "x", 7: [] }`, `{ '7': [], a: 1, 'b-c': 'x' }`},
		{`{}`, `{}`},
		{`{ a: { b: { c: { d: 1 } } } }`, `{ a: { b: { c: [Object] } } }`},
		{`[[[[1]]]]`, `[ [ [ [Array] ] ] ]`},
		{`Object.assign(Object.create(null), { a: 1 })`, `[Object: null prototype] { a: 1 }`},
		{
			`(() => { const o: any = { name: "o" }; o.self = o; o.list = [o]; return o })()`,
			`{ name: 'o', self: [Circular], list: [ [Circular] ] }`,
		},
		{`(() => { const o = { x: 1 }; return [o, o] })()`, `[ { x: 1 }, { x: 1 } ]`},
		{`new (class Host { name = "h"; #secret = 1 })()`, `Host { name: 'h' }`},
		{`new (class Hosts extends Array {})(2)`, `Hosts(2) [ <2 empty items> ]`},
		{`[1, , 3]`, `[ 1, <1 empty item>, 3 ]`},
		{`new Map<any, any>([["a", { b: 1 }], [{ k: 1 }, 2]])`, `Map(2) { 'a' => { b: 1 }, { k: 1 } => 2 }`},
		{`new Set([1, "a"])`, `Set(2) { 1, 'a' }`},
		{`new Map()`, `Map(0) {}`},
		{`[new Date(0), new Date(NaN), /a+/gi]`, `[ 1970-01-01T00:00:00.000Z, Invalid Date, /a+/gi ]`},
		{
			`[function f() {}, () => {}, class A {}, async () => {}, Math.max]`,
			"[\n  [Function: f],\n  [Function (anonymous)],\n  [class A],\n  [AsyncFunction (anonymous)],\n  [Function: max]\n]",
		},
		{`[Promise.resolve(1), new Promise(() => {})]`, `[ Promise { 1 }, Promise { <pending> } ]`},
		{`[new Uint8Array([1, 2]), new ArrayBuffer(3)]`, `[ Uint8Array(2) [ 1, 2 ], ArrayBuffer { byteLength: 3 } ]`},
		{`[new Number(1), new String("s"), new Boolean(false)]`, `[ [Number: 1], [String: 's'], [Boolean: false] ]`},
		{`{ get a() { throw new Error("called") }, set b(v: any) {}, [Symbol("k")]: 1 }`, `{ a: [Getter], b: [Setter], [Symbol(k)]: 1 }`},
		{`new Proxy({}, { ownKeys() { throw new Error("no") } })`, `[an object that cannot be shown]`},
		{`[{ a: new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) }, 5]`, `[ { a: [an object that cannot be shown] }, 5 ]`},
		{`new URL("https://h/p?q=1")`, `URL { 'https://h/p?q=1' }`},
		{`Array.from({ length: 102 }, () => 0)`, "[\n  " + strings.Repeat("0,\n  ", 100) + "... 2 more items\n]"},
		{
			`{ long: "x".repeat(40), other: "y".repeat(40) }`,
			"{\n  long: '" + strings.Repeat("x", 40) + "',\n  other: '" + strings.Repeat("y", 40) + "'\n}",
		},
	} {
		if got := logged(t, hclog.Info, `console.log(`+c.value+`)`); got != entry("[INFO] ", c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.value, got, entry("[INFO] ", c.want))
		}
	}
}

// entry is a log entry as hclog writes it, with a text of several lines as it is.
func entry(level, text string) string { return level + " " + text }

func TestFormat(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{``, ``},
		{`"a", 1, "b", { c: 1 }`, `a 1 b { c: 1 }`},
		{`"%s has %d of %i, %f", "x", "42.5", 42.9, "1.5"`, `x has 42.5 of 42, 1.5`},
		{`"100%", 1`, `100% 1`},
		{`"100%%"`, `100%%`},
		{`"100%% %s", "x"`, `100% x`},
		{`"%s"`, `%s`},
		{`"%s %s", "x"`, `x %s`},
		{`"%x %s", 1`, `%x 1`},
		{`"%j %j", { a: [1] }, "q"`, `{"a":[1]} "q"`},
		{`"%c styled", "color: red"`, ` styled`},
		{`"%d %d %d", 5n, {}, Symbol("x")`, `5n NaN NaN`},
		{`"%s|%s|%s", null, [1, [2]], { toString() { return "mine" } }`, `null|[ 1, [Array] ]|mine`},
		{`"%O %o", { a: { b: { c: { d: 1 } } } }, { a: { b: { c: { d: 1 } } } }`, `{ a: { b: { c: [Object] } } } { a: { b: { c: { d: 1 } } } }`},
		{`{ a: 1 }, "%s", 2`, `{ a: 1 } %s 2`},
		{`(() => { const o: any = {}; o.o = o; return "%j" })(), (() => { const o: any = {}; o.o = o; return o })()`, `[Circular]`},
	} {
		if got := logged(t, hclog.Info, `console.log(`+c.args+`)`); strings.TrimSpace(got) != strings.TrimSpace(entry("[INFO] ", c.want)) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.args, got, entry("[INFO] ", c.want))
		}
	}
}

func TestMethods(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"levels", `console.debug("d"); console.info("i"); console.warn("w"); console.error("e")`, "[DEBUG] d\n[INFO]  i\n[WARN]  w\n[ERROR] e"},
		{
			"assert", `console.assert(true, "no"); console.assert(0, "n is %d", 1); console.assert(false)`,
			"[ERROR] Assertion failed: n is 1\n[ERROR] Assertion failed",
		},
		{
			"dir",
			`console.dir({ a: { b: 1 } }, { depth: 0 }); console.dir({ a: { b: { c: { d: {} } } } }, { depth: null })`,
			"[INFO]  { a: [Object] }\n[INFO]  { a: { b: { c: { d: {} } } } }",
		},
		{
			"count", `console.count(); console.count("x"); console.count(); console.countReset(); console.count()`,
			"[INFO]  default: 1\n[INFO]  x: 1\n[INFO]  default: 2\n[INFO]  default: 1",
		},
		{"groups", `console.group("outer"); console.log("in\nside"); console.group(); console.log("deep"); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log("out")`,
			"[INFO]  outer\n[INFO]    in\n  side\n[INFO]      deep\n[INFO]  out"},
		{
			"no such timer", `console.timeEnd("t"); console.time("u"); console.time("u")`,
			"[WARN]  console.timeEnd: timer \"t\" does not exist\n[WARN]  console.time: timer \"u\" already exists",
		},
		{"table", `console.table([{ id: 1, name: "a" }, { id: 20, ip: null }, "plain"])`,
			"[INFO]  (index) | id | name | ip   | Values\n--------+----+------+------+--------\n" +
				"0       | 1  | 'a'  |      | \n1       | 20 |      | null | \n2       |    |      |      | 'plain'"},
		{"table with columns", `console.table({ x: { a: 1, b: 2 } }, ["b"])`, "[INFO]  (index) | b\n--------+--\nx       | 2"},
		{"table of no table", `console.table(5)`, "[INFO]  5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := logged(t, hclog.Debug, c.body); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestTimers(t *testing.T) {
	got := logged(t, hclog.Info, `console.time("t"); console.timeLog("t", { at: 1 }); console.timeEnd("t")`)
	if !regexp.MustCompile(`^\[INFO\]  t: \S+s \{ at: 1 \}\n\[INFO\]  t: \S+s$`).MatchString(got) {
		t.Errorf("got %s", got)
	}
}

// An error is shown with its stack in the author's files and nothing of the engine's, and with its
// cause.
func TestErrors(t *testing.T) {
	got := logged(t, hclog.Trace, `
class BadRow extends Error { code = 7 }
function parse() { throw new BadRow("row 5", { cause: new TypeError("no id") }) }
try { [1].forEach(parse) } catch (e) { console.error("while reading:", e) }
console.error({ error: new RangeError("far") });
function here() { console.trace("way %d", 1) }
here();`)
	want := `[ERROR] while reading: BadRow: row 5
    at parse (src/main.ts:5:26)
    at main (src/main.ts:6:11) {
  code: 7,
  [cause]: TypeError: no id
      at parse (src/main.ts:5:55)
      at main (src/main.ts:6:11)
}
[ERROR] {
  error: RangeError: far
      at main (src/main.ts:7:24)
}
[TRACE] Trace: way 1
    at here (src/main.ts:8:27)
    at main (src/main.ts:9:1)`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What the log does not want is not formatted: no getter is called, no toString.
func TestQuietLevelsCostNothing(t *testing.T) {
	if got := logged(t, hclog.Warn, `
let called = 0;
const value = { toString() { called++; return "" } };
console.log("%s", value); console.debug("%s", value); console.trace("%s", value);
console.warn(called)`); got != "[WARN]  0" {
		t.Errorf("got %s", got)
	}
}
