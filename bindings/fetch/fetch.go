// Package fetch is the way of a script to its data source over HTTP: the standard fetch with
// Headers, Request and Response, and below it the [Wire] that bindings/http shares.
//
// The classes are in classes.js, Headers in headers.js. Go sends (wire.go), follows redirects
// (redirect.go; private.go says which headers stay behind), keeps URLs as they are written
// (url.go), reads bodies as a whole (exchange.go) or in parts (chunks.go), and explains what went
// wrong in words that tell an operator what to do (explain.go). A request is built on the event
// loop, runs on a goroutine of its own, and ends with the run, with the script's signal, or with
// its time-out, whichever comes first: none hangs for ever.
package fetch

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"net/http"
	"time"

	"carjs/bindings/args"
	"carjs/bindings/web"
	"carjs/host/script"

	"github.com/dop251/goja"
	"github.com/hashicorp/go-hclog"
)

// DefaultTimeout is the longest a whole request may take, its body included, unless the script says
// otherwise.
const DefaultTimeout = 60 * time.Second

// Deps are what the modules that talk HTTP share. The functions are called by several goroutines.
type Deps struct {
	// MaxMemory is what the process may take, bodies that are read included; 0 is no limit.
	MaxMemory uint64
	// Transport carries the requests; nil makes one with time-outs, HTTP/2 and the proxy of the
	// environment.
	Transport http.RoundTripper
	// Count is called for every request that leaves, redirects and repetitions included. May be
	// nil.
	Count func()
	// Secret is told of every secret that is obtained on the way, such as a token, so that no log
	// shows it. May be nil.
	Secret func(secrets ...string)
	// Hides tells whether a text has a secret that is known, of the settings or obtained on the way. A
	// header that has one stays with its origin. May be nil.
	Hides func(text string) bool
	// Timeout bounds a request that names no time of its own, its answer included; 0 is
	// DefaultTimeout.
	Timeout time.Duration
	// RetryWait is the first wait before a client of carjs/http repeats a request, when it names
	// none; 0 is a second.
	RetryWait time.Duration
	// MaxWait cuts the wait before a repetition, whoever asked for it; 0 cuts none.
	MaxWait time.Duration
	// Now is the time by which tokens expire, requests are signed and waits are reckoned; nil is the
	// machine's.
	Now func() time.Time
	// Pause waits before a repetition, or returns the cause of the context's end; nil really waits.
	Pause func(ctx context.Context, d time.Duration) error
	// Unlimited says that the rate limits of clients do not count, as when a recording answers.
	Unlimited bool
	// Random returns a number from 0 up to 1, by which waits are spread; nil is a random one.
	Random func() float64
	// Logger gets what is worth knowing of a request at level debug. May be nil.
	Logger hclog.Logger
	// Waiting is called when a wait begins, with its reason and how long it will take (0 when that is
	// up to the data source), and what it returns when the wait is over. May be nil.
	Waiting func(why string, planned time.Duration) (over func())
	// Base is what URLs that are given to fetch may be relative to, for the platform's own tests; ""
	// is for scripts, whose URLs are absolute.
	Base string
}

//go:embed *.js
var files embed.FS

// source is the table of the programs.
var source = &web.Source{Files: files, Parts: []web.Part{
	{Name: "headers", Globals: []string{"Headers"}},
	{Name: "body"},
	{Name: "classes", Globals: []string{"Request", "Response", "fetch"}},
}}

// Global is the row of fetch in the table of globals. It has to come after those of bindings/web,
// on which it builds.
func Global(deps Deps) script.Global {
	wire := NewWire(deps)
	return script.Global{Name: "fetch", Install: func(rt *script.Runtime) error {
		return web.Of(rt).Add(source, func() (map[string]any, error) {
			return map[string]any{
				"open":      open(rt, wire),
				"local":     local(rt),
				"bytes":     copyBytes(rt),
				"isBadJSON": isBadJSON(rt),
				"hidden":    web.Hidden,
				"encode":    web.Encode(rt.VM()),
				"base":      baseOf(rt, deps),
			}, nil
		})
	}}
}

// baseOf is the base of relative URLs, undefined where there is none.
func baseOf(rt *script.Runtime, deps Deps) goja.Value {
	if deps.Base == "" {
		return goja.Undefined()
	}
	return rt.VM().ToValue(deps.Base)
}

// Carrier sends requests of fetch in a way of its own, such as that of a client of carjs/http. A script
// cannot make one.
type Carrier interface {
	// Begin prepares a request, on the loop, and returns what sends it, beside the loop. timeout is 0
	// when the script names none; the one that counts, for each attempt and for reading the body, is
	// returned.
	Begin(r *Request, timeout time.Duration) (send func(ctx context.Context) (*Answer, error), counts time.Duration)
}

// open is the native that makes an exchange of (method, url, [name, value, ...], body, redirect,
// timeout in ms, carrier).
func open(rt *script.Runtime, wire *Wire) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		vm := rt.VM()
		target, err := ParseURL(call.Argument(1).String())
		if err != nil {
			panic(vm.NewTypeError("%s", err))
		}
		request := &Request{
			Method: call.Argument(0).String(), URL: target, Header: http.Header{}, Redirect: Redirect(call.Argument(4).String()),
		}
		var pairs []string
		if err := vm.ExportTo(call.Argument(2), &pairs); err != nil {
			panic(vm.NewTypeError("headers: %v", err))
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			request.Header.Add(pairs[i], pairs[i+1])
		}
		request.Private = private(request.Header, wire.hides)
		if data, ok := args.Bytes(vm, call.Argument(3)); ok {
			request.Body = append([]byte{}, data...)
		}
		timeout := time.Duration(0)
		if ms := call.Argument(5).ToFloat(); ms > 0 {
			timeout = Milliseconds(ms)
		}
		if carrier, ok := call.Argument(6).Export().(Carrier); ok {
			e := newExchange(rt, wire, request, 0)
			e.carry, e.timeout = carrier.Begin(request, timeout)
			return e.object()
		}
		return newExchange(rt, wire, request, cmp.Or(timeout, wire.Timeout)).object()
	}
}

// MaxWait is the longest time that is sensible for a request.
const MaxWait = 24 * time.Hour

// Milliseconds is a duration given in milliseconds, cut to [MaxWait].
func Milliseconds(ms float64) time.Duration {
	if ms >= float64(MaxWait/time.Millisecond) {
		return MaxWait
	}
	return time.Duration(ms * float64(time.Millisecond))
}

// local is the native that makes an exchange of bytes that are there already.
func local(rt *script.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		data, _ := args.Bytes(rt.VM(), call.Argument(0))
		return localExchange(rt, append([]byte{}, data...)).object()
	}
}

// copyBytes is the native that gives the bytes of a buffer or a view as a new ArrayBuffer, and
// undefined for anything else.
func copyBytes(rt *script.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		data, ok := args.Bytes(rt.VM(), call.Argument(0))
		if !ok {
			return goja.Undefined()
		}
		return rt.VM().ToValue(rt.VM().NewArrayBuffer(append([]byte{}, data...)))
	}
}

// isBadJSON is the native that tells the failure of a text that is no JSON from that of the
// network.
func isBadJSON(rt *script.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		object, ok := call.Argument(0).(*goja.Object)
		var bad *BadJSON
		return rt.VM().ToValue(ok && errors.As(rt.GoError(object), &bad))
	}
}
