package http

import (
	"context"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"

	"github.com/dop251/goja"
)

// tokenSource gets tokens by OAuth 2, and keeps one until shortly before it expires. Clients may
// share it.
type tokenSource struct {
	m          *module
	url        *url.URL
	id, secret string
	style      string     // how the client proves who it is: one of styles of oauth2
	form       url.Values // sent with every request for a token
	grant      grant
	assertion  *assertion // for jwt and private_key_jwt

	fetching chan struct{} // holds a token while somebody fetches: one at a time
	current  string
	expires  time.Time // zero: when it is refused
	refresh  string    // the refresh token to use next, "" for none
}

// grant is what a token is given for.
type grant struct {
	// name is what the option calls it, wire what goes over the wire.
	name, wire string
	// fields are further fields of the form.
	fields url.Values
	// renewable tells that a refresh token that came with a token is used for the next.
	renewable bool
	hint      string
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// grants is the table of the grants; the first is the one that is meant when none is named.
func grants() []grant {
	const hint = "check client id, client secret and scope in the connector's settings"
	return []grant{
		{name: "client_credentials", wire: "client_credentials", hint: hint},
		{
			name: "refresh_token", wire: "refresh_token", renewable: true,
			hint: "the refresh token may have expired or been revoked: get a new one, and check client id and secret in the connector's settings",
		},
		{
			name: "password", wire: "password", renewable: true,
			hint: "check user, password, client id and client secret in the connector's settings",
		},
		{
			name: "jwt", wire: jwtBearer,
			hint: "check private key, issuer, subject and scope in the connector's settings, and this machine's clock",
		},
	}
}

func (m *module) oauth2(call goja.FunctionCall) goja.Value {
	o := args.Of(m.rt, call, "oauth2").Options(0, "tokenURL", "clientId", "clientSecret", "scope", "audience", "style", "grant",
		"refreshToken", "username", "password", "privateKey", "keyId", "certificate", "issuer", "subject", "assertionAudience", "claims",
		"params")
	address := o.Get("tokenURL")
	target, err := fetch.ParseURL(address.Filled())
	if err != nil {
		address.Misuse("must be a URL: %s", err)
	}
	s := &tokenSource{m: m, url: target, form: url.Values{}, fetching: make(chan struct{}, 1)}
	s.readGrant(o)
	s.readClient(o)
	for _, name := range []string{"scope", "audience"} {
		if value := o.Get(name).TextOr(""); value != "" {
			s.form.Set(name, value)
		}
	}
	if params := o.Get("params"); params.Given() {
		for name, value := range params.Scalars() {
			s.form.Set(name, value)
		}
	}
	if s.style == "private_key_jwt" || s.grant.name == "jwt" {
		s.assertion = m.readAssertion(o, target)
	} else if key := o.Get("privateKey"); key.Given() {
		key.Misuse(`goes with grant: "jwt" or style: "private_key_jwt"`)
	}
	return m.made(s)
}

// readGrant reads what the token is given for.
func (s *tokenSource) readGrant(o args.Options) {
	var names []string
	all := grants()
	for _, g := range all {
		names = append(names, g.name)
	}
	name := o.Get("grant").OneOf(names...)
	for _, g := range all {
		if g.name == name {
			s.grant = g
		}
	}
	switch name {
	case "refresh_token":
		s.refresh = o.Get("refreshToken").Filled()
		s.m.deps.Secret(s.refresh)
	case "password":
		password := secretText(o.Get("password"))
		s.m.deps.Secret(password)
		s.grant.fields = url.Values{"username": {secretText(o.Get("username"))}, "password": {password}}
	}
}

// readClient reads how the client proves who it is.
func (s *tokenSource) readClient(o args.Options) {
	secret, style := o.Get("clientSecret"), o.Get("style")
	switch {
	case style.Given():
		if s.style = style.Text(); s.style == "" {
			s.style = "basic"
		}
	case secret.Given():
		s.style = "basic"
	case s.grant.name != "client_credentials":
		s.style = "none"
	case o.Get("privateKey").Given():
		s.style = "private_key_jwt"
	default:
		s.style = "basic"
	}
	switch s.style {
	case "basic", "body":
		s.id, s.secret = o.Get("clientId").Filled(), secret.Filled()
		s.m.deps.Secret(s.secret)
	case "private_key_jwt":
		s.id = o.Get("clientId").Filled()
	case "none":
		s.id = o.Get("clientId").TextOr("")
	default:
		style.Misuse(`must be "basic", "body", "private_key_jwt" or "none", not %q`, s.style)
	}
}

// pass has a token that is good for a while.
func (s *tokenSource) pass(ctx context.Context, c *client, _ *request, _ *pendingToken) (pass, error) {
	text, err := s.token(ctx, c)
	return bearing(text), err
}

// renew drops a token that was refused, unless another has taken its place.
func (s *tokenSource) renew(ctx context.Context, _ *client, used pass, _ *result, times int) (bool, error) {
	if times > 0 {
		return false, nil
	}
	if err := s.lock(ctx); err != nil {
		return false, err
	}
	defer s.unlock()
	if s.current == used.mark {
		s.current = ""
	}
	return true, nil
}

func (s *tokenSource) rules() []rule { return nil }

func (s *tokenSource) lock(ctx context.Context) error {
	select {
	case s.fetching <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *tokenSource) unlock() { <-s.fetching }

func (s *tokenSource) token(ctx context.Context, c *client) (string, error) {
	if err := s.lock(ctx); err != nil {
		return "", err
	}
	defer s.unlock()
	if s.current != "" && (s.expires.IsZero() || s.m.now().Before(s.expires)) {
		return s.current, nil
	}
	s.current = ""
	// The server of the tokens is another one than the data source: the client's limit and rules are
	// not about it.
	other := *c
	other.limit, other.rules, other.auth = nil, nil, nil
	refreshing := s.refresh != ""
	err := s.fetch(ctx, &other, refreshing)
	if isDenied(err) && refreshing && s.grant.name != "refresh_token" {
		s.refresh = "" // it has had its time
		err = s.fetch(ctx, &other, false)
	}
	return s.current, err
}

// fetch asks for a token and keeps it.
func (s *tokenSource) fetch(ctx context.Context, c *client, refreshing bool) error {
	r, err := s.request(c, refreshing)
	if err != nil {
		return err
	}
	answer, _, err := c.exchange(ctx, r, nil, c.attempt)
	if err != nil {
		return err
	}
	return s.take(r, answer)
}

// request asks for a token. Asking twice does no harm, so it is repeated like a GET.
func (s *tokenSource) request(c *client, refreshing bool) (*request, error) {
	r := &request{
		Request: fetch.Request{
			Method: http.MethodPost, URL: s.url, Redirect: fetch.Refuse,
			Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}},
		},
		timeout: c.timeout, repeat: always,
	}
	form := maps.Clone(s.form)
	form.Set("grant_type", s.grant.wire)
	maps.Copy(form, s.grant.fields)
	if refreshing {
		for name := range s.grant.fields {
			form.Del(name)
		}
		form.Set("grant_type", "refresh_token")
		form.Set("refresh_token", s.refresh)
	} else if s.grant.name == "jwt" {
		signed, err := s.assertion.bearer(s.id, s.m.now())
		if err != nil {
			return nil, err
		}
		s.m.deps.Secret(signed)
		form.Set("assertion", signed)
	}
	if err := s.prove(r, form); err != nil {
		return nil, err
	}
	r.Body = []byte(form.Encode())
	return r, nil
}

// prove adds to a request who asks.
func (s *tokenSource) prove(r *request, form url.Values) error {
	switch s.style {
	case "basic":
		pair := url.QueryEscape(s.id) + ":" + url.QueryEscape(s.secret)
		encoded := base64.StdEncoding.EncodeToString([]byte(pair))
		s.m.deps.Secret(encoded)
		r.Header.Set("Authorization", "Basic "+encoded)
		return nil
	case "private_key_jwt":
		signed, err := s.assertion.client(s.id, s.m.now())
		if err != nil {
			return err
		}
		s.m.deps.Secret(signed)
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
		form.Set("client_assertion", signed)
	case "body":
		form.Set("client_secret", s.secret)
	}
	if s.id != "" {
		form.Set("client_id", s.id)
	}
	return nil
}
