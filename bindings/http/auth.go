package http

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// auth is what basic(), bearer() and the others return. A script can do nothing with it but hand it
// to a client; several clients may share it. A nil auth is that of a client without one.
type auth struct{ scheme scheme }

// scheme is a way to log in. Its methods are called by several goroutines.
type scheme interface {
	// pass returns what the next attempt of a request carries; it logs in where that is due.
	pass(ctx context.Context, c *client, r *request, token *pendingToken) (pass, error)
	// renew is told that an answer means that what an attempt carried does not count any more, and
	// how often the request was sent again for that already. It is true when sending the request
	// again, with a new pass, makes sense.
	renew(ctx context.Context, c *client, used pass, answer *result, times int) (bool, error)
	// rules are those by which answers mean that, besides the status 401.
	rules() []rule
}

// pass is what a request carries.
type pass struct {
	header []header
	jar    http.CookieJar
	sign   func(r *http.Request, body []byte) error
	// mark tells one login from another.
	mark string
}

// header is one that carries credentials.
type header struct{ name, value string }

func (a *auth) pass(ctx context.Context, c *client, r *request, token *pendingToken) (pass, error) {
	if a == nil {
		return pass{}, nil
	}
	return a.scheme.pass(ctx, c, r, token)
}

func (a *auth) renew(ctx context.Context, c *client, used pass, answer *result, times int) (bool, error) {
	if a == nil {
		return false, nil
	}
	return a.scheme.renew(ctx, c, used, answer, times)
}

func (a *auth) rules() []rule {
	if a == nil {
		return nil
	}
	return a.scheme.rules()
}

// lasting is what schemes have in common whose credentials stay the same.
type lasting struct{}

func (lasting) renew(context.Context, *client, pass, *result, int) (bool, error) { return false, nil }
func (lasting) rules() []rule                                                    { return nil }

// fixed are credentials in a header.
type fixed struct {
	lasting
	header header
}

func (f fixed) pass(context.Context, *client, *request, *pendingToken) (pass, error) {
	return pass{header: []header{f.header}}, nil
}

// given is a token that a function of the script gives.
type given struct {
	lasting
	token goja.Callable
}

// made is the value of an auth for the script.
func (m *module) made(s scheme) goja.Value { return m.rt.VM().ToValue(&auth{s}) }

func (m *module) basic(call goja.FunctionCall) goja.Value {
	in := args.Of(m.rt, call, "basic")
	user, password := secretText(in.Arg(0, "the user")), secretText(in.Arg(1, "the password"))
	if strings.Contains(user, ":") {
		in.Misuse("the user contains a colon, which basic authentication does not allow")
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	m.deps.Secret(password, encoded)
	return m.made(fixed{header: header{"Authorization", "Basic " + encoded}})
}

func (m *module) bearer(call goja.FunctionCall) goja.Value {
	in := args.Of(m.rt, call, "bearer").Arg(0, "the token")
	if in.IsFunction() {
		return m.made(given{token: in.Function()})
	}
	token := headerText(in)
	m.deps.Secret(token)
	return m.made(fixed{header: header{"Authorization", "Bearer " + token}})
}

func (m *module) apiKey(call goja.FunctionCall) goja.Value {
	in := args.Of(m.rt, call, "apiKey")
	name, value := headerText(in.Arg(0, "the header")), headerText(in.Arg(1, "the value"))
	if name == "" || strings.ContainsAny(name, " \t:") {
		in.Misuse("the header must be the name of a header")
	}
	m.deps.Secret(value)
	return m.made(fixed{header: header{name, value}})
}

// secretText is a text that must be one: undefined in its place would go to the data source as
// "undefined".
func secretText(given args.Arg) string {
	if !given.IsText() {
		given.Refuse("check that the setting it comes from is set", "must be a text, not %s", args.Describe(given.Value()))
	}
	return given.Text()
}

// headerText is secretText for what a header carries as it is.
func headerText(given args.Arg) string {
	text := secretText(given)
	if strings.ContainsAny(text, "\r\n\x00") {
		given.Misuse("contains a line break, which headers cannot contain")
	}
	return text
}

// pendingToken is what a script's function gives, sooner or later.
type pendingToken struct {
	settled bool          // on the loop only
	done    chan struct{} // closed once text and err can be read
	text    string
	err     error
}

// begin calls the script's function, if that is where the token comes from; on the loop.
func (a *auth) begin(m *module) *pendingToken {
	if a == nil {
		return nil
	}
	g, ok := a.scheme.(given)
	if !ok {
		return nil
	}
	p := &pendingToken{done: make(chan struct{})}
	value, err := g.token(goja.Undefined())
	if err != nil {
		m.rt.Throw(err)
	}
	promise, ok := value.(*goja.Object)
	if !ok {
		p.settle(m, value, nil)
		return p
	}
	then, ok := goja.AssertFunction(promise.Get("then"))
	if !ok {
		p.settle(m, value, nil)
		return p
	}
	vm := m.rt.VM()
	_, err = then(promise, vm.ToValue(func(call goja.FunctionCall) goja.Value {
		p.settle(m, call.Argument(0), nil)
		return goja.Undefined()
	}), vm.ToValue(func(call goja.FunctionCall) goja.Value {
		p.settle(m, nil, &script.Error{Value: call.Argument(0)})
		return goja.Undefined()
	}))
	if err != nil {
		m.rt.Throw(err)
	}
	return p
}

// settle takes what the function gave in the end; only the first counts. It runs on the loop.
func (p *pendingToken) settle(m *module, v goja.Value, err error) {
	if p.settled {
		return
	}
	p.settled = true
	defer close(p.done)
	switch {
	case err != nil:
		p.err = err
	case !goja.IsString(v) || v.String() == "" || strings.ContainsAny(v.String(), "\r\n\x00"):
		p.err = &script.Error{Value: m.rt.VM().NewTypeError("the function given to bearer must return a token, a text on one line")}
	default:
		p.text = v.String()
		m.deps.Secret(p.text)
	}
}

// pass waits for the token.
func (g given) pass(ctx context.Context, _ *client, r *request, token *pendingToken) (pass, error) {
	limit, cancel := fetch.WithTimeout(ctx, r.timeout)
	defer cancel()
	select {
	case <-token.done:
		return bearing(token.text), token.err
	case <-limit.Done():
	}
	if ctx.Err() != nil {
		return pass{}, context.Cause(ctx)
	}
	return pass{}, failure.New(failure.Datasource, "%s", fmt.Sprintf("the function given to bearer returned no token within %s", r.timeout)).
		WithCode(failure.CodeDatasourceAuth).WithFault(failure.FaultConnector)
}

// bearing is the pass of a token.
func bearing(token string) pass {
	return pass{header: []header{{"Authorization", "Bearer " + token}}, mark: token}
}
