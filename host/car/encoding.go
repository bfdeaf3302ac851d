package car

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
)

// plain is the text of a body: decompressed, where it is compressed although nobody asked for that,
// and without a byte order mark. A body that cannot be decompressed is left as it is, and fails as
// invalid JSON.
func plain(encoding string, body []byte) []byte {
	var reader io.Reader
	var err error
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "gzip", "x-gzip":
		reader, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate": // some services send what is inside without the frame around it
		if reader, err = zlib.NewReader(bytes.NewReader(body)); err != nil {
			reader, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	}
	if reader != nil && err == nil {
		if text, err := io.ReadAll(io.LimitReader(reader, maxAnswer+1)); err == nil {
			body = text
		}
	}
	return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
}
