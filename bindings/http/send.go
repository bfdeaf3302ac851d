package http

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"

	"github.com/dop251/goja"
	"github.com/hashicorp/go-hclog"
)

// result is an answer that counts, with its body.
type result struct {
	*fetch.Answer
	data     []byte
	attempts int // how many it took
	// ignored says that a rule of the connector takes the answer for one without data.
	ignored bool
}

// blank tells whether there is nothing to be read from the answer: its status is one that the
// connector accepts and is not good, or a rule says so.
func (a *result) blank() bool { return a.ignored || !good(a.StatusCode) }

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
type attempt func(ctx context.Context, r *request, p pass) (*result, *noAnswer)

// authorized sends with the client's credentials. The answer is good, accepted or ignored; any other
// is a failure.
func (c *client) authorized(ctx context.Context, r *request, token *pendingToken, try attempt) (*result, error) {
	answer, v, err := c.exchange(ctx, r, token, try)
	switch {
	case err != nil:
		return nil, err
	case v.then == stand && partial(r, answer.Response):
		return nil, inPart(r, answer)
	case v.then == stand:
		return answer, nil
	case v.then == ignore:
		answer.ignored = true
		return answer, nil
	}
	return nil, refused(r, answer, v)
}

func good(status int) bool { return status >= 200 && status <= 299 }

// exchange sends a request until there is an answer that another attempt would not change, and
// returns it with what it means. Where nothing but waiting too long speaks for giving up, the
// failure says so.
func (c *client) exchange(ctx context.Context, r *request, token *pendingToken, try attempt) (*result, verdict, error) {
	failures, renewals := 0, 0
	for {
		p, err := c.auth.pass(ctx, c, r, token)
		if err == nil {
			err = c.limited(ctx, r)
		}
		if err != nil {
			return nil, verdict{}, err
		}
		answer, none := try(ctx, r, p)
		if ctx.Err() != nil {
			return nil, verdict{}, context.Cause(ctx)
		}
		if none != nil {
			if !none.transient || !r.repeatsAfterError() || failures >= c.policy.retries {
				return nil, verdict{}, counted(none.explained, failures+1)
			}
			if err := c.retry(ctx, r, none.Error(), "no answer of "+r.URL.Host, failures); err != nil {
				return nil, verdict{}, err
			}
			failures++
			continue
		}
		answer.attempts = failures + 1
		v := c.judge(r, answer)
		switch v.then {
		case login:
			again, err := c.auth.renew(ctx, c, p, answer, renewals)
			if err != nil || !again {
				return answer, v, err
			}
			renewals++
			continue
		case wait, retry:
			if failures >= c.policy.retries || !r.repeatsAfter(v) {
				return answer, v, nil
			}
			if err := c.hold(ctx, r, answer, v, failures); err != nil {
				return nil, v, err
			}
			failures++
			continue
		}
		return answer, v, nil
	}
}

// hold waits before a request is repeated because of its answer.
func (c *client) hold(ctx context.Context, r *request, answer *result, v verdict, failures int) error {
	asked, ok := v.asked(answer, c.m.now())
	if !ok && v.then == retry {
		return c.retry(ctx, r, answer.Status, strconv.Itoa(answer.StatusCode)+" of "+r.URL.Host, failures)
	}
	d := asked.Wait
	switch {
	case v.rule.wait.fixed > 0: // the connector's own time, not one that the data source asks for
		d = min(d, c.policy.maxWait)
	case ok && d > c.policy.maxWait:
		return busy(r, answer, asked, c.policy.maxWait)
	case !ok:
		d = c.policy.pause(failures, v.throttled(), c.m.random())
	}
	d = c.m.bounded(d)
	said := []any{"why", v.why(answer), "host", answer.URL.Host, "status", answer.StatusCode}
	reason := strconv.Itoa(answer.StatusCode) + " of " + r.URL.Host
	if asked.Header != "" {
		said = append(said, "header", asked.Header)
		reason += ", " + asked.Header
	}
	c.m.rt.Logger().Info("waiting before a request is repeated", append(said,
		"seconds", d.Round(time.Millisecond).Seconds(), "method", r.Method, "url", fetch.SafeURL(r.URL))...)
	return c.wire.Pause(ctx, d, reason)
}

// retry waits before a request is repeated that failed for a moment: why is for the log, reason for
// who looks on.
func (c *client) retry(ctx context.Context, r *request, why, reason string, failures int) error {
	d := c.m.bounded(c.policy.pause(failures, false, c.m.random()))
	level := hclog.Debug
	if d >= longWait {
		level = hclog.Info
	}
	c.m.rt.Logger().Log(level, "retrying a request", "method", r.Method, "url", fetch.SafeURL(r.URL), "why", why,
		"wait", d.Round(time.Millisecond))
	return c.wire.Pause(ctx, d, reason)
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
func (c *client) attempt(ctx context.Context, r *request, p pass) (*result, *noAnswer) {
	ctx, cancel := fetch.WithTimeout(ctx, r.timeout)
	defer cancel()
	answer, err := c.wire.Send(ctx, r.hop(p))
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

// repeatsAfter tells whether the request is repeated after an answer. One that asks to wait has done
// nothing.
func (r *request) repeatsAfter(v verdict) bool {
	return v.then == wait && r.repeat != never || r.repeatsAfterError()
}

// throttledFactor is by how much longer the waits are after an answer that asks for a wait without a
// time: limits are per minute, mostly, and three waits of a few seconds are over before.
const throttledFactor = 4

// pause is the wait before a repetition when the server names none: doubling, and up to half of it
// by chance, so that many clients do not come back all at once. random is from 0 up to 1.
func (p policy) pause(failures int, throttled bool, random float64) time.Duration {
	first := p.wait // at most 24 hours, of which four times that can be doubled 14 times
	if throttled {
		first *= throttledFactor
	}
	d := min(first<<min(failures, 14), p.maxWait)
	return d/2 + time.Duration(random*float64(d/2))
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
