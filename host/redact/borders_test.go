package redact

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata/borders.txt")

// Where a secret counts: an alone one (of up to three characters), a word, a number, a word that is
// long enough for a segment of a path, and one that counts anywhere. In the lines of the file,
// A, W, N, L and X stand for them; what follows the arrow is what is left of the line.
func TestBorders(t *testing.T) {
	secrets := map[string]string{"A": "abc", "W": "planet", "N": "4711", "L": "longersecret", "X": "k3y-of/9z!"}
	r := New("abc", "planet", "4711", "longersecret", "k3y-of/9z!")
	path := filepath.Join("testdata", "borders.txt")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for line := range strings.Lines(string(file)) {
		line = strings.TrimRight(line, "\n")
		text, want, _ := strings.Cut(line, "  →  ")
		if text == "" || strings.HasPrefix(text, "#") {
			out.WriteString(line + "\n")
			continue
		}
		full := text
		for short, secret := range secrets {
			full = strings.ReplaceAll(full, "‹"+short+"›", secret)
		}
		got := r.String(strings.ReplaceAll(full, "⏎", "\n"))
		got = strings.ReplaceAll(got, "\n", "⏎")
		for short, secret := range secrets {
			got = strings.ReplaceAll(got, secret, "‹"+short+"›")
		}
		got = strings.ReplaceAll(got, Marker, "■")
		if got == text {
			got = "the same"
		}
		out.WriteString(text + "  →  " + got + "\n")
		if !*update && got != want {
			t.Errorf("%s\n gives %s\n  want %s", text, got, want)
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKindOf(t *testing.T) {
	for secret, want := range map[string]kind{
		"": alone, "abc": alone, "äöü": alone, "abcd": word, "äöüß": word, "1234": word,
		"fifteenlettersx": word, "sixteenlettersxy": anywhere, "sechzehnlangeäöü": anywhere, "fünfzehnlangeäö": word,
		"a!cd": anywhere, "a+cd": anywhere, "a_cd": word, "a-c.d": word, "a,b c:d@": anywhere, "a c d": word,
		"ab1cd": word, "ab1cde": anywhere, "abcde1": word, "1abcde": anywhere, "12345a": anywhere, "123456": word,
		"aBcDeF": anywhere, "aBcDeff": word, "aBcDeFgH": anywhere, "AbCdEfG": anywhere, "ABCDEFG": word, "AbCdEf": word,
		"ab/cde": anywhere, "ab:cde": anywhere, "ab@cde": anywhere, "ab,cde": anywhere, "ab.cde": word, "1/2345": word, "1:2345": word,
		"a/bcd": word,
	} {
		if got := kindOf(secret); got != want {
			t.Errorf("%q: %d instead of %d", secret, got, want)
		}
	}
}

func TestUnescape(t *testing.T) {
	for _, c := range []struct {
		text, want string
		size       int
	}{
		{"", "", 0}, {"x", "", 0}, {"+x", " ", 1}, {"%41", "A", 3}, {"%4", "", 0}, {"%", "", 0}, {"%g1", "", 0}, {"%4g", "", 0}, {"%/1", "", 0},
		{"%:1", "", 0}, {"%aF", "\xaf", 3}, {"%Fa", "\xfa", 3}, {"%`0", "", 0}, {"%@0", "", 0}, {"%G0", "", 0}, {"%09", "\t", 3}, {"%90", "\x90", 3},
		{`\`, "", 0}, {`\"x`, `"`, 2}, {`\\`, `\`, 2}, {`\/`, "/", 2}, {`\b`, "\b", 2}, {`\f`, "\f", 2}, {`\n`, "\n", 2}, {`\r`, "\r", 2}, {`\t`, "\t", 2},
		{`\a`, "", 0}, {`\u0041x`, "A", 6}, {`\u004`, "", 0}, {`\u00e4`, "ä", 6}, {`\u20AC`, "€", 6}, {`\uD83D\uDE00`, "😀", 12}, {`\uD83D\uDE00x`, "😀", 12},
		{`\uD83D`, "", 0}, {`\uD83D\uDE0`, "", 0}, {`\uD83Dx12345`, "", 0}, {`\uD83D\x1234`, "", 0}, {`\uD83Dxu1234`, "", 0}, {`\uD83D\uDE0g`, "", 0},
		{`\uD83D\u0041`, "\uFFFD", 12}, {`\u00g1`, "", 0}, {`\ug001`, "", 0}, {`\u`, "", 0},
	} {
		d := unescape(c.text)
		if d.size != c.size || c.size > 0 && d.String() != c.want {
			t.Errorf("%q: %q, %d", c.text, d.String(), d.size)
		}
	}
	for _, c := range []struct {
		text, want string
		size       int
	}{
		{"%252F", "/", 5}, {"%2541x", "A", 5}, {`\\\"`, `"`, 4}, {"%5C%22", `"`, 6}, {"%2%46", "/", 5}, {`\u005cn`, "\n", 7}, {"%5Cu0041", "A", 8}, {"%25", "", 0},
		{`%5CuD83D%5CuDE00`, "😀", 16}, {`\u005cuD83D\u005cuDE00`, "😀", 22}, {"%2B", " ", 3}, {"x", "", 0}, {"", "", 0},
	} {
		d := unescapeTwice(c.text)
		if d.size != c.size || c.size > 0 && d.String() != c.want {
			t.Errorf("twice %q: %q, %d", c.text, d.String(), d.size)
		}
	}
}

func TestNeighbours(t *testing.T) {
	for _, c := range []struct {
		text         string
		at           int
		before       rune
		left         int
		after        rune
		right        int
		name, number bool
	}{
		{"", 0, 0, 0, 0, 0, false, false},
		{"äb", 2, 'ä', 0, 'b', 3, false, false},
		{"%22b", 3, '"', 0, 'b', 4, false, false},
		{`\"b`, 2, '"', 0, 'b', 3, false, false},
		{`\\"b`, 3, '"', 2, 'b', 4, false, false}, // an escaped backslash and a quote
		{`\\\"b`, 4, '"', 2, 'b', 5, false, false},
		{`\u0022b`, 6, '"', 0, 'b', 7, false, false},
		{`+22b`, 3, '2', 2, 'b', 4, false, false},
		{`xx+b`, 3, '+', 2, 'b', 4, false, false},
		{`a%22`, 1, 'a', 0, '"', 4, false, false},
		{`a\"`, 1, 'a', 0, '"', 3, false, false},
		{`a%2`, 1, 'a', 0, '%', 2, false, false},
		{`a+b`, 1, 'a', 0, '+', 2, false, false},
		{`aé`, 1, 'a', 0, 'é', 3, false, false},
	} {
		before, left := runeBefore(c.text, c.at)
		after, right := runeAfter(c.text, c.at)
		if before != c.before || left != c.left || after != c.after || right != c.right {
			t.Errorf("%q at %d: %q %d, %q %d", c.text, c.at, before, left, after, right)
		}
	}
	for text, want := range map[string]bool{``: false, `\`: true, `\\`: false, `x\\\`: true, `\x`: false, `\\\\`: false} {
		if odd(text) != want {
			t.Errorf("odd %q", text)
		}
	}
	for r, want := range map[rune]bool{'_': true, 'a': true, 'ß': true, '9': true, '\u0301': true, '-': false, '`': false, 0: false, '^': false} {
		if isWord(r) != want {
			t.Errorf("word %q", r)
		}
	}
	for r, want := range map[rune]bool{'"': true, '\'': true, '`': true, 'a': false, '#': false, '(': false, '!': false} {
		if isQuote(r) != want {
			t.Errorf("quote %q", r)
		}
	}
	for text, want := range map[string]bool{"": false, "0": true, "19": true, "1a": false, "a1": false, "-1": false} {
		if isNumber(text) != want {
			t.Errorf("number %q", text)
		}
	}
}

func TestParts(t *testing.T) {
	line1, line2 := "MIIEvQIBADANBgkq", "hkiG9w0BAQEFAASC" // of minLine characters
	for _, c := range []struct {
		secret string
		want   []string
	}{
		{"", nil}, {" \n", nil}, {Marker, nil}, {" " + Marker + " ", nil}, {"x", []string{"x"}}, {"x\n", []string{"x", "x\n"}},
		{"-----BEGIN KEY-----\n" + line1 + "\n " + line2 + " \nshortline\n-----END KEY-----",
			[]string{"-----BEGIN KEY-----\n" + line1 + "\n " + line2 + " \nshortline\n-----END KEY-----", line1, line2,
				"-----BEGIN KEY-----\n" + line1 + "\n " + line2 + " \nshortline\n-----END KEY-----"}},
		{`a\n` + line1, []string{`a\n` + line1, line1, "a\n" + line1}},
		{"sv=2024&sig=abcdefghijklmnopqrst%3D&x=short", []string{"sv=2024&sig=abcdefghijklmnopqrst%3D&x=short", "abcdefghijklmnopqrst="}},
		{"?sv=2024&sig=abcdefghijklmnopqrst", []string{"?sv=2024&sig=abcdefghijklmnopqrst", "abcdefghijklmnopqrst"}},
		{"sig=abcdefghijklmnopqrst", []string{"sig=abcdefghijklmnopqrst"}},
		{"a&sig=abcdefghijklmnopqrst", []string{"a&sig=abcdefghijklmnopqrst"}},
		{"a=1&sig=abcdefghijklmnop%zz", []string{"a=1&sig=abcdefghijklmnop%zz"}},
	} {
		got := parts(c.secret)
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%q: %q", c.secret, got)
		}
	}
	for text, want := range map[string]bool{
		"": false, "a=1": true, "a=1&b=": true, "a": false, "=1": false, "a=1&b": false, "a=1&=2": false, "a= 1": false, `a="`: false, "a=<": false, "a={}": false,
		"a=1\n": false,
	} {
		if isForm(text) != want {
			t.Errorf("form %q", text)
		}
	}
}

// A text that is taken for JSON keeps being it.
func TestJSONOrNot(t *testing.T) {
	r := New("abc", "123456", "12345", "-1234567", "k3y-of/9z!", "planet")
	for text, want := range map[string]string{
		`{"a":"abc"}`: `{"a":"[redacted]"}`, `["abc"]`: `["[redacted]"]`, `"abc"`: `"[redacted]"`, ` {"a": "abc"}`: ` {"a": "[redacted]"}`,
		"\n[ \"abc\" ]": "\n[ \"[redacted]\" ]", `{"a":123456}`: `{"a":"[redacted]"}`, `{"a":12345}`: `{"a":12345}`, `[1234567,123456]`: `[1234567,"[redacted]"]`,
		`[-1234567]`: `["[redacted]"]`, `[123456]`: `["[redacted]"]`, `[123456.5]`: `[123456.5]`, `[123456e1]`: `[123456e1]`,
		`{"planet":"planet"}`: `{"planet":"[redacted]"}`, "{\"planet\" \t\r\n:\"x\"}": "{\"planet\" \t\r\n:\"x\"}", `{"k3y-of/9z!":1}`: `{"[redacted]":1}`,
		`{"a":"\u0061bc"}`: `{"a":"[redacted]"}`, `{"a":"xabc"}`: `{"a":"xabc"}`, `{"a":"k3y-of\/9z!"}`: `{"a":"[redacted]"}`,
		`{"Authorization":"Bearer xyz"}`:              `{"Authorization":"Bearer [redacted]"}`,
		`{"Proxy-Authorization":"Bearer xyz"}`:        `{"Proxy-Authorization":"Bearer [redacted]"}`,
		`{"note on authorization here":"Bearer xyz"}`: `{"note on authorization here":"Bearer xyz"}`,
		`{"url":"https://u:pw@h/"}`:                   `{"url":"https://u:[redacted]@h/"}`,
		`{"a":"the planet is"}`:                       `{"a":"the [redacted] is"}`,
		`{"a":1,"b":{"c":["planet",{"d":"planet"}]}}`: `{"a":1,"b":{"c":["[redacted]",{"d":"[redacted]"}]}}`,
		`{"a":"abc"`: `{"a":"[redacted]"`,
		`[`:          `[`,
		`{}`:         `{}`,
		"":           "",
		`123456`:     `[redacted]`,
	} {
		if got := string(r.JSON([]byte(text))); got != want {
			t.Errorf("JSON %s: %s instead of %s", text, got, want)
		}
		if got := r.String(text); got != want {
			t.Errorf("String %s: %s instead of %s", text, got, want)
		}
	}
	if got := string(r.JSON([]byte(`{"n":"planet","m":"planet","o":"k3y-of/9z!"}`), "n", "o")); got != `{"n":"planet","m":"[redacted]","o":"[redacted]"}` {
		t.Error(got)
	}
	var none *Redactor
	if got := string(none.JSON([]byte(`{"url":"https://u:pw@h/"}`))); got != `{"url":"https://u:[redacted]@h/"}` {
		t.Error(got)
	}
}

// A redactor that is nil, or knows nothing, or is told of words that are public.
func TestRedactor(t *testing.T) {
	var none *Redactor
	if none.Name("x") != "x" || none.Known() != 0 || string(none.Traffic([]byte("x"))) != "x" || none.String("x") != "x" || none.Finds([]byte("x")) {
		t.Error("nil")
	}
	r := New("planet", "planet", " planet ", "k3y-of/9z!", "")
	if r.Known() != 3 {
		t.Error(r.Known())
	}
	if got := r.Name("planet k3y-of/9z!"); got != "planet [redacted]" {
		t.Error(got)
	}
	r.Public("planet")
	r.Public("other")
	for text, want := range map[string][2]string{
		"the planet is":      {"the planet is", "the [redacted] is"},
		"the k3y-of/9z! is":  {"the [redacted] is", "the [redacted] is"},
		`{"a":"planet"}`:     {`{"a":"[redacted]"}`, `{"a":"[redacted]"}`},
		"nothing of concern": {"nothing of concern", "nothing of concern"},
	} {
		if got := r.String(text); got != want[0] {
			t.Errorf("%s: %s", text, got)
		}
		if got := string(r.Traffic([]byte(text))); got != want[1] {
			t.Errorf("traffic %s: %s", text, got)
		}
		if r.Finds([]byte(text)) != (want[0] != text) {
			t.Errorf("finds %s", text)
		}
	}
	basic := &Redactor{}
	basic.AddBasic("u", " ")
	basic.AddBasic("u", "p")
	basic.AddBasic("me", "q")
	if basic.Known() != 3 || basic.String("see me:q now") != "see [redacted] now" {
		t.Error(basic.Known(), basic.String("see me:q now"))
	}
}
