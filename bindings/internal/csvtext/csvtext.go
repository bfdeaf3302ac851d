// Package csvtext is what carjs/csv and the streamed tables of carjs/http say alike of a table: which
// characters may separate, which names a header may have, and what a mistake of encoding/csv is in
// words. It is small because reading itself differs: one has the whole text, the other what has
// arrived.
package csvtext

import (
	"encoding/csv"
	"errors"
	"fmt"
	"unicode/utf8"

	"carjs/bindings/args"
)

// Character is an option's text as a character that separates or begins something: one other than
// those with a meaning of their own.
func Character(option args.Arg, text string) rune {
	r, size := utf8.DecodeRuneInString(text)
	if text == "" || size != len(text) || r == utf8.RuneError || r == '"' || r == '\r' || r == '\n' || r == 0 {
		option.Misuse("must be one character other than a quote or line end, not %q", text)
	}
	return r
}

// NamesProblem says what is wrong with the names of columns, as in "the header …"; "" if nothing is.
func NamesProblem(names []string) string {
	if len(names) == 0 {
		return "has no names"
	}
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if seen[name] {
			return fmt.Sprintf("has the name %q twice", name)
		}
		seen[name] = true
	}
	return ""
}

// Problem says what a syntax error is, in words for someone who looks at the text.
func Problem(err *csv.ParseError) string {
	switch {
	case errors.Is(err, csv.ErrBareQuote):
		return "a quote inside an unquoted field"
	case errors.Is(err, csv.ErrQuote):
		return "a quote is missing or extra"
	}
	return err.Err.Error()
}
