package script

import "testing"

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
