package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	"carjs/host/failure"
)

var (
	errTooLarge = fmt.Errorf("the answer is larger than %d MiB", MaxBody>>20)
	// errRedirect is one that is not followed; it stays so however often it is tried.
	errRedirect = errors.New("it redirects")
)

// TimeoutError is the cause with which the context of a request ends that took too long.
type TimeoutError struct {
	After time.Duration
	// Idle tells that nothing came for so long, where the whole answer may take longer.
	Idle bool
}

func (e *TimeoutError) Error() string {
	if e.Idle {
		return "nothing came for " + e.After.String()
	}
	return "no complete answer within " + e.After.String()
}

// WithTimeout is a context for one request.
func WithTimeout(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, timeout, &TimeoutError{After: timeout})
}

// Explain makes the data source's failure of what went wrong with a request: code 51, in words of
// what happened, with the next step. When the run was stopped meanwhile, that is the error instead.
func Explain(ctx context.Context, method string, u *url.URL, err error) error {
	var known *failure.Failure
	if errors.As(err, &known) {
		return err
	}
	var timeout *TimeoutError
	if cause := context.Cause(ctx); cause != nil {
		if !errors.As(cause, &timeout) {
			return cause
		}
		err = cause
	}
	what, hint, _ := diagnose(u, err)
	code := failure.CodeDatasourceConnect
	if errors.Is(err, errTooLarge) {
		code = failure.CodeDatasourceDataProcess
	}
	return failure.New(failure.Datasource, "%s %s: %s", method, SafeURL(u), what).
		WithCode(code).WithCause(err).WithHint("%s", hint)
}

// Hints, each for more than one diagnosis.
const (
	hintAddress     = "check the URL in the connector's settings, and that this machine may reach the host"
	hintCertificate = "give the data source's certificate authority to the client (tls.ca of HttpClient), or correct the URL"
	hintLater       = "run it again later; if it stays so, ask whoever operates the data source"
)

// Transient tells whether a request that failed with err may succeed when it is sent again.
func Transient(err error) bool {
	if known := (*failure.Failure)(nil); errors.As(err, &known) {
		return false // whoever made the failure knows better than to be asked again
	}
	_, _, transient := diagnose(&url.URL{}, err)
	return transient
}

// diagnose says what happened, what to do about it, and whether it may pass by itself.
func diagnose(u *url.URL, err error) (what, hint string, transient bool) {
	var (
		timeout   *TimeoutError
		dns       *net.DNSError
		op        *net.OpError
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
		network   net.Error
	)
	switch {
	case errors.As(err, &timeout):
		return timeout.Error(), "make the requests smaller or the time-out longer; a server that hangs is a matter for whoever operates it", false
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return "the proxy of the environment cannot be reached", "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY", true
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no such host " + dns.Name, hintAddress, false
	case errors.As(err, &dns):
		return "the name " + dns.Name + " cannot be looked up now", hintLater, true
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused by " + u.Host, "check host and port in the connector's settings, and that the data source is running", true
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "there is no route to " + u.Host, hintAddress, true
	case errors.As(err, &authority):
		return "the certificate is not trusted: it is signed by an unknown authority", hintCertificate, false
	case errors.As(err, &hostname):
		return "the certificate is not trusted: it is not for " + hostname.Host,
			"correct the URL, or name the certificate's host (tls.serverName of HttpClient)", false
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate is not trusted: it has expired or is not valid yet",
			"have the data source's certificate renewed, and check this machine's clock", false
	case errors.As(err, &invalid):
		return "the certificate is not trusted: " + invalid.Error(), hintCertificate, false
	case errors.As(err, &record), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "the server does not speak TLS there", "use http:// or the port for https in the URL", false
	case errors.Is(err, errTooLarge):
		return err.Error(), "ask for less at once: smaller pages, fewer fields", false
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was closed before the answer was complete", hintLater, true
	case errors.As(err, &network) && network.Timeout():
		return "no connection could be made in time", hintAddress, true
	}
	return err.Error(), hintAddress, !errors.Is(err, errRedirect)
}
