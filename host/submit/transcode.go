package submit

import (
	"unicode/utf16"
	"unicode/utf8"

	"carjs/host/model"
)

// maxDepth is how deep arrays and objects may nest; encoding/json draws the same line.
const maxDepth = 10000

// The types of JSON values that are not types of properties.
const (
	typeNull  model.Type = "null"
	typeArray model.Type = "array"
)

// transcoder checks JSON text and writes it anew: without white space between tokens, and with
// strings spelled as appendString spells them. The page stays whole whatever a caller pushes, and
// equal values are equal bytes.
type transcoder struct {
	in    []byte
	at    int
	depth int
	out   []byte
}

// appendJSON appends the JSON value in v and returns its type. ok is false when v is not exactly
// one JSON value; nothing is appended then.
func appendJSON(dst, v []byte) (out []byte, kind model.Type, ok bool) {
	t := transcoder{in: v, out: dst}
	t.space()
	kind, ok = t.value()
	t.space()
	if !ok || t.at != len(t.in) {
		return dst, "", false
	}
	return t.out, kind, true
}

func (t *transcoder) space() {
	for t.at < len(t.in) {
		switch t.in[t.at] {
		case ' ', '\t', '\n', '\r':
			t.at++
		default:
			return
		}
	}
}

// next takes the next token's first byte; 0 is the end of the text (and no token begins with it).
func (t *transcoder) next() byte {
	if t.at == len(t.in) {
		return 0
	}
	c := t.in[t.at]
	t.at++
	return c
}

func (t *transcoder) value() (model.Type, bool) {
	start := t.at
	switch t.next() {
	case '"':
		return model.String, t.str()
	case '{':
		return model.Object, t.nested(t.object)
	case '[':
		kind := model.Strings
		ok := t.nested(func() bool { return t.array(&kind) })
		return kind, ok
	case 't':
		return model.Boolean, t.word("true")
	case 'f':
		return model.Boolean, t.word("false")
	case 'n':
		return typeNull, t.word("null")
	default:
		t.at = start
		return model.Number, t.number()
	}
}

func (t *transcoder) nested(inside func() bool) bool {
	if t.depth == maxDepth {
		return false
	}
	t.depth++
	ok := inside()
	t.depth--
	return ok
}

// word takes the rest of a literal whose first byte was taken.
func (t *transcoder) word(word string) bool {
	rest := word[1:]
	if len(t.in)-t.at < len(rest) || string(t.in[t.at:t.at+len(rest)]) != rest {
		return false
	}
	t.at += len(rest)
	t.out = append(t.out, word...)
	return true
}

func (t *transcoder) object() bool {
	t.out = append(t.out, '{')
	t.space()
	c := t.next()
	if c == '}' {
		t.out = append(t.out, '}')
		return true
	}
	for {
		if c != '"' || !t.str() {
			return false
		}
		t.space()
		if t.next() != ':' {
			return false
		}
		t.out = append(t.out, ':')
		t.space()
		if _, ok := t.value(); !ok {
			return false
		}
		more, ok := t.separator('}')
		if !more {
			return ok
		}
		c = t.next()
	}
}

// array takes an array and sets kind to typeArray unless every element is a string.
func (t *transcoder) array(kind *model.Type) bool {
	t.out = append(t.out, '[')
	t.space()
	if t.at < len(t.in) && t.in[t.at] == ']' {
		t.at++
		t.out = append(t.out, ']')
		return true
	}
	for {
		element, ok := t.value()
		if !ok {
			return false
		}
		if element != model.String {
			*kind = typeArray
		}
		more, ok := t.separator(']')
		if !more {
			return ok
		}
	}
}

// separator takes the comma before another element, or the end.
func (t *transcoder) separator(end byte) (more, ok bool) {
	t.space()
	switch c := t.next(); c {
	case ',':
		t.out = append(t.out, ',')
		t.space()
		return true, true
	case end:
		t.out = append(t.out, end)
		return false, true
	}
	return false, false
}

// number takes a number as it is spelled.
func (t *transcoder) number() bool {
	start := t.at
	if t.peek() == '-' {
		t.at++
	}
	if t.peek() == '0' {
		t.at++
	} else if !t.digits() {
		return false
	}
	if t.peek() == '.' {
		t.at++
		if !t.digits() {
			return false
		}
	}
	if c := t.peek(); c == 'e' || c == 'E' {
		t.at++
		if c := t.peek(); c == '+' || c == '-' {
			t.at++
		}
		if !t.digits() {
			return false
		}
	}
	t.out = append(t.out, t.in[start:t.at]...)
	return true
}

func (t *transcoder) peek() byte {
	if t.at == len(t.in) {
		return 0
	}
	return t.in[t.at]
}

func (t *transcoder) digits() bool {
	start := t.at
	for c := t.peek(); c >= '0' && c <= '9'; c = t.peek() {
		t.at++
	}
	return t.at > start
}

// str takes a string whose opening quote was taken.
func (t *transcoder) str() bool {
	t.out = append(t.out, '"')
	for t.at < len(t.in) {
		n := plainPrefix(t.in[t.at:])
		t.out = append(t.out, t.in[t.at:t.at+n]...)
		t.at += n
		switch c := t.next(); {
		case c == '"':
			t.out = append(t.out, '"')
			return true
		case c == '\\':
			if !t.escape() {
				return false
			}
		case c < 0x20: // the end of the text too
			return false
		default: // 0x80 and above: plainPrefix stops nowhere else
			t.at--
			r, size := utf8.DecodeRune(t.in[t.at:])
			t.out = utf8.AppendRune(t.out, r) // what is no UTF-8 is utf8.RuneError here, which is U+FFFD
			t.at += size
		}
	}
	return false
}

// escape takes an escape sequence whose backslash was taken.
func (t *transcoder) escape() bool {
	var c byte
	switch e := t.next(); e {
	case '"', '\\', '/':
		c = e
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return t.unicode()
	default:
		return false
	}
	t.character(rune(c))
	return true
}

// character writes one character that was escaped in the text.
func (t *transcoder) character(r rune) {
	if r < 0x20 || r == '"' || r == '\\' {
		t.out = appendEscape(t.out, byte(r))
		return
	}
	t.out = utf8.AppendRune(t.out, r)
}

// unicode takes the digits of a \u escape, and the escape after it when the two are a surrogate
// pair.
func (t *transcoder) unicode() bool {
	r, ok := t.hex4()
	if !ok {
		return false
	}
	if utf16.IsSurrogate(r) {
		pair := rune(utf8.RuneError)
		if t.at+1 < len(t.in) && t.in[t.at] == '\\' && t.in[t.at+1] == 'u' {
			back := t.at
			t.at += 2
			second, ok := t.hex4()
			if !ok {
				return false
			}
			if pair = utf16.DecodeRune(r, second); pair == utf8.RuneError {
				t.at = back // the second escape is a character of its own
			}
		}
		r = pair
	}
	t.character(r)
	return true
}

func (t *transcoder) hex4() (rune, bool) {
	if len(t.in)-t.at < 4 {
		return 0, false
	}
	var r rune
	for _, c := range t.in[t.at : t.at+4] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	t.at += 4
	return r, true
}
