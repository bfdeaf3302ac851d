package carserver

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzRaw reads requests as they come over a connection: with any headers, encodings of the body and
// names of the host. The response is JSON, and none is the fault of the service.
func FuzzRaw(f *testing.F) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = io.WriteString(w, `{"source":{"_key":"s"},"report":{"timestamp":1},"asset":[{"external_id":1,"name":"a"}]}`)
	_ = w.Close()
	const post = "POST /api/car/v3/query HTTP/1.1\r\nHost: localhost\r\n"
	for _, seed := range [][2]string{
		{post + "Content-Type: application/json", `{"query":"{asset{id name}}","variables":null,"operationName":""}`},
		{post + "Content-Type: application/graphql", "{asset{id}}"},
		{post + "Content-Type: text/plain\r\nOrigin: https://evil.example", `{"query":"{__typename}"}`},
		{post + "Content-Type: application/json\r\nX-Hasura-Car-Timepoint: 2021-01-25T17:52:29.785304", `[{"query":"{a:asset{id}}"},1]`},
		{"POST /api/car/v2/imports HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nContent-Encoding: gzip", packed.String()},
		{"POST /api/car/v2/imports HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nContent-Encoding: deflate, gzip", packed.String()},
		{"POST /api/car/v2/imports HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nContent-Encoding: gzip", packed.String()[:packed.Len()-6]},
		{"GET /api/car/v2/importstatus?ids=a HTTP/1.1\r\nHost: evil.example", ""},
		{"PATCH /api/car/v2/databases HTTP/1.0\r\nHost: [::1]", `{"graph_name":"assets"}`},
		{"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nAccess-Control-Request-Method: POST", ""},
		{"DELETE http://elsewhere/api/car/v2/source/s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic azpw", ""},
	} {
		f.Add(seed[0], []byte(seed[1]))
	}
	c := start(f, Config{Prepared: true, MaxBody: 1 << 16})
	c.load(assets + `,"ipaddress":[{"_key":"10.0.0.1","tag":["red"]}],` + edges)
	handler := c.carsrv.foreign().Handler(c.carsrv.Handler())
	f.Fuzz(func(t *testing.T, head string, body []byte) {
		request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.TrimRight(head, "\r\n") + "\r\n\r\n")))
		if err != nil {
			return
		}
		request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		began, recorder := time.Now(), httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		status, answer := recorder.Code, recorder.Body.Bytes()
		if took := time.Since(began); took > slow {
			t.Errorf("%q %q took %s", head, body, took)
		}
		if status >= 500 && status != http.StatusNotImplemented || status >= 400 && len(answer) > 0 && !json.Valid(answer) {
			t.Errorf("%q %q: %d %s", head, body, status, answer)
		}
	})
}
