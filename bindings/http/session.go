package http

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"

	"github.com/dop251/goja"
	"golang.org/x/net/publicsuffix"
)

// session logs in with requests and keeps what they give: cookies, and tokens that go into headers.
// Clients may share it.
type session struct {
	m        *module
	steps    []step
	tokens   []tokenRule
	entering chan struct{} // holds a token while somebody logs in: one at a time
	current  *entry        // nil before the first login
	number   int           // of logins
	// forbidden tells that a new login did not help against status 403: it means what it says.
	forbidden bool
}

// step is one request of a login. Its path is resolved by the client that logs in.
type step struct {
	method, path string
	header       http.Header
	query        string
	body         []byte
	manual       bool // a redirect is not followed, and is a good answer
}

// tokenRule says where a token is in the answers and in which header it goes.
type tokenRule struct {
	header, path, cookie string // where it is: one of them
	to, prefix           string
}

// where names the place for messages.
func (t tokenRule) where() string {
	switch {
	case t.header != "":
		return "the header " + t.header
	case t.cookie != "":
		return "the cookie " + t.cookie
	}
	return `"` + t.path + `"`
}

// entry is what a login gave.
type entry struct {
	jar    *cookiejar.Jar
	tokens []header
	mark   string
}

// session is the native behind session(): (options), in which client.js has brought the steps into
// the form {method, path, headers, query, body, type, redirect}.
func (m *module) session(call goja.FunctionCall) goja.Value {
	in := args.Of(m.rt, call, "session")
	o := in.Options(0, "login", "token")
	s := &session{m: m, entering: make(chan struct{}, 1)}
	o.Get("login").Items(func(item args.Arg) {
		f := item.Fields("method", "path", "headers", "query", "body", "type", "redirect")
		made := step{
			method: strings.ToUpper(f.Get("method").TextOr(http.MethodPost)), path: f.Get("path").Text(),
			header: pairs(f.Get("headers")), query: m.query(f.Get("query")),
			manual: f.Get("redirect").OneOf("follow", "manual") == "manual",
		}
		if body := f.Get("body"); body.Given() {
			made.body = slices.Clone(body.Data())
			if kind := f.Get("type"); kind.Given() && made.header.Get("Content-Type") == "" {
				made.header.Set("Content-Type", kind.Text())
			}
		}
		s.steps = append(s.steps, made)
	})
	if len(s.steps) == 0 {
		o.Get("login").Misuse("must have at least one request")
	}
	if token := o.Get("token"); args.IsArray(token.Value()) {
		token.Items(func(item args.Arg) { s.tokens = append(s.tokens, readToken(item)) })
	} else if token.Given() {
		s.tokens = append(s.tokens, readToken(token))
	}
	return m.made(s)
}

func readToken(given args.Arg) tokenRule {
	f := given.Fields("header", "path", "cookie", "to", "prefix")
	t := tokenRule{
		header: f.Get("header").TextOr(""), path: f.Get("path").TextOr(""), cookie: f.Get("cookie").TextOr(""), prefix: f.Get("prefix").TextOr(""),
	}
	named := 0
	for _, place := range []string{t.header, t.path, t.cookie} {
		if place != "" {
			named++
		}
	}
	if named != 1 {
		given.Misuse("must name one of header, path and cookie, where the token is")
	}
	to := f.Get("to")
	switch {
	case to.Given():
		t.to = headerText(to)
	case t.header != "":
		t.to = t.header
	default:
		to.MustBe("the name of the header that takes the token")
	}
	return t
}

// rules: status 403 may mean that the session is over.
func (s *session) rules() []rule {
	return []rule{{statuses: []span{{http.StatusForbidden, http.StatusForbidden}}, when: s.maySayExpired, then: login}}
}

// maySayExpired leaves answers that ask to wait to the rules that wait.
func (s *session) maySayExpired(header http.Header) bool {
	return !slices.ContainsFunc(s.m.defaults, func(r rule) bool {
		return r.then == wait && r.fitsHead(http.StatusForbidden, header)
	})
}

// pass has what the login gave; the first request logs in.
func (s *session) pass(ctx context.Context, c *client, _ *request, _ *pendingToken) (pass, error) {
	if err := s.lock(ctx); err != nil {
		return pass{}, err
	}
	defer s.unlock()
	if s.current == nil {
		entered, err := s.enter(ctx, c)
		if err != nil {
			return pass{}, err
		}
		s.current = entered
	}
	return pass{header: s.current.tokens, jar: s.current.jar, mark: s.current.mark}, nil
}

// renew drops a login that does not count any more, unless another has taken its place. The request
// after it logs in, while all others wait.
func (s *session) renew(ctx context.Context, _ *client, used pass, answer *result, times int) (bool, error) {
	if err := s.lock(ctx); err != nil {
		return false, err
	}
	defer s.unlock()
	if answer.StatusCode == http.StatusForbidden {
		if s.forbidden = s.forbidden || times > 0; s.forbidden {
			return false, nil
		}
	}
	if times > 0 {
		return false, nil
	}
	if s.current != nil && s.current.mark == used.mark {
		s.current = nil
	}
	return true, nil
}

func (s *session) lock(ctx context.Context) error {
	select {
	case s.entering <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (s *session) unlock() { <-s.entering }

// enter logs in.
func (s *session) enter(ctx context.Context, c *client) (*entry, error) {
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		return nil, err
	}
	s.number++
	e := &entry{jar: jar, mark: strconv.Itoa(s.number)}
	other := *c
	other.auth = nil
	// A rule that tells the page of a login from data must not take the login itself for its end.
	other.rules = slices.DeleteFunc(slices.Clone(c.rules), func(r rule) bool { return r.then == login })
	missing := slices.Clone(s.tokens)
	var last *result
	var sent *request
	for _, step := range s.steps {
		if sent, err = step.request(&other); err != nil {
			return nil, err
		}
		answer, v, err := other.exchange(ctx, sent, nil, func(ctx context.Context, r *request, _ pass) (*result, *noAnswer) {
			return other.attempt(ctx, r, pass{header: e.tokens, jar: jar})
		})
		switch {
		case err != nil:
			return nil, err
		case v.then != stand && v.then != ignore:
			return nil, loginRefused(sent, answer, v)
		}
		missing = slices.DeleteFunc(missing, func(t tokenRule) bool { return e.take(s.m, t, answer) })
		last = answer
	}
	if len(missing) > 0 {
		return nil, noToken(sent, last, missing[0])
	}
	cookies := append(jar.Cookies(sent.URL), jar.Cookies(last.URL)...)
	for _, cookie := range cookies {
		s.m.deps.Secret(cookie.Value)
	}
	if len(s.tokens) == 0 && len(cookies) == 0 {
		return nil, loginFailed(sent, last, "the login gave no cookie")
	}
	return e, nil
}

// request is a step as a request of the client, below its base URL.
func (t step) request(c *client) (*request, error) {
	u, err := c.resolve(t.path)
	if err != nil {
		return nil, failure.New(failure.General, "session: the path of a login %s", err).WithFault(failure.FaultConnector).
			WithHint("fix the option login of session()")
	}
	if err := c.mayGo(u); err != nil {
		return nil, err
	}
	u.RawQuery = joinQuery(u.RawQuery, t.query)
	r := &request{
		Request: fetch.Request{
			Method: t.method, URL: u, Header: c.header.Clone(), Body: t.body, Redirect: fetch.Follow, Trusted: c.trusted, Decoding: c.decode,
		},
		timeout: c.timeout, repeat: always, // to log in twice does no harm
	}
	for name, values := range t.header {
		r.Header[name] = values
	}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	if t.manual {
		r.Redirect = fetch.Manual
	}
	r.Private = private(r.Header)
	return r, nil
}

// take looks for a token in an answer.
func (e *entry) take(m *module, t tokenRule, answer *result) bool {
	text := ""
	switch {
	case t.header != "":
		text = answer.Header.Get(t.header)
	case t.cookie != "":
		for _, cookie := range e.jar.Cookies(answer.URL) {
			if cookie.Name == t.cookie {
				text, _ = url.QueryUnescape(strings.ReplaceAll(cookie.Value, "+", "%2B"))
			}
		}
	default:
		if value, found := at(jsonOf(answer), t.path); found {
			text, _ = scalarText(value)
		}
	}
	if text == "" || strings.ContainsAny(text, "\r\n\x00") {
		return false
	}
	m.deps.Secret(text)
	e.tokens = append(e.tokens, header{t.to, t.prefix + text})
	return true
}

const hintLogin = "check the user and the password in the connector's settings, and the requests of session() in the connector"

// loginRefused is the failure of a status: a wrong password is a 400 here, a 401 there.
func loginRefused(r *request, answer *result, v verdict) error {
	if v.rule == nil || v.rule.code == 0 {
		switch answer.StatusCode {
		case http.StatusBadRequest, http.StatusUnauthorized, http.StatusUnprocessableEntity:
			v = verdict{fail, &rule{code: failure.CodeDatasourceAuth, hint: hintLogin}}
		}
	}
	return refused(r, answer, v)
}

func loginFailed(r *request, answer *result, format string, args ...any) error {
	return failure.New(failure.Datasource, "%s %s: "+format, append([]any{r.Method, fetch.SafeURL(answer.URL)}, args...)...).
		WithCode(failure.CodeDatasourceAuth).WithHint(hintLogin).WithDetail(shortened([]byte(readable(answer))))
}

// noToken is the failure of a login that gave no token: in an answer that is no JSON it cannot be.
func noToken(r *request, answer *result, t tokenRule) error {
	if t.path != "" && jsonOf(answer) == nil {
		return unreadable(r, answer, errNoJSON)
	}
	why := ""
	if read, err := fieldsOf(answer); err == nil {
		if complaint := read.complaint(); complaint != "" {
			why = ": " + shortened([]byte(complaint))
		}
	}
	return loginFailed(r, answer, "the login gave no token in %s%s", t.where(), why)
}
