package dates

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a part of a text is.
type kind byte

const (
	end kind = iota
	number
	word
	space
	// symbol is one of : - + . ( ), in text.
	symbol
	other
)

// token is a part of a text: a run of digits, a word, or one character.
type token struct {
	kind kind
	text string
	// n is the value of a number, of which the first nine digits count.
	n int
}

func (t token) is(s string) bool { return t.kind == symbol && t.text == s }

// sign is +1 or -1 of a sign, 0 of everything else.
func (t token) sign() int {
	switch {
	case t.is("+"):
		return 1
	case t.is("-"):
		return -1
	}
	return 0
}

// digits tells whether it is a number of so many digits.
func (t token) digits(n int) bool { return t.kind == number && len(t.text) == n }

func (t token) isWord(lower string) bool { return t.kind == word && strings.EqualFold(t.text, lower) }

// tokens cuts a text into its parts.
type tokens struct {
	rest string
	// token is the one to be looked at, which next goes past.
	token token
}

// next goes to the next token, and returns the one before.
func (t *tokens) next() token {
	before := t.token
	t.token = t.read()
	return before
}

// skip goes past a symbol when it is the next token.
func (t *tokens) skip(s string) bool {
	if !t.token.is(s) {
		return false
	}
	t.next()
	return true
}

func (t *tokens) read() token {
	if t.rest == "" {
		return token{}
	}
	r, size := utf8.DecodeRuneInString(t.rest)
	switch {
	case isDigit(t.rest[0]):
		text := t.take(func(r rune) bool { return r >= '0' && r <= '9' })
		significant := strings.TrimLeft(text, "0")
		return token{number, text, digits(significant[:min(len(significant), 9)])}
	case isLetter(r):
		return token{kind: word, text: t.take(isLetter)}
	case isSpace(r):
		return token{kind: space, text: t.cut(size)}
	case strings.ContainsRune(":-+.()", r):
		return token{kind: symbol, text: t.cut(size)}
	}
	return token{kind: other, text: t.cut(size)}
}

// take cuts off what is of a kind.
func (t *tokens) take(of func(rune) bool) string {
	n := strings.IndexFunc(t.rest, func(r rune) bool { return !of(r) })
	if n < 0 {
		n = len(t.rest)
	}
	return t.cut(n)
}

func (t *tokens) cut(n int) string {
	text := t.rest[:n]
	t.rest = t.rest[n:]
	return text
}

// isLetter tells whether a character is part of a word: everything from A on that is no space.
func isLetter(r rune) bool { return r >= 'A' && !isSpace(r) }

func isSpace(r rune) bool { return unicode.IsSpace(r) && r != '\u0085' || r == '\uFEFF' }

// parentheses goes past a remark in parentheses, of which the first was read already.
func (t *tokens) parentheses() {
	for depth := 1; depth > 0 && t.token.kind != end; {
		switch before := t.next(); {
		case before.is("("):
			depth++
		case before.is(")"):
			depth--
		}
	}
}
