// Package httpx makes the HTTP transport of all that carjs asks, CAR and data sources. It knows
// nothing of who is asked.
package httpx

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// New makes a transport that gives up on a peer that does not answer, whatever bounds a request has
// besides. How long a whole request may take is the request's own matter.
func New() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   15 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

// WithTLS returns a transport like another one with other TLS settings: a copy of an
// [http.Transport], what a method WithTLS of any other returns, or the same where there are no
// connections of which anybody could know.
func WithTLS(other http.RoundTripper, config *tls.Config) http.RoundTripper {
	switch t := other.(type) {
	case *http.Transport:
		own := t.Clone()
		own.TLSClientConfig = config
		return own
	case interface {
		WithTLS(*tls.Config) http.RoundTripper
	}:
		return t.WithTLS(config)
	}
	return other
}
