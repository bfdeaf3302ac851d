package csv

import (
	"os"
	"testing"

	"carjs/bindings/args/argstest"
)

func TestExports(t *testing.T) {
	typings, err := os.ReadFile("../../typings/csv.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	argstest.New(t, Module()).Exports("csv", string(typings))
}

func TestParse(t *testing.T) {
	tests := []struct{ name, text, options, want string }{
		{"a header", "id,name\n1,web\n2,db\n", "", `[{"id":"1","name":"web"},{"id":"2","name":"db"}]`},
		{"no last line end", "id,name\r\n1,web", "", `[{"id":"1","name":"web"}]`},
		{"a header alone", "id,name\n", "", `[]`},
		{"nothing, and names given", "", `{ header: ["id"] }`, `[]`},
		{"carriage returns", "id,name\r1,web\r2,db\r", "", `[{"id":"1","name":"web"},{"id":"2","name":"db"}]`},
		{"carriage returns, no last one", "\ufeffid,name\r\"1\",\"web\"", "", `[{"id":"1","name":"web"}]`},
		{"all kinds of line ends", "id\r1\n2\r\n3\r\r\n4\n\r5", "", `[{"id":"1"},{"id":"2"},{"id":"3"},{"id":"4"},{"id":"5"}]`},
		{"carriage returns in quotes", "id,n\r\"a\rb\",\"c\"\"\rd\"\r", "", `[{"id":"a\rb","n":"c\"\rd"}]`},
		{"carriage returns, indented quotes", "id, n\r 1, \"a\rb\"\r", "{ trim: true }", `[{"id":"1","n":"a\rb"}]`},
		{"carriage returns, relaxed quotes", "id\r\"5\" x\ry\"\r6\"\r", "{ relaxed: true }", `[{"id":"5\" x\ry"},{"id":"6\""}]`},
		{"carriage returns and comments", "#\"\rid\r#\"\r1\r", `{ comment: "#" }`, `[{"id":"1"}]`},
		{"carriage returns and tabs", "id\tn\r1\t\"\r\"\r", `{ delimiter: "\t", trim: true }`, `[{"id":"1","n":""}]`},
		{"the line of a spreadsheet", "sep=,\nid,name\n1,a\n", "", `[{"id":"1","name":"a"}]`},
		{"the line of a spreadsheet names another", "\ufeffSEP=;\r\nid;name\r\n1;a,b\r\n", "", `[{"id":"1","name":"a,b"}]`},
		{"the line of a spreadsheet in quotes", "\"sep=\t\"\rid\tname\r1\ta\r", "", `[{"id":"1","name":"a"}]`},
		{"the line of a spreadsheet with an option", "sep=;\nid;name\n1;a\n", `{ delimiter: ";" }`, `[{"id":"1","name":"a"}]`},
		{"a column like that line", "sep=ab\n1\n", "", `[{"sep=ab":"1"}]`},
		{"a header alone", "Host Name\n", "", `[]`},
		{"a header alone that ends in a full stop", "Name, Address, Serial No.\n", "", `[]`},
		{"names from the option, a sentence", "The host of the lab.\n", `{ header: ["a"] }`, `[{"a":"The host of the lab."}]`},
		{"empty lines", "\n\nid\n\n1\n\n", "", `[{"id":"1"}]`},
		{"a mark", "\ufeffid,name\n1,web", "", `[{"id":"1","name":"web"}]`},
		{"a mark before a quote", "\ufeff\"id\",name\n1,web", "", `[{"id":"1","name":"web"}]`},
		{"no header", "1,web\n2,db\n", "{ header: false }", `[["1","web"],["2","db"]]`},
		{"names given", "1,web\n2,db\n", `{ header: ["id", "name"] }`, `[{"id":"1","name":"web"},{"id":"2","name":"db"}]`},
		{"quotes", "a,b\n\"x, \"\"y\"\"\",\"1\r\n2\"\n", "", `[{"a":"x, \"y\"","b":"1\r\n2"}]`},
		{"line ends in quotes", "a,b\r\n\"1\r\n2\r\n\",\"\r\n\"\r\n\"\"\"\r\n\",\"x\r\r\n\ny\"\r\n", "",
			`[{"a":"1\r\n2\r\n","b":"\r\n"},{"a":"\"\r\n","b":"x\r\r\n\ny"}]`},
		{"line ends in quotes, relaxed", "a\r\n5\" x\r\n\"1\r\n2\"\r\n", "{ relaxed: true }", `[{"a":"5\" x"},{"a":"1\r\n2"}]`},
		{"line ends in quotes, and comments", "#\"\r\na\r\n#\"\r\n\"1\r\n2\"\r\n", `{ comment: "#" }`, `[{"a":"1\r\n2"}]`},
		{"an empty field in quotes", "a\n\"\"\n", "", `[{"a":""}]`},
		{"semicolons", "a;b\n1,5;2\n", `{ delimiter: ";" }`, `[{"a":"1,5","b":"2"}]`},
		{"tabs", "a\tb\tc\n1\t\t 3\n", `{ delimiter: "\t", trim: true }`, `[{"a":"1","b":"","c":"3"}]`},
		{"a delimiter of two bytes", "a¦b\n1¦2\n", `{ delimiter: "¦" }`, `[{"a":"1","b":"2"}]`},
		{"comments", "# exported\na\n1\n#2\n", `{ comment: "#" }`, `[{"a":"1"}]`},
		{"no comments", "a\n#1\n", "", `[{"a":"#1"}]`},
		{"white space", "a , b\n 1 , \"2\" \n", "{ relaxed: true }", `[{"a ":" 1 "," b":" \"2\" "}]`},
		{"trimmed", "a , b\n 1 , \" 2 \"\n", "{ trim: true }", `[{"a":"1","b":"2"}]`},
		{"short and long", "a,b\n1\n1,2,3\n", "{ relaxed: true }", `[{"a":"1","b":""},{"a":"1","b":"2"}]`},
		{"short and long arrays", "a,b\n1\n1,2,3\n", "{ relaxed: true, header: false }", `[["a","b"],["1"],["1","2","3"]]`},
		{"quotes in fields", "a,b\n5\" disk,x\n", "{ relaxed: true }", `[{"a":"5\" disk","b":"x"}]`},
		{"a column without a name", "a,\n1,2\n", "", `[{"a":"1","":"2"}]`},
		{"harmless names", "__proto__,constructor\n1,2\n", "", `[{"__proto__":"1","constructor":"2"}]`},
		{"defaults spelt out", "a\n1\n", `{ header: true, delimiter: ",", comment: undefined, trim: false, relaxed: null }`, `[{"a":"1"}]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := argstest.New(t, Module())
			s.Set("data", test.text)
			s.Set("options", nil)
			if test.options != "" {
				s.Equal(`(globalThis.options = (`+test.options+`), 0)`, "0")
			}
			s.Equal(`csv.parse(data, options)`, test.want)
			s.Equal(`[...csv.records(data, options)]`, test.want)
			s.Buffer("data", []byte(test.text))
			s.Equal(`csv.parse(new Uint8Array(data), options)`, test.want)
		})
	}
	s := argstest.New(t, Module())
	s.Equal(`(() => { const [row] = csv.parse("__proto__\nx"); return [Object.getPrototypeOf(row) === Object.prototype, Object.keys(row)] })()`, `[true,["__proto__"]]`)
	s.Equal(`csv.parse("n\n" + "1\n".repeat(5000)).length`, "5000")
}

func TestEncodings(t *testing.T) {
	s := argstest.New(t, Module())
	s.Buffer("latin", []byte("stadt\nZ\xfcrich\n"))
	s.Equal(`csv.parse(latin, { charset: "windows-1252" })`, `[{"stadt":"Zürich"}]`)
	s.Malformed(`csv.parse(latin)`, "parse: the table is not valid UTF-8: byte 0xFC at offset 7; name its encoding in the option charset")
	s.Throws(`csv.parse(latin, { charset: "klingon" })`, `TypeError: parse: the option charset: there is no encoding "klingon"`)
	s.Equal(`csv.parse(latin, { invalidBytes: "replace" })`, "[{\"stadt\":\"Z\ufffdrich\"}]")
	s.Throws(`csv.parse(latin, { invalidBytes: "drop" })`, `TypeError: parse: the option invalidBytes must be "fail" or "replace", not "drop"`)
	s.Buffer("wide", []byte("\xff\xfea\x00\n\x00\xfc\x00"))
	s.Equal(`csv.parse(wide)`, `[{"a":"ü"}]`)
}

func TestMalformed(t *testing.T) {
	s := argstest.New(t, Module())
	for arguments, want := range map[string]string{
		`""`:                                 "the text is empty: it has no header",
		`"\ufeff\n\r\n"`:                     "the text is empty: it has no header",
		`"#\n", { comment: "#" }`:            "the text is empty: it has no header",
		`"sep=,\n"`:                          "the text is empty: it has no header",
		`"sep=;\na;b\n", { delimiter: "," }`: `the table says in line 1 that its delimiter is ';', and the option delimiter is ','`,
		`"Rate limit exceeded\n"`:            `it is a text and not CSV: "Rate limit exceeded"`,
		`"Sorry, the export has failed.", { trim: true }`: `it is a text and not CSV: "Sorry,the export has failed."`,
		`"a,b\r1,2\r3\r"`:   "the row in line 3 has 1 fields, not 2",
		`"sep=,\ra,b\r1\r"`: "the row in line 3 has 1 fields, not 2",
		`"<!DOCTYPE html>\n<title>Sign in</title>\n"`:             `the text is an HTML page ("Sign in") and not CSV`,
		`"<html><p>Gone</p>\n", { header: false, relaxed: true }`: `the text is an HTML page ("Gone") and not CSV`,
		`"<?xml version=\"1.0\"?><error/>", { relaxed: true }`:    "the text is XML and not CSV",
		`"a,b\n1,2\n3\n"`:               "the row in line 3 has 1 fields, not 2",
		`"a,b\n\n1,2,3\n"`:              "the row in line 3 has 3 fields, not 2",
		`"a,b\n\"1\n2\",3,4\n"`:         "the row in line 2 has 3 fields, not 2",
		`"1,2\n3\n", { header: false }`: "the row in line 2 has 1 fields, not 2",
		`"1,2\n", { header: ["a"] }`:    "the row in line 1 has 2 fields, not 1",
		`"a,b,a\n1,2,3\n"`:              `the header in line 1 has the name "a" twice`,
		`"a,a\n"`:                       `the header in line 1 has the name "a" twice`,
		`"a, a\n1,2", { trim: true }`:   `the header in line 1 has the name "a" twice`,
		`"a\n5\" disk\n"`:               "not CSV: a quote inside an unquoted field at line 2, column 2",
		`"a\n\"x\"y\n"`:                 "not CSV: a quote is missing or extra at line 2, column 3",
		`"a\n\"x\ny\n"`:                 "not CSV: a quote is missing or extra at line 3, column 3, in the row that begins at line 2",
	} {
		s.Malformed(`csv.parse(`+arguments+`)`, "parse: "+want)
		s.Malformed(`[...csv.records(`+arguments+`)]`, "records: "+want)
	}
	for expression, want := range map[string]string{
		`csv.parse()`:                           "CSV must be a text or bytes (ArrayBuffer, typed array), not undefined",
		`csv.parse("", { delimiter: ";;" })`:    `the option delimiter must be one character other than a quote or line end, not ";;"`,
		`csv.parse("", { delimiter: "\"" })`:    `the option delimiter must be one character other than a quote or line end, not "\""`,
		`csv.parse("", { delimiter: "" })`:      `the option delimiter must be one character`,
		`csv.parse("", { delimiter: 5 })`:       `the option delimiter must be a text, not a number`,
		`csv.parse("", { comment: "//" })`:      `the option comment must be one character other than a quote or line end, not "//"`,
		`csv.parse("", { comment: "," })`:       `the options comment and delimiter must differ`,
		`csv.parse("", { delimeter: ";" })`:     `unknown option "delimeter", did you mean "delimiter"?`,
		`csv.parse("", { header: "a" })`:        `the option header must be true or false, not a text`,
		`csv.parse("", { header: [] })`:         `the option header has no names`,
		`csv.parse("", { header: [1] })`:        `the option header[0] must be a text, not a number`,
		`csv.parse("", { header: ["a", "a"] })`: `the option header has the name "a" twice`,
	} {
		s.Throws(expression, "TypeError: parse: "+want)
	}
}

func TestRecords(t *testing.T) {
	s := argstest.New(t, Module())
	s.Equal(`(() => { const walk = csv.records("a\n1\n2\n3\n"); for (const row of walk) break; return [...walk] })()`, `[]`)
	s.Equal(`(() => { const seen = []; try { for (const row of csv.records("a\n1\n2,3\n")) seen.push(row.a) } catch (e) { seen.push(e.message) } return seen })()`,
		`["1","records: the row in line 3 has 2 fields, not 1"]`)
}

func TestStringify(t *testing.T) {
	s := argstest.New(t, Module())
	for arguments, want := range map[string]string{
		`[]`: ``,
		`[{ a: 1, b: "x" }, { b: true, c: null }]`:            `a,b,c\n1,x,\n,true,\n`,
		`[{ a: 1, b: 2 }], { columns: ["b", "x"] }`:           `b,x\n2,\n`,
		`[], { columns: ["a", "b"] }`:                         `a,b\n`,
		`[[1, "x"], [undefined, 2n]]`:                         `1,x\n,2\n`,
		`[[1, 2]], { columns: ["a", "b"] }`:                   `a,b\n1,2\n`,
		`[["a,b", "c\"d", "e\nf", "g\rh", " i", "j ", "#k"]]`: `\"a,b\",\"c\"\"d\",\"e\nf\",\"g\rh\",\" i\",\"j \",\"#k\"\n`,
		`[["a,b", "c;d"]], { delimiter: ";" }`:                `a,b;\"c;d\"\n`,
		`[[""], ["\ufeffx"]]`:                                 `\"\"\n\"` + "\ufeff" + `x\"\n`,
		`[[new Date(0)], [-0.5], [1e21]]`:                     `1970-01-01T00:00:00.000Z\n-0.5\n1e+21\n`,
		`[["<html>"], ["a<b"]]`:                               `\"<html>\"\na<b\n`,
		`[{ ["__proto__"]: "x" }]`:                            `__proto__\nx\n`,
	} {
		s.Equal(`csv.stringify(`+arguments+`)`, `"`+want+`"`)
	}
	for arguments, want := range map[string]string{
		``:                               "the rows must be an array, not undefined",
		`{}`:                             "the rows must be an array, not an object",
		`[5]`:                            "row 1 must be an object or an array, not a number",
		`[[1], null]`:                    "row 2 must be an object or an array, not null",
		`[[]]`:                           "row 1 has no fields, which CSV cannot represent",
		`[{}]`:                           "row 1 has no properties, which CSV cannot represent",
		`[[1]], { columns: ["a", "b"] }`: "row 1 has 1 fields, but there are 2 columns",
		`[{ a: 1, b: {} }]`:              "field 2 of row 1 must be a text, number, boolean or valid date, not an object",
		`[[NaN]]`:                        "field 1 of row 1 must be a text, number, boolean or valid date, not a number",
		`[[1]], { delimiter: "ab" }`:     `the option delimiter must be one character other than a quote or line end, not "ab"`,
		`[[1]], { columns: "a" }`:        "the option columns must be an array of texts, not a text",
	} {
		s.Throws(`csv.stringify(`+arguments+`)`, "TypeError: stringify: "+want)
	}
}
