package esjson

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A JavaScript string is a list of 16-bit units, and may hold one half of a surrogate pair without
// the other. In this program's Go strings such a half is the three bytes that UTF-8 would have for
// it, which do not occur in valid text. Two halves that make a pair are never stored separately.

// loneSize is how many bytes a half takes, and loneLead is the first of them. Valid characters
// begin with it as well; their second byte is below that of a half.
const (
	loneSize = 3
	loneLead = 0xED
)

// loneAt returns the half that s begins with.
func loneAt(s string) (half rune, ok bool) {
	if len(s) < loneSize || s[0] != loneLead || s[1]&0xE0 != 0xA0 || s[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), true
}

// HasLone tells whether a string contains an unpaired surrogate.
func HasLone(s string) bool {
	for {
		i := strings.IndexByte(s, loneLead)
		if i < 0 {
			return false
		}
		s = s[i:]
		if _, ok := loneAt(s); ok {
			return true
		}
		s = s[1:]
	}
}

// Units returns a string as the 16-bit units of JavaScript.
func Units(s string) []uint16 {
	units := make([]uint16, 0, len(s))
	for len(s) > 0 {
		if half, ok := loneAt(s); ok {
			units, s = append(units, uint16(half)), s[loneSize:]
			continue
		}
		c, size := utf8.DecodeRuneInString(s)
		units, s = utf16.AppendRune(units, c), s[size:]
	}
	return units
}

// FromUnits returns a string of the 16-bit units of JavaScript: of the i-th of n that unit returns.
func FromUnits(n int, unit func(i int) uint16) string {
	text := make([]byte, 0, n+n/2)
	for i := 0; i < n; i++ {
		c := rune(unit(i))
		if utf16.IsSurrogate(c) && i+1 < n {
			if pair := utf16.DecodeRune(c, rune(unit(i+1))); pair != utf8.RuneError {
				c = pair
				i++
			}
		}
		text = appendRune(text, c)
	}
	return string(text)
}

// appendRune appends a character, or half of a surrogate pair.
func appendRune(dst []byte, c rune) []byte {
	if utf16.IsSurrogate(c) {
		return append(dst, loneLead, byte(0x80|c>>6&0x3F), byte(0x80|c&0x3F))
	}
	return utf8.AppendRune(dst, c)
}

// appendHalf appends the escape of a half.
func appendHalf(dst []byte, c rune) []byte {
	return append(dst, '\\', 'u', hexDigits[c>>12&0xF], hexDigits[c>>8&0xF], hexDigits[c>>4&0xF], hexDigits[c&0xF])
}

// EscapeLone returns a JSON text in which the unpaired surrogates of its strings are written as
// escapes.
func EscapeLone(text []byte) []byte {
	out := []byte(nil)
	for done := 0; ; {
		i := bytes.IndexByte(text[done:], loneLead)
		if i < 0 {
			if out == nil {
				return text
			}
			return append(out, text[done:]...)
		}
		end := min(len(text), done+i+loneSize)
		half, ok := loneAt(string(text[done+i : end]))
		if !ok {
			end = done + i + 1
		}
		if ok && out == nil {
			out = append(make([]byte, 0, len(text)+64), text[:done]...)
		}
		switch {
		case ok:
			out = appendHalf(append(out, text[done:done+i]...), half)
		case out != nil:
			out = append(out, text[done:end]...)
		}
		done = end
	}
}
