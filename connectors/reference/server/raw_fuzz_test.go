package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzRaw reads requests as they come over a connection, for the interface and for the pages: what is
// wrong with them is the fault of who sent them, and what calls itself JSON is.
func FuzzRaw(f *testing.F) {
	const form = "\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded"
	const asJSON = "\r\nHost: 127.0.0.1:8000\r\nContent-Type: application/json"
	for _, seed := range [][2]string{
		{"GET /assets/?limit=1&offset=1&pk=1,2 HTTP/1.1" + asJSON, ""}, {"GET /delta?from=0&to=9 HTTP/1.1" + asJSON, ""},
		{"GET /model_state_id HTTP/1.1" + asJSON, ""}, {"POST /assets/ HTTP/1.1" + asJSON, `{"name":"a","site":"http://h/sites/1/"}`},
		{"PATCH /assets/1/ HTTP/1.1" + asJSON, `{"name":null}`}, {"PUT /ports/1/ HTTP/1.1" + asJSON, `{"port_number":"443"}`},
		{"DELETE /sites/1/ HTTP/1.1" + asJSON, ""}, {"POST /admin/assets/ HTTP/1.1" + form, "name=a&site=1&vulnerabilities=1-3"},
		{"GET /admin/assets/?page=2&search=%25 HTTP/1.1" + form, ""}, {"POST /admin/assets/1/ HTTP/1.1" + form, "name=%ff%00"},
		{"POST /assets/ HTTP/1.1" + asJSON + "\r\nContent-Encoding: gzip", "\x1f\x8b"},
		{"GET /../%2e%2e/assets HTTP/1.1\r\nHost: evil.example", ""},
		{"POST /assets/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x", "--x\r\n\r\n--x--"},
	} {
		f.Add(seed[0], []byte(seed[1]))
	}
	s, err := Open(Config{Size: 2})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() }) // in memory
	handler := s.foreign().Handler(s.Handler())
	f.Fuzz(func(t *testing.T, head string, body []byte) {
		request, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.TrimRight(head, "\r\n") + "\r\n\r\n")))
		if err != nil {
			return
		}
		if request.Header.Get("Authorization") == "" {
			request.SetBasicAuth("admin", "admin")
		}
		request.Body, request.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		began, recorder := time.Now(), httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%q %q took %s", head, body, took)
		}
		kind, answer := recorder.Header().Get("Content-Type"), recorder.Body.Bytes()
		if recorder.Code >= 500 || strings.HasPrefix(kind, "application/json") && len(answer) > 0 && !json.Valid(answer) {
			t.Errorf("%q %q: %d %s %s", head, body, recorder.Code, kind, answer)
		}
	})
}
