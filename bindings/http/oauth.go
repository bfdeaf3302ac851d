package http

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

// tokenSource gets tokens by OAuth 2 client credentials, and keeps one until shortly before it
// expires. Clients may share it.
type tokenSource struct {
	url          *url.URL
	id, secret   string
	form         url.Values
	inBody       bool
	fetching     chan struct{} // holds a token while somebody fetches: one at a time
	current      string
	expires      time.Time // zero: when it is refused
	now          func() time.Time
	secretLogged func(...string)
}

func (m *module) oauth2(call goja.FunctionCall) goja.Value {
	o := args.Of(m.rt, call, "oauth2").Options(0, "tokenURL", "clientId", "clientSecret", "scope", "audience", "style")
	address := o.Get("tokenURL")
	target, err := fetch.ParseURL(address.Filled())
	if err != nil {
		address.Misuse("must be a URL: %s", err)
	}
	s := &tokenSource{
		url: target, id: o.Get("clientId").Filled(), secret: o.Get("clientSecret").Filled(),
		form:     url.Values{"grant_type": {"client_credentials"}},
		fetching: make(chan struct{}, 1), now: time.Now, secretLogged: m.deps.Secret,
	}
	for _, name := range []string{"scope", "audience"} {
		if value := o.Get(name).TextOr(""); value != "" {
			s.form.Set(name, value)
		}
	}
	style := o.Get("style")
	switch text := style.TextOr("basic"); text {
	case "basic":
	case "body":
		s.inBody = true
	default:
		style.Misuse(`must be "basic" or "body", not %q`, text)
	}
	m.deps.Secret(s.secret)
	return m.rt.VM().ToValue(&auth{source: s})
}

// token returns one that is good for a while; refused is one that the data source did not take.
func (s *tokenSource) token(ctx context.Context, c *client, refused string) (string, error) {
	select {
	case s.fetching <- struct{}{}:
		defer func() { <-s.fetching }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	if s.current != "" && s.current != refused && (s.expires.IsZero() || s.now().Before(s.expires)) {
		return s.current, nil
	}
	s.current = ""
	r := s.request(c)
	// The token's server is another one than the data source: its limit does not count here.
	other := *c
	other.limit = nil
	answer, err := other.repeated(ctx, r, header{}, other.attempt)
	if err != nil {
		return "", err
	}
	return s.take(r, answer)
}

// request asks for a token. Asking twice does no harm, so it is repeated like a GET.
func (s *tokenSource) request(c *client) *request {
	r := &request{
		Request: fetch.Request{
			Method: http.MethodPost, URL: s.url, Redirect: fetch.Refuse,
			Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}},
		},
		timeout: c.timeout, repeat: always,
	}
	form := url.Values{}
	for name, values := range s.form {
		form[name] = values
	}
	if s.inBody {
		form.Set("client_id", s.id)
		form.Set("client_secret", s.secret)
	} else {
		pair := url.QueryEscape(s.id) + ":" + url.QueryEscape(s.secret)
		encoded := base64.StdEncoding.EncodeToString([]byte(pair))
		s.secretLogged(encoded)
		r.Header.Set("Authorization", "Basic "+encoded)
	}
	r.Body = []byte(form.Encode())
	return r
}

// grant is what a token's server answers.
type grant struct {
	Token       string      `json:"access_token"`
	ExpiresIn   json.Number `json:"expires_in"`
	Error       string      `json:"error"`
	Description string      `json:"error_description"`
}

// take reads the token off an answer and keeps it.
func (s *tokenSource) take(r *request, answer *result) (string, error) {
	var g grant
	text, parseErr := answer.Source().Decode(answer.data)
	if parseErr == nil {
		parseErr = json.Unmarshal(text, &g)
	}
	if !good(answer.StatusCode) {
		return "", s.denied(r, answer, g)
	}
	if parseErr != nil || g.Token == "" {
		return "", failure.New(failure.Datasource, "%s %s: the response has no access_token", r.Method, fetch.SafeURL(s.url)).
			WithCode(failure.CodeDatasourceAuth).WithCause(parseErr).
			WithHint("check that tokenURL is the data source's token endpoint")
	}
	s.secretLogged(g.Token)
	s.current, s.expires = g.Token, time.Time{}
	if seconds, err := g.ExpiresIn.Float64(); err == nil && seconds > 0 {
		lifetime := fetch.Milliseconds(seconds * 1000)
		// Early, because clocks differ and a request takes its time.
		s.expires = s.now().Add(lifetime - min(30*time.Second, lifetime/10))
	}
	return g.Token, nil
}

// denied is the failure of a server that gives no token. By the standard a wrong secret is a 400 or
// a 401; both are a matter of authentication here.
func (s *tokenSource) denied(r *request, answer *result, g grant) error {
	why := statusLine(answer)
	if text := cmp.Or(g.Description, g.Error); text != "" {
		why += ": " + shortened([]byte(text))
	}
	means := meaningOf(answer.StatusCode)
	switch answer.StatusCode {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		means = meaning{failure.CodeDatasourceAuth, "check client id, client secret and scope in the connector's settings"}
	}
	return failure.New(failure.Datasource, "%s %s: no token: %s", r.Method, fetch.SafeURL(s.url), why).
		WithCode(means.code).WithHint("%s", means.hint)
}
