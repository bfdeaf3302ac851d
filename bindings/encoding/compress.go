package encoding

import (
	"compress/gzip"
	"errors"
	"io"

	"carjs/bindings/args"
	"carjs/bindings/internal/packed"

	"github.com/dop251/goja"
)

// format is a way to compress, with the name that messages have for it.
type format struct {
	name string
	packed.Format
}

func gzipFormat() format { return format{"gzip", packed.Gzip()} }
func zlibFormat() format { return format{"zlib", packed.Zlib()} }

// compressAs makes the native compress(data, {level?}) → bytes.
func compressAs(f format) func(*args.Call) goja.Value {
	return func(c *args.Call) goja.Value {
		data := c.Arg(0, "data").Data()
		level := c.Options(1, "level").Get("level").IntegerOr(gzip.DefaultCompression, gzip.NoCompression, gzip.BestCompression)
		compressed, err := f.Compress(data, int(level), c.Alive)
		if err != nil {
			c.Rethrow(err) // no known one: the level is checked and a buffer takes everything
		}
		return c.Bytes(compressed)
	}
}

// expandFrom makes the native expand(data, {maxSize?}) → bytes.
func expandFrom(f format) func(*args.Call) goja.Value {
	return func(c *args.Call) goja.Value {
		data := c.Arg(0, "data").Buffer()
		limit := c.Options(1, "maxSize").Get("maxSize").IntegerOr(packed.DefaultMax, 1, packed.HighestMax)
		expanded, err := f.Expand(data, limit, c.Alive)
		var header *packed.HeaderError
		switch {
		case err == nil:
		case errors.As(err, &header):
			c.Malformed(header.Err, "the data is not %s", f.name)
		case errors.Is(err, packed.ErrTooLarge):
			c.Malformed(err, "the data expands to more than %d bytes: raise the option maxSize if this is expected", limit)
		case errors.Is(err, io.ErrUnexpectedEOF):
			c.Malformed(err, "the %s data is truncated", f.name)
		default:
			c.Malformed(err, "the %s data is damaged", f.name)
		}
		return c.Bytes(expanded)
	}
}
