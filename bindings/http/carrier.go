package http

import (
	"bytes"
	"context"
	"io"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"

	"github.com/dop251/goja"
)

// carrier sends requests of fetch as a client does: with its headers, login, TLS settings, rules and
// limits. Only the answer is that of the standard.
type carrier struct{ c *client }

var _ fetch.Carrier = carrier{}

// targetOf is the native behind the first argument of HttpClient.fetch: (path) to the URL.
func (c *client) targetOf(call goja.FunctionCall) goja.Value {
	in := args.Of(c.m.rt, call, "fetch")
	return c.m.rt.VM().ToValue(c.target(in.Arg(0, "the path")).String())
}

// Begin is the method of [fetch.Carrier].
func (w carrier) Begin(f *fetch.Request, timeout time.Duration) (func(context.Context) (*fetch.Answer, error), time.Duration) {
	c := w.c
	if err := c.mayGo(f.URL); err != nil {
		c.m.rt.Throw(err)
	}
	if timeout == 0 {
		timeout = c.timeout
	}
	r := &request{Request: *f, timeout: timeout, as: "text"}
	r.Header, r.Trusted, r.Decoding = c.header.Clone(), c.trusted, c.decode
	for name, values := range f.Header {
		r.Header[name] = values
	}
	r.Private = private(r.Header)
	token := c.auth.begin(c.m)
	return func(ctx context.Context) (*fetch.Answer, error) {
		answer, v, err := c.exchange(ctx, r, token, c.headOf)
		if err == nil && v.then != stand && good(answer.StatusCode) && v.then != ignore {
			err = refused(r, answer, v) // in the words of the connector's rule
		}
		if err != nil {
			return nil, err
		}
		return answer.Answer, nil
	}, timeout
}

// headOf sends a request, and leaves the body of a good answer to be read by the script. Any other is
// looked into by rules, and read again by the script.
func (c *client) headOf(ctx context.Context, r *request, p pass) (*result, *noAnswer) {
	bounded, end := context.WithCancelCause(ctx)
	late := time.AfterFunc(r.timeout, func() { end(&fetch.TimeoutError{After: r.timeout}) })
	answer, err := c.wire.Send(bounded, r.hop(p))
	var data []byte
	if err == nil && (!good(answer.StatusCode) || c.headSays(r, answer.StatusCode, answer.Header)) {
		if data, err = fetch.ReadBody(answer); err == nil {
			answer.Body = io.NopCloser(bytes.NewReader(data))
		}
	}
	late.Stop()
	if err != nil {
		defer end(nil)
		transient := bounded.Err() == nil && fetch.Transient(err)
		return nil, &noAnswer{explained: fetch.Explain(bounded, r.Method, r.URL, err), transient: transient}
	}
	return &result{Answer: answer, data: data}, nil
}
