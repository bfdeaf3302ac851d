package bindings

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"carjs/bindings/internal/charset"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Client is an HttpClient that the connector's script has made.
type Client struct {
	// BaseURL is its option baseURL; "" for none.
	BaseURL string
	// At is where it was made, "src/main.ts:21:19".
	At string

	object  *goja.Object
	accepts bool // it has a header Accept of its own
}

// Request is one that [Connector.Request] sends.
type Request struct {
	Method string
	// Path is what the client's methods take: a path below the base URL, or a URL.
	Path   string
	Header http.Header
	// Body is sent as it is; nil is none.
	Body []byte
}

// Clients returns the instances of HttpClient that the script has made so far, in their order. The
// connector must have been opened with [Options.Clients].
func (c *Connector) Clients() []Client { return c.clients }

// Request sends a request through a client, with its login, its TLS settings and its rate limit, and
// waits for the response, which the transport of [Options] sees. The request is not repeated when
// it fails for a moment. A status that the client takes for a failure is a [*failure.Failure].
func (c *Connector) Request(ctx context.Context, through Client, r Request) error {
	vm := c.runtime.VM()
	method, ok := goja.AssertFunction(through.object.Get("request"))
	if !ok {
		return c.contract("HttpClient made at %s has no method request()", through.At)
	}
	var headers []any
	if r.Header.Get("Accept") == "" && !through.accepts {
		headers = append(headers, vm.NewArray("Accept", "application/json")) // as the connector's own requests have it
	}
	for name, values := range r.Header {
		for _, value := range values {
			headers = append(headers, vm.NewArray(name, value))
		}
	}
	options := vm.NewObject()
	for name, value := range map[string]any{"responseType": "bytes", "retry": false, "headers": vm.NewArray(headers...)} {
		if err := options.Set(name, value); err != nil {
			return fmt.Errorf("make a request: %w", err)
		}
	}
	if r.Body != nil {
		if err := options.Set("body", vm.NewArrayBuffer(r.Body)); err != nil {
			return fmt.Errorf("make a request: %w", err)
		}
	}
	_, err := c.runtime.Call(ctx, method, through.object, vm.ToValue(r.Method), vm.ToValue(r.Path), options)
	if err != nil {
		return c.module.Failure(err)
	}
	return nil
}

// Nearest returns the clients that a request for a path or a URL may be meant for: for a URL those
// of its origin with the longest base URL, and if there are none, and for a path, all of them.
func Nearest(clients []Client, path string) []Client {
	target, err := url.Parse(path)
	if err != nil || target.Hostname() == "" {
		return clients
	}
	var nearest []Client
	longest := -1
	for _, client := range clients {
		base, err := url.Parse(client.BaseURL)
		if err != nil || !strings.EqualFold(base.Host, target.Host) || !strings.EqualFold(base.Scheme, target.Scheme) {
			continue
		}
		length := 0
		if under := strings.TrimRight(base.Path, "/"); target.Path == under || strings.HasPrefix(target.Path, under+"/") {
			length = len(under)
		}
		switch {
		case length > longest:
			nearest, longest = []Client{client}, length
		case length == longest:
			nearest = append(nearest, client)
		}
	}
	if nearest == nil {
		return clients
	}
	return nearest
}

// BodyText is the body of a response as text, in the encoding that it is in. It is not ok for bytes
// that are no text.
func BodyText(contentType string, body []byte) (text []byte, ok bool) {
	text, err := charset.Source{ContentType: contentType}.Decode(body)
	if err != nil {
		return nil, false
	}
	for _, b := range text {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' && b != '\f' && b != 0x1b {
			return nil, false
		}
	}
	return text, true
}

// observing makes the class HttpClient tell of its instances.
const observing = `(function (exports, made) {
	"use strict";
	class HttpClient extends exports.HttpClient {
		constructor(options = {}) {
			super(options);
			made(this, options.baseURL, new Headers(options.headers).has("Accept"));
		}
	}
	return { ...exports, HttpClient };
})`

var observer = sync.OnceValue(func() *goja.Program {
	return goja.MustCompile(script.InternalPrefix+"clients.js", observing, true)
})

// observed is the module "carjs/http" with a class HttpClient of which the connector knows the
// instances. A run has the class itself.
func (c *Connector) observed(m script.Module) script.Module {
	open := m.New
	m.New = func(rt *script.Runtime) (goja.Value, error) {
		exports, err := open(rt)
		if err != nil {
			return nil, err
		}
		wrap, err := rt.VM().RunProgram(observer())
		if err != nil {
			return nil, err
		}
		f, ok := goja.AssertFunction(wrap)
		if !ok {
			return nil, failure.New(failure.General, "clients.js is not a function")
		}
		return f(goja.Undefined(), exports, rt.VM().ToValue(func(call goja.FunctionCall) goja.Value {
			client := Client{At: rt.Caller().String(), object: call.Argument(0).ToObject(rt.VM()), accepts: call.Argument(2).ToBoolean()}
			if base := call.Argument(1); !absent(base) {
				client.BaseURL = base.String()
			}
			c.clients = append(c.clients, client)
			return goja.Undefined()
		}))
	}
	return m
}
