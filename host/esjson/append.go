// Package esjson has the rules of JSON that the program goes by, in one place: how a value is
// spelled in a page for CAR, which is how JSON.stringify spells it ([AppendString], [AppendNumber],
// [Writer]), how text that is JSON already is brought into that spelling ([Append]), how text of a
// data source is read token by token ([Scanner]) and refused with its place ([SyntaxError]), and
// how deep values may nest ([MaxDepth]).
//
// It knows neither the engine nor CAR: package script makes values of the tokens, package submit
// puts what is written into pages, and bindings/carjs walks the values of the engine.
//
// The tokens are read by hand, once for all of these, because records are read from text that is
// still arriving, and a fault is told by line, column and what was expected. [Append] could be
// jsontext.AppendFormat of the JSON library, which is linked for CAR's side: that takes 47 ns
// instead of 24 for a date and the same 265 ns for an object of 150 bytes, and it cannot keep half
// of a surrogate pair apart from another one. The tests compare the two.
//
// A byte that is no UTF-8 becomes U+FFFD, in [Valid] when it is read and in appendEscaped when it
// is written. Half of a surrogate pair, which a string of JavaScript can hold and UTF-8 cannot, is
// kept as the three bytes that UTF-8 would have for it (lone.go) and written as its escape, as
// JSON.stringify does: two ids that differ in nothing else stay two. Nothing else decides that.
//
// A number in a text is written again as it is spelled there, digit by digit; decimal.go says when
// two spellings are one number, and which numbers a float64 keeps.
package esjson

import (
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf8"
)

const (
	hexDigits = "0123456789abcdef"
	// replacement stands for bytes that are no UTF-8.
	replacement = "\uFFFD"

	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// AppendString appends s as JSON, spelled as JSON.stringify spells it: nothing is escaped that need
// not be.
func AppendString(dst []byte, s string) []byte {
	return append(AppendText(append(dst, '"'), s), '"')
}

// AppendText appends the inside of a JSON string. The text is appended first and looked at
// afterwards, eight bytes at a time, because almost every string of a data source is plain ASCII
// and then needs no second look.
func AppendText(dst []byte, s string) []byte {
	start := len(dst)
	dst = append(dst, s...)
	plain := plainPrefix(dst[start:])
	if plain == len(s) {
		return dst
	}
	return appendEscaped(dst[:start+plain], s[plain:])
}

// plainPrefix returns how many bytes at the start of b are ASCII that needs no escape.
func plainPrefix(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote := w ^ ones*'"'
		slash := w ^ ones*'\\'
		// A byte below 0x20, a quote or a backslash sets its high bit in one of the terms, as one
		// of 0x80 and above does in w itself. A borrow can only reach the byte above one that is
		// odd already.
		odd := (w - ones*0x20) | (quote - ones) | (slash - ones) | w
		if odd&highs != 0 {
			break
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c < 0x20 || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			break
		}
	}
	return i
}

// appendEscaped is [AppendText], character by character.
func appendEscaped(dst []byte, s string) []byte {
	done := 0 // s[:done] is in dst
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				dst = append(dst, s[done:i]...)
				if half, ok := loneAt(s[i:]); ok {
					dst, size = appendHalf(dst, half), loneSize
				} else {
					dst = append(dst, replacement...)
				}
				done = i + size
			}
			i += size
			continue
		}
		if c >= 0x20 && c != '"' && c != '\\' {
			i++
			continue
		}
		dst = append(dst, s[done:i]...)
		dst = appendEscape(dst, c)
		i++
		done = i
	}
	return append(dst, s[done:]...)
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xF])
}

// AppendNumber appends v as JavaScript prints it; what JSON has no number for (NaN and the
// infinities) becomes null, as in JSON.stringify.
func AppendNumber(dst []byte, v float64) []byte {
	const exact = 1 << 53
	if v > -exact && v < exact {
		if i := int64(v); float64(i) == v {
			return strconv.AppendInt(dst, i, 10) // -0 is 0 here as in JavaScript
		}
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	if abs := math.Abs(v); abs >= 1e-6 && abs < 1e21 {
		return strconv.AppendFloat(dst, v, 'f', -1, 64)
	}
	dst = strconv.AppendFloat(dst, v, 'e', -1, 64)
	// Go writes at least two digits of an exponent, JavaScript as many as are needed: 1e-07 and
	// 1e-7.
	if n := len(dst); n >= 4 && dst[n-2] == '0' && (dst[n-3] == '-' || dst[n-3] == '+') {
		dst[n-2] = dst[n-1]
		dst = dst[:n-1]
	}
	return dst
}
