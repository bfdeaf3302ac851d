package car

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"sync"
)

// leastCompressed is the smallest body, in bytes, that is worth compressing.
const leastCompressed = 4 << 10

// compressor compresses bodies until CAR rejects one. The zero value never compresses.
type compressor struct {
	pool sync.Pool

	mu sync.Mutex
	on bool
}

// body returns the bytes to send for a body, and their encoding; "" means uncompressed.
func (c *compressor) body(body []byte) (sent []byte, encoding string) {
	c.mu.Lock()
	on := c.on
	c.mu.Unlock()
	if !on || len(body) < leastCompressed {
		return body, ""
	}
	// Pages are very repetitive: the fastest level leaves a tenth of them or less.
	w, _ := c.pool.Get().(*gzip.Writer)
	out := bytes.NewBuffer(make([]byte, 0, len(body)/8))
	if w == nil {
		var err error
		if w, err = gzip.NewWriterLevel(out, gzip.BestSpeed); err != nil {
			return body, ""
		}
	} else {
		w.Reset(out)
	}
	defer c.pool.Put(w)
	if _, err := w.Write(body); err != nil || w.Close() != nil {
		return body, "" // a buffer takes everything
	}
	return out.Bytes(), "gzip"
}

// refused tells whether a response rejects compressed bodies. No body is compressed after that.
func (c *compressor) refused(encoding string, status int) bool {
	if encoding == "" || status != http.StatusUnsupportedMediaType {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on = false
	return true
}
