package encoding

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

const (
	// defaultMaxSize bounds what data grows to when a script names no bound: a few kilobytes can be
	// made to grow to gigabytes.
	defaultMaxSize = 256 << 20
	// highestMaxSize is the highest bound that a script can name; a runtime keeps it in memory at
	// once.
	highestMaxSize = 2 << 30
	// chunk is how much is expanded between two looks at whether the run is over: a few
	// milliseconds of work.
	chunk = 1 << 20
)

// format is a way to compress.
type format struct {
	name   string
	writer func(io.Writer, int) (io.WriteCloser, error)
	reader func(io.Reader) (io.ReadCloser, error)
}

var (
	gzipFormat = format{
		"gzip",
		func(w io.Writer, level int) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, level) },
		func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) },
	}
	zlibFormat = format{
		"zlib",
		func(w io.Writer, level int) (io.WriteCloser, error) { return zlib.NewWriterLevel(w, level) },
		zlib.NewReader,
	}
)

// compressAs makes the native compress(data, {level?}) → bytes.
func compressAs(f format) func(*args.Call) goja.Value {
	return func(c *args.Call) goja.Value {
		data := c.Arg(0, "data").Data()
		level := c.Options(1, "level").Get("level").IntegerOr(gzip.DefaultCompression, gzip.NoCompression, gzip.BestCompression)
		var compressed bytes.Buffer
		w, err := f.writer(&compressed, int(level))
		for err == nil && len(data) > 0 {
			c.Alive()
			n := min(chunk, len(data))
			_, err = w.Write(data[:n])
			data = data[n:]
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			c.Rethrow(err) // no known one: the level is checked and a buffer takes everything
		}
		return c.Bytes(compressed.Bytes())
	}
}

// expandFrom makes the native expand(data, {maxSize?}) → bytes.
func expandFrom(f format) func(*args.Call) goja.Value {
	return func(c *args.Call) goja.Value {
		data := c.Arg(0, "data").Buffer()
		limit := c.Options(1, "maxSize").Get("maxSize").IntegerOr(defaultMaxSize, 1, highestMaxSize)
		r, err := f.reader(bytes.NewReader(data))
		if err != nil {
			c.Malformed(err, "the data is not %s", f.name)
		}
		var expanded bytes.Buffer
		for err == nil {
			c.Alive()
			_, err = io.CopyN(&expanded, r, chunk)
			if int64(expanded.Len()) > limit {
				c.Malformed(errTooLarge, "the data expands to more than %d bytes: raise the option maxSize if this is expected", limit)
			}
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			c.Malformed(err, "the %s data is truncated", f.name)
		}
		if err != io.EOF {
			c.Malformed(err, "the %s data is damaged", f.name)
		}
		return c.Bytes(expanded.Bytes())
	}
}

var errTooLarge = errors.New("data expands beyond the limit")
