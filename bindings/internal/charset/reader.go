package charset

import (
	"bytes"
	"errors"
	"io"

	"golang.org/x/text/transform"
)

// Reader returns the text of src while it arrives, in UTF-8. What is in UTF-8 already passes as it
// is, unchecked, as [Source.Unchecked] has it; the read that comes to an invalid byte of another
// encoding fails with an [*InvalidError]. XML declarations are not looked for.
func (s Source) Reader(src io.Reader) io.Reader { return &reader{source: s, src: src} }

type reader struct {
	source Source
	src    io.Reader
	text   io.Reader // nil until the first read
}

// Read reads text.
func (r *reader) Read(p []byte) (int, error) {
	if r.text == nil {
		head := make([]byte, longestMark)
		n, err := io.ReadFull(r.src, head)
		// The end of the source is met again, as what it is, when the head has been read.
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, err
		}
		name, err := r.source.detect(head[:n])
		if err != nil {
			return 0, err
		}
		r.text = io.MultiReader(bytes.NewReader(head[:n]), r.src)
		if name != UTF8 || r.source.Replace {
			r.text = transform.NewReader(r.text, newDecoder(name, r.source.Replace))
		}
	}
	return r.text.Read(p)
}
