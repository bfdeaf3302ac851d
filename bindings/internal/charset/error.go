package charset

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// InvalidError is bytes that are no text in the encoding that they are taken for.
type InvalidError struct {
	// Name is the encoding, as the Encoding Standard spells it.
	Name string
	// Offset is the place of the first invalid byte, counted in bytes from 0, and Byte is that one.
	Offset int64
	Byte   byte
	// Cut tells that the text ends inside a character that begins there.
	Cut bool
}

// Error names the encoding and the place: "not valid UTF-8: byte 0xEB at offset 12".
func (e *InvalidError) Error() string {
	text := fmt.Sprintf("not valid %s: byte 0x%02X at offset %d", spelled(e.Name), e.Byte, e.Offset)
	if e.Cut {
		text += " begins a character that is cut off at the end"
	}
	return text
}

// UnknownError is a label that stands for no encoding.
type UnknownError struct{ Label string }

// Error names the label.
func (e *UnknownError) Error() string { return fmt.Sprintf("there is no encoding %q", e.Label) }

// spelled is the name of an encoding as people write it.
func spelled(name string) string {
	if strings.HasPrefix(name, "utf-") {
		return strings.ToUpper(name)
	}
	return name
}

// invalidUTF8 is the error of text that is not UTF-8.
func invalidUTF8(text []byte) *InvalidError { return InvalidUTF8(text, FirstInvalid(text)) }

// FirstInvalid is the offset of the first byte of a text that is not UTF-8; its length if there is
// none.
func FirstInvalid(text []byte) int {
	offset := 0
	for offset < len(text) {
		r, size := utf8.DecodeRune(text[offset:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		offset += size
	}
	return offset
}

// InvalidUTF8 is the error of a text in UTF-8 whose byte at offset is invalid.
func InvalidUTF8(text []byte, offset int) *InvalidError {
	return &InvalidError{Name: UTF8, Offset: int64(offset), Byte: text[offset], Cut: !utf8.FullRune(text[offset:])}
}

// Explain says of a text, which is named, what is wrong with its bytes: err comes from this
// package.
func Explain(what string, err error) string {
	var unknown *UnknownError
	if errors.As(err, &unknown) {
		return fmt.Sprintf("%s names an unknown charset: %.50q", what, unknown.Label)
	}
	return what + " is " + err.Error()
}
