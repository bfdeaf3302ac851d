package redact

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind says where a text counts as the secret that it spells. A secret is hidden where it is a
// value; the word "user" in a name, a path or the name of a collection is none, whatever somebody's
// user name is.
type kind uint8

const (
	// alone: of one to three characters. Counts where it is the whole of a value.
	alone kind = iota + 1
	// word: what people and programs also use as a word, a name or a number. Counts between word
	// borders, where it is not the name of something.
	word
	// anywhere: looks like nothing but a secret. Counts in the middle of anything, also where a
	// data source uses it as a name: that it shows up there by accident is out of the question.
	anywhere
)

const (
	// minIrregular is the number of characters from which a mixture of letters, digits and signs is
	// a secret wherever it stands.
	minIrregular = 6
	// minLong is the same for texts that might be words.
	minLong = 16
	// minNumber is the number of digits from which a JSON number can be a secret. With fewer it is
	// more likely a count, an id or a port.
	minNumber = 6
	// minSegment is the number of characters from which a word is hidden as a segment of a path:
	// tokens stand in the URLs of web hooks.
	minSegment = 10
)

// kindOf tells where a secret counts.
func kindOf(secret string) kind {
	n := utf8.RuneCountInString(secret)
	switch {
	case n < MinLength:
		return alone
	case n >= minLong, strings.ContainsFunc(secret, isSign), n >= minIrregular && irregular(secret):
		return anywhere
	}
	return word
}

// isSign tells a character that is in no name, path, address, number or time.
func isSign(r rune) bool {
	return !isWord(r) && !strings.ContainsRune("-./:@, ", r)
}

// irregular tells a secret from words and names: it has letters and, among them, the signs of paths
// and addresses, or digits that a letter follows; or its letters change their case again and again.
func irregular(s string) bool {
	letters, inside, humps := false, false, 0
	before := ' '
	for _, r := range s {
		letters = letters || unicode.IsLetter(r)
		inside = inside || unicode.IsLetter(r) && unicode.IsDigit(before)
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			humps++
		}
		before = r
	}
	return letters && (strings.ContainsAny(s, "/:@,") || inside || humps >= 3)
}

// form is one spelling that is looked for.
type form struct {
	text string
	kind kind
	// code tells that it is the secret in base64 or hexadecimal.
	code bool
	// public tells that the secret is a word of which everybody knows that it is there.
	public bool
}

// formsOf returns the spellings of a secret: as it is, in upper and lower case, hexadecimal and in
// base64. Escapes are understood where they are met, and need no spelling of their own.
func formsOf(secret string, public bool) []form {
	k := kindOf(secret)
	spelt := []string{secret}
	if k != alone {
		spelt = append(spelt, strings.ToLower(secret), strings.ToUpper(secret))
	}
	var out []form
	for _, text := range spelt {
		out = append(out, form{text: text, kind: k, public: public})
	}
	if k == alone {
		return out
	}
	for _, code := range append(hexForms(secret), base64Forms(secret, k == anywhere)...) {
		out = append(out, form{text: code, kind: k, code: true})
	}
	return out
}
