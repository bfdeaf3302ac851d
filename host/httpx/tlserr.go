package httpx

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

func diagnoseCertificate(_ string, err error) (Diagnosis, bool) {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		other     *tls.CertificateVerificationError
	)
	untrusted := func(kind Kind, why string) (Diagnosis, bool) {
		return Diagnosis{kind, "the certificate is not trusted: " + why, false}, true
	}
	switch {
	case errors.As(err, &authority):
		return untrusted(UnknownAuthority, "it is signed by an unknown authority")
	case errors.As(err, &hostname):
		if c := hostname.Certificate; c != nil && strings.EqualFold(c.Subject.CommonName, hostname.Host) && nameless(c) {
			return untrusted(WrongHost, "it names "+hostname.Host+" only as its Common Name, not as a Subject Alternative Name")
		}
		return untrusted(WrongHost, "it is not for "+hostname.Host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return untrusted(OutOfDate, outOfDate(invalid.Cert, time.Now()))
	case errors.As(err, &invalid):
		return untrusted(BadCertificate, plain(invalid))
	case errors.As(err, &other):
		return untrusted(BadCertificate, plain(other.Err))
	}
	return Diagnosis{}, false
}

// nameless tells that a certificate has no Subject Alternative Name.
func nameless(c *x509.Certificate) bool {
	return len(c.DNSNames) == 0 && len(c.IPAddresses) == 0 && len(c.EmailAddresses) == 0 && len(c.URIs) == 0
}

func outOfDate(c *x509.Certificate, now time.Time) string {
	switch {
	case c != nil && now.After(c.NotAfter):
		return "it expired on " + c.NotAfter.UTC().Format(time.DateOnly)
	case c != nil && now.Before(c.NotBefore):
		return "it is not valid before " + c.NotBefore.UTC().Format(time.DateOnly)
	}
	return "it has expired or is not valid yet"
}

// TLS alerts that say more than that the handshake failed (RFC 8446, section 6.2).
const (
	alertHandshakeFailure    = 40
	alertBadCertificate      = 42 // this one and the next four are about the client's certificate
	alertUnknownCertificate  = 46
	alertUnknownAuthority    = 48 // of the client's certificate, too
	alertProtocolVersion     = 70
	alertInternalError       = 80
	alertInappropriate       = 86
	alertUnrecognizedName    = 112
	alertCertificateRequired = 116
)

func diagnoseHandshake(host string, err error) (Diagnosis, bool) {
	var (
		record    tls.RecordHeaderError
		handshake *handshakeError
	)
	if errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch) {
		return Diagnosis{NotTLS, "the server does not speak TLS there", false}, true
	}
	if code, text, ok := alertOf(err); ok {
		return diagnoseAlert(host, code, text), true
	}
	if !errors.As(err, &handshake) {
		return Diagnosis{}, false
	}
	if _, version, chosen := strings.Cut(err.Error(), "server selected unsupported protocol version "); chosen {
		if n, err := strconv.ParseUint(version, 16, 16); err == nil {
			return Diagnosis{TLSVersion, "the server chose " + tls.VersionName(uint16(n)) + ", a version that is not allowed here", false}, true
		}
	}
	// Network errors during the handshake are not about TLS.
	if d, broke := diagnoseBreak(host, handshake.err); broke {
		return d, true
	}
	return Diagnosis{TLSFailed, "the TLS handshake failed: " + plain(handshake.err), false}, true
}

// diagnoseAlert returns what the alert of a server that ends a handshake means.
func diagnoseAlert(host string, code uint64, text string) Diagnosis {
	switch {
	case code == alertProtocolVersion, code == alertInappropriate:
		return Diagnosis{TLSVersion, "the server supports no TLS version that is allowed here", false}
	case code >= alertBadCertificate && code <= alertUnknownCertificate, code == alertUnknownAuthority, code == alertCertificateRequired:
		return Diagnosis{ClientCertificate, "the server requires a client certificate that it trusts", false}
	case code == alertHandshakeFailure:
		return Diagnosis{TLSFailed, "the server rejected the TLS handshake: " +
			"no common version or cipher, or it requires a client certificate", false}
	case code == alertUnrecognizedName:
		return Diagnosis{WrongHost, "the server does not know the name " + host, false}
	}
	return Diagnosis{TLSFailed, "the server ended the TLS connection: " + text, code == alertInternalError}
}

// alertOf returns the alert that a server sent. Its type is private to crypto/tls; tests with real
// servers check that it is a small number in a *net.OpError "remote error".
func alertOf(err error) (code uint64, text string, ok bool) {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "remote error" || op.Err == nil {
		return 0, "", false
	}
	if v := reflect.ValueOf(op.Err); v.Kind() == reflect.Uint8 {
		code = v.Uint()
	}
	return code, plain(op.Err), true
}

// plain is the text of an error without the name of its package.
func plain(err error) string {
	text := err.Error()
	for _, prefix := range []string{"tls: ", "x509: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return text
}
