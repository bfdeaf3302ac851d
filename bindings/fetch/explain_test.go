package fetch_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"carjs/bindings/fetch"
	"carjs/host/failure"
)

// Errors that no test can have a real network make.
func TestExplain(t *testing.T) {
	u, err := url.Parse("https://user:hidden@host.example:8443/a%20b?key=hidden&page")
	if err != nil {
		t.Fatal(err)
	}
	op := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", err)}
	}
	certificate := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	for _, c := range []struct {
		err       error
		want      string
		transient bool
	}{
		{&net.OpError{Op: "dial", Err: &net.DNSError{Name: "host.example", IsNotFound: true}}, "no such host host.example", false},
		{
			&net.OpError{Op: "dial", Err: &net.DNSError{Name: "host.example", IsTemporary: true}},
			"cannot look up the name host.example now", true,
		},
		{op(syscall.ECONNREFUSED), "connection refused by host.example:8443", true},
		{op(syscall.EHOSTUNREACH), "no route to host.example:8443", true},
		{op(syscall.ECONNRESET), "the connection was closed before the response was complete", true},
		{fmt.Errorf("read: %w", io.ErrUnexpectedEOF), "the connection was closed before the response was complete", true},
		{&net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED}, "cannot connect to the proxy: connection refused by it", true},
		{&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, "the connection could not be established in time", true},
		{certificate(x509.UnknownAuthorityError{}), "the certificate is not trusted: it is signed by an unknown authority", false},
		{
			certificate(x509.HostnameError{Certificate: &x509.Certificate{}, Host: "host.example"}),
			"the certificate is not trusted: it is not for host.example", false,
		},
		{
			certificate(x509.CertificateInvalidError{Reason: x509.Expired}),
			"the certificate is not trusted: it has expired or is not valid yet", false,
		},
		{&fetch.TimeoutError{After: time.Second}, "no complete response within 1s", false},
		{
			fetch.Elsewhere("http://other.example:81/x?key=hidden", op(syscall.ECONNREFUSED)),
			"it redirects to http://other.example:81/x?key=…: connection refused by other.example:81", true,
		},
		{errors.New("http2: something else"), "http2: something else", true},
	} {
		var f *failure.Failure
		if !errors.As(fetch.Explain(t.Context(), "GET", u, c.err), &f) {
			t.Fatalf("%v is no failure", c.err)
		}
		if want := "GET https://host.example:8443/a%20b?key=…&page: " + c.want; f.Message != want ||
			f.Code != failure.CodeDatasourceConnect || f.Hint == "" {
			t.Errorf("%v: got %d %s (%s), want %s", c.err, f.Code, f.Message, f.Hint, want)
		}
		if got := fetch.Transient(c.err); got != c.transient {
			t.Errorf("%v: transient is %v", c.err, got)
		}
	}
}

// A run that was stopped ends with the reason for that, whatever the network said to it.
func TestExplainStopped(t *testing.T) {
	reason := errors.New("ctrl-c")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	if err := fetch.Explain(ctx, "GET", &url.URL{Host: "h"}, io.EOF); !errors.Is(err, reason) {
		t.Errorf("got %v", err)
	}
}

func TestOrigins(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"https://h/x", "https://H:443/y", true},
		{"http://h", "http://h:80", true},
		{"http://[::1]:80/", "http://[::1]/", true},
		{"https://h", "http://h", false},
		{"https://h", "https://h:8443", false},
		{"https://h", "https://api.h", false},
	} {
		a, errA := fetch.ParseURL(c.a)
		b, errB := fetch.ParseURL(c.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := fetch.SameOrigin(a, b); got != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
