package http

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"carjs/bindings/internal/charset"
)

// tableText is the text of a table, which must be UTF-8 and have rows that end.
type tableText struct {
	src io.Reader
	// mends says that lines may end in a carriage return alone: see lines.
	mends bool

	buf    []byte
	ready  []byte            // of buf or out
	rest   [utf8.UTFMax]byte // the beginning of a character, of tail bytes
	tail   int
	offset int64 // of what follows it
	row    int   // how much was read since the last row
	err    error // that comes behind ready

	out          []byte
	quoted, held bool // inside of quotes; behind a carriage return
}

// Read reads a part, and fails at a byte that is no text.
func (t *tableText) Read(p []byte) (int, error) {
	for len(t.ready) == 0 {
		if t.err != nil {
			return 0, t.err
		}
		t.fill()
	}
	n := copy(p, t.ready)
	t.ready = t.ready[n:]
	return n, nil
}

// fill reads the next part.
func (t *tableText) fill() {
	if t.row > maxRow {
		t.err = &packError{"a CSV file", fmt.Sprintf("has a row larger than the limit of %d MiB", maxRow>>20), nil}
		return
	}
	if t.buf == nil {
		t.buf = make([]byte, 64<<10)
	}
	copy(t.buf, t.rest[:t.tail])
	n, err := t.src.Read(t.buf[t.tail:])
	text, start := t.buf[:t.tail+n], t.offset-int64(t.tail)
	t.offset, t.row, t.err = t.offset+int64(n), t.row+n, err
	end := len(text)
	if err == nil {
		end -= partOfRune(text)
	}
	if !utf8.Valid(text[:end]) {
		end = charset.FirstInvalid(text[:end])
		t.err = &charset.InvalidError{Name: charset.UTF8, Offset: start + int64(end), Byte: text[end]}
	}
	t.ready, t.tail = t.lines(text[:end]), copy(t.rest[:], text[end:min(end+utf8.UTFMax, len(text))])
}

// partOfRune is how many bytes at the end of a text are the beginning of a character.
func partOfRune(text []byte) int {
	for i := 1; i < utf8.UTFMax && i <= len(text); i++ {
		if last := text[len(text)-i:]; utf8.RuneStart(last[0]) {
			if utf8.FullRune(last) {
				return 0
			}
			return i
		}
	}
	return 0
}

// lines is a part in which lines that end in a carriage return alone, as those of old spreadsheets,
// end in a line feed: for encoding/csv the carriage return is a character of a field, and so the
// whole table is its header. What is inside of quotes stays as it is; [lineEnds] sees to that.
func (t *tableText) lines(text []byte) []byte {
	if !t.mends {
		return text
	}
	if !t.held && bytes.IndexByte(text, '\r') < 0 {
		t.quoted = t.quoted != (bytes.Count(text, []byte{'"'})%2 == 1)
		return text
	}
	t.out = t.out[:0]
	for _, c := range text {
		if t.held {
			t.held = false
			t.out = append(t.out, t.behindReturn(c == '\n')...)
		}
		switch c {
		case '\r':
			t.held = true
			continue
		case '"':
			t.quoted = !t.quoted
		}
		t.out = append(t.out, c)
	}
	if t.held && t.err != nil {
		t.held = false
		t.out = append(t.out, t.behindReturn(false)...)
	}
	return t.out
}

// behindReturn is what a carriage return becomes, before a line feed or not.
func (t *tableText) behindReturn(feed bool) string {
	if feed || t.quoted {
		return "\r"
	}
	return "\n"
}
