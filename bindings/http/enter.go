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

	"golang.org/x/net/publicsuffix"
)

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

func readToken(given args.Arg) tokenRule {
	f := given.Fields("header", "path", "cookie", "to", "prefix")
	t := tokenRule{
		header: f.Get("header").TextOr(""), path: f.Get("path").TextOr(""), cookie: f.Get("cookie").TextOr(""),
		prefix: f.Get("prefix").TextOr(""),
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
