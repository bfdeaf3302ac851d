// Package charset brings text that came as bytes into UTF-8: the one place where the bytes of a
// data source become text, for JSON, plain text, CSV, XML, fetch and TextDecoder.
//
// What bytes are in is told, in this order, by a byte order mark, by the author of the connector,
// by the charset of Content-Type, and by the text itself: an XML declaration, or the NUL bytes that
// UTF-16 and UTF-32 have around ASCII. Everything else is UTF-8. Names are those of the WHATWG
// Encoding Standard, by which "iso-8859-1" means windows-1252; UTF-32, which browsers have dropped,
// is read as well, and a data source that says "us-ascii" is taken at its word. Bytes that are no
// text in their encoding are an [*InvalidError] unless a [Source] asks for U+FFFD. What the text
// says is not looked at here.
package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/transform"

	"carjs/host/lazyregexp"
)

// Names of the encodings that are read here and not by x/text.
const (
	UTF8    = "utf-8"
	utf16le = "utf-16le"
	utf16be = "utf-16be"
	utf32le = "utf-32le"
	utf32be = "utf-32be"
)

const utf8Mark = "\xef\xbb\xbf"

// marks is the table of byte order marks. That of UTF-32 begins with that of UTF-16, so it comes
// first: no text begins with a NUL.
var marks = []struct{ mark, name string }{
	{utf8Mark, UTF8},
	{"\xff\xfe\x00\x00", utf32le},
	{"\x00\x00\xfe\xff", utf32be},
	{"\xff\xfe", utf16le},
	{"\xfe\xff", utf16be},
}

// longestMark is how many bytes tell the encoding of a text without a declaration.
const longestMark = 4

// Source is what is known of bytes besides themselves. The zero value is right for bytes of which
// nothing is known.
type Source struct {
	// Label is the encoding that the author of the connector names; "" for none.
	Label string
	// ContentType is the header of an answer; "" for none.
	ContentType string
	// Replace has U+FFFD put in the place of what is invalid, as the Encoding Standard does it.
	Replace bool
	// Doubt is told the name of the encoding when ContentType names one in which each byte is a
	// character, and the bytes are UTF-8 with characters beyond ASCII: hardly any text in the
	// former is. May be nil. [Source.Reader] does not ask.
	Doubt func(name string)
}

// Decode returns the text of data in UTF-8, valid and without a byte order mark. It shares memory
// with data where that is UTF-8 already. Errors are an [*InvalidError] or an [*UnknownError].
func (s Source) Decode(data []byte) ([]byte, error) {
	text, err := s.Unchecked(data)
	switch {
	case err != nil:
		return nil, err
	case !utf8.Valid(text): // which is UTF-8 as it came: all else was made here
		return nil, invalidUTF8(text)
	}
	return bytes.TrimPrefix(text, []byte(utf8Mark)), nil
}

// Unchecked is Decode for a reader that finds invalid UTF-8 by itself and steps over a byte order
// mark, as those of JSON do: what is in UTF-8 is returned as it is. With Replace it is valid all
// the same.
func (s Source) Unchecked(data []byte) ([]byte, error) {
	name, err := s.detect(data)
	if err != nil {
		return nil, err
	}
	if name == UTF8 && (!s.Replace || utf8.Valid(data)) {
		return data, nil
	}
	t := newDecoder(name, s.Replace)
	if t.ascii && isASCII(data) {
		return data, nil
	}
	if t.ascii && s.Label == "" && s.ContentType != "" && s.Doubt != nil && utf8.Valid(data) {
		s.Doubt(name)
	}
	text, _, err := transform.Bytes(t, data)
	return text, err
}

// detect returns the name of the encoding of the text that begins with head.
func (s Source) detect(head []byte) (string, error) {
	if mark := Mark(head); mark != "" {
		return mark, nil
	}
	if s.Label != "" {
		return Lookup(s.Label)
	}
	if label := ofContentType(s.ContentType); label != "" {
		name, err := byServer(label)
		if name == utf16le && strings.EqualFold(label, "utf-16") && inside(head) == utf16be {
			name = utf16be // the label leaves the order open, and the text does not
		}
		return name, err
	}
	if name := inside(head); name != "" {
		return name, nil
	}
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return UTF8, nil // most of what is asked, for which no expression need be compiled
	}
	match := declared().FindSubmatch(head[:min(len(head), maxDeclaration)])
	if match == nil {
		return UTF8, nil
	}
	name, err := byServer(string(match[1]))
	if strings.HasPrefix(name, "utf-16") || strings.HasPrefix(name, "utf-32") {
		name = UTF8 // the declaration could not be read if it were true
	}
	return name, err
}

// Mark returns the encoding that the first bytes give away by a byte order mark, "" when there is
// none.
func Mark(head []byte) string {
	for _, m := range marks {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			return m.name
		}
	}
	return ""
}

// inside returns the encoding of a text that begins with ASCII and has NUL bytes around it, "" for
// any other.
func inside(head []byte) string {
	if len(head) < 2 {
		return ""
	}
	wide := len(head) >= 4
	switch {
	case wide && head[0] != 0 && head[1] == 0 && head[2] == 0 && head[3] == 0:
		return utf32le
	case wide && head[0] == 0 && head[1] == 0 && head[2] == 0 && head[3] != 0:
		return utf32be
	case head[0] != 0 && head[1] == 0:
		return utf16le
	case head[0] == 0 && head[1] != 0:
		return utf16be
	}
	return ""
}

// declared finds the encoding in the declaration of an XML text whose first characters are ASCII.
var declared = lazyregexp.New(`^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._:-]*)["']`)

// maxDeclaration bounds where the declaration is looked for.
const maxDeclaration = 1024

// Lookup returns the name of the encoding that a label stands for, whatever its case and the white
// space around it, or an [*UnknownError].
func Lookup(label string) (string, error) {
	trimmed := strings.ToLower(strings.Trim(label, "\t\n\f\r "))
	switch trimmed {
	case UTF8, "utf8":
		return UTF8, nil
	case "utf-32", utf32le:
		return utf32le, nil
	case utf32be:
		return utf32be, nil
	}
	if strings.TrimSpace(trimmed) != trimmed { // more is white space to htmlindex
		return "", &UnknownError{Label: label}
	}
	found, err := htmlindex.Get(trimmed)
	if err != nil || found == encoding.Replacement {
		return "", &UnknownError{Label: label}
	}
	name, err := htmlindex.Name(found)
	if err != nil {
		return "", &UnknownError{Label: label}
	}
	return name, nil
}

// byServer is Lookup for a label that comes with the text. Where that is ASCII, the text is read as
// UTF-8, which it is as well: browsers take the label for windows-1252, in which every byte is some
// character, so that names would be altered where the label is wrong.
func byServer(label string) (string, error) {
	switch strings.ToLower(strings.Trim(label, "\t\n\f\r ")) {
	case "us-ascii", "ascii", "iso646-us", "iso-ir-6", "ansi_x3.4-1968", "ansi_x3.4-1986":
		return UTF8, nil
	}
	return Lookup(label)
}

// newDecoder makes the decoder of a name that Lookup returns.
func newDecoder(name string, replace bool) *decoder {
	d := &decoder{name: name, replace: replace}
	switch name {
	case UTF8:
		d.step = utf8Step()
		return d
	case utf16le, utf16be:
		d.step = utf16Step(name == utf16be)
		return d
	case utf32le, utf32be:
		d.step = utf32Step(name == utf32be)
		return d
	}
	switch name {
	case "gbk":
		name = "gb18030" // which has all of it, and what is wrongly labelled
	case "iso-8859-8-i":
		name = "iso-8859-8" // the same bytes, for text in the order of reading
	}
	found, err := htmlindex.Get(name)
	if err != nil {
		panic("charset: no decoder of " + name) // a name that does not come from Lookup
	}
	if table, ok := found.(*charmap.Charmap); ok {
		d.ascii, d.step = true, byteStep(table)
	} else {
		d.step = characterStep(found.NewDecoder())
	}
	return d
}

// isASCII tells whether data has no byte above 0x7F.
func isASCII(data []byte) bool {
	for _, c := range data {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
