package esjson

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// stringified is a string as JSON.stringify writes it, made from what encoding/json writes, which
// escapes two line separators besides and spells what is no UTF-8 as an escape.
func stringified(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(strings.ToValidUTF8(replaceBytes(s), replacement)); err != nil {
		t.Fatal(err)
	}
	text := strings.TrimSuffix(b.String(), "\n")
	// A backslash of the string itself is doubled, so these escapes are at odd places only when
	// they are escapes.
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) {
			if rest := text[i:]; strings.HasPrefix(rest, `\u2028`) || strings.HasPrefix(rest, `\u2029`) {
				out.WriteRune(rune(0x2020 + int(rest[5]-'0')))
				i += 5
				continue
			}
			out.WriteByte(text[i])
			i++
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// replaceBytes replaces every byte that is no UTF-8 by a character of its own; strings.ToValidUTF8
// alone replaces runs.
func replaceBytes(s string) string {
	return string([]rune(s))
}

var strangeStrings = []string{
	"", "a", "plain ASCII text of some length", `say "hi"`, `C:\dir`, "a\x00b", "\b\f\n\r\t\x1f\x7f", "</script>&amp;", "ümlaut",
	"12345678\"", "1234567\"8", "\xff", "a\xc3", "\xed\x9f\xbf\xee\x80\x80", "\xf0\x9f\x98\x80", "😀",
	"\u2028\u2029\\u2028", "日本語のテキスト", "\uFFFD",
	strings.Repeat("x", 1000) + "\\", "aaaaaaa\x1f", "aaaaaaa\x80", "\x80aaaaaaa\xff\xff",
}

func TestAppendString(t *testing.T) {
	for _, s := range strangeStrings {
		if got, want := string(AppendString(nil, s)), stringified(t, s); got != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
}

func FuzzAppendString(f *testing.F) {
	for _, s := range strangeStrings {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if HasLone(s) {
			return // in lone_test.go
		}
		got := AppendString([]byte("before"), s)
		if want := "before" + stringified(t, s); string(got) != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
		if !utf8.Valid(got) {
			t.Errorf("%q: %q is no UTF-8", s, got)
		}
	})
}

func TestAppendNumber(t *testing.T) {
	// What JavaScript prints for each.
	for want, v := range map[string]float64{
		"1": 1, "-1": -1, "0.1": 0.1, "1.5": 1.5, "100": 1e2, "1e+21": 1e21, "123456789012345680000": 123456789012345680000,
		"1e-7": 1e-7, "0.000001": 1e-6, "1.5e-10": 1.5e-10, "1e+100": 1e100, "5e-324": 5e-324, "1.7976931348623157e+308": math.MaxFloat64,
		"9007199254740991": 1<<53 - 1, "9007199254740992": 1 << 53, "-9007199254740992": -1 << 53, "9007199254740994": 1<<53 + 2,
		"18446744073709552000": 1 << 64, "1700000000000": 1700000000000, "-1.25e+22": -1.25e22, "0.30000000000000004": 0.30000000000000004,
	} {
		if got := string(AppendNumber(nil, v)); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got := string(AppendNumber(nil, v)); got != "null" {
			t.Errorf("%v: %s", v, got)
		}
	}
	if got := string(AppendNumber(nil, math.Copysign(0, -1))); got != "0" {
		t.Errorf("-0: %s", got)
	}
}

func FuzzAppendNumber(f *testing.F) {
	for _, v := range []float64{0, 1, -1.5, 1e21, 1e-7, 1 << 53, 123456.789} {
		f.Add(math.Float64bits(v))
	}
	f.Fuzz(func(t *testing.T, bits uint64) {
		v := math.Float64frombits(bits)
		if math.IsNaN(v) || math.IsInf(v, 0) || v == 0 {
			return
		}
		want, err := json.Marshal(v) // which follows JavaScript in all but -0
		if got := AppendNumber(nil, v); err != nil || string(got) != string(want) {
			t.Errorf("%v: %s, want %s (%v)", v, got, want, err)
		}
	})
}

var strangeJSON = []string{
	`null`, `true`, ` false `, `0`, `-0`, `1.50e+3`, `-1`, `01`, `1.`, `.5`, `-`, `1e`, `+1`, `NaN`, `tru`, `nul`, `"`, `"a`, `"\`, `"\x"`,
	`"\u12"`, `"\ud83d\ude00"`, `"\ud83d"`, `"\ud83dx"`, `"\ud83d\u0041"`, `"\ude00\ud83d\ude00"`, `"\u0000\/\b\f\n\r\t\"\\"`, "\"a\nb\"",
	"\"\xff\"", "\"\xe2\x80\xa8\"", `[]`, `[ ]`, `{}`, `{ }`, `[1,]`, `[,1]`, `[1 2]`, `{"a":1,}`, `{"a"}`, `{a:1}`, `{"a":1 "b":2}`,
	`{"a":{"b":[1,2,{"c":null}]},"d":"e"}`, ` [ 1 , "x" , { } , [ ] ] `, `["a","b"]`, `1 2`, `{}x`, ``, ` `, `]`,
	"\"12345678\\u0041\"", `{"a\"":"😀"}`,
}

func FuzzAppend(f *testing.F) {
	for _, text := range strangeJSON {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		out, kind, ok := Append([]byte("before"), text)
		if ok != json.Valid(text) {
			t.Fatalf("%q is JSON: %v", text, ok)
		}
		if !ok {
			if string(out) != "before" {
				t.Errorf("%q left %q", text, out)
			}
			return
		}
		out = out[len("before"):]
		want, err := decode(text)
		got, errGot := decode(out)
		if err != nil || errGot != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q became %q: %v, want %v (%v, %v)", text, out, got, want, err, errGot)
		}
		if kindOf(want) != kind {
			t.Errorf("%q is of kind %d, want %d", text, kind, kindOf(want))
		}
		again, _, ok := Append(nil, out)
		if !ok || string(again) != string(out) {
			t.Errorf("%q became %q, then %q", text, out, again)
		}
		if bytes.Contains(out, []byte(`\ud`)) {
			return // the libraries have no way to keep half of a pair
		}
		// It is also what the library makes of the text, which has the same rules.
		if library, err := jsontext.AppendFormat(nil, text, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil ||
			string(library) != string(out) {
			t.Errorf("%q became %q, of the library %q (%v)", text, out, library, err)
		}
		if s, isString := want.(string); isString && string(AppendString(nil, s)) != string(out) {
			t.Errorf("%q became %q: another spelling than that of a string pushed", text, out)
		}
	})
}

// kindOf is the kind that Append should find.
func kindOf(v any) Kind {
	switch v := v.(type) {
	case nil:
		return Null
	case string:
		return String
	case json.Number:
		return Number
	case bool:
		return Boolean
	case []any:
		for _, element := range v {
			if _, ok := element.(string); !ok {
				return Array
			}
		}
		return Strings
	}
	return Object
}

// decode returns the value of JSON text as another decoder reads it.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

func TestDeepJSON(t *testing.T) {
	deep := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if _, _, ok := Append(nil, deep(MaxDepth)); !ok {
		t.Error("what encoding/json takes is refused")
	}
	if _, _, ok := Append(nil, deep(MaxDepth+1)); ok || json.Valid(deep(MaxDepth+1)) {
		t.Error("what encoding/json refuses is taken")
	}
}

// A page's text is written with every digit, in the order of the text.
func TestAppendKeeps(t *testing.T) {
	for _, text := range []string{
		`{"b":12345678901234567890123,"a":0.10,"b":1E+400}`, `-0.0`, `[1e5,1.50]`,
	} {
		if out, _, ok := Append(nil, []byte(text)); !ok || string(out) != text {
			t.Errorf("%s became %q", text, out)
		}
	}
}

func TestWriter(t *testing.T) {
	w := Writer{Buf: []byte("before")}
	w.Object()
	w.Name("a")
	w.Array()
	w.Item()
	w.String("\"\n")
	w.Item()
	w.Number(0.1)
	w.Item()
	w.Object()
	w.EndObject()
	w.Item()
	w.Null()
	w.EndArray()
	mark := w.Name("none")
	w.Back(mark)
	w.Name("t")
	w.Boolean(true)
	w.Name("text")
	if !w.Text([]byte(` { "x" : [ ] } `)) || w.Text([]byte(`{"x"`)) {
		t.Error("text is taken that is no JSON, or the other way round")
	}
	w.EndObject()
	if want := `before{"a":["\"\n",0.1,{},null],"t":true,"text":{"x":[]}}`; string(w.Buf) != want {
		t.Errorf("%s, want %s", w.Buf, want)
	}
}

var texts = map[string][]byte{
	"date": []byte(`"2024-01-02T03:04:05.000Z"`),
	"object": []byte(`{"references":[{"extref_typename":"CVE","extref_value":"CVE-2021-44228"},` +
		`{"extref_typename":"BID","extref_value":"12345"}],"n":1.5,"d":"Zürich \"a\" \u00e9"}`),
}

// BenchmarkAppend measures it beside the library's function for the same.
func BenchmarkAppend(b *testing.B) {
	for name, text := range texts {
		ways := map[string]func(dst []byte) []byte{
			"own": func(dst []byte) []byte { out, _, _ := Append(dst, text); return out },
			"jsontext": func(dst []byte) []byte {
				out, err := jsontext.AppendFormat(dst, text, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
				if err != nil {
					b.Fatal(err)
				}
				return out
			},
		}
		for way, f := range ways {
			b.Run(name+"/"+way, func(b *testing.B) {
				b.ReportAllocs()
				var dst []byte
				for b.Loop() {
					dst = f(dst[:0])
				}
			})
		}
	}
}
