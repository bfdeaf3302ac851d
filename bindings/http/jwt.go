package http

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // a name for a certificate that the standard prescribes
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/internal/pemkey"
	"carjs/host/failure"
)

// assertion makes the signed statements by which a token's server knows who asks (RFC 7521, 7523).
type assertion struct {
	key      crypto.Signer // RSA, or ECDSA with P-256
	header   map[string]any
	audience string
	issuer   string // "": the client
	subject  string
	claims   map[string]any // besides the standard's
}

// assertionLife is how long an assertion counts, from skew ago on: it is used at once, but the clocks
// of two machines differ.
const (
	assertionLife = 5 * time.Minute
	skew          = time.Minute
)

// readAssertion reads the options about assertions.
func (m *module) readAssertion(o args.Options, tokenURL *url.URL) *assertion {
	a := &assertion{
		header: map[string]any{"typ": "JWT"}, audience: o.Get("assertionAudience").TextOr(tokenURL.String()),
		issuer: o.Get("issuer").TextOr(""), subject: o.Get("subject").TextOr(""),
	}
	wrong := func(what string, err error) {
		m.rt.Throw(failure.New(failure.Datasource, "%s", fmt.Sprintf(what, err)).WithCode(failure.CodeDatasourceInvalidParameter).
			WithFault(failure.FaultSettings).WithHint("check the key and certificate in the connector's settings"))
	}
	text := o.Get("privateKey").Filled()
	m.deps.Secret(text)
	key, err := parseKey(text)
	if err != nil {
		wrong("cannot use the private key for the login: %s", err)
	}
	a.key = key
	a.header["alg"] = "RS256"
	if _, ok := key.(*ecdsa.PrivateKey); ok {
		a.header["alg"] = "ES256"
	}
	if id := o.Get("keyId").TextOr(""); id != "" {
		a.header["kid"] = id
	}
	if certificate := o.Get("certificate"); certificate.Given() {
		block, _ := pem.Decode(pemkey.Unescaped(certificate.Text()))
		if block == nil {
			wrong("cannot use the certificate for the login: %s", fmt.Errorf("it is %s", pemkey.NotPEM))
		}
		short, long := sha1.Sum(block.Bytes), sha256.Sum256(block.Bytes)
		a.header["x5t"] = base64.RawURLEncoding.EncodeToString(short[:])
		a.header["x5t#S256"] = base64.RawURLEncoding.EncodeToString(long[:])
	}
	if claims := o.Get("claims"); claims.Given() {
		a.claims = claims.JSONFields()
	}
	return a
}

// parseKey reads a private key in PEM form: PKCS #8, PKCS #1 or SEC 1.
func parseKey(text string) (crypto.Signer, error) {
	key, problem := pemkey.Parse([]byte(text))
	if problem != "" {
		return nil, fmt.Errorf("it is %s", problem)
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		if key.Curve == elliptic.P256() {
			return key, nil
		}
	}
	if _, private := pemkey.Public(key); private == nil {
		return nil, errors.New("it is a public key or a certificate")
	}
	return nil, errors.New("its kind is not supported; use RSA (RS256) or an EC key with P-256 (ES256)")
}

// bearer is the assertion that a token is given for.
func (a *assertion) bearer(clientID string, now time.Time) (string, error) {
	claims := a.standard(now)
	claims["iss"] = clientID
	if a.issuer != "" {
		claims["iss"] = a.issuer
	}
	if a.subject != "" {
		claims["sub"] = a.subject
	}
	maps.Copy(claims, a.claims)
	return a.sign(claims)
}

// client is the assertion by which a client proves who it is.
func (a *assertion) client(clientID string, now time.Time) (string, error) {
	claims := a.standard(now)
	claims["iss"], claims["sub"] = clientID, clientID
	return a.sign(claims)
}

// standard are the claims that every assertion has.
func (a *assertion) standard(now time.Time) map[string]any {
	return map[string]any{
		"aud": a.audience, "jti": rand.Text(),
		"iat": now.Add(-skew).Unix(), "nbf": now.Add(-skew).Unix(), "exp": now.Add(assertionLife).Unix(),
	}
}

// sign makes a JWT in compact form.
func (a *assertion) sign(claims map[string]any) (string, error) {
	var parts [2]string
	for i, part := range []map[string]any{a.header, claims} {
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(part); err != nil {
			return "", fmt.Errorf("encode an assertion: %w", err)
		}
		parts[i] = base64.RawURLEncoding.EncodeToString(bytes.TrimSpace(out.Bytes()))
	}
	text := parts[0] + "." + parts[1]
	sum := sha256.Sum256([]byte(text))
	signature, err := signSum(a.key, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign an assertion: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// signSum signs as RS256 or ES256 have it; the latter's signature is two numbers of 32 bytes.
func signSum(key crypto.Signer, sum []byte) ([]byte, error) {
	ec, ok := key.(*ecdsa.PrivateKey)
	if !ok {
		return key.Sign(rand.Reader, sum, crypto.SHA256)
	}
	r, s, err := ecdsa.Sign(rand.Reader, ec, sum)
	if err != nil {
		return nil, err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signature, nil
}
