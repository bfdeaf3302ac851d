package dev

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"carjs/host/httpx"
)

// KeptBody is how much of what is sent and answered is kept to be looked at.
const KeptBody = 64 << 10

// Requests tells of the traffic with the data source.
type Requests struct {
	loop     *Loop
	number   atomic.Int64
	recorded atomic.Int64
}

// Watch puts itself before what carries requests. recorded tells whether an answer came from a
// recording.
func (r *Requests) Watch(next http.RoundTripper, recorded func(*http.Response) bool) http.RoundTripper {
	return &watched{requests: r, next: next, recorded: recorded}
}

// watched carries requests and tells of them.
type watched struct {
	requests *Requests
	next     http.RoundTripper
	recorded func(*http.Response) bool
}

var _ httpx.TLSTransport = (*watched)(nil)

// WithTLS is the same over connections with other TLS settings, where there are connections.
func (w *watched) WithTLS(config *tls.Config) http.RoundTripper {
	other := *w
	other.next = httpx.WithTLS(w.next, config)
	return &other
}

// RoundTrip carries a request. What it tells is complete when the answer has been read.
func (w *watched) RoundTrip(request *http.Request) (*http.Response, error) {
	exchange := &Exchange{Method: request.Method, URL: request.URL.String()}
	sent := &kept{}
	if request.Body != nil && request.Body != http.NoBody { // which is sent as no body, and not as one of unknown length
		request = request.Clone(request.Context())
		request.Body = &body{ReadCloser: request.Body, kept: sent}
	}
	started := time.Now()
	response, err := w.next.RoundTrip(request)
	exchange.Milliseconds = milliseconds(time.Since(started))
	if err != nil {
		exchange.Error, exchange.Sent = err.Error(), sent.bytes()
		w.requests.tell(exchange)
		return nil, err
	}
	exchange.Status, exchange.Type = response.StatusCode, response.Header.Get("Content-Type")
	if exchange.Recorded = w.recorded(response); exchange.Recorded {
		w.requests.recorded.Add(1)
	}
	answer := &kept{}
	response.Body = &body{ReadCloser: response.Body, kept: answer, ended: func() {
		exchange.Milliseconds = milliseconds(time.Since(started))
		exchange.Bytes, exchange.Body, exchange.Sent = answer.total(), answer.bytes(), sent.bytes()
		w.requests.tell(exchange)
	}}
	return response, nil
}

func (r *Requests) tell(exchange *Exchange) {
	told := *exchange
	told.Number = int(r.number.Add(1))
	r.loop.tell(Event{Kind: Requested, Request: &told})
}

// body is read by someone else, and kept at its beginning.
type body struct {
	io.ReadCloser
	kept  *kept
	once  sync.Once
	ended func()
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.kept.add(p[:n])
	if err != nil {
		b.end()
	}
	return n, err
}

func (b *body) Close() error {
	b.end()
	return b.ReadCloser.Close()
}

func (b *body) end() {
	if b.ended != nil {
		b.once.Do(b.ended)
	}
}

// kept is the beginning of what passed. What is sent may still be read when the answer has come.
type kept struct {
	mu    sync.Mutex
	start bytes.Buffer
	size  int64
}

func (k *kept) add(p []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.size += int64(len(p))
	k.start.Write(p[:min(len(p), KeptBody-k.start.Len())])
}

func (k *kept) bytes() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return bytes.Clone(k.start.Bytes())
}

func (k *kept) total() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.size
}
