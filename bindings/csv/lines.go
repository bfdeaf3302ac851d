package csv

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"carjs/bindings/args"
)

// separatorLine takes away the line "sep=;" with which spreadsheets begin a table to say what is
// between its fields, and returns the delimiter. The line stays as an empty one, so that lines keep
// their numbers.
func separatorLine(c *args.Call, text []byte, option args.Arg) (rest []byte, comma rune) {
	comma = delimiter(option)
	end := bytes.IndexAny(text[:min(len(text), len(`"sep=`)+utf8.UTFMax+2)], "\r\n")
	line := text[:max(end, 0)]
	if len(line) > 1 && line[0] == '"' && line[len(line)-1] == '"' {
		line = line[1 : len(line)-1]
	}
	if len(line) < len("sep=") || !bytes.EqualFold(line[:len("sep=")], []byte("sep=")) {
		return text, comma
	}
	said, size := utf8.DecodeRune(line[len("sep="):])
	if size == 0 || size != len(line)-len("sep=") || said == '"' || said == utf8.RuneError {
		return text, comma
	}
	if option.Given() && said != comma {
		c.Malformed(nil, "the table says in line 1 that its delimiter is %q, and the option delimiter is %q", said, comma)
	}
	return text[end:], said
}

// form is how a table is written, as far as it says where a line ends.
type form struct {
	comma, comment rune
	indented       bool // white space may be before a quote that begins a field
	relaxed        bool // quotes may be anywhere
}

// lines returns the text as encoding/csv has to get it to read every field as it is. A line that
// ends in a carriage return alone, as those of old spreadsheets do, ends in a line feed: for
// encoding/csv the carriage return is a character of a field, and so the whole table is its header.
// A line end of both inside of quotes gets a second carriage return, because encoding/csv takes one
// away.
func (f form) lines(text []byte) []byte {
	pairs := bytes.Count(text, []byte("\r\n"))
	if bytes.Count(text, []byte("\r")) == pairs && (pairs == 0 || !f.pairInQuotes(text)) {
		return text
	}
	w := walker{form: f, text: bytes.Clone(text)}
	for w.at < len(w.text) {
		w.line()
	}
	return w.whole()
}

// pairInQuotes tells whether a carriage return and a line feed may be inside of quotes. It goes from
// quote to quote, so that a large table without such a field is not walked field by field.
func (f form) pairInQuotes(text []byte) bool {
	if f.comment != 0 || f.relaxed {
		return bytes.IndexByte(text, '"') >= 0 // a quote need not begin or end a field there
	}
	for {
		begin := bytes.IndexByte(text, '"')
		if begin < 0 {
			return false
		}
		text = text[begin+1:]
		end := bytes.IndexByte(text, '"')
		if end < 0 {
			return false // the table is not CSV, as reading it tells
		}
		if bytes.Contains(text[:end], []byte("\r\n")) {
			return true
		}
		text = text[end+1:]
	}
}

// walker goes through a text field by field.
type walker struct {
	form
	text []byte
	at   int
	// pairs are the places of carriage returns inside of quotes that a line feed follows.
	pairs []int
}

// whole returns the text that was walked through, with a second carriage return at each of pairs.
func (w *walker) whole() []byte {
	if len(w.pairs) == 0 {
		return w.text
	}
	whole := make([]byte, 0, len(w.text)+len(w.pairs))
	from := 0
	for _, at := range w.pairs {
		whole = append(append(whole, w.text[from:at]...), '\r')
		from = at
	}
	return append(whole, w.text[from:]...)
}

// line steps over a line that begins outside of quotes.
func (w *walker) line() {
	if r, size := utf8.DecodeRune(w.text[w.at:]); size > 0 && r == w.comment && r != 0 {
		w.until(0)
		return
	}
	for w.field() {
	}
}

// field steps over a field and what ends it, and tells whether another one follows in the line.
func (w *walker) field() bool {
	for w.indented && w.at < len(w.text) {
		r, size := utf8.DecodeRune(w.text[w.at:])
		if !unicode.IsSpace(r) || r == '\r' || r == '\n' {
			break
		}
		w.at += size
	}
	if w.at < len(w.text) && w.text[w.at] == '"' {
		w.quoted()
	}
	return w.until(w.comma)
}

// quoted steps over a field in quotes. One quote that nothing but the end of a field follows closes
// it; any other is part of it in a relaxed table, and a mistake in others.
func (w *walker) quoted() {
	for w.at++; w.at < len(w.text); w.at++ {
		if w.text[w.at] != '"' {
			if bytes.HasPrefix(w.text[w.at:], []byte("\r\n")) {
				w.pairs = append(w.pairs, w.at)
			}
			continue
		}
		rest := w.text[w.at+1:]
		if r, size := utf8.DecodeRune(rest); size == 0 || r == w.comma || r == '\r' || r == '\n' {
			w.at++
			return
		}
		if rest[0] == '"' {
			w.at++
		}
	}
}

// until steps over the next delimiter, 0 for none, and tells whether it came before the end of the
// line, which it steps over otherwise.
func (w *walker) until(comma rune) bool {
	for w.at < len(w.text) {
		r, size := utf8.DecodeRune(w.text[w.at:])
		w.at += size
		switch {
		case r == comma && comma != 0:
			return true
		case r == '\r':
			if w.at < len(w.text) && w.text[w.at] == '\n' {
				w.at++
			} else {
				w.text[w.at-1] = '\n'
			}
			return false
		case r == '\n':
			return false
		}
	}
	return false
}
