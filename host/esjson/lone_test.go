package esjson

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unicode/utf8"
)

// Half of a surrogate pair is written as its escape, is the same when it is read again, and stays
// apart from every other one and from U+FFFD.
func TestLoneSurrogates(t *testing.T) {
	for text, want := range map[string]string{
		`"\ud800"`:                    `"\ud800"`,
		`"\uDFFFx"`:                   `"\udfffx"`,
		`"\ud83d\ude00"`:              `"😀"`,
		`"a\ude00\ud83d\ud83d\ude00"`: `"a\ude00\ud83d😀"`,
		`"\ufffd\ud7ff\ue000"`:        "\"\uFFFD\uD7FF\uE000\"",
		"\"\xed\xa0\x80\"":            "\"\uFFFD\uFFFD\uFFFD\"", // a text of a data source has no bytes for a half
		"\"\xed\xa0\x80\\ud800\"":     "\"\uFFFD\uFFFD\uFFFD\\ud800\"",
	} {
		out, _, ok := Append(nil, []byte(text))
		if !ok || string(out) != want {
			t.Errorf("%s is written as %s, want %s", text, out, want)
		}
		s := Scanner{Data: []byte(text)}
		raw, _, err := s.Quoted()
		if err != nil {
			t.Fatal(err)
		}
		if got := string(AppendString(nil, Unescape(raw))); got != want {
			t.Errorf("%s is %s as a string, want %s", text, got, want)
		}
	}
}

func TestUnits(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	kinds := []rune{'a', 'é', 0xD7FF, 0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xE000, 0xFFFD, '日'}
	for range 2000 {
		units := make([]uint16, random.IntN(6))
		for i := range units {
			units[i] = uint16(kinds[random.IntN(len(kinds))])
		}
		s := FromUnits(len(units), func(i int) uint16 { return units[i] })
		if got := Units(s); !slices.Equal(got, units) {
			t.Fatalf("%x became %q, then %x", units, s, got)
		}
		if HasLone(s) == utf8.ValidString(s) {
			t.Fatalf("%x is %q, and lone: %v", units, s, HasLone(s))
		}
	}
}
