// Package packed compresses and expands data in memory in the formats of the standard library, a
// part at a time, so that a run that is over ends it. Which natives a script has for it, what their
// options are and how they fail is in bindings/encoding and bindings/node; streams from the network
// are decoded in host/httpx.
package packed

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
)

const (
	// DefaultMax bounds what data grows to when a script names no bound: a few kilobytes can be made
	// to grow to gigabytes.
	DefaultMax = 256 << 20
	// HighestMax is the highest bound that a script can name; a runtime keeps it in memory at once.
	HighestMax = 2 << 30
	// chunk is how much is worked on between two looks at whether the run is over: a few
	// milliseconds of work.
	chunk = 1 << 20
)

// ErrTooLarge is the error of data that expands beyond the limit.
var ErrTooLarge = errors.New("data expands beyond the limit")

// Format is a way to compress.
type Format struct {
	writer func(io.Writer, int) (io.WriteCloser, error)
	reader func(io.Reader) (io.Reader, error)
}

// Gzip is the format of RFC 1952.
func Gzip() Format {
	return Format{
		func(w io.Writer, level int) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, level) },
		func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	}
}

// Zlib is the format of RFC 1950, which HTTP calls deflate.
func Zlib() Format {
	return Format{
		func(w io.Writer, level int) (io.WriteCloser, error) { return zlib.NewWriterLevel(w, level) },
		func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) },
	}
}

// Raw is deflate without anything around it, RFC 1951.
func Raw() Format {
	return Format{
		func(w io.Writer, level int) (io.WriteCloser, error) { return flate.NewWriter(w, level) },
		func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil },
	}
}

// Compress compresses at a level of compress/flate. It calls alive before each part, which does not
// return when the run is over. An error is a level that does not exist.
func (f Format) Compress(data []byte, level int, alive func()) ([]byte, error) {
	var compressed bytes.Buffer
	w, err := f.writer(&compressed, level)
	for err == nil && len(data) > 0 {
		alive()
		n := min(chunk, len(data))
		_, err = w.Write(data[:n])
		data = data[n:]
	}
	if err == nil {
		err = w.Close()
	}
	return compressed.Bytes(), err
}

// Expand expands to at most limit bytes, and calls alive as Compress does. The error is
// [ErrTooLarge]; a [*HeaderError] when the data does not begin as the format does;
// [io.ErrUnexpectedEOF] when it ends too early; any other says that it is damaged.
func (f Format) Expand(data []byte, limit int64, alive func()) ([]byte, error) {
	r, err := f.reader(bytes.NewReader(data))
	if err != nil {
		return nil, &HeaderError{err}
	}
	var expanded bytes.Buffer
	for err == nil {
		alive()
		_, err = io.CopyN(&expanded, r, chunk)
		if int64(expanded.Len()) > limit {
			return nil, ErrTooLarge
		}
	}
	if err != io.EOF {
		return nil, err
	}
	return expanded.Bytes(), nil
}

// HeaderError says that data does not begin as its format does.
type HeaderError struct{ Err error }

func (e *HeaderError) Error() string { return e.Err.Error() }

// Unwrap returns what the format's reader says.
func (e *HeaderError) Unwrap() error { return e.Err }
