package httpx

import (
	"context"
	"crypto/tls"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// TLSTransport is a transport that supports other TLS settings. Wrappers of transports implement it
// by passing the settings on with [WithTLS].
type TLSTransport interface {
	http.RoundTripper
	// WithTLS returns a transport of the same kind with other TLS settings. It does not change the
	// settings.
	WithTLS(*tls.Config) http.RoundTripper
}

// New makes a transport that gives up on a peer that does not respond, whatever limits a request
// has. The time limit of a whole request is up to the caller. It uses the proxies of HTTP_PROXY,
// HTTPS_PROXY, ALL_PROXY and NO_PROXY, and trusts the certificate authorities of [Bundles] besides
// those of the system. Variables that cannot be used make the requests that need them fail with an
// [*EnvironmentError]; [CheckEnvironment] finds them earlier.
func New() http.RoundTripper { return NewIn(nil) }

// NewIn is [New] with another environment than that of the process; nil means that one. It is read
// at once, but the files that it names only when a connection needs them.
func NewIn(lookup Lookup) http.RoundTripper {
	return newTransport(readEnvironment(lookup), nil, nil)
}

// transport keeps two sets of connections where the environment names certificate authorities, so
// that they are not loaded for a peer without TLS.
type transport struct {
	env    environment
	config *tls.Config // nil for the defaults
	guard  *guard      // nil for a transport that may connect anywhere
	plain  *http.Transport
	// trusting is plain with the authorities of the environment; nil if it names none.
	trusting func() (*http.Transport, error)
}

func newTransport(env environment, config *tls.Config, guard *guard) *transport {
	t := &transport{env: env, config: config, guard: guard}
	t.plain = t.connections(config)
	if len(env.bundles) > 0 && (config == nil || config.RootCAs == nil && !config.InsecureSkipVerify) {
		t.trusting = sync.OnceValues(func() (*http.Transport, error) {
			roots, err := rootsWith(env.bundles)
			if err != nil {
				return nil, err
			}
			own := &tls.Config{}
			if config != nil {
				own = config.Clone()
			}
			own.RootCAs = roots
			return t.connections(own), nil
		})
	}
	return t
}

// connections makes the transport of the standard library that does the work.
func (t *transport) connections(config *tls.Config) *http.Transport {
	if config != nil {
		config = config.Clone() // HTTP/2 adds itself
	}
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	t.guard.watch(dialer)
	return &http.Transport{
		Proxy:                  t.proxyOf,
		OnProxyConnectResponse: tunnelled,
		TLSClientConfig:        config,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // see RoundTrip
		MaxIdleConnsPerHost:    16,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    15 * time.Second,
		ExpectContinueTimeout:  time.Second,
	}
}

// RoundTrip sends a request. It asks for gzip unless the request says what it accepts, and decodes
// the response, see [Decoded]: package http takes a broken or padded gzip for an error of the
// network, and knows no other encoding. Its errors are for [Diagnose].
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	via, err := t.via(r.URL.Scheme)
	allowed := r
	if err == nil {
		allowed, err = t.allowed(r)
	}
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close()
		}
		return nil, err
	}
	var trip trip
	out := trip.traced(allowed)
	if r.Header.Get("Accept-Encoding") == "" && r.Header.Get("Range") == "" && r.Method != http.MethodHead {
		out.Header = maps.Clone(r.Header)
		if out.Header == nil {
			out.Header = http.Header{}
		}
		out.Header["Accept-Encoding"] = []string{"gzip"}
	}
	response, err := via.RoundTrip(out)
	if err != nil {
		return nil, trip.explained(r.Context(), err)
	}
	response.Request = r
	if response.Body != http.NoBody {
		response.Body = arriving{response.Body}
	}
	Decoded(response)
	if response.StatusCode == http.StatusProxyAuthRequired && r.URL.Scheme == "http" {
		if proxy, _ := t.env.proxyOf(r); proxy != nil {
			_ = response.Body.Close()
			return nil, proxyError(proxy, response)
		}
	}
	return response, nil
}

// via returns the connections for requests of a scheme.
func (t *transport) via(scheme string) (*http.Transport, error) {
	if t.trusting != nil && (scheme == "https" || t.env.secure[scheme]) {
		return t.trusting()
	}
	return t.plain, nil
}

// CloseIdleConnections closes the connections kept for the next request.
func (t *transport) CloseIdleConnections() {
	t.plain.CloseIdleConnections()
	if t.trusting == nil {
		return
	}
	if trusting, err := t.trusting(); err == nil {
		trusting.CloseIdleConnections()
	}
}

// Through returns a transport whose requests all go through one proxy, whatever the environment says.
// A nil config stands for the defaults of TLS.
func Through(proxy *url.URL, config *tls.Config) http.RoundTripper {
	return newTransport(environment{proxy: func(*url.URL) (*url.URL, error) { return proxy, nil }}, config, nil)
}

// WithTLS returns a transport with other TLS settings, in the same environment and bounds. Settings
// without certificate authorities get those of the environment.
func (t *transport) WithTLS(config *tls.Config) http.RoundTripper {
	return newTransport(t.env, config, t.guard)
}

// ErrNoTLS is the error of every request through a transport that cannot apply the TLS settings it
// was given.
var ErrNoTLS = errors.New("this program uses its own transport, which takes no TLS settings")

// WithTLS returns a transport like another one with other TLS settings: a copy of an
// [http.Transport], and what its method returns for a [TLSTransport]. Any other rejects requests
// with [ErrNoTLS], because settings without effect are worse than none; [TakesTLS] tells earlier.
func WithTLS(other http.RoundTripper, config *tls.Config) http.RoundTripper {
	switch t := other.(type) {
	case *http.Transport:
		own := t.Clone()
		own.TLSClientConfig = config.Clone()
		return own
	case TLSTransport:
		return t.WithTLS(config)
	}
	return unable{}
}

// TakesTLS tells whether the transport that [WithTLS] returned sends requests.
func TakesTLS(t http.RoundTripper) bool {
	_, no := t.(unable)
	return !no
}

// unable rejects requests.
type unable struct{}

func (unable) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return nil, ErrNoTLS
}

// WithTLS returns the same transport.
func (unable) WithTLS(*tls.Config) http.RoundTripper { return unable{} }

// tunnelled returns an error unless a proxy has made the requested connection.
func tunnelled(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return proxyError(proxy, answer)
}
