package fetch

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host/httpx"
)

// Wire sends requests: it follows redirects, keeps credentials at home, and counts. It is safe for
// use by several goroutines.
type Wire struct {
	// Timeout bounds a request that names no time of its own.
	Timeout time.Duration

	transport http.RoundTripper
	count     func()
	hides     func(text string) bool
	log       hclog.Logger
	waiting   func(why string, planned time.Duration) (over func())
	pause     func(ctx context.Context, d time.Duration) error
	room      *room
	doubted   *sync.Map // the origins of which it was said that they name a wrong encoding
}

// NewWire makes the wire of some dependencies.
func NewWire(deps Deps) *Wire {
	w := &Wire{
		Timeout: deps.Timeout, transport: deps.Transport, count: deps.Count, hides: deps.Hides, log: deps.Logger, waiting: deps.Waiting,
		pause: deps.Pause, doubted: &sync.Map{}, room: &room{most: deps.MaxMemory},
	}
	if w.pause == nil {
		w.pause = httpx.Wait
	}
	if w.Timeout <= 0 {
		w.Timeout = DefaultTimeout
	}
	if w.transport == nil {
		w.transport = httpx.Within(nil)
	}
	if w.count == nil {
		w.count = func() {}
	}
	if w.hides == nil {
		w.hides = func(string) bool { return false }
	}
	if w.log == nil {
		w.log = hclog.NewNullLogger()
	}
	if w.waiting == nil {
		w.waiting = func(string, time.Duration) func() { return func() {} }
	}
	return w
}

// Pause waits before a request, and says why. Its error is the cause of the context's end.
func (w *Wire) Pause(ctx context.Context, d time.Duration, why string) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	defer w.waiting(why, d)()
	return w.pause(ctx, d)
}

// WithTLS returns a wire with TLS settings of its own. The error is [httpx.ErrNoTLS] where the
// transport takes none.
func (w *Wire) WithTLS(config *tls.Config) (*Wire, error) {
	other := *w
	other.transport = httpx.WithTLS(w.transport, config)
	if !httpx.TakesTLS(other.transport) {
		return nil, httpx.ErrNoTLS
	}
	return &other, nil
}

// Redirect says what to do with a redirect.
type Redirect string

// What can be done with a redirect.
const (
	Follow Redirect = "follow"
	Refuse Redirect = "error"  // it is an error
	Manual Redirect = "manual" // the redirect itself is the answer
)

// maxRedirects is where following ends, as in the fetch standard.
const maxRedirects = 20

// Request is one request to send, with everything in memory, so that it can be sent again.
type Request struct {
	Method   string
	URL      *url.URL
	Header   http.Header
	Body     []byte // nil for none
	Redirect Redirect
	// Private are names of headers, besides the usual ones, that must not be carried to another
	// origin.
	Private []string
	// Trusted tells of another origin that it may have the credentials all the same. May be nil.
	Trusted func(*url.URL) bool
	// Jar has the cookies that each hop gets, besides those of the headers, and is given those that
	// each answers with. May be nil.
	Jar http.CookieJar
	// Sign completes each hop as it is sent, with the body, which it must not change. It is not
	// called for an origin that is not trusted. May be nil.
	Sign func(r *http.Request, body []byte) error
	// Decoding says how the answer's body becomes text.
	Decoding Decoding
}

// Answer is the head of a response; whoever gets it closes its body.
type Answer struct {
	*http.Response
	URL        *url.URL // where it came from in the end
	Redirected bool
	Decoding   Decoding
	doubt      func(name string)
	room       *room
}

// Send sends a request and returns the head of the answer. Its errors are for [Explain].
func (w *Wire) Send(ctx context.Context, r *Request) (*Answer, error) {
	hop := *r
	hop.Header = r.Header.Clone()
	for redirects := 0; ; redirects++ {
		response, err := w.trip(ctx, &hop)
		if err != nil && redirects > 0 {
			err = &elsewhereError{hop.URL, err}
		}
		if err != nil {
			return nil, err
		}
		var next *url.URL
		if r.Redirect != Manual {
			next, err = redirectOf(&hop, response)
		}
		if err == nil && next == nil {
			return &Answer{
				Response: response, URL: hop.URL, Redirected: redirects > 0, Decoding: r.Decoding, doubt: w.doubt(hop.URL), room: w.room,
			}, nil
		}
		drop(response)
		if err != nil {
			return nil, err
		}
		switch {
		case r.Redirect == Refuse:
			return nil, fmt.Errorf("%w to %s, which this request does not allow", errRedirect, SafeURL(next))
		case redirects == maxRedirects:
			return nil, fmt.Errorf("%w more than %d times, at last to %s", errRedirect, maxRedirects, SafeURL(next))
		}
		hop.follow(next, response.StatusCode)
	}
}

// trip sends one request, without following anything.
func (w *Wire) trip(ctx context.Context, r *Request) (*http.Response, error) {
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL.String(), body)
	if err != nil {
		return nil, err
	}
	request.Header = r.Header.Clone()
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
		request.Header.Del("Host")
	}
	setDefault(request.Header, "User-Agent", "carjs")
	setDefault(request.Header, "Accept", "*/*")
	if r.Jar != nil {
		for _, cookie := range r.Jar.Cookies(r.URL) {
			request.AddCookie(cookie)
		}
	}
	if r.Sign != nil {
		if err := r.Sign(request, r.Body); err != nil {
			return nil, err
		}
	}
	w.count()
	start := time.Now()
	over := w.waiting("the response of "+request.URL.Host, 0)
	response, err := w.transport.RoundTrip(request)
	over()
	if err == nil {
		httpx.Decoded(response) // those of other transports than that of package httpx
		response.Body = &wholeBody{response.Body, ctx}
		if r.Jar != nil {
			r.Jar.SetCookies(r.URL, response.Cookies())
		}
	}
	if w.log.IsDebug() {
		if err != nil {
			w.log.Debug("no answer", "method", r.Method, "url", SafeURL(r.URL),
				"took", time.Since(start), "error", err)
		} else {
			w.log.Debug("answer", "method", r.Method, "url", SafeURL(r.URL),
				"took", time.Since(start), "status", response.StatusCode)
		}
	}
	return response, err
}

func setDefault(header http.Header, name, value string) {
	if _, ok := header[name]; !ok {
		header.Set(name, value)
	}
}

// drop gives a connection back whose body nobody wants; what is long is cut off instead.
func drop(response *http.Response) {
	const worthReading = 64 << 10
	_, _ = io.CopyN(io.Discard, response.Body, worthReading)
	_ = response.Body.Close()
}

// wholeBody is a body that does not end well once its request was given up. A server that notices
// ends a body without a length as if it were complete, and its last bytes may come before the
// connection is closed here: a list that was cut off would pass for a whole one.
type wholeBody struct {
	io.ReadCloser
	ctx context.Context
}

// Read reads a part.
func (b *wholeBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF && b.ctx.Err() != nil {
		err = context.Cause(b.ctx)
	}
	return n, err
}
