package node

import (
	"compress/flate"
	"errors"
	"io"

	"carjs/bindings/args"
	"carjs/bindings/internal/packed"

	"github.com/dop251/goja"
)

// format is a way to compress, by the name that zlib.js gives it.
func format(c *args.Call) packed.Format {
	switch c.Arg(0, "the format").Text() {
	case "gzip":
		return packed.Gzip()
	case "deflate":
		return packed.Zlib()
	case "raw":
		return packed.Raw()
	}
	c.Misuse("unknown format %q", c.Value(0))
	return packed.Format{}
}

// compression are the natives of zlib.js: compress(format, data, level) and expand(format, data,
// limit), which return bytes, or the code of an error.
var compression = []args.Function{
	{Name: "compress", Run: func(c *args.Call) goja.Value {
		f, data := format(c), c.Arg(1, "data").Buffer()
		level := c.Arg(2, "the level").Integer(flate.DefaultCompression, flate.BestCompression)
		compressed, err := f.Compress(data, int(level), c.Alive)
		if err != nil {
			c.Rethrow(err)
		}
		return c.Bytes(compressed)
	}},
	{Name: "expand", Run: func(c *args.Call) goja.Value {
		f, data := format(c), c.Arg(1, "data").Buffer()
		limit := c.Arg(2, "maxOutputLength").IntegerOr(packed.DefaultMax, 1, packed.HighestMax)
		expanded, err := f.Expand(data, limit, c.Alive)
		switch {
		case err == nil:
			return c.Bytes(expanded)
		case errors.Is(err, packed.ErrTooLarge):
			return c.VM().ToValue("ERR_BUFFER_TOO_LARGE")
		case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
			return c.VM().ToValue("Z_BUF_ERROR")
		}
		return c.VM().ToValue("Z_DATA_ERROR")
	}},
}
