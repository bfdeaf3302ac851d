package node

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

const (
	// maxExpanded bounds what data grows to where a script names no bound; maxBound is the highest
	// that it can name.
	maxExpanded = 256 << 20
	maxBound    = 2 << 30
	// chunk is how much is worked on between two looks at whether the run is over.
	chunk = 1 << 20
)

// formats are the ways to compress, by the names that zlib.js gives them.
var formats = map[string]struct {
	write func(io.Writer, int) (io.WriteCloser, error)
	read  func(io.Reader) (io.Reader, error)
}{
	"gzip": {
		func(w io.Writer, level int) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, level) },
		func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	},
	"deflate": {
		func(w io.Writer, level int) (io.WriteCloser, error) { return zlib.NewWriterLevel(w, level) },
		func(r io.Reader) (io.Reader, error) { return zlib.NewReader(r) },
	},
	"raw": {
		func(w io.Writer, level int) (io.WriteCloser, error) { return flate.NewWriter(w, level) },
		func(r io.Reader) (io.Reader, error) { return flate.NewReader(r), nil },
	},
}

// compression are the natives of zlib.js: compress(format, data, level) and expand(format, data,
// limit), which return bytes, or the code of an error.
var compression = []args.Function{
	{Name: "compress", Run: func(c *args.Call) goja.Value {
		f, ok := formats[c.Arg(0, "the format").Text()]
		if !ok {
			c.Misuse("unknown format %q", c.Value(0))
		}
		data := c.Arg(1, "data").Buffer()
		var compressed bytes.Buffer
		w, err := f.write(&compressed, int(c.Arg(2, "the level").Integer(flate.DefaultCompression, flate.BestCompression)))
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
			c.Rethrow(err)
		}
		return c.Bytes(compressed.Bytes())
	}},
	{Name: "expand", Run: func(c *args.Call) goja.Value {
		f, ok := formats[c.Arg(0, "the format").Text()]
		if !ok {
			c.Misuse("unknown format %q", c.Value(0))
		}
		limit := c.Arg(2, "maxOutputLength").IntegerOr(maxExpanded, 1, maxBound)
		r, err := f.read(bytes.NewReader(c.Arg(1, "data").Buffer()))
		var expanded bytes.Buffer
		for err == nil {
			c.Alive()
			_, err = io.CopyN(&expanded, r, chunk)
			if int64(expanded.Len()) > limit {
				return c.VM().ToValue("ERR_BUFFER_TOO_LARGE")
			}
		}
		switch {
		case err == io.EOF && r != nil:
			return c.Bytes(expanded.Bytes())
		case errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF:
			return c.VM().ToValue("Z_BUF_ERROR")
		}
		return c.VM().ToValue("Z_DATA_ERROR")
	}},
}
