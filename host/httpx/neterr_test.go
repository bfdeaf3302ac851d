package httpx_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"carjs/host/httpx"
)

// Errors that no test can have a real network make.
func TestDiagnose(t *testing.T) {
	op := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
	}
	for _, c := range []struct {
		err  error
		want httpx.Diagnosis
	}{
		{
			&net.OpError{Op: "dial", Err: &net.DNSError{Name: "h", IsNotFound: true}},
			httpx.Diagnosis{Kind: httpx.NoSuchHost, Reason: "no such host h"},
		},
		{
			&net.OpError{Op: "dial", Err: &net.DNSError{Name: "h", IsTemporary: true, IsTimeout: true}},
			httpx.Diagnosis{Kind: httpx.NotLookedUp, Reason: "cannot look up the name h now", Retryable: true},
		},
		{op(syscall.EHOSTUNREACH), httpx.Diagnosis{Kind: httpx.NoRoute, Reason: "no route to h:1", Retryable: true}},
		{
			&net.OpError{Op: "socket", Err: os.NewSyscallError("socket", syscall.EMFILE)},
			httpx.Diagnosis{Kind: httpx.TooManyFiles, Reason: "too many files and connections are open on this machine", Retryable: true},
		},
		{
			&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded},
			httpx.Diagnosis{Kind: httpx.TimedOut, Reason: "the connection could not be established in time", Retryable: true},
		},
		{
			&net.OpError{Op: "read", Err: os.NewSyscallError("read", syscall.ETIMEDOUT)},
			httpx.Diagnosis{Kind: httpx.Dropped, Reason: "the connection was lost: no more data arrived", Retryable: true},
		},
		{fmt.Errorf("x: %w", context.Canceled), httpx.Diagnosis{Kind: httpx.Cancelled, Reason: "the request was cancelled"}},
		{
			&url.Error{Op: "Get", URL: "x", Err: context.DeadlineExceeded},
			httpx.Diagnosis{Kind: httpx.TimedOut, Reason: "no response arrived in time", Retryable: true},
		},
		{errors.New("something else"), httpx.Diagnosis{Kind: httpx.Unknown, Reason: "something else", Retryable: true}},
	} {
		if got := httpx.Diagnose("h:1", c.err); got != c.want {
			t.Errorf("%v is %+v", c.err, got)
		}
	}
}

// Errors of real connections without TLS.
func TestDiagnoseConnections(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	reset := listens(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 1))
		_ = conn.(*net.TCPConn).SetLinger(0) // with a reset
	})
	for name, c := range map[string]struct {
		address, reason string
		kind            httpx.Kind
	}{
		"refused": {strings.TrimPrefix(closed.URL, "http://"), "connection refused by h:1", httpx.Refused},
		"closed":  {answers(t, ""), "the connection was closed before the response was complete", httpx.Dropped},
		"in head": {answers(t, "HTTP/1.1 200 OK\r\n"), "the connection was closed before the response was complete", httpx.Dropped},
		"in body": {
			answers(t, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"),
			"the connection was closed before the response was complete", httpx.Dropped,
		},
		"reset": {reset, "the connection was closed before the response was complete", httpx.Dropped},
	} {
		_, err := get(t, httpx.New(), "http://"+c.address)
		if err == nil {
			t.Errorf("%s: there was an answer", name)
		} else if d := httpx.Diagnose("h:1", err); d.Kind != c.kind || d.Reason != c.reason || !d.Retryable {
			t.Errorf("%s: %v is %+v", name, err, d)
		}
	}
}

// Responses that are not HTTP as the standard has it, or of something else that speaks.
func TestDiagnoseNotHTTP(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\n"
	for says, reason := range map[string]string{
		"220 mail.test ESMTP\r\n":                                                           `malformed HTTP`,
		"SSH-2.0-OpenSSH_9.6\r\n":                                                           `malformed HTTP response "SSH-2.0-OpenSSH_9.6"`,
		"HTTP/1.1 2x0 OK\r\n\r\n":                                                           `malformed HTTP status code "2x0"`,
		head + "Just text\r\n\r\n":                                                          "malformed MIME header",
		head + "X-N: a\x00b\r\n\r\n":                                                        "malformed MIME header",
		head + "Content-Length: -6\r\n\r\n":                                                 `bad Content-Length "-6"`,
		head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab":                           `message cannot contain multiple Content-Length headers`,
		head + "Transfer-Encoding: superzip\r\n\r\nab":                                      `unsupported transfer encoding: "superzip"`,
		head + "X-Big: " + strings.Repeat("a", 11<<20) + "\r\n\r\n":                         "server response headers exceeded 10485760 bytes",
		head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab":                                 "invalid byte in chunk length",
		head + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nab":                  "http chunk length too large",
		head + "Transfer-Encoding: chunked\r\n\r\n1;" + strings.Repeat("e", 8<<10) + "\r\n": "header line too long",
	} {
		_, err := get(t, httpx.New(), "http://"+answers(t, says))
		name := says[:min(len(says), 60)]
		switch d := httpx.Diagnose("h:1", err); {
		case err == nil:
			t.Errorf("%q: there was an answer", name)
		case d.Kind != httpx.NotHTTP, !strings.HasPrefix(d.Reason, "the response is not valid HTTP: "+reason), strings.Contains(d.Reason, "net/http"):
			t.Errorf("%q: %v is %+v", name, err, d)
		}
	}
}

// A request that nobody could send is not sent again.
func TestDiagnoseMalformed(t *testing.T) {
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://h.test", nil)
	request.Header.Set("X-Odd", "a\nb")
	_, err := httpx.New().RoundTrip(request)
	if err == nil {
		t.Fatal("it was sent")
	}
	if d := httpx.Diagnose("", err); d.Kind != httpx.Malformed || d.Retryable || !strings.Contains(d.Reason, `"X-Odd"`) {
		t.Errorf("%v is %+v", err, d)
	}
}

// The end of the request's context is the error, however far the request got.
func TestDiagnoseStopped(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	request, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	_, err := httpx.New().RoundTrip(request)
	if d := httpx.Diagnose("", err); d.Kind != httpx.TimedOut {
		t.Errorf("%v is %+v", err, d)
	}
	if err := io.EOF; httpx.Diagnose("", err).Kind != httpx.Dropped {
		t.Error("an early end is not known")
	}
}
