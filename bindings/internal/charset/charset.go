// Package charset brings text that came as bytes into UTF-8. It knows byte order marks and the
// labels of the Encoding standard; how a format declares its encoding is the format's affair. It
// is a package because CSV and XML both need it.
package charset

import (
	"bytes"
	"fmt"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

const utf8Mark = "\xef\xbb\xbf"

// Mark returns the encoding that the first bytes give away by a byte order mark, "" when there is
// none.
func Mark(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte(utf8Mark)):
		return "utf-8"
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return "utf-16le"
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "utf-16be"
	}
	return ""
}

// Decode returns data in UTF-8 without its byte order mark, which counts more than the label. Bytes
// that the encoding does not have become U+FFFD; text that is in UTF-8 already is returned as it
// is, valid or not.
func Decode(data []byte, label string) ([]byte, error) {
	if mark := Mark(data); mark != "" {
		label = mark
	}
	encoding, err := htmlindex.Get(label)
	if err != nil {
		return nil, fmt.Errorf("unknown encoding %q", label)
	}
	if encoding == unicode.UTF8 {
		return bytes.TrimPrefix(data, []byte(utf8Mark)), nil
	}
	text, err := encoding.NewDecoder().Bytes(data)
	if err != nil {
		return nil, fmt.Errorf("decode %s: %w", label, err)
	}
	return bytes.TrimPrefix(text, []byte(utf8Mark)), nil
}
