package http

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"carjs/bindings/fetch"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

// Defaults of a client.
const (
	defaultRetries   = 3
	defaultRetryWait = time.Second
	defaultMaxWait   = 2 * time.Minute
)

// client is one HttpClient. It does not change once it is made, but for its limiter and its token.
type client struct {
	m       *module
	wire    *fetch.Wire
	base    *url.URL // nil: every path is a URL
	origins []string // besides the base's, those that may have the credentials
	header  http.Header
	auth    *auth // nil for none
	timeout time.Duration
	policy  policy
	limit   *limiter // nil for none
}

// policy says how often and after which waits a request is repeated.
type policy struct {
	retries int
	wait    time.Duration // before the first repetition; it doubles from one to the next
	maxWait time.Duration // a server that asks for more is not waited for
}

// newClient is the native that makes a client of (options, [name, value, ...] of headers).
func (m *module) newClient(call goja.FunctionCall) goja.Value {
	o := m.optionsOf("HttpClient", call.Argument(0),
		"baseURL", "headers", "auth", "timeout", "retries", "retryWait", "maxWait", "rateLimit", "tls", "allowOrigins")
	c := &client{
		m:       m,
		wire:    m.wire,
		header:  m.pairs(call.Argument(1)),
		timeout: o.milliseconds("timeout", m.wire.Timeout, 1),
		policy: policy{
			retries: int(min(o.number("retries", defaultRetries, 0), 100)),
			wait:    o.milliseconds("retryWait", m.retryWait(), 0),
			maxWait: o.milliseconds("maxWait", defaultMaxWait, 0),
		},
	}
	if text := o.text("baseURL", ""); text != "" || o.get("baseURL") != nil {
		base, err := fetch.ParseURL(text)
		if err != nil {
			m.rt.Throw(failure.New(failure.Datasource, "the URL of the data source cannot be used: %s", err).
				WithCode(failure.CodeDatasourceInvalidParameter).WithFault(failure.FaultSettings).
				WithHint("correct the URL in the connector's settings: it has the form https://host/path"))
		}
		if base.User != nil {
			m.misuse("user and password do not belong in baseURL: use auth: basic(user, password)")
		}
		c.base = base
	}
	for _, text := range o.texts("allowOrigins") {
		origin, err := fetch.ParseURL(text)
		if err != nil {
			m.misuse("allowOrigins of HttpClient: %s", err)
		}
		c.origins = append(c.origins, fetch.Origin(origin))
	}
	if v := o.get("auth"); v != nil {
		given, ok := v.Export().(*auth)
		if !ok {
			m.misuse("auth of HttpClient is what basic(), bearer(), apiKey() or oauth2() returns")
		}
		if c.base == nil && len(c.origins) == 0 {
			m.misuse("HttpClient with auth needs baseURL, which says where the credentials may go")
		}
		c.auth = given
	}
	if v := o.get("rateLimit"); v != nil {
		limit := m.optionsOf("rateLimit", v, "requests", "per")
		c.limit = newLimiter(int(min(limit.number("requests", 1, 1), 1e6)), limit.milliseconds("per", time.Second, 1))
	}
	if v := o.get("tls"); v != nil {
		c.wire = m.secured(m.optionsOf("tls", v, "ca", "insecure", "serverName"))
	}
	return c.object()
}

// secured is the wire with TLS settings of a client's own.
func (m *module) secured(o options) *fetch.Wire {
	config := &tls.Config{ServerName: o.text("serverName", ""), MinVersion: tls.VersionTLS12}
	if authorities := o.texts("ca"); len(authorities) > 0 {
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		for _, pem := range authorities {
			if !pool.AppendCertsFromPEM([]byte(pem)) {
				m.rt.Throw(failure.New(failure.Datasource, "the certificate authority given for the data source is not a certificate in PEM form").
					WithCode(failure.CodeDatasourceInvalidParameter).WithFault(failure.FaultSettings).
					WithHint("it is a text that begins with -----BEGIN CERTIFICATE-----"))
			}
		}
		config.RootCAs = pool
	}
	if insecure, _ := o.boolean("insecure"); insecure {
		m.rt.Logger().Warn("certificates of the data source are not checked: whoever is on the way can read and change everything (tls.insecure)")
		config.InsecureSkipVerify = true
	}
	wire, err := m.wire.WithTLS(config)
	if err != nil {
		m.rt.Throw(err)
	}
	return wire
}

// object is what client.js sees of a client.
func (c *client) object() *goja.Object {
	object := c.m.rt.VM().NewObject()
	if err := errors.Join(object.Set("send", c.send), object.Set("pages", c.pages), object.Set("records", c.records)); err != nil {
		c.m.rt.Throw(err)
	}
	return object
}

// trusted tells whether the credentials may go to where a URL leads.
func (c *client) trusted(u *url.URL) bool {
	if c.base == nil && len(c.origins) == 0 {
		return true // there is nothing secret that belongs to one place
	}
	return c.base != nil && fetch.SameOrigin(c.base, u) || slices.Contains(c.origins, fetch.Origin(u))
}

// pairs makes headers of [name, value, ...], which client.js has brought into this form.
func (m *module) pairs(v goja.Value) http.Header {
	var flat []string
	if !absent(v) {
		if err := m.rt.VM().ExportTo(v, &flat); err != nil {
			m.misuse("headers: %v", err)
		}
	}
	header := http.Header{}
	for i := 0; i+1 < len(flat); i += 2 {
		header.Add(flat[i], flat[i+1])
	}
	return header
}
