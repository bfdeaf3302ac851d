package web

import (
	"strings"

	"github.com/dop251/goja"
)

// native is what url.js sees of a URL: its parts.
func (u *urlRecord) native(vm *goja.Runtime) goja.Value {
	object := vm.NewObject()
	for name, value := range map[string]any{
		"scheme": u.scheme, "username": u.username, "password": u.password, "host": u.host, "port": u.port, "path": u.path,
		"query": u.query, "fragment": u.fragment, "hasHost": u.hasHost, "opaque": u.opaque, "special": u.special(),
	} {
		_ = object.Set(name, value)
	}
	return object
}

// parseURLNative is the native behind URL: (text, text of the base) to the parts, or undefined.
func parseURLNative(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		var base *urlRecord
		if v := call.Argument(1); !goja.IsUndefined(v) {
			var ok bool
			if base, ok = parseURL(v.String(), nil); !ok {
				return goja.Undefined()
			}
		}
		u, ok := parseURL(call.Argument(0).String(), base)
		if !ok {
			return goja.Undefined()
		}
		return u.native(vm)
	}
}

// encodePartNative is the native behind the setters: (part, text, scheme) to the text as it stands
// in that part.
func encodePartNative(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		u, text := urlRecord{scheme: call.Argument(2).String()}, call.Argument(1).String()
		switch call.Argument(0).String() {
		case "path":
			return vm.ToValue(u.normalPath(text))
		case "query":
			u.setQuery("?" + strings.TrimPrefix(text, "?"))
			return vm.ToValue(u.query)
		case "fragment":
			return vm.ToValue(prefixed('#', strings.TrimPrefix(text, "#"), fragmentSet))
		}
		return vm.ToValue(percentEncode(text, userSet))
	}
}
