package xml

import (
	"regexp"
	"strings"
	"testing"

	"carjs/bindings/args/argstest"
)

// colons is the error about a name that is one of XML, and none where there are prefixes.
var colons = regexp.MustCompile(`"[^"]*:[^"]*" is not a valid (element|attribute) name$`)

// Whatever the bytes are, parse answers with a tree or a failure; a tree that was read is read
// again from what stringify makes of it; and records finds the same as parse.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`<a/>`, `<a b="1">x<c/>y<c>z</c></a>`, "<a>\r\n \t<b> 1 </b></a>", `<s:a xmlns:s="u" s:b="&lt;&#10;"/>`, `<a><![CDATA[]]>]]&gt;</a>`,
		`<?xml version="1.0" encoding="ISO-8859-1"?><a>` + "\xfc</a>", "\xff\xfe<\x00a\x00/\x00>\x00", `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`,
		`<__proto__ __proto__="1"/>`, `<a`, `<a></b>`, `<größe>ü</größe>`, `<:a :1=""><a:-b/><:/></:a>`, "<a>\u00a0</a>", `<a b="1" b="2"/>`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := argstest.New(t, Module())
		s.Buffer("data", data)
		first, err := s.Eval(`xml.parse(data, { trim: false })`)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "Error: parse: ") {
				t.Fatalf("%q: %v", data, err)
			}
			return
		}
		again, err := s.Eval(`xml.parse(xml.stringify(xml.parse(data, { trim: false })), { trim: false })`)
		if err != nil && colons.MatchString(err.Error()) {
			return // stringify writes no names that namespaces forbid; parse reads them
		}
		if err != nil || again != first {
			t.Errorf("%q\nfirst %s\nagain %s, %v", data, first, again, err)
		}
		root, err := s.Eval(`(() => { const document = xml.parse(data), name = Object.keys(document)[0];
			return JSON.stringify([...xml.records(data, "/" + name)]) === JSON.stringify([document[name]]) })()`)
		if err != nil || root != "true" {
			t.Errorf("%q: records finds another root: %s, %v", data, root, err)
		}
	})
}
