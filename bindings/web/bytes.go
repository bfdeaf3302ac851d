package web

import (
	"reflect"
	"strings"

	"github.com/dop251/goja"
)

// buffer is the ArrayBuffer that a native was given.
func buffer(vm *goja.Runtime, v goja.Value) goja.ArrayBuffer {
	if ab, ok := v.Export().(goja.ArrayBuffer); ok {
		return ab
	}
	panic(vm.NewTypeError("not an ArrayBuffer"))
}

// alias is the native that makes another ArrayBuffer of the same bytes; detach takes them from the
// first. Bytes go over from one to the other this way and are never copied.
func alias(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		ab := buffer(vm, call.Argument(0))
		if ab.Detached() {
			panic(vm.NewTypeError("the ArrayBuffer is detached"))
		}
		return vm.ToValue(vm.NewArrayBuffer(ab.Bytes()))
	}
}

// detach is the native that detaches an ArrayBuffer.
func detach(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		ab := buffer(vm, call.Argument(0))
		ab.Detach()
		return goja.Undefined()
	}
}

// transfer is the native that does both.
func transfer(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	other, gone := alias(vm), detach(vm)
	return func(call goja.FunctionCall) goja.Value {
		made := other(call)
		gone(call)
		return made
	}
}

// detached is the native that tells whether an ArrayBuffer is detached.
func detached(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value { return vm.ToValue(buffer(vm, call.Argument(0)).Detached()) }
}

var bufferType = reflect.TypeFor[goja.ArrayBuffer]()

// classOf is the native that tells of which class of the language an object is, whatever prototype
// it has.
func classOf(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		object, ok := call.Argument(0).(*goja.Object)
		if !ok {
			return goja.Undefined()
		}
		if object.ExportType() == bufferType {
			return vm.ToValue("ArrayBuffer")
		}
		return vm.ToValue(object.ClassName())
	}
}

// wellFormed is the native that puts U+FFFD in the place of halves of surrogate pairs.
func wellFormed(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		v := call.Argument(0)
		text := v.String() // has U+FFFD already
		if strings.ContainsRune(text, '\ufffd') {
			return vm.ToValue(text)
		}
		return v
	}
}
