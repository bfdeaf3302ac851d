package car

import (
	"bytes"
	"io"
	"net/http"

	"carjs/host/httpx"
)

// plain is the text of a body: decoded, where it is encoded although nobody asked for that, and
// without a byte order mark. A body that is not what its label says is left as it is, and fails if
// it is not JSON.
func plain(header http.Header, body []byte) []byte {
	if len(header["Content-Encoding"]) > 0 {
		encoded := http.Response{Header: header.Clone(), Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body))}
		httpx.Decoded(&encoded)
		defer encoded.Body.Close()
		if text, err := io.ReadAll(io.LimitReader(encoded.Body, maxAnswer+1)); err == nil {
			body = text
		}
	}
	return bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
}
