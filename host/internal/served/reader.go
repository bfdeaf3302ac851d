package served

import (
	"bytes"
	"encoding/json"
	"errors"
)

// reader reads JSON that is known to be valid: an import schema has a hundred kilobytes, and
// encoding/json would take as long for it as a small import takes altogether. On anything else it
// returns an error and does not panic.
type reader struct {
	in  []byte
	at  int
	err error
	// words are the strings that were read: most of them repeat.
	words map[string]string
}

var errNotJSON = errors.New("it is not JSON")

// peek returns the first byte of the next token; 0 at the end.
func (r *reader) peek() byte {
	for ; r.at < len(r.in); r.at++ {
		switch c := r.in[r.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// fail records an error and moves to the end of the text.
func (r *reader) fail() {
	if r.err == nil {
		r.err = errNotJSON
	}
	r.at = len(r.in)
}

// take takes a byte of punctuation.
func (r *reader) take(c byte) bool {
	if r.peek() != c {
		r.fail()
		return false
	}
	r.at++
	return true
}

// text takes a string.
func (r *reader) text() string {
	if r.peek() != '"' {
		r.fail()
		return ""
	}
	raw := r.skip()
	if len(raw) < 2 {
		return ""
	}
	if raw = raw[1 : len(raw)-1]; bytes.IndexByte(raw, '\\') < 0 {
		word, ok := r.words[string(raw)]
		if !ok {
			word = string(raw)
			r.words[word] = word
		}
		return word
	}
	var s string
	if json.Unmarshal(r.in[r.at-len(raw)-2:r.at], &s) != nil {
		r.fail()
	}
	return s
}

// members takes an object. visit must take the value of the member whose name it is given.
func (r *reader) members(visit func(name string)) { r.list('{', '}', func() { r.member(visit) }) }

func (r *reader) member(visit func(name string)) {
	name := r.text()
	if r.take(':') {
		visit(name)
	}
}

// elements takes an array. visit must take the element.
func (r *reader) elements(visit func()) { r.list('[', ']', visit) }

func (r *reader) list(open, end byte, visit func()) {
	if !r.take(open) {
		return
	}
	for first := true; ; first = false {
		switch c := r.peek(); {
		case c == end:
			r.at++
			return
		case first:
		case c == ',':
			r.at++
		default:
			r.fail()
			return
		}
		before := r.at
		if visit(); r.err != nil || r.at == before {
			r.fail()
			return
		}
	}
}

// texts takes an array of strings; ok is false when it is something else, which is taken too.
func (r *reader) texts() (texts []string, ok bool) {
	if r.peek() != '[' {
		r.skip()
		return nil, false
	}
	ok = true
	r.elements(func() {
		if r.peek() == '"' {
			texts = append(texts, r.text())
			return
		}
		r.skip()
		ok = false
	})
	return texts, ok
}

// skip takes a value and returns its text.
func (r *reader) skip() []byte {
	r.peek()
	start, depth := r.at, 0
	for r.at < len(r.in) {
		switch r.in[r.at] {
		case '"':
			r.quoted()
		case '{', '[':
			depth++
			r.at++
			continue
		case '}', ']':
			depth--
			r.at++
		case ' ', '\t', '\n', '\r', ',', ':':
			r.at++
			continue
		default:
			r.word()
		}
		if depth <= 0 {
			return r.in[start:r.at]
		}
	}
	r.fail()
	return nil
}

// quoted takes a string whose opening quote is next.
func (r *reader) quoted() {
	for r.at++; r.at < len(r.in); r.at++ {
		n := bytes.IndexByte(r.in[r.at:], '"')
		if n < 0 {
			break
		}
		escape := bytes.IndexByte(r.in[r.at:r.at+n], '\\')
		if escape < 0 {
			r.at += n + 1
			return
		}
		r.at += escape + 1 // the loop skips escaped characters
	}
	r.fail()
}

// word takes a number or a literal.
func (r *reader) word() {
	for ; r.at < len(r.in); r.at++ {
		switch r.in[r.at] {
		case ',', ':', '}', ']', ' ', '\t', '\n', '\r':
			return
		}
	}
}
