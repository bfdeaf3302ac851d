package csv

import (
	"strings"
	"testing"

	"carjs/bindings/args/argstest"
)

// Whatever the bytes are, parse answers with rows or a failure, and rows that were read are read
// again from what stringify makes of them. A first row that is the line of a spreadsheet is not one.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "a;b\r\n\"x;\"\"y\";\r\n", "\ufeffa\n\n#\n", "a\n\"\"\n", "a\n1,2\n", "a\"b\n", "\"", ",\n,",
		" a ,\tb\n", "\"\ufeff\"", "\"\r\"\n", "a\xff",
		"a\r\"b\rc\"\r\"d\"e\r", "sep=;\ra;b\r", "#\"\r\"<html>\"\r", "\xff\xfea\x00\r\x00",
		"__proto__\n1\n", "a\r\n\"1\r\n2\"\r\n", "\"\r\r\n\"\"\r\n\"\r\n",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, data []byte, relaxed bool) {
		s := argstest.New(t, Module())
		s.Buffer("data", data)
		s.Set("options", map[string]any{"header": false, "relaxed": relaxed})
		if _, err := s.Eval(`csv.parse(data, { relaxed: options.relaxed })`); err != nil && !strings.HasPrefix(err.Error(), "Error: parse: ") {
			t.Fatalf("%q: %v", data, err)
		}
		first, err := s.Eval(`csv.parse(data, { ...options })`)
		if err != nil || strings.HasPrefix(strings.ToLower(first), `[["sep=`) {
			return
		}
		again, err := s.Eval(`csv.parse(csv.stringify(csv.parse(data, { ...options })), { ...options })`)
		if err != nil || again != first {
			t.Errorf("%q\nfirst %s\nagain %s, %v", data, first, again, err)
		}
	})
}
