package xml

import (
	"os"
	"strings"
	"testing"

	"carjs/bindings/args/argstest"
)

func TestExports(t *testing.T) {
	typings, err := os.ReadFile("../../typings/xml.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	argstest.New(t, Module()).Exports("xml", string(typings))
}

func TestParse(t *testing.T) {
	deep := strings.Repeat("<a>", maxDepth) + strings.Repeat("</a>", maxDepth)
	tests := []struct{ name, text, options, want string }{
		{"a text", `<name>web</name>`, "", `{"name":"web"}`},
		{"nothing", `<name/>`, "", `{"name":""}`},
		{"nothing in two tags", `<name></name>`, "", `{"name":""}`},
		{"an attribute", `<port proto="tcp"/>`, "", `{"port":{"@proto":"tcp"}}`},
		{"an attribute and text", `<port proto='tcp'> 80 </port>`, "", `{"port":{"@proto":"tcp","#text":"80"}}`},
		{"an element", `<host><name>web</name></host>`, "", `{"host":{"name":"web"}}`},
		{"several", `<host><port>80</port><port>443</port></host>`, "", `{"host":{"port":["80","443"]}}`},
		{"several apart", `<h><p>1</p><q>2</q><p>3</p></h>`, "", `{"h":{"p":["1","3"],"q":"2"}}`},
		{"white space", "<h>\n  <p>1</p>\n  <q> 2 </q>\n</h>\n", "", `{"h":{"p":"1","q":"2"}}`},
		{"white space kept", "<h>\n  <p>1</p>\n  <q> 2 </q>\n</h>\n", "{ trim: false }", `{"h":{"p":"1","q":" 2 "}}`},
		{"white space alone kept", `<h a="1"> </h>`, "{ trim: false }", `{"h":{"@a":"1","#text":" "}}`},
		{"text between elements", `<p>one <b>two</b> three</p>`, "", `{"p":{"#text":"one  three","b":"two"}}`},
		{"no array yet", `<h><p>1</p></h>`, `{ arrays: ["q"] }`, `{"h":{"p":"1"}}`},
		{"an array of one", `<h><p>1</p></h>`, `{ arrays: ["p"] }`, `{"h":{"p":["1"]}}`},
		{"an array by its way", `<r><h><p>1</p></h><i><p>2</p></i></r>`, `{ arrays: ["h/p"] }`, `{"r":{"h":{"p":["1"]},"i":{"p":"2"}}}`},
		{"an array from the root", `<p><p><p>1</p></p></p>`, `{ arrays: ["/p/p"] }`, `{"p":{"p":[{"p":"1"}]}}`},
		{"the root is no array", `<p>1</p>`, `{ arrays: ["p"] }`, `{"p":"1"}`},
		{"prefixes", `<s:e xmlns:s="u"><s:b s:x="1"/></s:e>`, "", `{"s:e":{"@xmlns:s":"u","s:b":{"@s:x":"1"}}}`},
		{
			"prefixes off", `<s:e xmlns:s="u" xmlns="v"><s:b s:x="1" x="2"/><b/></s:e>`,
			`{ prefixes: "strip", arrays: ["e/b"] }`, `{"e":{"b":[{"@x":"1"},""]}}`,
		},
		{"entities", `<a b="&lt;&quot;&#10;">&amp;&apos;&gt;&#65;&#x20AC;</a>`, "", `{"a":{"@b":"<\"\n","#text":"&'>A€"}}`},
		{"CDATA", `<a>1 <![CDATA[<b>&amp;]]> 2<!-- no --></a>`, "", `{"a":"1 <b>&amp; 2"}`},
		{"empty CDATA", `<a><![CDATA[]]></a>`, "", `{"a":""}`},
		{"line ends", "<a>1\r\n2\r3</a>", "", `{"a":"1\n2\n3"}`},
		{"around the root", "\ufeff<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x 'y'>]>\n<!-- c --><?pi x?><a/><!-- d -->\n", "", `{"a":""}`},
		{"a declaration that is none of the text's business", `<?xml version="1.0" encoding="UTF-16"?><a>ü</a>`, "", `{"a":"ü"}`},
		{"harmless names", `<__proto__ a="1"><__proto__>2</__proto__><constructor>3</constructor><toString/></__proto__>`, "",
			`{"__proto__":{"@a":"1","__proto__":"2","constructor":"3","toString":""}}`},
		{
			"many names", "<a>" + many("<%/>") + "</a>", `{ arrays: ["x9"] }`,
			`{"a":{` + strings.Replace(many(`"%":"",`), `"x9":""`, `"x9":[""]`, 1)[:len(many(`"%":"",`))+1] + `}}`,
		},
		{"many attributes", "<a " + many(`% = "" `) + "/>", "", `{"a":{` + strings.TrimSuffix(many(`"@%":"",`), ",") + `}}`},
		{"names of other scripts", `<größe 名="1"/>`, "", `{"größe":{"@名":"1"}}`},
		{"deep", deep, "", strings.Repeat(`{"a":`, maxDepth) + `""` + strings.Repeat(`}`, maxDepth)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := argstest.New(t, Module())
			s.Set("data", test.text)
			call := `xml.parse(data)`
			if test.options != "" {
				call = `xml.parse(data, ` + test.options + `)`
			}
			s.Equal(call, test.want)
		})
	}
}

// many repeats a pattern with the names x0 to x19.
func many(pattern string) string {
	var b strings.Builder
	for i := range 20 {
		b.WriteString(strings.ReplaceAll(pattern, "%", "x"+string("0123456789"[i%10])+strings.Repeat("_", i/10)))
	}
	return b.String()
}

func TestProtoIsData(t *testing.T) {
	s := argstest.New(t, Module())
	s.Equal(`(() => {
		const document = xml.parse("<r><__proto__><polluted>1</polluted></__proto__></r>");
		return [Object.getPrototypeOf(document.r) === Object.prototype, document.r.polluted === undefined, ({}).polluted === undefined, Object.keys(document.r)];
	})()`, `[true,true,true,["__proto__"]]`)
}

func TestEncodings(t *testing.T) {
	for name, data := range map[string]string{
		"UTF-8":               `<a>Zürich</a>`,
		"UTF-8, declared":     `<?xml version="1.0" encoding="utf-8"?><a>Zürich</a>`,
		"UTF-8, marked":       "\xef\xbb\xbf" + `<?xml version="1.0" encoding="iso-8859-1"?><a>Zürich</a>`,
		"ISO-8859-1":          `<?xml version="1.0" encoding="ISO-8859-1"?><a>Z` + "\xfc" + `rich</a>`,
		"windows-1252":        `<?xml version='1.0' encoding = 'windows-1252' standalone="yes"?><a>Z` + "\xfc" + `rich</a>`,
		"UTF-16, marked":      "\xff\xfe<\x00a\x00>\x00Z\x00\xfc\x00r\x00i\x00c\x00h\x00<\x00/\x00a\x00>\x00",
		"UTF-16, not marked":  "\x00<\x00a\x00>\x00Z\x00\xfc\x00r\x00i\x00c\x00h\x00<\x00/\x00a\x00>",
		"UTF-16, little ends": "<\x00a\x00>\x00Z\x00\xfc\x00r\x00i\x00c\x00h\x00<\x00/\x00a\x00>\x00",
	} {
		t.Run(name, func(t *testing.T) {
			s := argstest.New(t, Module())
			s.Buffer("data", []byte(data))
			s.Equal(`xml.parse(data)`, `{"a":"Zürich"}`)
			s.Equal(`xml.parse(new Uint8Array(data))`, `{"a":"Zürich"}`)
		})
	}
	s := argstest.New(t, Module())
	s.Buffer("data", []byte(`<?xml version="1.0" encoding="klingon"?><a/>`))
	s.Malformed(`xml.parse(data)`, `parse: the document names an unknown charset: "klingon"`)
	s.Buffer("data", []byte("<a>\n\xff</a>"))
	s.Malformed(`xml.parse(data)`, `parse: the document is not valid UTF-8: byte 0xFF at offset 4`)
	s.Equal(`xml.parse(data, { invalidBytes: "replace" })`, "{\"a\":\"\ufffd\"}")
	s.Buffer("wide", []byte("\xff\xfe<\x00a\x00/\x00>"))
	s.Malformed(`xml.parse(wide)`,
		`parse: the document is not valid UTF-16LE: byte 0x3E at offset 8 begins a character that is cut off at the end`)
}

// A page for people may be well-formed, and none of the elements that a connector wants is in it.
func TestPageForPeople(t *testing.T) {
	s := argstest.New(t, Module())
	s.Set("page", `<!DOCTYPE html><html><head><title>Sign in</title></head><body/></html>`)
	s.Buffer("bytes", []byte("\xef\xbb\xbf<HTML/>"))
	s.Malformed(`xml.parse(page)`, `parse: the document is an HTML page ("Sign in") and not the XML of a data source`)
	s.Malformed(`[...xml.records(page, "host")]`, `records: the document is an HTML page ("Sign in") and not the XML of a data source`)
	s.Malformed(`xml.parse(bytes)`, `parse: the document is an HTML page and not the XML of a data source`)
	s.Equal(`xml.parse(page, { html: true }).html.head.title`, `"Sign in"`)
	s.Equal(`xml.parse("<body><title>t</title></body>").body.title`, `"t"`)
	s.Malformed(`[...xml.records("", "host")]`, `records: not well-formed XML: there is no element at line 1, column 1`)
}

func TestMalformed(t *testing.T) {
	s := argstest.New(t, Module())
	for data, want := range map[string]string{
		``:                                `there is no element at line 1, column 1`,
		`<!-- only -->`:                   `there is no element at line 1, column 14`,
		`text`:                            `text outside the root element at line 1, column 5`,
		`<a/>text`:                        `text outside the root element at line 1, column 9`,
		`<a/><b/>`:                        `a second root element, <b> at line 1, column 9`,
		`<a>`:                             `the text ends inside <a> at line 1, column 4`,
		`</a>`:                            `</a> closes nothing at line 1, column 5`,
		"<a>\n <ü>\n ü</a>":               `<ü> is closed by </a> at line 3, column 7`,
		`<x:a></y:a>`:                     `<x:a> is closed by </y:a> at line 1, column 12`,
		`<a b="1" b="2"/>`:                `the attribute b occurs twice at line 1, column 17`,
		`<a b=1/>`:                        `unquoted or missing attribute value in element at line 1, column 7`,
		`<a>&nbsp;</a>`:                   `invalid character entity &nbsp; at line 1, column 10`,
		`<a>&#0;</a>`:                     `illegal character code U+0000 at line 1, column 8`,
		"<a>\x01</a>":                     `illegal character code U+0001 at line 1, column 5`,
		`<a>]]></a>`:                      `unescaped ]]> not in CDATA section at line 1, column 7`,
		`<a><![CDATA[</a>`:                `unexpected EOF in CDATA section at line 1, column 17`,
		`<a><b`:                           `unexpected EOF at line 1, column 6`,
		`<a><!DOCTYPE b></a>`:             `unexpected <!: not a comment, CDATA or a DOCTYPE before the root at line 1, column 16`,
		`<!ELEMENT a><a/>`:                `unexpected <!: not a comment, CDATA or a DOCTYPE before the root at line 1, column 13`,
		` <?xml version="1.0"?><a/>`:      `the declaration is not at the beginning at line 1, column 23`,
		`<?xml version="1.1"?><a/>`:       `unsupported version "1.1"; only version 1.0 is supported at line 1, column 22`,
		strings.Repeat("<a>", maxDepth+1): `elements nest too deeply at line 1, column 3004`,
		// Entities that a document declares are never resolved: neither files nor a billion laughs.
		`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`: `invalid character entity &x; at line 1, column 61`,
		`<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><a>&y;</a>`:    `invalid character entity &y; at line 1, column 58`,
		"<a " + many(`% = "" `) + `x3=""/>`:                                `the attribute x3 occurs twice at line 1, column 181`,
	} {
		s.Set("data", data)
		s.Malformed(`xml.parse(data)`, `parse: not well-formed XML: `+want)
		s.Malformed(`[...xml.records(data, "none")]`, `records: not well-formed XML: `+want)
	}
	for expression, want := range map[string]string{
		`xml.parse()`:                             "parse: XML must be a text or bytes (ArrayBuffer, typed array), not undefined",
		`xml.parse("<a/>", "x")`:                  "parse: options must be an object, not a text",
		`xml.parse("<a/>", { colour: 1 })`:        `parse: unknown option "colour"; expected one of arrays, prefixes, trim, html, invalidBytes`,
		`xml.parse("<a/>", { trim: 1 })`:          "parse: the option trim must be true or false, not a number",
		`xml.parse("<a/>", { arrays: "x" })`:      "parse: the option arrays must be an array of texts, not a text",
		`xml.parse("<a/>", { arrays: [5] })`:      "parse: the option arrays[0] must be a text, not a number",
		`xml.parse("<a/>", { arrays: ["a//b"] })`: `parse: "a//b" is not a path of elements, such as "host", "hosts/host" or, from the root, "/report/hosts/host"`,
		`xml.parse("<a/>", { prefixes: "drop" })`: `parse: the option prefixes must be "keep" or "strip", not "drop"`,
		`xml.records("<a/>")`:                     "records: the path must be a text, not undefined",
		`xml.records("<a/>", "")`:                 `records: "" is not a path of elements, such as "host", "hosts/host" or, from the root, "/report/hosts/host"`,
	} {
		s.Throws(expression, "TypeError: "+want)
	}
}

func TestRecords(t *testing.T) {
	s := argstest.New(t, Module())
	s.Set("data", `<r><hosts n="2"><host><name>a</name><host>inside</host></host><x><host>b</host></x><host port="1"/></hosts><host>c</host></r>`)
	for expression, want := range map[string]string{
		`[...xml.records(data, "host")]`:                                  `[{"name":"a","host":"inside"},"b",{"@port":"1"},"c"]`,
		`[...xml.records(data, "hosts/host")]`:                            `[{"name":"a","host":"inside"},{"@port":"1"}]`,
		`[...xml.records(data, "/r/host")]`:                               `["c"]`,
		`[...xml.records(data, "/host")]`:                                 `[]`,
		`[...xml.records(data, "host", { arrays: ["host", "name"] })][0]`: `{"name":["a"],"host":["inside"]}`,
		`[...xml.records("<a/>", "a")]`:                                   `[""]`,
		`[...xml.records("<s:a/>", "a", { prefixes: "strip" })]`:          `[""]`,
		// The walk ends where the script ends it, and does not begin anew.
		`(() => { const walk = xml.records(data, "host"); for (const host of walk) break; return [...walk] })()`:                  `[]`,
		`(() => { const walk = xml.records(data, "/r/host"); return [walk.next(), walk.next(), walk.next(), walk.return(5)] })()`: `[{"value":"c","done":false},{"done":true},{"done":true},{"value":5,"done":true}]`,
		// What comes before a fault is good.
		`(() => { const seen = []; const walk = xml.records("<r><a>1</a><a>2</a><a>3</b></r>", "a");
			try { for (const a of walk) seen.push(a) } catch (e) { seen.push(e.message) } seen.push(...walk); return seen })()`: `["1","2","records: not well-formed XML: <a> is closed by </b> at line 1, column 28"]`,
		`(() => { let sum = 0; for (const n of xml.records("<r>" + "<n>1</n>".repeat(20000) + "</r>", "n")) sum += Number(n); return sum })()`: `20000`,
	} {
		s.Equal(expression, want)
	}
}

func TestHelpers(t *testing.T) {
	s := argstest.New(t, Module())
	for expression, want := range map[string]string{
		`[undefined, null, "a", ["a", "b"], { b: 1 }, [], ""].map(xml.list)`:                                                                `[[],[],["a"],["a","b"],[{"b":1}],[],[""]]`,
		`[undefined, null, "a", { "#text": "b", "@c": "d" }, { "@c": "d" }, ["e", "f"], [{ "#text": "g" }], [], 5].map((v) => xml.text(v))`: `["","","a","b","","e","g","","5"]`,
	} {
		s.Equal(expression, want)
	}
	s.Throws(`xml.text(() => 1)`, "TypeError: text: the value must be an element of parse or records, not a function")
}
