package xml

import (
	"testing"

	"carjs/bindings/args/argstest"
)

func TestStringify(t *testing.T) {
	s := argstest.New(t, Module())
	for object, want := range map[string]string{
		`{ a: "x" }`: `<a>x</a>`,
		`{ a: "" }`:  `<a/>`,
		`{ a: {} }`:  `<a/>`,
		`{ a: { b: null, c: undefined, d: [] } }`:                                                       `<a><b/></a>`,
		`{ a: { b: [1, -0.5, 1e21, 10n, true], c: { "@d": 1, "@e": null, "@f": false, "#text": 7 } } }`: `<a><b>1</b><b>-0.5</b><b>1e+21</b><b>10</b><b>true</b><c d=\"1\" f=\"false\">7</c></a>`,
		`{ a: { b: new Date(1700000000123) } }`:                                                         `<a><b>2023-11-14T22:13:20.123Z</b></a>`,
		`{ a: { b: "1", "@c": "late" } }`:                                                               `<a c=\"late\"><b>1</b></a>`,
		`{ a: "<&>\"'\t\r\n" }`:                                                                         `<a>&lt;&amp;&gt;&#34;&#39;&#x9;&#xD;&#xA;</a>`,
		`{ a: { "@b": "<&>\"'\n" } }`:                                                                   `<a b=\"&lt;&amp;&gt;&#34;&#39;&#xA;\"/>`,
		`{ a: "\ud800 😀" }`:                                                                             `<a>� 😀</a>`,
		`{ "s:E": { "@xmlns:s": "u", "s:B": {} } }`:                                                     `<s:E xmlns:s=\"u\"><s:B/></s:E>`,
		`{ größe: { 名: 1 } }`:                                                                           `<größe><名>1</名></größe>`,
		`{ a: new (class { b = 1; get c() { return 2 } }) }`:                                            `<a><b>1</b></a>`,
		`{ a: { ["__proto__"]: "x" } }`:                                                                 `<a><__proto__>x</__proto__></a>`,
	} {
		s.Equal(`xml.stringify(`+object+`)`, `"`+want+`"`)
	}
	s.Equal(`xml.stringify({ a: 1 }, { declaration: true })`, `"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>1</a>"`)
	for expression, want := range map[string]string{
		`xml.stringify("x")`:                            "the document must be an object, not a text",
		`xml.stringify([])`:                             "the document must be an object, not an array",
		`xml.stringify({})`:                             "the document must have one property, the root element, not 0",
		`xml.stringify({ a: 1, b: 2 })`:                 "the document must have one property, the root element, not 2",
		`xml.stringify({ a: [1] })`:                     `the property "a" of the document cannot be the root element`,
		`xml.stringify({ a: undefined })`:               `the property "a" of the document cannot be the root element`,
		`xml.stringify({ "@a": 1 })`:                    `the property "@a" of the document cannot be the root element`,
		`xml.stringify({ "#text": 1 })`:                 `the property "#text" of the document cannot be the root element`,
		`xml.stringify({ a: { "b c": 1 } })`:            `in a/b c: "b c" is not a valid element name`,
		`xml.stringify({ a: { "100%": 1 } })`:           `in a/100%: "100%" is not a valid element name`,
		`xml.stringify({ a: { "": 1 } })`:               `in a/: "" is not a valid element name`,
		`xml.stringify({ a: { "x:y:z": 1 } })`:          `in a/x:y:z: "x:y:z" is not a valid element name`,
		`xml.stringify({ a: { "b><c": 1 } })`:           `in a/b><c: "b><c" is not a valid element name`,
		`xml.stringify({ a: { "@b=\"1\" c": 1 } })`:     `in a: "b=\"1\" c" is not a valid attribute name`,
		`xml.stringify({ a: { "@b": {} } })`:            "in a: must be a text, number, boolean or valid date, not an object",
		`xml.stringify({ a: { b: () => 1 } })`:          "in a/b: must be a text, number, boolean or valid date, not a function",
		`xml.stringify({ a: { b: NaN } })`:              "in a/b: must be a text, number, boolean or valid date, not a number",
		`xml.stringify({ a: { b: new Date(NaN) } })`:    "in a/b: must be a text, number, boolean or valid date, not a date",
		`xml.stringify({ a: { b: new Map() } })`:        "in a/b: must be a text, number, boolean or valid date, not an object",
		`xml.stringify({ a: { b: Symbol("x") } })`:      "in a/b: must be a text, number, boolean or valid date, not a symbol",
		`xml.stringify({ a: { b: [[1]] } })`:            `in a: "b" is an array of arrays, which XML cannot represent`,
		`xml.stringify({ a: { b: "\u0001" } })`:         "in a/b: XML does not allow the character U+0001",
		`xml.stringify({ a: { b: "\uffff" } })`:         "in a/b: XML does not allow the character U+FFFF",
		`xml.stringify({ a: 1 }, { declaration: "x" })`: "the option declaration must be true or false, not a text",
	} {
		s.Throws(expression, "TypeError: stringify: "+want)
	}
	if _, err := s.Eval(`(() => { const a = {}; a.a = a; xml.stringify({ a }) })()`); err == nil {
		t.Error("a circle is written")
	}
	s.Throws(`xml.stringify({ a: { get b() { throw new RangeError("mine") } } })`, "RangeError: mine")
}

func TestNames(t *testing.T) {
	for name, want := range map[string]bool{
		"a": true, "_": true, "a-b.c_1": true, "x:y": true, "é": true, "名前": true, "a·": true, "a\u0301": true, "\U00010000": true,
		"": false, "1a": false, "-a": false, ":": false, "a:": false, ":a": false, "a:1": false, "a b": false, "a/b": false,
		"×": false, "a×": false, "\u037e": false, "\u0301": false, "\ufffe": false, "a\xff": false, "😀": true,
	} {
		if got := isName(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
