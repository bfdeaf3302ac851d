package esjson

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Quoted skips a JSON string and returns what is between the quotes, checked but not unescaped; it
// is plain if it has no escapes.
func (s *Scanner) Quoted() (raw []byte, plain bool, err error) {
	s.Pos++
	start := s.Pos
	plain = true
	for {
		if s.Pos += plainPrefix(s.Data[s.Pos:]); s.Pos == len(s.Data) {
			return nil, false, s.Fault("the text ends inside quotes")
		}
		switch c := s.Data[s.Pos]; {
		case c == '"':
			raw = s.Data[start:s.Pos]
			s.Pos++
			return raw, plain, nil
		case c == '\\':
			plain = false
			if err := s.escape(); err != nil {
				return nil, false, err
			}
		case c < ' ':
			return nil, false, s.Fault("a control character in a text must be escaped")
		default:
			first := s.Pos
			for s.Pos < len(s.Data) && s.Data[s.Pos] >= utf8.RuneSelf {
				s.Pos++
			}
			// What is between bytes of ASCII is valid or not by itself.
			if s.UTF8 && !utf8.Valid(s.Data[first:s.Pos]) {
				return nil, false, s.invalid(first)
			}
		}
	}
}

// invalid is the error for the first invalid byte after a position.
func (s *Scanner) invalid(from int) *SyntaxError {
	for s.Pos = from; ; {
		r, size := utf8.DecodeRune(s.Data[s.Pos:])
		if r == utf8.RuneError && size <= 1 {
			return s.notUTF8()
		}
		s.Pos += size
	}
}

// escape skips and checks an escape, for decodeEscape.
func (s *Scanner) escape() error {
	s.Pos++
	c := s.Next()
	if strings.IndexByte(`"\/bfnrt`, c) >= 0 {
		s.Pos++
		return nil
	}
	if c != 'u' {
		return s.Unexpected("one of \" \\ / b f n r t u after a backslash")
	}
	s.Pos++
	for range 4 {
		if _, ok := hexDigit(s.Next()); !ok {
			return s.Unexpected("a hexadecimal digit")
		}
		s.Pos++
	}
	return nil
}

func hexDigit(c byte) (uint8, bool) {
	switch {
	case '0' <= c && c <= '9':
		return c - '0', true
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10, true
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}

// Unescape resolves the escapes in what [Scanner.Quoted] returned. Unpaired surrogates are kept:
// see [HasLone].
func Unescape(raw []byte) string {
	if !utf8.Valid(raw) {
		raw = []byte(Valid(raw))
	}
	return Resolve(raw)
}

// Resolve is [Unescape] for text of this program, which may contain unpaired surrogates as bytes.
func Resolve(raw []byte) string {
	text := make([]byte, 0, len(raw))
	for {
		i := bytes.IndexByte(raw, '\\')
		if i < 0 {
			return string(append(text, raw...))
		}
		c, size := decodeEscape(raw[i:])
		text = appendRune(append(text, raw[:i]...), c)
		raw = raw[i+size:]
	}
}

// decodeEscape returns the character of the escape at the start of raw, which was checked, and how
// many bytes it takes: those of two escapes if they are a surrogate pair. An unpaired surrogate is
// returned as it is.
func decodeEscape(raw []byte) (c rune, size int) {
	switch e := raw[1]; e {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		c = unit(raw[2:])
	default:
		return rune(e), 2
	}
	if !utf16.IsSurrogate(c) {
		return c, 6
	}
	if bytes.HasPrefix(raw[6:], []byte(`\u`)) {
		if pair := utf16.DecodeRune(c, unit(raw[8:])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return c, 6
}

// unit reads the four digits of an escape.
func unit(digits []byte) rune {
	var n rune
	for _, c := range digits[:4] {
		digit, _ := hexDigit(c)
		n = n<<4 | rune(digit)
	}
	return n
}

// Valid returns bytes as a valid UTF-8 string, with U+FFFD for each invalid byte, as all decoders
// do.
func Valid(raw []byte) string {
	text := string(raw)
	if utf8.ValidString(text) {
		return text
	}
	return string([]rune(text))
}
