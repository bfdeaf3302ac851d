package car

import (
	"context"
	"errors"

	"carjs/host/httpx"
)

// errTooLong is the cause of the end of a request that took too long.
var errTooLong = errors.New("it took too long")

// broken is the reply of a request that ended without an answer, or without one that can be read.
func broken(ctx context.Context, host string, err error) reply {
	if context.Cause(ctx) == errTooLong {
		return reply{answer: TimedOut, err: errTooLong, kind: httpx.TimedOut}
	}
	if encoded := (*httpx.EncodingError)(nil); errors.As(err, &encoded) {
		return reply{answer: Garbage, err: err, body: []byte(encoded.Error())}
	}
	diagnosis := httpx.Diagnose(host, err)
	out := reply{answer: NoConnection, err: &connectionError{diagnosis.Reason, err}, kind: diagnosis.Kind}
	switch {
	case !diagnosis.Retryable:
		out.answer = CannotConnect
	case diagnosis.Kind == httpx.Dropped, diagnosis.Kind == httpx.NotHTTP:
		out.answer = Dropped
	case diagnosis.Kind == httpx.TimedOut:
		out.answer = TimedOut
	}
	return out
}

// connectionError is an error of the network with the reason that people understand.
type connectionError struct {
	reason string
	err    error
}

func (e *connectionError) Error() string { return e.reason }
func (e *connectionError) Unwrap() error { return e.err }

// hints are the next steps for connection errors with a better one than the rule's. What the errors
// mean is package httpx's business.
var hints = map[httpx.Kind]string{
	httpx.NoSuchHost: "correct the host in the URL of the CAR service, or the DNS settings of this machine",
	httpx.UnknownAuthority: "name a file with the certificate authority of the CAR service in SSL_CERT_FILE or REQUESTS_CA_BUNDLE; " +
		"where a proxy decrypts the traffic, it is the proxy's",
	httpx.WrongHost:         "use the host name in the certificate in the URL of the CAR service, or have the certificate reissued",
	httpx.OutOfDate:         "have the certificate of the CAR service renewed, and check this machine's clock",
	httpx.BadCertificate:    "have the certificate of the CAR service reissued",
	httpx.NotTLS:            "correct the port in the URL of the CAR service, or use http://",
	httpx.TLSVersion:        "enable TLS 1.2 or 1.3 in front of the CAR service",
	httpx.ClientCertificate: "check the URL: carjs logs in to CAR with a key or token, never with a client certificate",
	httpx.TLSFailed:         "check which versions and ciphers of TLS the server allows, and whether it requires a client certificate",
	httpx.ProxyUnreachable:  "check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY; list the CAR service in NO_PROXY if it needs no proxy",
	httpx.ProxyRefused: "check the user and password in HTTP_PROXY, HTTPS_PROXY or ALL_PROXY, and whether the proxy allows this host; " +
		"list the CAR service in NO_PROXY if it needs no proxy",
	httpx.BadEnvironment: "correct the variable, or unset it",
	httpx.TooManyFiles:   "raise the limit on open files (ulimit -n), or end other programs; the next run tries again",
}

// hintFor is the next step after an error of a kind; the rule's when hints has none.
func hintFor(kind httpx.Kind, rule string) string {
	if hint, ok := hints[kind]; ok {
		return hint
	}
	return rule
}
