package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"carjs/host/netpolicy"
)

// Kind is a kind of error of a connection.
type Kind string

// The kinds.
const (
	Cancelled         Kind = "cancelled"          // whoever asked has given up
	TimedOut          Kind = "timed out"          // no connection or no response in time
	NoSuchHost        Kind = "no such host"       // the name does not exist
	NotLookedUp       Kind = "not looked up"      // the name could not be looked up
	Refused           Kind = "refused"            // nothing listens there
	NoRoute           Kind = "no route"           // the network does not lead there
	Dropped           Kind = "dropped"            // the connection ended before the response
	NotHTTP           Kind = "not HTTP"           // the response is not HTTP as the standard has it
	TooManyFiles      Kind = "too many files"     // this process or machine has too many files open
	UnknownAuthority  Kind = "unknown authority"  // the certificate is signed by somebody who is not trusted
	WrongHost         Kind = "wrong host"         // the certificate is for another host
	OutOfDate         Kind = "out of date"        // the certificate has expired, or is not valid yet
	BadCertificate    Kind = "bad certificate"    // anything else about the certificate
	NotTLS            Kind = "not TLS"            // the port does not speak TLS
	TLSVersion        Kind = "TLS version"        // the server speaks only versions that are too old, or too new
	ClientCertificate Kind = "client certificate" // the server wants one, or not the one it got
	TLSFailed         Kind = "TLS failed"         // the two sides cannot agree on a TLS connection
	ProxyUnreachable  Kind = "proxy unreachable"  // there is no connection to the proxy
	ProxyRefused      Kind = "proxy refused"      // the proxy does not let the request through
	BadEnvironment    Kind = "bad environment"    // a variable for proxies or certificates cannot be used
	BadEncoding       Kind = "bad encoding"       // the body is not encoded as its label says
	Malformed         Kind = "malformed"          // the request cannot be sent by anybody
	NotAllowed        Kind = "not allowed"        // the network policy forbids it, see [Within]
	Unknown           Kind = "unknown"            // none of these
)

// Diagnosis is what an error of a connection means.
type Diagnosis struct {
	Kind Kind
	// Reason is what happened, in a few words: "connection refused by host:443".
	Reason string
	// Retryable tells that the same request may succeed if it is sent again.
	Retryable bool
}

// ProxyError is the response of a proxy that rejects a request.
type ProxyError struct {
	// Status is the proxy's status, 407 if it requires a login.
	Status int
	// Proxy is its host and port.
	Proxy string
	// User is the user of the login in the proxy's URL, "" for none.
	User string
	// Offers are the kinds of login that the proxy accepts, such as "Basic", if it says so.
	Offers []string
}

// proxyError returns the error for the response of a proxy.
func proxyError(proxy *url.URL, answer *http.Response) *ProxyError {
	e := &ProxyError{Status: answer.StatusCode, Proxy: proxy.Host, User: proxy.User.Username()}
	for _, offer := range answer.Header["Proxy-Authenticate"] {
		scheme, _, _ := strings.Cut(strings.TrimSpace(offer), " ")
		e.Offers = append(e.Offers, scheme)
	}
	return e
}

// Error names the proxy, and its status or what is wrong with the login.
func (e *ProxyError) Error() string {
	basic := func(offer string) bool { return strings.EqualFold(offer, "Basic") }
	switch {
	case e.Status != http.StatusProxyAuthRequired:
		return strings.TrimSpace(fmt.Sprintf("the proxy %s responded with %d %s", e.Proxy, e.Status, http.StatusText(e.Status)))
	case len(e.Offers) > 0 && !slices.ContainsFunc(e.Offers, basic):
		return fmt.Sprintf("the proxy %s requires a login by %s, of which none is supported here", e.Proxy, strings.Join(e.Offers, " or "))
	case e.User == "":
		return fmt.Sprintf("the proxy %s requires a user name and password, and its URL has none", e.Proxy)
	}
	return fmt.Sprintf("the proxy %s rejected the login of the user %q", e.Proxy, e.User)
}

// Diagnose returns what an error of a connection to a host means. The error comes from a transport
// of [New], or any other with the errors of net/http, wrapped or not. The host is named in the
// reason, as "host.example:443".
func Diagnose(host string, err error) Diagnosis {
	// The order matters: an error often wraps another one that would be diagnosed differently.
	for _, judge := range []func(string, error) (Diagnosis, bool){
		diagnosePolicy, diagnoseEncoding, diagnoseProxy, diagnoseEnd, diagnoseDial, diagnoseCertificate, diagnoseHandshake, diagnoseBreak,
	} {
		if d, ok := judge(host, err); ok {
			return d
		}
	}
	var malformed *malformedError
	if errors.As(err, &malformed) {
		return Diagnosis{Malformed, "the request cannot be sent: " + strings.TrimPrefix(malformed.Error(), "net/http: "), false}
	}
	return Diagnosis{Unknown, err.Error(), !errors.Is(err, ErrNoTLS)}
}

func diagnosePolicy(_ string, err error) (Diagnosis, bool) {
	var refusal *netpolicy.Refusal
	if errors.As(err, &refusal) {
		return Diagnosis{NotAllowed, refusal.Error(), false}, true
	}
	return Diagnosis{}, false
}

func diagnoseEncoding(_ string, err error) (Diagnosis, bool) {
	var encoding *EncodingError
	if errors.As(err, &encoding) {
		return Diagnosis{BadEncoding, encoding.Error(), false}, true
	}
	return Diagnosis{}, false
}

func diagnoseProxy(_ string, err error) (Diagnosis, bool) {
	var (
		environment *EnvironmentError
		answer      *ProxyError
		op          *net.OpError
	)
	switch {
	case errors.As(err, &environment):
		return Diagnosis{BadEnvironment, environment.Error(), false}, true
	case errors.As(err, &answer):
		return Diagnosis{ProxyRefused, answer.Error(), answer.Status >= 500}, true
	case errors.As(err, &op) && op.Op == "proxyconnect":
		inner := Diagnose("it", op.Err)
		return Diagnosis{ProxyUnreachable, "cannot connect to the proxy: " + inner.Reason, inner.Retryable}, true
	case errors.As(err, &op) && strings.HasPrefix(op.Op, "socks "):
		return Diagnosis{ProxyRefused, fmt.Sprintf("the SOCKS proxy refused the connection: %v", op.Err), true}, true
	}
	return Diagnosis{}, false
}

// diagnoseEnd recognizes cancellation and time limits of the requester.
func diagnoseEnd(_ string, err error) (Diagnosis, bool) {
	switch {
	case errors.Is(err, context.Canceled):
		return Diagnosis{Cancelled, "the request was cancelled", false}, true
	case errors.Is(err, context.DeadlineExceeded):
		return Diagnosis{TimedOut, "no response arrived in time", true}, true
	}
	return Diagnosis{}, false
}

func diagnoseDial(host string, err error) (Diagnosis, bool) {
	var dns *net.DNSError
	switch {
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return Diagnosis{TooManyFiles, "too many files and connections are open on this machine", true}, true
	case errors.As(err, &dns) && dns.IsNotFound:
		return Diagnosis{NoSuchHost, "no such host " + dns.Name, false}, true
	case errors.As(err, &dns):
		return Diagnosis{NotLookedUp, "cannot look up the name " + dns.Name + " now", true}, true
	case isAny(err, refusedErrors):
		return Diagnosis{Refused, "connection refused by " + host, true}, true
	case isAny(err, routeErrors):
		return Diagnosis{NoRoute, "no route to " + host, true}, true
	}
	return Diagnosis{}, false
}

func diagnoseBreak(_ string, err error) (Diagnosis, bool) {
	var (
		timeout net.Error
		op      *net.OpError
		broken  *brokenError
	)
	late := errors.As(err, &timeout) && timeout.Timeout()
	switch {
	case late && errors.As(err, &op) && (op.Op == "read" || op.Op == "write"):
		return Diagnosis{Dropped, "the connection was lost: no more data arrived", true}, true
	case late:
		return Diagnosis{TimedOut, "the connection could not be established in time", true}, true
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), isAny(err, droppedErrors), errors.Is(err, net.ErrClosed):
		return Diagnosis{Dropped, "the connection was closed before the response was complete", true}, true
	case errors.As(err, &broken) && broken.network():
		return Diagnosis{Dropped, "the connection broke before the response was complete: " + broken.why(), true}, true
	case errors.As(err, &broken):
		return Diagnosis{NotHTTP, "the response is not valid HTTP: " + broken.why(), true}, true
	}
	return Diagnosis{}, false
}

func isAny(err error, targets []error) bool {
	for _, target := range targets {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}
