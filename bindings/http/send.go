package http

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"
	"carjs/host/httpx"

	"github.com/dop251/goja"
	"github.com/hashicorp/go-hclog"
)

// result is an answer that counts, with its body.
type result struct {
	*fetch.Answer
	data     []byte
	attempts int // how many it took
}

// send is the native behind the methods: (method, path, options, headers, body, content type,
// whole) to {promise, cancel}. It sends a request beside the loop, repeats it where that helps, and
// makes the response on the loop, or its data alone unless the whole is asked for.
func (c *client) send(call goja.FunctionCall) goja.Value {
	rt := c.m.rt
	method := call.Argument(0).String()
	in := args.Of(rt, call, method+" request")
	r := c.newRequest(method, in.Arg(1, "the path"), in.Options(2, requestOptions...), in.Arg(3, "the headers"))
	r.setBody(rt.VM(), call.Argument(4), call.Argument(5))
	answered := c.data
	if call.Argument(6).ToBoolean() {
		answered = c.response
	}
	token := c.auth.begin(c.m)
	ctx, cancel := context.WithCancel(rt.Context())
	promise := rt.Async(func(work context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		stop := context.AfterFunc(work, cancel)
		defer stop()
		defer cancel()
		answer, err := c.authorized(ctx, r, token, c.attempt)
		if err != nil {
			return nil, err
		}
		return func(vm *goja.Runtime) (goja.Value, error) { return answered(vm, r, answer) }, nil
	})
	return cancellable(rt.VM(), promise, cancel)
}

// cancellable is {promise, cancel} for client.js.
func cancellable(vm *goja.Runtime, promise goja.Value, cancel func()) goja.Value {
	object := vm.NewObject()
	_ = object.Set("promise", promise)
	_ = object.Set("cancel", func(goja.FunctionCall) goja.Value {
		cancel()
		return goja.Undefined()
	})
	return object
}

// attempt sends a request once and takes its answer.
type attempt func(ctx context.Context, r *request, credentials header) (*result, *noAnswer)

// authorized sends with the client's credentials. A token that was refused is fetched anew, once.
func (c *client) authorized(ctx context.Context, r *request, token *pendingToken, try attempt) (*result, error) {
	credentials, err := c.credentials(ctx, r, token, "")
	if err != nil {
		return nil, err
	}
	answer, err := c.repeated(ctx, r, credentials, try)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode == http.StatusUnauthorized && c.auth.renewable() && !slices.Contains(r.accept, answer.StatusCode) {
		credentials, err = c.credentials(ctx, r, token, credentials.value)
		if err != nil {
			return nil, err
		}
		if answer, err = c.repeated(ctx, r, credentials, try); err != nil {
			return nil, err
		}
	}
	if partial(r, answer.Response) {
		return nil, inPart(r, answer)
	}
	if good(answer.StatusCode) || slices.Contains(r.accept, answer.StatusCode) {
		return answer, nil
	}
	return nil, refused(r, answer)
}

func good(status int) bool { return status >= 200 && status <= 299 }

// repeated sends a request until there is an answer that stands. Where nothing but waiting too long
// speaks for giving up, the failure says so.
func (c *client) repeated(ctx context.Context, r *request, credentials header, try attempt) (*result, error) {
	for attempt := 0; ; attempt++ {
		if err := c.limited(ctx, r); err != nil {
			return nil, err
		}
		answer, err := try(ctx, r, credentials)
		if answer != nil {
			answer.attempts = attempt + 1
		}
		again, why := false, ""
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case err != nil:
			again, why = err.transient && r.repeatsAfterError(), err.Error()
		case slices.Contains(r.accept, answer.StatusCode):
		default:
			again, why = r.repeatsAfter(answer.StatusCode), answer.Status
		}
		if !again || attempt >= c.policy.retries {
			if err == nil {
				return answer, nil
			}
			return nil, counted(err.explained, attempt+1)
		}
		wait, reason := c.policy.pause(attempt), "no answer of "+r.URL.Host
		if err == nil {
			reason = strconv.Itoa(answer.StatusCode) + " of " + r.URL.Host
			if asked, ok := httpx.RetryAfter(answer.Header, time.Now()); ok {
				reason += ", Retry-After"
				if wait = asked; wait > c.policy.maxWait {
					return nil, busy(r, answer, wait, c.policy.maxWait)
				}
			}
		}
		if most := c.m.deps.MaxWait; most > 0 {
			wait = min(wait, most)
		}
		level := hclog.Debug
		if wait >= longWait {
			level = hclog.Info
		}
		c.m.rt.Logger().Log(level, "retrying a request", "method", r.Method, "url", fetch.SafeURL(r.URL), "why", why,
			"wait", wait.Round(time.Millisecond))
		if err := c.wire.Pause(ctx, wait, reason); err != nil {
			return nil, err
		}
	}
}

// longWait is a wait that whoever looks on wonders about.
const longWait = 5 * time.Second

// limited waits until the client's rate limit, if it has one, lets a request start.
func (c *client) limited(ctx context.Context, r *request) error {
	if c.limit == nil {
		return nil
	}
	return c.wire.Pause(ctx, c.limit.turn(), "the connector's rate limit for "+r.URL.Host)
}

// noAnswer is an attempt that brought no answer.
type noAnswer struct {
	explained error
	transient bool // another attempt may fare better
}

func (e *noAnswer) Error() string { return e.explained.Error() }

// attempt sends a request once and reads the answer's body.
func (c *client) attempt(ctx context.Context, r *request, credentials header) (*result, *noAnswer) {
	ctx, cancel := fetch.WithTimeout(ctx, r.timeout)
	defer cancel()
	answer, err := c.wire.Send(ctx, r.hop(credentials))
	var data []byte
	if err == nil {
		data, err = fetch.ReadBody(answer)
	}
	if err != nil {
		transient := ctx.Err() == nil && fetch.Transient(err)
		return nil, &noAnswer{explained: fetch.Explain(ctx, r.Method, r.URL, err), transient: transient}
	}
	return &result{Answer: answer, data: data}, nil
}

// repeatsAfterError tells whether the request is repeated when nobody knows whether it arrived.
func (r *request) repeatsAfterError() bool {
	switch r.repeat {
	case always:
		return true
	case never:
		return false
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, http.MethodOptions:
		return true
	}
	return false
}

// repeatsAfter tells whether the request is repeated after a status.
func (r *request) repeatsAfter(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return r.repeat != never // the server has not done it
	case http.StatusRequestTimeout, http.StatusBadGateway, http.StatusGatewayTimeout:
		return r.repeatsAfterError()
	}
	return false
}

// pause is the wait before a repetition when the server names none: doubling, and up to half of it
// by chance, so that many clients do not come back all at once.
func (p policy) pause(attempt int) time.Duration {
	wait := p.maxWait
	if doubled := p.wait << min(attempt, 16); doubled < wait {
		wait = doubled // at most 24 hours are doubled, which leaves room for 16 times
	}
	return wait/2 + time.Duration(rand.Int64N(int64(wait/2)+1))
}

// counted says how often something was tried, if that was more than once.
func counted(err error, attempts int) error {
	f := failure.From(err)
	if f.Kind != failure.Datasource || attempts == 1 {
		return err
	}
	again := *f
	again.Message += " (tried " + strconv.Itoa(attempts) + " times)"
	return &again
}
