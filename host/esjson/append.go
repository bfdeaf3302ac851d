// Package esjson has all rules for JSON in one place: how values are written in a page for CAR,
// which is as JSON.stringify writes them ([AppendString], [AppendNumber], [Writer]), how existing
// JSON is rewritten in that form ([Append]), how text of a data source is read token by token
// ([Scanner]) and rejected with a position ([SyntaxError]), and how deep values may nest
// ([MaxDepth]).
//
// It knows neither the engine nor CAR: package script makes values of the tokens, package submit
// writes pages, and bindings/carjs walks the values of the engine.
//
// The scanner is written by hand because records are read while their text is still arriving, and
// because errors must have line, column and what was expected. [Append] could be
// jsontext.AppendFormat of the JSON library, which is linked anyway: that takes 47 ns instead of 24
// for a date and the same 265 ns for an object of 150 bytes, and it cannot distinguish unpaired
// surrogates. The tests compare the two.
//
// An invalid UTF-8 byte becomes U+FFFD, in [Valid] when it is read and in appendEscaped when it is
// written. An unpaired surrogate, which a JavaScript string can hold and UTF-8 cannot, is kept as
// the three bytes that UTF-8 would have for it (lone.go) and written as its escape, as
// JSON.stringify does: ids that differ in nothing else remain different.
//
// A number in a text is written unchanged, digit by digit; decimal.go decides when two spellings
// are the same number, and which numbers a float64 represents.
package esjson

import (
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf8"
)

const (
	hexDigits = "0123456789abcdef"
	// replacement stands for invalid UTF-8 bytes.
	replacement = "\uFFFD"

	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// AppendString appends s as JSON.stringify writes it: it escapes only what must be escaped.
func AppendString(dst []byte, s string) []byte {
	return append(AppendText(append(dst, '"'), s), '"')
}

// AppendText appends the inside of a JSON string. The text is appended first and then checked,
// eight bytes at a time, because almost every string of a data source is plain ASCII and needs no
// escape.
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
		// A byte below 0x20, a quote or a backslash sets its high bit in one of the terms, as a
		// byte from 0x80 does in w itself. A borrow can only affect the byte above one that was
		// found already.
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

// AppendNumber appends v as JavaScript prints it; NaN and the infinities become null, as in
// JSON.stringify.
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
