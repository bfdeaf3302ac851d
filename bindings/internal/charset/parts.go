package charset

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// Decoder decodes one text that comes in parts. It is what TextDecoder of the Encoding Standard is
// made of: the encoding is given, and a byte order mark is a character of the text.
type Decoder struct {
	name  string
	fatal bool
	state *decoder
	held  []byte // the beginning of a character
}

// NewDecoder returns a decoder of the encoding with a label of the Encoding Standard, or an
// [*UnknownError]. A fatal one refuses invalid bytes; others put U+FFFD in their place.
func NewDecoder(label string, fatal bool) (*Decoder, error) {
	name, err := Lookup(label)
	if err == nil && strings.HasPrefix(name, "utf-32") {
		err = &UnknownError{Label: label}
	}
	if err != nil {
		return nil, err
	}
	return &Decoder{name: name, fatal: fatal}, nil
}

// Name is the encoding's, as the standard spells it.
func (d *Decoder) Name() string { return d.name }

// Decode returns the text of a part. A character that is cut off at its end is held back when more
// will come; else the text is over and another one may begin. The error is an [*InvalidError], with
// which the text is over as well.
func (d *Decoder) Decode(part []byte, more bool) (string, error) {
	if d.name == UTF8 && len(d.held) == 0 && utf8.Valid(part) {
		return string(part), nil
	}
	if d.state == nil {
		d.state = newDecoder(d.name, !d.fatal)
	}
	data := append(d.held, part...)
	d.held = nil
	var text []byte
	room := make([]byte, max(len(data)+len(data)/2, 4*roomOfStep))
	for {
		nDst, nSrc, err := d.state.Transform(room, data, !more)
		text, data = append(text, room[:nDst]...), data[nSrc:]
		switch {
		case errors.Is(err, transform.ErrShortDst):
			continue
		case errors.Is(err, transform.ErrShortSrc):
			d.held = append([]byte(nil), data...)
			err = nil
		}
		if err != nil || !more {
			d.state = nil
		}
		return string(text), err
	}
}

// ReplaceInvalid returns a text that is valid UTF-8, with U+FFFD in the place of what is not.
func ReplaceInvalid(text string) string {
	valid, err := (&Decoder{name: UTF8}).Decode([]byte(text), false)
	if err != nil {
		panic(err) // only a fatal decoder has errors
	}
	return valid
}
