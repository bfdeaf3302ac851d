package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"carjs/host/failure"
	"carjs/host/httpx"
	"carjs/host/netpolicy"
)

var (
	errTooLarge = fmt.Errorf("the response is larger than %d MiB", MaxBody>>20)
	// errRedirect is one that is not followed; it stays so however often it is tried.
	errRedirect = errors.New("it redirects")
)

// elsewhereError is an error of a request at another place than it was sent to, after a redirect.
type elsewhereError struct {
	url *url.URL
	err error
}

func (e *elsewhereError) Error() string { return e.err.Error() }
func (e *elsewhereError) Unwrap() error { return e.err }

// TimeoutError is the cause with which the context of a request ends that took too long.
type TimeoutError struct {
	After time.Duration
	// Idle tells that nothing came for so long, where the whole answer may take longer.
	Idle bool
}

func (e *TimeoutError) Error() string {
	if e.Idle {
		return "no data for " + e.After.String()
	}
	return "no complete response within " + e.After.String()
}

// WithTimeout is a context for one request.
func WithTimeout(ctx context.Context, timeout time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, timeout, &TimeoutError{After: timeout})
}

// Explain makes the data source's failure of what went wrong with a request: code 51, 55 for a body
// that is too large or not encoded as it says, or 54 for a host that the network policy forbids, in
// words of what happened, with the next step.
// When the run was stopped meanwhile, that is the error instead.
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
	f := failure.New(failure.Datasource, "%s %s: %s", method, SafeURL(u), what).
		WithCode(failure.CodeDatasourceConnect).WithCause(err).WithHint("%s", hint)
	var refusal *netpolicy.Refusal
	var wrong *httpx.EncodingError
	switch {
	case errors.As(err, &refusal) && refusal.Operator:
		f.WithCode(failure.CodeDatasourceInvalidParameter).WithFault(failure.FaultSettings)
	case refusal != nil:
		f.WithCode(failure.CodeDatasourceInvalidParameter).WithFault(failure.FaultConnector)
	case errors.As(err, &wrong), errors.Is(err, errTooLarge):
		f.WithCode(failure.CodeDatasourceDataProcess)
	}
	return f
}

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
	var timeout *TimeoutError
	switch {
	case errors.As(err, &timeout):
		return timeout.Error(), "make smaller requests or raise the time-out; if the server hangs, ask its operator", false
	case errors.Is(err, errTooLarge):
		return err.Error(), "request less at once: smaller pages, fewer fields", false
	case errors.Is(err, errRedirect):
		return err.Error(), hintAddress, false
	}
	if refusal := (*netpolicy.Refusal)(nil); errors.As(err, &refusal) {
		return refusal.Error(), refusal.Hint(), false
	}
	var elsewhere *elsewhereError
	if errors.As(err, &elsewhere) {
		u, what = elsewhere.url, "it redirects to "+SafeURL(elsewhere.url)+": "
	}
	diagnosis := httpx.Diagnose(u.Host, err)
	hint, ok := hints[diagnosis.Kind]
	if !ok {
		hint = hintAddress
	}
	return what + diagnosis.Reason, hint, diagnosis.Retryable
}

// Hints for more than one kind of error.
const (
	hintAddress = "check the URL in the connector's settings, and that this machine can reach the host"
	hintLater   = "run it again later; if the error persists, ask the operator of the data source"
	hintProxy   = "; list the data source in NO_PROXY if it needs no proxy"
)

// hints are the next steps after errors of the network; hintAddress is that of all others.
var hints = map[httpx.Kind]string{
	httpx.NotLookedUp:  hintLater,
	httpx.Dropped:      hintLater,
	httpx.NotHTTP:      "check scheme and port of the URL in the connector's settings; if they are right, ask the operator of the data source",
	httpx.Refused:      "check host and port in the connector's settings, and that the data source is running",
	httpx.TooManyFiles: "raise the limit on open files (ulimit -n), or send fewer requests at once",
	httpx.UnknownAuthority: "pass the data source's certificate authority to the client (tls.ca of HttpClient), " +
		"or name its file in SSL_CERT_FILE or REQUESTS_CA_BUNDLE",
	httpx.WrongHost:         "fix the URL, or set the certificate's host name (tls.serverName of HttpClient)",
	httpx.OutOfDate:         "have the data source's certificate renewed, and check this machine's clock",
	httpx.BadCertificate:    "have the data source's certificate reissued",
	httpx.NotTLS:            "use http:// or the port for https in the URL",
	httpx.TLSVersion:        "enable TLS 1.2 or 1.3 on the data source, or allow older versions (tls.minVersion of HttpClient)",
	httpx.ClientCertificate: "set a certificate that the data source trusts, and its key (tls.cert and tls.key of HttpClient)",
	httpx.TLSFailed: "if the data source requires a client certificate, set it (tls.cert and tls.key of HttpClient); " +
		`if it is old, allow its versions and ciphers (tls.minVersion "1.0")`,
	httpx.ProxyUnreachable: "check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY" + hintProxy,
	httpx.ProxyRefused: "check user and password in HTTP_PROXY, HTTPS_PROXY or ALL_PROXY, where a % in them is written as %25, " +
		"and whether the proxy allows this host" + hintProxy,
	httpx.BadEnvironment: "fix or unset the variable",
	httpx.BadEncoding: "have the data source, or the proxy in front of it, send bodies as Content-Encoding says; " +
		`or ask for plain ones: headers: { "Accept-Encoding": "identity" }`,
	httpx.Malformed: "fix the method, the URL or the headers of the request in the connector",
}
