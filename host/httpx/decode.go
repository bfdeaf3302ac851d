package httpx

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// EncodingError is a body that is not encoded as its Content-Encoding says: the connection is sound,
// and asking again brings the same.
type EncodingError struct {
	// Encoding is what the label says, "gzip".
	Encoding string
	// Problem is what is wrong: "has 512 bytes behind its end".
	Problem string
	// Err is what the decoder says. May be nil.
	Err error
}

// Error names the encoding and the problem.
func (e *EncodingError) Error() string {
	return "the body is labelled " + e.Encoding + " and " + e.Problem
}

// Unwrap returns what the decoder says.
func (e *EncodingError) Unwrap() error { return e.Err }

// maxWindow bounds what a decoder of zstd keeps: browsers allow a body 8 MiB, and tools of the
// command line write up to 128 MiB.
const maxWindow = 128 << 20

// decoders is the table of the encodings that are taken off, each with what makes a reader of the
// plain bytes.
func decoders() map[string]func(*bufio.Reader) (io.Reader, error) {
	return map[string]func(*bufio.Reader) (io.Reader, error){
		"gzip":    newGzip,
		"x-gzip":  newGzip,
		"deflate": newDeflate,
		"br":      func(r *bufio.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"zstd": func(r *bufio.Reader) (io.Reader, error) {
			d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
			if err != nil {
				return nil, err
			}
			return d.IOReadCloser(), nil
		},
	}
}

// Decoded takes off the encodings of a response's body while it is read, in place: gzip, x-gzip,
// deflate (with and without the header of zlib), br and zstd, in any order. Content-Encoding and
// Content-Length are gone then, and the length is unknown. A label that names no encoding of these is
// left to whoever reads the body. Reading a body that is not what its label says fails with an
// [*EncodingError].
func Decoded(response *http.Response) {
	if len(response.Header["Content-Encoding"]) == 0 || response.Body == nil || response.Body == http.NoBody ||
		response.ContentLength == 0 || response.Request != nil && response.Request.Method == http.MethodHead {
		return
	}
	var labels []string
	for label := range strings.SplitSeq(strings.Join(response.Header["Content-Encoding"], ","), ",") {
		if label = strings.ToLower(strings.TrimSpace(label)); label != "" && label != "identity" {
			labels = append(labels, label)
		}
	}
	known := decoders()
	for _, label := range labels {
		if known[label] == nil {
			return
		}
	}
	body := response.Body
	for _, label := range slices.Backward(labels) {
		from := &source{Reader: body}
		body = &decoded{label: label, open: known[label], closes: body, source: from, from: bufio.NewReader(from)}
	}
	response.Body = body
	response.Header.Del("Content-Encoding")
	response.Header.Del("Content-Length")
	response.ContentLength, response.Uncompressed = -1, true
}

// source remembers how reading ended: an error of the network is none of the encoding.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// decoded is a body of which an encoding is taken off.
type decoded struct {
	label  string
	open   func(*bufio.Reader) (io.Reader, error)
	closes io.Closer
	source *source
	from   *bufio.Reader
	plain  io.Reader // nil before the first read
	any    bool      // something was decoded
	err    error
}

// Read decodes a part. What was decoded before a mistake is returned first.
func (d *decoded) Read(p []byte) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	if d.plain == nil {
		if _, err := d.from.Peek(1); err != nil { // a body of no bytes, whatever it is called
			d.err = err
			return 0, err
		}
		plain, err := d.open(d.from)
		if err != nil {
			d.err = d.explained(err)
			return 0, d.err
		}
		d.plain = plain
	}
	n, err := d.plain.Read(p)
	d.any = d.any || n > 0
	if err == io.EOF {
		err = d.end()
	} else if err != nil {
		err = d.explained(err)
	}
	d.err = err
	return n, err
}

// end is the error at the end of what the encoding says is all: the body must end there as well.
func (d *decoded) end() error {
	if _, err := d.from.Peek(1); err == nil {
		return &EncodingError{Encoding: d.label, Problem: padded}
	} else if err != io.EOF {
		return err
	}
	return io.EOF
}

// explained says what an error of a decoder means.
func (d *decoded) explained(err error) error {
	switch {
	case d.source.err != nil:
		return d.source.err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &EncodingError{d.label, "ends too early", err}
	case d.any && (errors.Is(err, zstd.ErrMagicMismatch) || strings.Contains(err.Error(), "excessive input")):
		return &EncodingError{d.label, padded, err}
	case !d.any:
		return &EncodingError{d.label, "is something else", err}
	}
	return &EncodingError{d.label, fmt.Sprintf("is damaged or something else: %v", err), err}
}

// padded is the problem of a body that goes on behind its end. What a decoder of br calls it is not
// exported.
const padded = "has more bytes behind its end, such as padding"

// Close closes the body, and what the decoder holds.
func (d *decoded) Close() error {
	if c, ok := d.plain.(io.Closer); ok {
		_ = c.Close() // the mistakes of a body were told when it was read
	}
	return d.closes.Close()
}

// members reads the members of a gzip file one after the other, up to something else.
type members struct {
	from *bufio.Reader
	at   *gzip.Reader
}

func newGzip(r *bufio.Reader) (io.Reader, error) {
	at, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	at.Multistream(false)
	return &members{r, at}, nil
}

// Read reads a part.
func (m *members) Read(p []byte) (int, error) {
	n, err := m.at.Read(p)
	if err != io.EOF {
		return n, err
	}
	if next, _ := m.from.Peek(2); string(next) != "\x1f\x8b" {
		return n, io.EOF
	}
	err = m.at.Reset(m.from)
	m.at.Multistream(false)
	return n, err
}

// newDeflate reads deflate as the standard has it, with the header of zlib, and as some servers have
// it, without.
func newDeflate(r *bufio.Reader) (io.Reader, error) {
	head, err := r.Peek(2)
	if err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(r)
	}
	return flate.NewReader(r), nil
}
