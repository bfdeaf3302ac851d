package httpx

import (
	"os"
	"strings"
	"testing"
)

// Who writes rules has to know which headers carjs reads by itself.
func TestWaitHeadersAreDocumented(t *testing.T) {
	for _, name := range []string{"../../docs/http.md", "../../typings/http.d.ts"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		words := map[string]bool{}
		for word := range strings.FieldsFuncSeq(strings.ToLower(string(text)), func(r rune) bool { return strings.ContainsRune(" \n,.:;`", r) }) {
			words[strings.ReplaceAll(word, "…", "*")] = true
		}
		for _, header := range waitHeaders() {
			want := strings.ToLower(header.name)
			before, _, pattern := strings.Cut(want, "*")
			if !words[want] && !(pattern && words[before]) {
				t.Errorf("%s does not name %s", name, header.name)
			}
		}
	}
}
