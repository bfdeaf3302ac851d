package httpx

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"syscall"
)

// trip watches how far a request gets. The errors of crypto/tls and net/http are mostly plain
// texts, and are distinguished by when they happened.
type trip struct {
	mu        sync.Mutex // a connection is made on a goroutine that may outlast the request
	begun     bool       // a connection was requested
	connected bool
	handshake error
}

func (t *trip) traced(r *http.Request) *http.Request {
	return r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
		GetConn: func(string) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.begun = true
		},
		GotConn: func(httptrace.GotConnInfo) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.connected = true
		},
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.handshake = err
		},
	}))
}

// explained adds to an error how far the request got.
func (t *trip) explained(ctx context.Context, err error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case ctx.Err() != nil: // the context is the reason, not how far the request got
		return err
	case t.handshake != nil && errors.Is(err, t.handshake):
		return &handshakeError{err}
	case t.connected:
		return &brokenError{err}
	case !t.begun:
		return &malformedError{err}
	}
	return err
}

// handshakeError is a TLS handshake that failed.
type handshakeError struct{ err error }

func (e *handshakeError) Error() string { return e.err.Error() }
func (e *handshakeError) Unwrap() error { return e.err }

// brokenError is an error after the connection was made.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// why is the reason without what net/http puts around it, such as "connection broken".
func (e *brokenError) why() string {
	err := e.err
	if inner := errors.Unwrap(err); inner != nil {
		err = inner
	}
	text := err.Error()
	for _, name := range []string{"net/http: ", "http: "} {
		text = strings.TrimPrefix(text, name)
	}
	return strings.TrimSuffix(text, "; aborted")
}

// network tells that it is an error of the network, not of what came over it.
func (e *brokenError) network() bool {
	var op *net.OpError
	var number syscall.Errno
	return errors.As(e.err, &op) || errors.As(e.err, &number)
}

// arriving is the body of a response. An error while it is read comes after the connection was made,
// as one of the head does.
type arriving struct{ io.ReadCloser }

func (a arriving) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = &brokenError{err}
	}
	return n, err
}

// malformedError is a request for which no connection was even requested.
type malformedError struct{ err error }

func (e *malformedError) Error() string { return e.err.Error() }
func (e *malformedError) Unwrap() error { return e.err }
