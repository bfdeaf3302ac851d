package http

import (
	"errors"
	"net/http"
	"strings"

	"carjs/bindings/fetch"

	"github.com/dop251/goja"
)

// response makes {status, headers, url, data} of an answer.
func (c *client) response(vm *goja.Runtime, r *request, answer *result) (goja.Value, error) {
	data, err := c.body(vm, r, answer)
	if err != nil {
		return nil, err
	}
	object, err := headOf(vm, answer)
	if err == nil {
		err = object.Set("data", data)
	}
	return object, err
}

// headOf makes {status, headers, url} of an answer.
func headOf(vm *goja.Runtime, answer *result) (*goja.Object, error) {
	headers, err := headersOf(vm, answer.Header)
	if err != nil {
		return nil, err
	}
	object := vm.NewObject()
	err = errors.Join(
		object.Set("status", answer.StatusCode), object.Set("headers", headers), object.Set("url", answer.URL.String()))
	return object, err
}

// data is what the methods but request and head give: the data of a good answer, undefined for
// another status that the connector accepts.
func (c *client) data(vm *goja.Runtime, r *request, answer *result) (goja.Value, error) {
	if answer.blank() {
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
	if r.Method == http.MethodHead || answer.ignored {
		return goja.Undefined(), nil
	}
	switch r.as {
	case "text":
		return c.text(vm, r, answer)
	case "bytes":
		return vm.New(vm.Get("Uint8Array"), vm.ToValue(vm.NewArrayBuffer(answer.data)))
	}
	if mayBeEmpty(r.Method, answer.StatusCode) && len(answer.data) == 0 {
		return goja.Undefined(), nil
	}
	if !good(answer.StatusCode) {
		return c.accepted(vm, r, answer)
	}
	return fetch.ParseJSON(c.m.rt, answer.data, r.Method, answer.Answer)
}

// accepted makes the value of the body that came with a status that the connector treats itself:
// JSON, or a page for people, in which a character more or less does no harm.
func (c *client) accepted(vm *goja.Runtime, r *request, answer *result) (goja.Value, error) {
	value, err := fetch.ParseJSON(c.m.rt, answer.data, r.Method, answer.Answer)
	if err == nil {
		return value, nil
	}
	if notJSON := (*fetch.BadJSON)(nil); !errors.As(err, &notJSON) && isJSON(answer.Header.Get("Content-Type")) {
		return nil, err // data, of which not every byte is what it should be
	}
	return vm.ToValue(readable(answer)), nil
}

// isJSON tells whether a Content-Type is that of JSON, "application/problem+json" as well.
func isJSON(contentType string) bool {
	essence, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	essence = strings.TrimSpace(essence)
	return essence == "application/json" || strings.HasSuffix(essence, "+json")
}

// readable is the text of a body for people, who see U+FFFD where it has invalid bytes.
func readable(answer *result) string {
	source := answer.Source()
	source.Replace = true
	text, err := source.Decode(answer.data)
	if err != nil { // its charset is unknown
		return strings.ToValidUTF8(string(answer.data), "\ufffd")
	}
	return string(text)
}

func (c *client) text(vm *goja.Runtime, r *request, answer *result) (goja.Value, error) {
	text, err := fetch.Text(answer.data, r.Method, answer.Answer)
	if err != nil {
		return nil, err
	}
	return vm.ToValue(text), nil
}

// mayBeEmpty tells whether an empty body says all there is to say. What was read with GET and is
// empty has been lost.
func mayBeEmpty(method string, status int) bool {
	return method != http.MethodGet || status == http.StatusNoContent || status == http.StatusResetContent || !good(status)
}
