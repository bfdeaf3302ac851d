package csv

import (
	"bytes"
	"strings"
	"testing"

	"carjs/bindings/args/argstest"
	"carjs/bindings/internal/charset"
)

// FuzzCharset reads tables in any encoding that their author names: the rows are those of the same
// text in UTF-8.
func FuzzCharset(f *testing.F) {
	for _, label := range []string{"latin1", "utf-16le", "utf-16be", "utf-32", "shift_jis",
		"gb18030", "iso-2022-jp", "windows-1253", "x", "utf-8"} {
		f.Add([]byte("a;b\n\xe4;\"\xff\"\n"), label, false)
		f.Add([]byte("\xff\xfea\x00,\x00b\x00\n\x001\x00,\x00\x3d\xd8\n\x00"), label, true)
	}
	f.Fuzz(func(t *testing.T, data []byte, label string, replace bool) {
		s := argstest.New(t, Module())
		s.Buffer("data", data)
		options := map[string]any{"charset": label, "header": false, "relaxed": true}
		if replace {
			options["invalidBytes"] = "replace"
		}
		s.Set("options", options)
		rows, err := s.Eval(`csv.parse(data, options)`)
		if label == "" {
			return
		}
		if _, unknown := charset.Lookup(label); unknown != nil {
			if err == nil || !strings.HasPrefix(err.Error(), "TypeError: ") {
				t.Errorf("the charset %q: %v", label, err)
			}
			return
		}
		text, broken := charset.Source{Label: label, Replace: replace}.Decode(data)
		if broken != nil {
			if err == nil {
				t.Errorf("%q in %q is %s, and %v", data, label, rows, broken)
			}
			return
		}
		if bytes.HasPrefix(text, []byte("\ufeff")) {
			return // a second mark, which a text would lose
		}
		s.Set("text", string(text))
		same, sameErr := s.Eval(`csv.parse(text, { header: false, relaxed: true })`)
		if (err == nil) != (sameErr == nil) || err == nil && same != rows {
			t.Errorf("%q in %q\nas bytes %s, %v\nas text %s, %v", data, label, rows, err, same, sameErr)
		}
	})
}
