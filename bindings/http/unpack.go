package http

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// packError is a file that is packed and cannot be unpacked. The connection is sound: asking again
// brings the same.
type packError struct {
	kind, problem string
	err           error // may be nil
}

func (e *packError) Error() string { return "the file is " + e.kind + " and " + e.problem }

func (e *packError) Unwrap() error { return e.err }

// maxPacked is how many files may be in one another: a zip of files in gzip, in gzip itself.
const maxPacked = 3

// unpack calls read with each file in a body, while it arrives: the body itself, what is in it if it
// is gzip, or the entries of a zip, with their names. Text in JSON or CSV begins with none of their
// marks.
func unpack(body io.Reader, depth int, name string, read func(name string, file io.Reader) error) error {
	head := make([]byte, len(zipEntry))
	n, err := io.ReadFull(body, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return read(name, &broken{head[:n], err})
	}
	head = head[:n]
	whole := io.Reader(bytes.NewReader(head))
	if err == nil {
		whole = io.MultiReader(whole, body)
	}
	switch {
	case depth == maxPacked:
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return ungzip(whole, depth, name, read)
	case bytes.Equal(head, zipEntry), bytes.Equal(head, zipEnd):
		return unzip(whole, depth, read)
	}
	return read(name, whole)
}

// broken is a file that breaks off in its first bytes.
type broken struct {
	head []byte
	err  error
}

func (b *broken) Read(p []byte) (int, error) {
	n := copy(p, b.head)
	if b.head = b.head[n:]; n > 0 {
		return n, nil
	}
	return 0, b.err
}

// fromNet counts what the network brings, and remembers what it failed with, which is no fault of the
// file.
type fromNet struct {
	io.Reader
	read int64
	err  error
}

func (f *fromNet) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	f.read += int64(n)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// fault says what an error of a decoder means, where the end of the file is none.
func (f *fromNet) fault(kind string, err error) error {
	var known *packError
	switch {
	case err == nil || err == io.EOF || errors.As(err, &known):
		return err
	case f.err != nil:
		return f.err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &packError{kind, "ends too early", err}
	}
	return &packError{kind, fmt.Sprintf("is damaged: %v", err), err}
}

const gzipFile, zipFile = "a gzip file", "a zip archive"

// ungzip reads a file that is gzip, or several after one another.
func ungzip(body io.Reader, depth int, name string, read func(string, io.Reader) error) error {
	from := &fromNet{Reader: body}
	z, err := gzip.NewReader(bufio.NewReader(from))
	if err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return from.fault(gzipFile, err)
	}
	return unpack(&explained{z, from, gzipFile}, depth+1, name, read)
}

// explained is a file whose errors are explained.
type explained struct {
	io.Reader
	from *fromNet
	kind string
}

func (e *explained) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	return n, e.from.fault(e.kind, err)
}

// inflated makes the reader of an entry that is deflated. It reads no more of the archive than it
// needs, because the archive can be read byte by byte.
func inflated(archive *bufio.Reader) io.Reader { return flate.NewReader(archive) }
