package script

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// quoted reads a JSON string and returns what is between the quotes, checked but with its escapes;
// it is plain when it has none.
func (p *jsonText) quoted() (raw []byte, plain bool, err error) {
	p.pos++
	start := p.pos
	plain = true
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case c == '"':
			raw = p.data[start:p.pos]
			p.pos++
			return raw, plain, nil
		case c == '\\':
			plain = false
			if err := p.escape(); err != nil {
				return nil, false, err
			}
		case c < ' ':
			return nil, false, p.fault("a control character in a text must be escaped")
		default:
			p.pos++
		}
	}
	return nil, false, p.fault("the text ends inside quotes")
}

// escape steps over an escape, which unescape can then rely on.
func (p *jsonText) escape() error {
	p.pos++
	c := p.next()
	if strings.IndexByte(`"\/bfnrt`, c) >= 0 {
		p.pos++
		return nil
	}
	if c != 'u' {
		return p.unexpected("one of \" \\ / b f n r t u after a backslash")
	}
	p.pos++
	for range 4 {
		if _, ok := hexDigit(p.next()); !ok {
			return p.unexpected("a hexadecimal digit")
		}
		p.pos++
	}
	return nil
}

func hexDigit(c byte) (uint16, bool) {
	switch {
	case '0' <= c && c <= '9':
		return uint16(c - '0'), true
	case 'a' <= c && c <= 'f':
		return uint16(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return uint16(c-'A') + 10, true
	}
	return 0, false
}

// unescape returns a text with its escapes resolved.
func unescape(raw []byte) string {
	text := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		c := raw[i]
		i++
		if c != '\\' {
			text = append(text, c)
			continue
		}
		c = raw[i]
		i++
		if short := strings.IndexByte("bfnrt", c); short >= 0 {
			text = append(text, "\b\f\n\r\t"[short])
			continue
		}
		if c != 'u' {
			text = append(text, c)
			continue
		}
		r := rune(unit(raw[i:]))
		i += 4
		if utf16.IsSurrogate(r) {
			second := utf8.RuneError
			if bytes.HasPrefix(raw[i:], []byte(`\u`)) {
				second = rune(unit(raw[i+2:]))
			}
			if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
				i += 6
			}
		}
		text = utf8.AppendRune(text, r)
	}
	return valid(text)
}

// unit reads the four digits of an escape.
func unit(digits []byte) uint16 {
	var n uint16
	for _, c := range digits[:4] {
		digit, _ := hexDigit(c)
		n = n<<4 | digit
	}
	return n
}

// valid returns bytes as a string of valid UTF-8.
func valid(raw []byte) string {
	text := string(raw)
	if utf8.ValidString(text) {
		return text
	}
	// One mark for each byte that is wrong, as decoders everywhere do.
	return string([]rune(text))
}
