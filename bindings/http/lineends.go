package http

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// lineEnds is a table in which a carriage return and a line feed inside of quotes have a second
// carriage return before them: encoding/csv takes one away, and the value is to stay as it is.
type lineEnds struct {
	src io.Reader
	table
	state place
	// begins tells that a line begins where state is fieldStart.
	begins bool
	// last are the latest bytes, the newest at the end.
	last [utf8.UTFMax]byte
	// since is how many bytes came after a quote that may have closed its field.
	since int
	// buffer is what was read; ready is what of out is still to be handed over.
	buffer, out, ready []byte
}

// place is where a byte of a table is.
type place int

const (
	fieldStart place = iota
	bare
	inside
	afterQuote // which ends the field, is the first of two, or in a relaxed table a character
	commented
)

func newLineEnds(src io.Reader, t table) *lineEnds {
	return &lineEnds{src: src, table: t, begins: true, buffer: make([]byte, 32<<10)}
}

// Read reads a part.
func (l *lineEnds) Read(p []byte) (int, error) {
	if len(l.ready) == 0 {
		n, err := l.src.Read(l.buffer)
		if n == 0 {
			return 0, err
		}
		l.out = l.out[:0]
		if l.relaxed || l.comment != 0 {
			for _, c := range l.buffer[:n] {
				l.step(c)
			}
			l.ready = l.out
		} else {
			l.ready = l.stride(l.buffer[:n])
		}
	}
	n := copy(p, l.ready)
	l.ready = l.ready[n:]
	return n, nil // an error comes again
}

// stride goes from quote to quote: without comments and relaxed quotes, each begins or ends what is
// inside of quotes, or the table is none. It returns the part as it came where nothing is to change.
func (l *lineEnds) stride(part []byte) []byte {
	newest := &l.last[len(l.last)-1]
	done := 0 // how much of it is in out
	for at := 0; at < len(part); {
		end := bytes.IndexByte(part[at:], '"')
		closes := end >= 0
		if end += at; !closes {
			end = len(part)
		}
		for l.state == inside {
			feed := bytes.IndexByte(part[at:end], '\n')
			if feed < 0 {
				break
			}
			at += feed
			if at > 0 && part[at-1] == '\r' || at == 0 && *newest == '\r' {
				l.out, done = append(append(l.out, part[done:at]...), '\r'), at
			}
			at++
		}
		if closes {
			l.state = inside - l.state // and back to fieldStart
		}
		at = end + 1
	}
	*newest = part[len(part)-1]
	if len(l.out) == 0 {
		return part
	}
	l.out = append(l.out, part[done:]...)
	return l.out
}

// step is one byte, where it takes more to know what a quote is.
func (l *lineEnds) step(c byte) {
	before := l.last[len(l.last)-1]
	copy(l.last[:], l.last[1:])
	l.last[len(l.last)-1] = c
	switch l.state {
	case inside:
		l.inQuotes(c, before)
	case afterQuote:
		l.behindQuote(c)
	case fieldStart:
		l.atStart(c)
	default:
		l.goOn(c)
	}
	l.out = append(l.out, c)
}

func (l *lineEnds) inQuotes(c, before byte) {
	switch {
	case c == '"':
		l.state, l.since = afterQuote, 0
	case c == '\n' && before == '\r':
		l.out = append(l.out, '\r')
	}
}

// behindQuote decides what a quote was.
func (l *lineEnds) behindQuote(c byte) {
	l.since++
	comma := string(l.comma)
	switch {
	case c == '"' && l.since == 1:
		l.state = inside
	case c == '\n' && (l.since == 1 || l.since == 2 && l.last[len(l.last)-2] == '\r'):
		l.state, l.begins = fieldStart, true
	case c == '\r' && l.since == 1:
	case l.since <= len(comma) && l.ends(comma[:l.since]):
		if l.since == len(comma) {
			l.state, l.begins = fieldStart, false
		}
	default: // a character of the field, after all
		l.state = inside
		l.inQuotes(c, l.last[len(l.last)-2])
	}
}

func (l *lineEnds) atStart(c byte) {
	begins := l.begins
	l.begins = false
	switch {
	case begins && l.comment != 0 && c == string(l.comment)[0]:
		l.state = commented
	case c == '"':
		l.state = inside
	case l.trim && (c == ' ' || c == '\t') && rune(c) != l.comma:
	default:
		l.state = bare
		l.goOn(c)
	}
}

// goOn is a byte of a field without quotes, or of a comment.
func (l *lineEnds) goOn(c byte) {
	switch {
	case c == '\n':
		l.state, l.begins = fieldStart, true
	case l.state == bare && l.ends(string(l.comma)):
		l.state = fieldStart
	}
}

// ends tells whether the latest bytes are a text.
func (l *lineEnds) ends(text string) bool { return string(l.last[len(l.last)-len(text):]) == text }
