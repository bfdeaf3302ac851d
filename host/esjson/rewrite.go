package esjson

import (
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is how deep arrays and objects of a text may nest: deeper ones are attacks or mistakes.
// encoding/json has the same limit.
const MaxDepth = 10_000

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds. Strings is an array of strings, or an empty one; Array is any other.
const (
	Invalid Kind = iota
	Null
	Boolean
	Number
	String
	Strings
	Array
	Object
)

// Append appends the JSON value in text and returns its kind: without white space between tokens,
// its strings as [AppendString] writes them, its numbers unchanged. Whatever the text contains, the
// page remains valid, and equal values are equal bytes. ok is false if the text is not exactly one
// JSON value; then nothing is appended.
func Append(dst, text []byte) (out []byte, kind Kind, ok bool) {
	r := rewriter{Scanner: Scanner{Data: text}, out: dst, valid: utf8.Valid(text)}
	kind, ok = r.value(0)
	if r.Space(); !ok || r.Pos != len(text) {
		return dst, Invalid, false
	}
	return r.out, kind, true
}

// rewriter reads a text and writes it in the canonical form.
type rewriter struct {
	Scanner
	out   []byte
	valid bool // all of it is valid UTF-8
}

func (r *rewriter) value(depth int) (Kind, bool) {
	r.Space()
	switch c := r.Next(); c {
	case '"':
		return String, r.text()
	case '{':
		return Object, depth < MaxDepth && r.object(depth+1)
	case '[':
		if depth == MaxDepth {
			return Invalid, false
		}
		return r.array(depth + 1)
	default:
		start := r.Pos
		if r.Skip() != nil {
			return Invalid, false
		}
		r.out = append(r.out, r.Data[start:r.Pos]...)
		switch c {
		case 'n':
			return Null, true
		case 't', 'f':
			return Boolean, true
		}
		return Number, true
	}
}

func (r *rewriter) object(depth int) bool {
	if r.begin('}') {
		return true
	}
	for {
		if r.Space(); r.Next() != '"' || !r.text() {
			return false
		}
		if r.Space(); r.Next() != ':' {
			return false
		}
		r.take()
		if _, ok := r.value(depth); !ok {
			return false
		}
		if more, ok := r.separator('}'); !more {
			return ok
		}
	}
}

func (r *rewriter) array(depth int) (Kind, bool) {
	if r.begin(']') {
		return Strings, true
	}
	for kind := Strings; ; {
		item, ok := r.value(depth)
		if !ok {
			return Invalid, false
		}
		if item != String {
			kind = Array
		}
		if more, ok := r.separator(']'); !more {
			return kind, ok
		}
	}
}

// take copies the next byte.
func (r *rewriter) take() {
	r.out = append(r.out, r.Data[r.Pos])
	r.Pos++
}

// begin copies a bracket, and the closing one if nothing is in between.
func (r *rewriter) begin(end byte) (empty bool) {
	r.take()
	if r.Space(); r.Next() != end {
		return false
	}
	r.take()
	return true
}

// separator copies the comma before another item, or the closing bracket.
func (r *rewriter) separator(end byte) (more, ok bool) {
	r.Space()
	c := r.Next()
	if c != ',' && c != end {
		return false, false
	}
	r.take()
	return c == ',', true
}

// text copies a string.
func (r *rewriter) text() bool {
	raw, plain, err := r.Quoted()
	if err != nil {
		return false
	}
	r.out = append(r.out, '"')
	for i := 0; !plain && i < len(raw); {
		if raw[i] != '\\' {
			i++
			continue
		}
		r.plain(raw[:i])
		c, size := decodeEscape(raw[i:])
		r.out = appendCharacter(r.out, c)
		raw, i = raw[i+size:], 0
	}
	r.plain(raw)
	r.out = append(r.out, '"')
	return true
}

// plain copies a part of a string without escapes.
func (r *rewriter) plain(raw []byte) {
	if !r.valid {
		r.out = AppendText(r.out, Valid(raw))
		return
	}
	r.out = append(r.out, raw...)
}

// appendCharacter appends a character that was escaped.
func appendCharacter(dst []byte, c rune) []byte {
	switch {
	case c < 0x20 || c == '"' || c == '\\':
		return appendEscape(dst, byte(c))
	case utf16.IsSurrogate(c):
		return appendHalf(dst, c)
	}
	return utf8.AppendRune(dst, c)
}
