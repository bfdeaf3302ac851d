package charset

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// decoder is a [transform.Transformer] from one encoding to UTF-8 that knows where it is, and ends
// at the first invalid byte unless it is asked to replace.
type decoder struct {
	name    string
	replace bool
	ascii   bool // a text in ASCII is the same in UTF-8
	step    step
	at      int64 // how many bytes were decoded
}

// step decodes the first character of src, which is not empty. A size of 0 means that more bytes
// are needed, which is never at the end. When ok is false the bytes are invalid, and text is what
// stands for them, nil for one U+FFFD. It is only valid until the next step.
type step func(src []byte, atEOF bool) (text []byte, size int, ok bool)

// Reset starts a new text. Decoders are made for one text each: those of x/text that keep a state
// keep it here too.
func (d *decoder) Reset() { d.at = 0 }

// Transform decodes as much as fits.
func (d *decoder) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	defer func() { d.at += int64(nSrc) }()
	for nSrc < len(src) {
		if d.ascii && src[nSrc] < utf8.RuneSelf {
			if nDst == len(dst) {
				return nDst, nSrc, transform.ErrShortDst
			}
			dst[nDst] = src[nSrc]
			nDst, nSrc = nDst+1, nSrc+1
			continue
		}
		if len(dst)-nDst < roomOfStep {
			return nDst, nSrc, transform.ErrShortDst
		}
		text, size, ok := d.step(src[nSrc:], atEOF)
		switch {
		case size == 0:
			return nDst, nSrc, transform.ErrShortSrc
		case !ok && !d.replace:
			cut := atEOF && nSrc+size == len(src)
			return nDst, nSrc, &InvalidError{Name: d.name, Offset: d.at + int64(nSrc), Byte: src[nSrc], Cut: cut && d.wide(size)}
		case !ok && text == nil:
			text = []byte("\ufffd")
		}
		nDst += copy(dst[nDst:], text)
		nSrc += size
	}
	return nDst, nSrc, nil
}

// wide tells whether so many bytes at the end are less than a character takes, rather than one that
// does not exist.
func (d *decoder) wide(size int) bool {
	switch d.name {
	case utf16le, utf16be:
		return size != 2
	case utf32le, utf32be:
		return size < 4
	}
	return !d.ascii
}

// roomOfStep is the longest text of a step.
const roomOfStep = 2 * utf8.UTFMax

// utf8Step decodes UTF-8. Of what is invalid, as much is one U+FFFD as could be the beginning of a
// character, which is how the Encoding Standard counts; Go counts bytes.
func utf8Step() step {
	return func(src []byte, atEOF bool) ([]byte, int, bool) {
		if r, size := utf8.DecodeRune(src); r != utf8.RuneError || size > 1 {
			return src[:size], size, true
		}
		begun := 0
		for begun < len(src) && !utf8.FullRune(src[:begun+1]) {
			begun++
		}
		if begun == len(src) {
			return nil, atEnd(src, atEOF), false
		}
		return nil, max(begun, 1), false
	}
}

// utf16Step decodes UTF-16.
func utf16Step(bigEndian bool) step {
	low, high := 0, 1
	if bigEndian {
		low, high = 1, 0
	}
	unit := func(src []byte) rune { return rune(src[low]) | rune(src[high])<<8 }
	var room [utf8.UTFMax]byte
	return func(src []byte, atEOF bool) ([]byte, int, bool) {
		if len(src) < 2 {
			return nil, atEnd(src, atEOF), false
		}
		r := unit(src)
		if !utf16.IsSurrogate(r) {
			return utf8.AppendRune(room[:0], r), 2, true
		}
		if r >= 0xDC00 {
			return nil, 2, false
		}
		if len(src) < 4 {
			return nil, atEnd(src, atEOF), false
		}
		if r = utf16.DecodeRune(r, unit(src[2:])); r == utf8.RuneError {
			return nil, 2, false
		}
		return utf8.AppendRune(room[:0], r), 4, true
	}
}

// utf32Step decodes UTF-32.
func utf32Step(bigEndian bool) step {
	var room [utf8.UTFMax]byte
	return func(src []byte, atEOF bool) ([]byte, int, bool) {
		if len(src) < 4 {
			return nil, atEnd(src, atEOF), false
		}
		r := rune(src[0]) | rune(src[1])<<8 | rune(src[2])<<16 | rune(src[3])<<24
		if bigEndian {
			r = rune(src[3]) | rune(src[2])<<8 | rune(src[1])<<16 | rune(src[0])<<24
		}
		if !utf8.ValidRune(r) {
			return nil, 4, false
		}
		return utf8.AppendRune(room[:0], r), 4, true
	}
}

// atEnd is the size of what is less than a character: all that is left at the end, and nothing
// while more may come.
func atEnd(src []byte, atEOF bool) int {
	if atEOF {
		return len(src)
	}
	return 0
}

// byteStep decodes an encoding in which each byte is a character.
func byteStep(table *charmap.Charmap) step {
	var room [utf8.UTFMax]byte
	return func(src []byte, _ bool) ([]byte, int, bool) {
		r := table.DecodeByte(src[0])
		if c := src[0]; r == utf8.RuneError && c >= 0x80 && c < 0xA0 {
			r = rune(c) // the standard has control characters where the code pages of Windows have gaps
		}
		return utf8.AppendRune(room[:0], r), 1, r != utf8.RuneError
	}
}

// characterStep decodes with a decoder of x/text, which puts U+FFFD in the place of what is
// invalid.
func characterStep(t transform.Transformer) step {
	var room [roomOfStep]byte
	return func(src []byte, atEOF bool) ([]byte, int, bool) {
		// Byte by byte more of the source until there is a character: so a step has one character,
		// or begins with what is invalid, and its place is known.
		for n := 1; n <= len(src); n++ {
			nDst, nSrc, err := t.Transform(room[:], src[:n], atEOF && n == len(src))
			if nSrc == 0 && err != nil {
				continue
			}
			text := room[:nDst]
			// GB 18030 has U+FFFD as a character of its own.
			ok := !bytes.Contains(text, []byte("\ufffd")) || bytes.Equal(src[:nSrc], []byte("\x84\x31\xa4\x37"))
			return text, nSrc, ok
		}
		return nil, 0, true
	}
}
