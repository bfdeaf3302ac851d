package script

import (
	"bytes"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
)

// A text that is nested so deeply that the engine cannot read it is refused, and any other read as
// ever.
func TestJSONThatIsNestedDeeply(t *testing.T) {
	for body, want := range map[string]string{
		`JSON.parse("[".repeat(3e6) + "]".repeat(3e6))`:                                       "SyntaxError: the JSON text is nested more than 100000 levels deep",
		`JSON.parse('{"a":'.repeat(2e5) + "1" + "}".repeat(2e5))`:                             "SyntaxError: the JSON text is nested more than 100000 levels deep",
		`JSON.parse("[".repeat(50000) + "1" + "]".repeat(50000)).length`:                      "1",
		`JSON.parse('["' + "[".repeat(2e5) + '\\"[", 2]')[1]`:                                 "2",
		`JSON.parse("[" + "[],".repeat(2e5) + "1]").length`:                                   "200001",
		`JSON.parse('{"a": [1, 2]}', (k, v) => Array.isArray(v) ? v.length : v).a`:            "2",
		`[JSON.parse.name, typeof JSON.parse].join()`:                                         "parse,function",
		`(() => { try { JSON.parse("{") } catch (e) { return e instanceof SyntaxError } })()`: "true",
	} {
		got := evaluate(t, `export default async function run() { try { return String(`+body+`); } catch (e) { return (e as Error).name + ": " + (e as Error).message; } }`)
		if got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

// JSON.parse is what the standard says, with the source text of primitive values for a reviver.
func TestJSONParse(t *testing.T) {
	for body, want := range map[string]string{
		// What it reads.
		`JSON.parse("[1, 2e2, -0, true, null, \"a\"]").map((v) => Object.is(v, -0) ? "-0" : String(v)).join()`: "1,200,-0,true,null,a",
		`JSON.parse(null as any)`:                                     "null",
		`JSON.parse({ toString: () => "7" } as any)`:                  "7",
		`JSON.parse("\ufeff1")`:                                       "SyntaxError",
		`JSON.parse("1 2")`:                                           "SyntaxError",
		`JSON.parse("")`:                                              "SyntaxError",
		`JSON.parse(Symbol() as any)`:                                 "TypeError",
		`JSON.parse.length`:                                           "2",
		`Object.keys(JSON.parse('{"b":1,"a":2,"b":3}')).join()`:       "b,a",
		`Object.keys(JSON.parse('{"__proto__":1}')).join()`:           "__proto__",
		`typeof JSON.parse("9007199254740993")`:                       "number",
		`JSON.parse('"\\ud800"').charCodeAt(0).toString(16)`:          "d800",
		`JSON.parse('"\ud800x"').charCodeAt(0).toString(16)`:          "d800",
		`JSON.parse('"\ud83d\\ude00"') === "😀"`:                       "true",
		`Object.keys(JSON.parse('{"\\ud800":1,"\\ud801":2}')).length`: "2",
		// The source.
		`JSON.parse("9007199254740993", (k, v, { source }) => BigInt(source!))`:                                                                                    "9007199254740993",
		`JSON.parse("-0.10e1", (k, v, c) => c.source)`:                                                                                                             "-0.10e1",
		`JSON.parse('"a\\u0062"', (k, v, c) => c.source)`:                                                                                                          `"a\u0062"`,
		`JSON.parse('[null, true]', (k, v, c) => typeof v === "object" && v ? v.join() : c.source)`:                                                                "null,true",
		`JSON.parse('{"a": 1.0, "b": {"c": [2.0]}}', function (k, v, c) { return Object(v) === v ? Object.keys(c).join() + "|" + JSON.stringify(v) : c.source; })`: `|{"a":"1.0","b":"|{\"c\":\"|[\\\"2.0\\\"]\"}"}`,
		// A value that the reviver has put there has none.
		`JSON.parse('{"a":1,"b":2}', function (k, v, c) { if (k === "a") this.b = 3; return k ? "source" in c : JSON.stringify(v); })`:                  `{"a":true,"b":false}`,
		`JSON.parse('{"a":1,"b":2}', function (k, v, c) { if (k === "a") this.b = 2; return k ? "source" in c : JSON.stringify(v); })`:                  `{"a":true,"b":true}`,
		`JSON.parse('[1,[2]]', function (k, v, c) { if (k === "0") this[1] = [2]; return Array.isArray(v) ? JSON.stringify(v) : c.source ?? "none"; })`: `["1","[\"none\",[2]]"]`,
		`JSON.parse('{"a":1,"b":2}', (k, v) => (k === "a" ? undefined : v)).a`:                                                                          "undefined",
		`JSON.stringify(JSON.parse('[1,2,3]', (k, v) => (k === "1" ? undefined : v)))`:                                                                  "[1,null,3]",
		`JSON.parse('[1,2]', (k, v) => (k === "" ? v.length : v))`:                                                                                      "2",
		`JSON.parse('{"\\ud800":1}', (k, v, c) => (k ? k.charCodeAt(0).toString(16) + c.source : JSON.stringify(v)))`:                                   `{"\ud800":"d8001"}`,
		`JSON.parse('[1]', () => { throw new RangeError("mine"); })`:                                                                                    "RangeError",
		`JSON.parse("[".repeat(3000) + "]".repeat(3000), (k, v) => v).length`:                                                                           "1",
		// Raw JSON.
		`JSON.stringify({ a: JSON.rawJSON("9007199254740993"), b: JSON.rawJSON('"\\ud800"') })`:                                `{"a":9007199254740993,"b":"\ud800"}`,
		`JSON.isRawJSON(JSON.rawJSON("1")) && !JSON.isRawJSON({ rawJSON: "1" })`:                                               `true`,
		`Object.isFrozen(JSON.rawJSON("1")) && Object.getPrototypeOf(JSON.rawJSON("1")) === null && JSON.rawJSON("1").rawJSON`: "1",
		`JSON.rawJSON("{}")`:       "SyntaxError",
		`JSON.rawJSON(" 1")`:       "SyntaxError",
		`JSON.rawJSON("")`:         "SyntaxError",
		`JSON.stringify(1n)`:       "TypeError",
		`JSON.stringify("\ud800")`: `"\ud800"`,
	} {
		got := evaluate(t, `export default async function run() { try { return String(`+body+`); } catch (e) { return (e as Error).name; } }`)
		if got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

// Integers that JSON.parse rounds are told once for each place, unless a reviver takes the source.
func TestRoundedIntegersAreTold(t *testing.T) {
	var log bytes.Buffer
	rt, err := New(Options{Log: hclog.New(&hclog.LoggerOptions{Output: &log})})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	program, err := Compile("main.ts", `for (let i = 0; i < 3; i++) {
		JSON.parse("[9007199254740993, -9007199254740993, 9007199254740992, 1.00000000000000000001]");
	}
	JSON.parse("9007199254740993");
	JSON.parse("9007199254740993", (k, v, c) => c.source);
	JSON.parse("[1, 1e400, 12345678901234567890.5]");`)
	if err == nil {
		_, err = rt.Load(t.Context(), program)
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], "were rounded: by=JSON.parse integers=2 at=main.ts:2:") ||
		!strings.Contains(lines[1], "were rounded: by=JSON.parse integers=1 at=main.ts:4:") {
		t.Errorf("the log is\n%s", log.String())
	}
}
