package web

import "github.com/dop251/goja"

// native is what url.js sees of a URL: its parts, and the record for the setters.
func (u *urlRecord) native(vm *goja.Runtime) goja.Value {
	object := vm.NewObject()
	tail := func(mark string, part *string) string {
		if part == nil || *part == "" {
			return ""
		}
		return mark + *part
	}
	for name, value := range map[string]any{
		"record": u, "href": u.href(), "origin": u.origin(), "protocol": u.scheme + ":", "username": u.username, "password": u.password,
		"host": u.hostPort(), "hostname": u.host, "port": u.port, "pathname": u.pathname(),
		"search": tail("?", u.query), "hash": tail("#", u.fragment),
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

// setURLNative is the native behind the setters: (record, name, text) to the parts.
func setURLNative(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		u, ok := call.Argument(0).Export().(*urlRecord)
		if !ok {
			panic(vm.NewTypeError("not a URL"))
		}
		u.set(call.Argument(1).String(), call.Argument(2).String())
		return u.native(vm)
	}
}
