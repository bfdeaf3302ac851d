package redact

import (
	"unicode/utf16"
	"unicode/utf8"
)

// decoded is what an escape at the start of a text stands for.
type decoded struct {
	text [utf8.UTFMax]byte
	len  int // bytes used of text
	size int // bytes of the escape, 0 when there is none
}

func (d *decoded) String() string { return string(d.text[:d.len]) }

func one(c byte, size int) decoded { return decoded{text: [utf8.UTFMax]byte{c}, len: 1, size: size} }

// escapes tells whether an escape can begin with c.
func escapes(c byte) bool { return c == '%' || c == '\\' || c == '+' }

// longestEscape is the number of characters of a JSON escape of two surrogates.
const longestEscape = 12

// unescapeTwice reads one escape that was escaped itself, wholly or in part: %252F, \\\", %5C%22.
func unescapeTwice(s string) decoded {
	var once [longestEscape + utf8.UTFMax]byte
	var ends [longestEscape + utf8.UTFMax]int // where in s each byte of once ends
	n, at := 0, 0
	for n < longestEscape && at < len(s) {
		d := unescape(s[at:])
		if d.size == 0 {
			d = one(s[at], 1)
		}
		at += d.size
		for _, c := range d.text[:d.len] {
			once[n], ends[n] = c, at
			n++
		}
	}
	d := unescape(string(once[:n]))
	if d.size > 0 {
		d.size = ends[d.size-1]
	}
	return d
}

// unescape reads one escape of a URL (%2F, and + for a space) or of a JSON string (\n, \/, \u002f).
func unescape(s string) decoded {
	switch {
	case s == "":
		return decoded{}
	case s[0] == '+':
		return one(' ', 1)
	case s[0] == '%':
		return unescapePercent(s)
	case s[0] == '\\':
		return unescapeBackslash(s)
	}
	return decoded{}
}

func unescapePercent(s string) decoded {
	high, ok := hexDigit(s, 1)
	if !ok {
		return decoded{}
	}
	low, ok := hexDigit(s, 2)
	if !ok {
		return decoded{}
	}
	return one(byte(high<<4|low), 3)
}

func unescapeBackslash(s string) decoded {
	if len(s) < 2 {
		return decoded{}
	}
	switch s[1] {
	case '"', '\\', '/':
		return one(s[1], 2)
	case 'b':
		return one('\b', 2)
	case 'f':
		return one('\f', 2)
	case 'n':
		return one('\n', 2)
	case 'r':
		return one('\r', 2)
	case 't':
		return one('\t', 2)
	case 'u':
		return unescapeUnicode(s)
	}
	return decoded{}
}

func unescapeUnicode(s string) decoded {
	r, ok := hexFour(s, 2)
	if !ok {
		return decoded{}
	}
	size := 6
	if utf16.IsSurrogate(r) {
		if len(s) < 12 {
			return decoded{}
		}
		low, ok := hexFour(s, 8)
		if s[6] != '\\' || s[7] != 'u' || !ok {
			return decoded{}
		}
		r, size = utf16.DecodeRune(r, low), 12
	}
	d := decoded{size: size}
	d.len = utf8.EncodeRune(d.text[:], r)
	return d
}

func hexFour(s string, at int) (rune, bool) {
	var r rune
	for i := at; i < at+4; i++ {
		digit, ok := hexDigit(s, i)
		if !ok {
			return 0, false
		}
		r = r<<4 | digit
	}
	return r, true
}

func hexDigit(s string, at int) (rune, bool) {
	if at >= len(s) {
		return 0, false
	}
	switch c := s[at]; {
	case c >= '0' && c <= '9':
		return rune(c - '0'), true
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10, true
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}
