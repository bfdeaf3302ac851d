package xml

import (
	"testing"

	"carjs/bindings/args/argstest"
)

// FuzzDeclared reads documents in the encoding that they declare or that their first bytes tell:
// records finds what parse finds, also where bytes are replaced that are invalid.
func FuzzDeclared(f *testing.F) {
	for _, encoding := range []string{"ISO-8859-1", "utf-16", "UTF-8", "shift_jis", "windows-1252", "x", "us-ascii", "gb18030"} {
		f.Add(encoding, []byte("<a b=\"\xfc\">\xe4\xff<c/></a>"), false)
		f.Add(encoding, []byte("<a>\x1b$B</a>"), true)
	}
	f.Add("", []byte("\xfe\xff\x00<\x00a\x00/\x00>"), false)
	f.Fuzz(func(t *testing.T, encoding string, data []byte, replace bool) {
		if encoding != "" {
			data = append([]byte(`<?xml version="1.0" encoding="`+encoding+`"?>`), data...)
		}
		s := argstest.New(t, Module())
		s.Buffer("data", data)
		options := map[string]any{}
		if replace {
			options["invalidBytes"] = "replace"
		}
		s.Set("options", options)
		whole, err := s.Eval(`xml.parse(data, options)`)
		if err != nil {
			return
		}
		found, err := s.Eval(`(() => { const name = Object.keys(xml.parse(data, options))[0]; return { [name]: [...xml.records(data, "/" + name, options)][0] } })()`)
		if err != nil || found != whole {
			t.Errorf("%q\nparse finds %s\nrecords %s, %v", data, whole, found, err)
		}
	})
}
