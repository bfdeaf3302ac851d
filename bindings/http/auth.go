package http

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// auth is what basic(), bearer(), apiKey() and oauth2() return. A script can do nothing with it but
// hand it to a client.
type auth struct {
	fixed  header        // for credentials that stay the same
	token  goja.Callable // for a function that gives the token
	source *tokenSource  // for oauth2
}

// header is one that carries credentials.
type header struct{ name, value string }

func (m *module) basic(call goja.FunctionCall) goja.Value {
	in := args.Of(m.rt, call, "basic")
	user, password := secretText(in.Arg(0, "the user")), secretText(in.Arg(1, "the password"))
	if strings.Contains(user, ":") {
		in.Misuse("the user contains a colon, which basic authentication does not allow")
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(user + ":" + password))
	m.deps.Secret(password, encoded)
	return m.rt.VM().ToValue(&auth{fixed: header{"Authorization", "Basic " + encoded}})
}

func (m *module) bearer(call goja.FunctionCall) goja.Value {
	given := args.Of(m.rt, call, "bearer").Arg(0, "the token")
	if given.IsFunction() {
		return m.rt.VM().ToValue(&auth{token: given.Function()})
	}
	token := headerText(given)
	m.deps.Secret(token)
	return m.rt.VM().ToValue(&auth{fixed: header{"Authorization", "Bearer " + token}})
}

func (m *module) apiKey(call goja.FunctionCall) goja.Value {
	in := args.Of(m.rt, call, "apiKey")
	name, value := headerText(in.Arg(0, "the header")), headerText(in.Arg(1, "the value"))
	if name == "" || strings.ContainsAny(name, " \t:") {
		in.Misuse("the header must be the name of a header")
	}
	m.deps.Secret(value)
	return m.rt.VM().ToValue(&auth{fixed: header{name, value}})
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

// renewable tells whether another token can be had when one is refused.
func (a *auth) renewable() bool { return a != nil && a.source != nil }

// pendingToken is what a script's function gives, sooner or later.
type pendingToken struct {
	settled bool          // on the loop only
	done    chan struct{} // closed once text and err can be read
	text    string
	err     error
}

// begin calls the script's function, if that is where the token comes from; on the loop.
func (a *auth) begin(m *module) *pendingToken {
	if a == nil || a.token == nil {
		return nil
	}
	p := &pendingToken{done: make(chan struct{})}
	value, err := a.token(goja.Undefined())
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

// credentials are those to send; refused is the value that the server did not take.
func (c *client) credentials(ctx context.Context, r *request, token *pendingToken, refused string) (header, error) {
	switch {
	case c.auth == nil:
		return header{}, nil
	case c.auth.source != nil:
		text, err := c.auth.source.token(ctx, c, strings.TrimPrefix(refused, "Bearer "))
		return header{"Authorization", "Bearer " + text}, err
	case token == nil:
		return c.auth.fixed, nil
	}
	limit, cancel := fetch.WithTimeout(ctx, r.timeout)
	defer cancel()
	select {
	case <-token.done:
		return header{"Authorization", "Bearer " + token.text}, token.err
	case <-limit.Done():
	}
	if ctx.Err() != nil {
		return header{}, context.Cause(ctx)
	}
	return header{}, failure.New(failure.Datasource, "%s", fmt.Sprintf("the function given to bearer returned no token within %s", r.timeout)).
		WithCode(failure.CodeDatasourceAuth).WithFault(failure.FaultConnector)
}
