package records_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"carjs/host/esjson"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// inspect is JavaScript that writes a value down completely: order of keys, kinds of numbers, lone
// surrogates.
const inspect = `(function inspect(v) {
	if (typeof v === "number") return Object.is(v, -0) ? "-0" : String(v);
	if (typeof v === "string") return '"' + Array.from({length: v.length}, (_, i) => v.charCodeAt(i).toString(16)).join(" ") + '"';
	if (v === null || typeof v !== "object") return String(v);
	if (Array.isArray(v)) return "[" + v.map(inspect).join(",") + "]";
	if (Object.getPrototypeOf(v) !== Object.prototype) return "an odd prototype";
	return "{" + Reflect.ownKeys(v).map((k) => {
		const d = Object.getOwnPropertyDescriptor(v, k);
		return inspect(k) + ":" + inspect(d.value) + (d.writable && d.enumerable && d.configurable ? "" : "!");
	}).join(",") + "}";
})`

func newInspector(t testing.TB) (*script.Runtime, func(goja.Value) string) {
	t.Helper()
	rt, err := script.New(script.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := rt.VM().RunString(inspect)
	if err != nil {
		t.Fatal(err)
	}
	call, _ := goja.AssertFunction(f)
	return rt, func(v goja.Value) string {
		text, err := call(goja.Undefined(), v)
		if err != nil {
			t.Fatal(err)
		}
		return text.String()
	}
}

var validJSON = []string{
	`null`, `true`, ` false `, `0`, `-0`, `-0.0`, `12`, `-12.5e-3`, `1E+2`, `9007199254740991`, `9007199254740993`,
	`123456789012345`, `1234567890123456`,
	`18446744073709551616`, `1e308`, `4.9e-324`, `1e-400`, `0.1`, `[]`, `{}`, `[ ]`, `{ }`, `"a"`, `""`,
	`"\"\\\/\b\f\n\r\t"`, `"\u00e4\u20AC"`, `"äé€😀"`,
	`"\ud83d\ude00"`, `"\ud83d"`, `"\ude00x"`, `"a\ud83d\ud83d\ude00b"`, `"\ud83dé\\u"`, `"\u0000\u2028"`, "\"\u007f\u2028\"",
	`{"b":1,"a":2,"10":3,"9":4}`, `{"a":1,"b":2,"a":3}`, `{"__proto__":1}`,
	`{"__proto__":{"x":1},"constructor":2,"toString":null,"hasOwnProperty":3}`,
	`{"\ud800":1,"\u0061":2,"":3,"ä":4}`, `[1,"a",[true,[null]],{"x":[{}]}]`, "\r\n\t[1,\n2]\n", `[{"a":1,"b":"x"},{"a":2,"b":"y"}]`,
}

// TestRounded compares with what JSON.parse of the engine makes.
func TestRounded(t *testing.T) {
	rt, show := newInspector(t)
	engine := newEngine(t)
	for _, text := range validJSON {
		if lone(text) {
			continue // of which the engine makes U+FFFD
		}
		got, _, err := rt.RoundedJSON([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		want, err := engine(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if show(got) != want {
			t.Errorf("%s: got %s, want %s", text, show(got), want)
		}
	}
}

// newEngine returns JSON.parse of an engine with nothing of this program in it, with what inspect
// says of the value.
func newEngine(t testing.TB) func(text string) (string, error) {
	t.Helper()
	vm := goja.New()
	f, err := vm.RunString("(text) => " + inspect + "(JSON.parse(text))")
	if err != nil {
		t.Fatal(err)
	}
	parse, _ := goja.AssertFunction(f)
	return func(text string) (string, error) {
		value, err := parse(goja.Undefined(), vm.ToValue(text))
		if err != nil {
			return "", err
		}
		return value.String(), nil
	}
}

// lone tells whether there may be half of a surrogate pair in a text.
func lone(text string) bool { return strings.Contains(strings.ToLower(text), `\ud`) }

// Every digit of an integer and every unit of a text is in the values.
func TestParseJSONExactly(t *testing.T) {
	rt, show := newInspector(t)
	kind, err := rt.VM().RunString(`(v) => typeof v`)
	if err != nil {
		t.Fatal(err)
	}
	typeOf, _ := goja.AssertFunction(kind)
	for _, c := range []struct{ text, kind, want string }{
		{`9007199254740991`, "number", "9007199254740991"},
		{`-9007199254740991`, "number", "-9007199254740991"},
		{`9007199254740992`, "bigint", "9007199254740992"},
		{`-9007199254740993`, "bigint", "-9007199254740993"},
		{`18446744073709551616`, "bigint", "18446744073709551616"},
		{strings.Repeat("9", 400), "bigint", strings.Repeat("9", 400)},
		{`9007199254740993.0`, "number", "9007199254740992"},
		{`1e20`, "number", "100000000000000000000"},
		{`-0`, "number", "-0"},
		{`"\ud800"`, "string", `"d800"`},
		{`"é\udfff\ud83d\ude00"`, "string", `"e9 dfff d83d de00"`},
		{`{"\ud800":1,"\ud801":2,"é":[3]}`, "object", `{"d800":1,"d801":2,"e9":[3]}`},
	} {
		got, err := rt.ParseJSON([]byte(c.text))
		if err != nil {
			t.Fatalf("%.40s: %v", c.text, err)
		}
		decoded, err := rt.DecodeJSON(t.Context(), []byte(c.text))
		if err != nil {
			t.Fatalf("%.40s: %v", c.text, err)
		}
		for way, value := range map[string]goja.Value{"parsed": got, "decoded": decoded.Value()} {
			is, err := typeOf(goja.Undefined(), value)
			if err != nil || is.String() != c.kind || show(value) != c.want {
				t.Errorf("%.40s %s: %v %s, want %s %s", c.text, way, is, show(value), c.kind, c.want)
			}
		}
	}
	if _, err := rt.ParseJSON([]byte(strings.Repeat("9", 200_000))); err == nil || !strings.Contains(err.Error(), "has 200000 digits") {
		t.Errorf("an integer without end: %v", err)
	}
}

// Digits that a Number does not hold are told, by member.
func TestLosses(t *testing.T) {
	rt, _ := newInspector(t)
	text := `[{"a":0.1234567890123456789,"b":1.50,"c":9007199254740993},{"a":1e400,"b":[1,0.30000000000000000001],"c":1e2}, 1.00000000000000000001]`
	want := "[{a 2} {b 1} { 1}]"
	_, losses, err := rt.ReadJSON([]byte(text))
	if err != nil || fmt.Sprint(losses) != want {
		t.Errorf("parsed: %v, %v", losses, err)
	}
	decoded, err := rt.DecodeJSON(t.Context(), []byte(text))
	if err != nil || fmt.Sprint(decoded.Losses) != want {
		t.Errorf("decoded: %v, %v", decoded.Losses, err)
	}
	if _, losses, err = rt.RoundedJSON([]byte(text)); err != nil || fmt.Sprint(losses) != "[{c 1}]" {
		t.Errorf("rounded: %v, %v", losses, err)
	}
}

// TestParseJSONOwn has what is not compared with the engine.
func TestParseJSONOwn(t *testing.T) {
	rt, show := newInspector(t)
	if _, err := rt.VM().RunString(`Object.freeze(Object.prototype)`); err != nil {
		t.Fatal(err)
	}
	deep := strings.Repeat("[", esjson.MaxDepth) + strings.Repeat("]", esjson.MaxDepth)
	for _, c := range []struct{ text, want string }{
		{"\ufeff{}", "{}"},
		{"1e400", "Infinity"},
		{"-1e400", "-Infinity"},
		{`9007199254740993`, "9007199254740993"},
		{`{"toString":1}`, `{"74 6f 53 74 72 69 6e 67":1}`},
		{deep, ""},
	} {
		got, err := rt.ParseJSON([]byte(c.text))
		if err != nil {
			t.Errorf("%.40q: %v", c.text, err)
		} else if c.want != "" && show(got) != c.want {
			t.Errorf("%.40q: got %s, want %s", c.text, show(got), c.want)
		}
	}
}

func TestParseJSONFaults(t *testing.T) {
	rt, _ := newInspector(t)
	for _, c := range []struct{ text, want string }{
		{"", "the text ends where a value is expected at line 1, column 1"},
		{" \n ", "the text ends where a value is expected at line 2, column 2"},
		{"<html>\n<body>", `found '<' where a value is expected at line 1, column 1: <html> <body>`},
		{`{"a":1,}`, `found '}' where a key in double quotes is expected at line 1, column 8: {"a":1,}`},
		{`{a:1}`, `found 'a' where a key in double quotes is expected at line 1, column 2: {a:1}`},
		{`{"a" 1}`, `found '1' where ":" is expected at line 1, column 6: {"a" 1}`},
		{`{"a":1 "b":2}`, `found '"' where "," or "}" is expected at line 1, column 8: {"a":1 "b":2}`},
		{"[1,\n 2 3]", `found '3' where "," or "]" is expected at line 2, column 4: [1,  2 3]`},
		{`[1,]`, `found ']' where a value is expected at line 1, column 4: [1,]`},
		{`[1`, `the text ends where "," or "]" is expected at line 1, column 3: [1`},
		{`{"ä":"é`, `the text ends inside quotes at line 1, column 8: {"ä":"é`},
		{"\"a\tb\"", `a control character in a text must be escaped at line 1, column 3: "a b"`},
		{"{\"ä\":\n[1,\"é\xff\"]}", "byte 0xFF is invalid in UTF-8 at line 2, column 6: {\"ä\": [1,\"é\ufffd\"]}"},
		{"{\"a\xe9\":1}", "byte 0xE9 is invalid in UTF-8 at line 1, column 4: {\"a\ufffd\":1}"},
		{"[\"\\n\xed\xa0\x80\"]", "byte 0xED is invalid in UTF-8 at line 1, column 5: [\"\\n\ufffd\ufffd\ufffd\"]"},
		{"\xff[]", "byte 0xFF is invalid in UTF-8 at line 1, column 1: \ufffd[]"},
		{"\ufffd", "found '\ufffd' where a value is expected at line 1, column 1: \ufffd"},
		{`"\x"`, `found 'x' where one of " \ / b f n r t u after a backslash is expected at line 1, column 3: "\x"`},
		{`"\u00g0"`, `found 'g' where a hexadecimal digit is expected at line 1, column 6: "\u00g0"`},
		{`"\`, `the text ends where one of " \ / b f n r t u after a backslash is expected at line 1, column 3: "\`},
		{`{} {}`, `data after the end of the value at line 1, column 4: {} {}`},
		{`tru`, `found 't' where a value is expected at line 1, column 1: tru`},
		{`01`, `a number does not start with 0 at line 1, column 2: 01`},
		{`-`, `the text ends where a digit is expected at line 1, column 2: -`},
		{`1.e1`, `found 'e' where a digit is expected at line 1, column 3: 1.e1`},
		{`1e+`, `the text ends where a digit is expected at line 1, column 4: 1e+`},
		{`NaN`, `found 'N' where a value is expected at line 1, column 1: NaN`},
		{
			strings.Repeat(`[`, esjson.MaxDepth+1),
			fmt.Sprintf("values nest too deeply at line 1, column %d: %s", esjson.MaxDepth+1, strings.Repeat("[", 31)),
		},
		{strings.Repeat("ä", 100) + `?` + strings.Repeat("é", 100), ``},
	} {
		_, err := rt.ParseJSON([]byte(c.text))
		var fault *esjson.SyntaxError
		if !errors.As(err, &fault) {
			t.Errorf("%.40q: %v", c.text, err)
			continue
		}
		if c.want != "" && err.Error() != "not JSON: "+c.want {
			t.Errorf("%.40q:\ngot  %v\nwant not JSON: %s", c.text, err, c.want)
		}
		if n := utf8.RuneCountInString(fault.Excerpt); n > 60 {
			t.Errorf("%.40q: an excerpt of %d characters", c.text, n)
		}
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, text := range validJSON {
		f.Add([]byte(text))
	}
	f.Add([]byte(`{"a":[1,2,{"b":"\ud8`))
	f.Add([]byte("\"\xf0\x9f\u209e\""))
	rt, show := newInspector(f)
	engine := newEngine(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _, err := rt.RoundedJSON(data)
		if valid := json.Valid(data); err == nil && !valid && !strings.HasPrefix(string(data), "\ufeff") {
			t.Fatalf("%q was taken", data)
		} else if err != nil {
			// The standard library takes bytes that are no UTF-8; here they are an error.
			if valid && utf8.Valid(data) && !strings.Contains(err.Error(), "nest too deeply") {
				t.Fatalf("%q: %v", data, err)
			}
			return
		}
		// The engine is stricter with big exponents and takes its text as UTF-8.
		want, err := engine(string(data))
		if err != nil || !utf8.Valid(data) || lone(string(data)) {
			return
		}
		if show(got) != want {
			t.Errorf("%q: got %s, want %s", data, show(got), want)
		}
	})
}

// page is a page as data sources send them: n records of nine fields.
func page(n int) []byte {
	var b strings.Builder
	b.WriteString("[")
	for i := range n {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, `{"pk":%d,"name":"host-%d.example.com","asset_type":"server","initial_value":%d.5,"site":"http://127.0.0.1:8000/sites/%d/","active":true,"owner":null,"tags":["a","b"],"note":"line\nbreak"}`, i, i, i%100, i%2)
	}
	b.WriteString("]")
	return []byte(b.String())
}

func BenchmarkParseJSON(b *testing.B) {
	rt, _ := newInspector(b)
	data := page(5000)
	script, err := rt.VM().RunString("(text) => JSON.parse(text)")
	if err != nil {
		b.Fatal(err)
	}
	inScript, _ := goja.AssertFunction(script)
	for name, parse := range map[string]func() (goja.Value, error){
		"own":    func() (goja.Value, error) { return rt.ParseJSON(data) },
		"script": func() (goja.Value, error) { return inScript(goja.Undefined(), rt.VM().ToValue(string(data))) },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parse(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
