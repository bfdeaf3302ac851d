package http

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"carjs/bindings/args"

	"github.com/dop251/goja"
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
