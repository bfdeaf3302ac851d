package httpx

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"strconv"
)

// Transport carries requests to a handler of this process, without a port.
func Transport(handler http.Handler) http.RoundTripper { return inProcess{handler} }

type inProcess struct{ handler http.Handler }

// WithTLS returns the same transport: nothing is encrypted within the process.
func (t inProcess) WithTLS(*tls.Config) http.RoundTripper { return t }

// RoundTrip runs the handler on its own goroutine, so that the caller can give up.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	request := r.Clone(r.Context())
	request.RequestURI, request.RemoteAddr = r.URL.RequestURI(), "in process"
	if request.Host == "" {
		request.Host = r.URL.Host
	}
	if request.Body == nil {
		request.Body = http.NoBody
	}
	answered := make(chan *http.Response, 1)
	go func() {
		defer request.Body.Close()
		w := &writer{header: http.Header{}}
		defer func() {
			if recover() != nil { // as an http.Server has it, which ends the connection
				w.status, w.sent = http.StatusInternalServerError, http.Header{}
				w.body.Reset()
			}
			answered <- w.response(r)
		}()
		t.handler.ServeHTTP(w, request)
	}()
	select {
	case response := <-answered:
		return response, nil
	case <-r.Context().Done():
		return nil, context.Cause(r.Context())
	}
}

// writer collects a response.
type writer struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

func (w *writer) Header() http.Header { return w.header }

func (w *writer) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *writer) Write(data []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(data)
}

func (w *writer) response(r *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: w.sent, Request: r,
		ContentLength: int64(w.body.Len()), Body: io.NopCloser(&w.body),
	}
}
