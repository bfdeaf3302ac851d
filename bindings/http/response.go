package http

import (
	"errors"
	"net/http"

	"carjs/bindings/fetch"
	"carjs/bindings/web"

	"github.com/dop251/goja"
)

// response makes {status, headers, url, data} of an answer.
func (c *client) response(vm *goja.Runtime, r *request, answer *result) (goja.Value, error) {
	data, err := c.body(vm, r, answer)
	if err != nil {
		return nil, err
	}
	headers, err := headersOf(vm, answer.Header)
	if err != nil {
		return nil, err
	}
	object := vm.NewObject()
	err = errors.Join(
		object.Set("status", answer.StatusCode),
		object.Set("headers", headers),
		object.Set("url", answer.URL.String()),
		object.Set("data", data),
	)
	return object, err
}

// data is what the methods but request and head give: the data of a good answer, undefined for
// another status that the connector accepts.
func (c *client) data(vm *goja.Runtime, r *request, answer *result) (goja.Value, error) {
	if !good(answer.StatusCode) {
		return goja.Undefined(), nil
	}
	return c.body(vm, r, answer)
}

// headersOf makes an instance of the global class Headers.
func headersOf(vm *goja.Runtime, header http.Header) (goja.Value, error) {
	var pairs []any
	for name, values := range header {
		for _, value := range values {
			pairs = append(pairs, vm.NewArray(name, value))
		}
	}
	return vm.New(vm.Get("Headers"), vm.NewArray(pairs...))
}

// body makes the value of a body in the form that was asked for.
func (c *client) body(vm *goja.Runtime, r *request, answer *result) (goja.Value, error) {
	if r.Method == http.MethodHead {
		return goja.Undefined(), nil
	}
	switch r.as {
	case "text":
		return vm.ToValue(web.DecodeUTF8(answer.data)), nil
	case "bytes":
		return vm.New(vm.Get("Uint8Array"), vm.ToValue(vm.NewArrayBuffer(answer.data)))
	}
	if mayBeEmpty(r.Method, answer.StatusCode) && len(answer.data) == 0 {
		return goja.Undefined(), nil
	}
	if !good(answer.StatusCode) {
		// A status that the connector treats itself may come with a page for people.
		if value, err := c.m.rt.ParseJSON(answer.data); err == nil {
			return value, nil
		}
		return vm.ToValue(web.DecodeUTF8(answer.data)), nil
	}
	return fetch.ParseJSON(c.m.rt, answer.data, r.Method, answer.Answer)
}

// mayBeEmpty tells whether an empty body says all there is to say. What was read with GET and is
// empty has been lost.
func mayBeEmpty(method string, status int) bool {
	return method != http.MethodGet || status == http.StatusNoContent || status == http.StatusResetContent || !good(status)
}
