package app

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"sync"
	"time"

	"carjs/host/httpx"
)

// Exchange is a request to the data source with its response.
type Exchange struct {
	// Request is what was sent, without its body.
	Request *http.Request
	// Response is nil while there is none. Its body was read by who sent the request.
	Response *http.Response
	// Body is what was read of the response.
	Body []byte
	// Took is the time from the request to what was read last.
	Took time.Duration
}

// exchanges keep the last request that was answered, and tell of each.
type exchanges struct {
	sent, answered func(Exchange)

	mu   sync.Mutex
	last *Exchange
}

// watch puts itself before what carries requests.
func (e *exchanges) watch(next http.RoundTripper) http.RoundTripper { return watchedExchanges{e, next} }

// lastAnswer is the exchange whose response came last; nil for none.
func (e *exchanges) lastAnswer() *Exchange {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.last == nil {
		return nil
	}
	copied := *e.last
	copied.Body = bytes.Clone(e.last.Body)
	return &copied
}

// watchedExchanges carry requests.
type watchedExchanges struct {
	to   *exchanges
	next http.RoundTripper
}

var _ httpx.TLSTransport = watchedExchanges{}

// WithTLS is the same over connections with other TLS settings.
func (w watchedExchanges) WithTLS(config *tls.Config) http.RoundTripper {
	return watchedExchanges{w.to, httpx.WithTLS(w.next, config)}
}

// RoundTrip carries a request.
func (w watchedExchanges) RoundTrip(q *http.Request) (*http.Response, error) {
	x := &Exchange{Request: q}
	w.to.sent(*x)
	began := time.Now()
	response, err := w.next.RoundTrip(q)
	if err != nil {
		return nil, err
	}
	x.Response, x.Took = response, time.Since(began)
	w.to.answered(*x)
	w.to.mu.Lock()
	w.to.last = x
	w.to.mu.Unlock()
	response.Body = &copiedBody{response.Body, w.to, x, began}
	return response, nil
}

// copiedBody is read by someone else and kept.
type copiedBody struct {
	io.ReadCloser
	to    *exchanges
	x     *Exchange
	began time.Time
}

func (b *copiedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.to.mu.Lock()
	defer b.to.mu.Unlock()
	b.x.Body = append(b.x.Body, p[:n]...)
	b.x.Took = time.Since(b.began)
	return n, err
}
