package settings

import (
	"regexp"
	"strings"
	"testing"
)

func TestCheckLanguage(t *testing.T) {
	for text, want := range map[string]string{
		`{}`: "", `{"connection": {}, "configuration": {"a": 1}}`: "", `{"other": 1}`: "",
		`[]`:                       "the file must contain an object",
		`1`:                        "the file must contain an object",
		`{`:                        "lang.json",
		`{"connection": []}`:       "connection must be an object",
		`{"configuration": "x"}`:   "configuration must be an object",
		"{\"connection\": null\n}": "connection must be an object",
		strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000): "nested too deeply",
		`{"connection":{}} {"a": {}}`:                           "lang.json",
	} {
		err := CheckLanguage("lang.json", []byte(text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v", text, err)
		}
	}
}

// Names of settings become variables of the environment and flags.
func TestValidName(t *testing.T) {
	for name, want := range map[string]bool{
		"": false, "a": true, "z": true, "A": true, "Z": true, "a0": true, "a9": true, "0a": false, "_a": false, "-a": false, "a_b": true, "a-b": true,
		"a.b": false, "a/": false, "a:": false, "a@": false, "a[": false, "a`": false, "a{": false, "ä": false, "a b": false,
	} {
		if validName(name) != want {
			t.Errorf("%q", name)
		}
	}
}

// A text that is made up for a pattern matches it.
func TestMatching(t *testing.T) {
	for _, pattern := range []string{
		`abc`, `a+b`, `[0-9]{3}`, `[\x00-\x1f!]`, `[!-#]x`, `(a|b)c`, `^https://[^/]+\.example$`, `x{2,5}`, `.y`, `[A-Z][a-z]`, `(?:[0-9]{1,3}\.){3}[0-9]+`,
	} {
		text, ok := matching(pattern)
		if !ok || !regexp.MustCompile("^(?:"+pattern+")$").MatchString(text) {
			t.Errorf("%s: %q, %t", pattern, text, ok)
		}
	}
	for _, pattern := range []string{`[^\x00-\x{10FFFF}]`, `a[^\x00-\x{10FFFF}]b`, `[\x00-\x08]`, `x{900}y{900}`} {
		if text, ok := matching(pattern); ok && !regexp.MustCompile("^(?:"+pattern+")$").MatchString(text) {
			t.Errorf("%s: %q", pattern, text)
		}
	}
}
