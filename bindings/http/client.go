package http

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"carjs/bindings/args"
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
	rules   []rule   // those of the connector
	decode  fetch.Decoding
}

// policy says how often and after which waits a request is repeated.
type policy struct {
	retries int
	wait    time.Duration // before the first repetition; it doubles from one to the next
	maxWait time.Duration // the longest of those waits; a server that asks for more is not waited for
}

// newClient is the native that makes a client of (options, [name, value, ...] of headers).
func (m *module) newClient(call goja.FunctionCall) goja.Value {
	in := args.Of(m.rt, call, "HttpClient")
	o := in.Options(0,
		"baseURL", "headers", "auth", "timeout", "retries", "retryWait", "maxWait", "rateLimit", "tls", "allowOrigins",
		"encoding", "invalidBytes", "rules")
	c := &client{
		m:       m,
		wire:    m.wire,
		header:  pairs(in.Arg(1, "the headers")),
		timeout: o.Get("timeout").DurationOr(m.wire.Timeout, time.Millisecond, fetch.MaxWait),
		policy: policy{
			retries: int(min(o.Get("retries").NumberOr(defaultRetries, 0), 100)),
			wait:    o.Get("retryWait").DurationOr(m.retryWait(), 0, fetch.MaxWait),
			maxWait: o.Get("maxWait").DurationOr(defaultMaxWait, 0, fetch.MaxWait),
		},
		rules:  m.readRules(o.Get("rules")),
		decode: decoding(o, fetch.Decoding{}),
	}
	if given := o.Get("baseURL"); given.Given() {
		base, err := fetch.ParseURL(given.Text())
		if err != nil {
			m.rt.Throw(failure.New(failure.Datasource, "invalid URL of the data source: %s", err).
				WithCode(failure.CodeDatasourceInvalidParameter).WithFault(failure.FaultSettings).
				WithHint("fix the URL in the connector's settings: its form is https://host/path"))
		}
		if base.User != nil {
			given.Misuse("must not contain user and password: use auth: basic(user, password)")
		}
		c.base = base
	}
	allowed := o.Get("allowOrigins")
	for _, text := range allowed.TextOrTexts() {
		origin, err := fetch.ParseURL(text)
		if err != nil {
			allowed.Misuse("must be origins: %s", err)
		}
		c.origins = append(c.origins, fetch.Origin(origin))
	}
	if given := o.Get("auth"); given.Given() {
		var ok bool
		if c.auth, ok = given.Value().Export().(*auth); !ok {
			given.MustBe("what basic(), bearer(), oauth2() or another login of carjs/http returns")
		}
		if c.base == nil && len(c.origins) == 0 {
			given.Misuse("requires the option baseURL, which says where credentials may be sent")
		}
	}
	if given := o.Get("rateLimit"); given.Given() {
		limit := given.Fields("requests", "per")
		c.limit = newLimiter(int(min(limit.Get("requests").NumberOr(1, 1), 1e6)),
			limit.Get("per").DurationOr(time.Second, time.Millisecond, fetch.MaxWait))
		if m.deps.Unlimited {
			c.limit = nil
		}
	}
	if given := o.Get("tls"); given.Given() {
		c.wire = m.secured(given.Fields("ca", "insecure", "serverName", "cert", "key", "minVersion"))
	}
	return c.object()
}

// object is what client.js sees of a client.
func (c *client) object() *goja.Object {
	object := c.m.rt.VM().NewObject()
	err := errors.Join(
		object.Set("send", c.send),
		object.Set("pages", c.pages),
		object.Set("records", c.records),
		object.Set("job", c.job),
		object.Set("target", c.targetOf),
		object.Set("carrier", carrier{c}),
	)
	if err != nil {
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
func pairs(given args.Arg) http.Header {
	flat := given.Texts()
	header := http.Header{}
	for i := 0; i+1 < len(flat); i += 2 {
		header.Add(flat[i], flat[i+1])
	}
	return header
}
