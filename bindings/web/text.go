package web

import (
	"encoding/base64"
	"errors"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/internal/charset"

	"github.com/dop251/goja"
)

// Encode is the native behind TextEncoder: a text to the ArrayBuffer of its UTF-8.
func Encode(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		// The conversion replaces halves of surrogate pairs by U+FFFD, as the standard wants.
		return vm.ToValue(vm.NewArrayBuffer([]byte(strings.ToValidUTF8(call.Argument(0).String(), "\ufffd"))))
	}
}

// decoder is the native behind TextDecoder: (label, fatal) to {encoding, decode}, or undefined when
// the label stands for no encoding. decode makes text of (bytes, stream), or undefined when fatal
// forbids the bytes.
func decoder(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		d, err := charset.NewDecoder(call.Argument(0).String(), call.Argument(1).ToBoolean())
		if err != nil || strings.HasPrefix(d.Name(), "utf-32") { // which the standard lacks
			return goja.Undefined()
		}
		object := vm.NewObject()
		err = errors.Join(object.Set("encoding", d.Name()), object.Set("decode", func(call goja.FunctionCall) goja.Value {
			data, ok := args.Bytes(vm, call.Argument(0))
			if !ok {
				panic(vm.NewTypeError("TextDecoder.decode takes an ArrayBuffer, a typed array or a DataView"))
			}
			text, err := d.Decode(data, call.Argument(1).ToBoolean())
			if err != nil {
				return goja.Undefined()
			}
			return vm.ToValue(text)
		}))
		if err != nil {
			panic(vm.NewGoError(err))
		}
		return object
	}
}

// toBase64 is the native behind btoa: undefined when the text has a character above U+00FF.
func toBase64(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		text := call.Argument(0).String()
		data := make([]byte, 0, len(text))
		for _, r := range text {
			if r > 0xFF {
				return goja.Undefined()
			}
			data = append(data, byte(r))
		}
		return vm.ToValue(base64.StdEncoding.EncodeToString(data))
	}
}

// fromBase64 is the native behind atob: undefined when the text is no base64. Padding may be
// missing, white space stand anywhere.
func fromBase64(vm *goja.Runtime) func(goja.FunctionCall) goja.Value {
	drop := strings.NewReplacer("\t", "", "\n", "", "\f", "", "\r", "", " ", "")
	return func(call goja.FunctionCall) goja.Value {
		text := drop.Replace(call.Argument(0).String())
		if len(text)%4 == 0 {
			text = strings.TrimSuffix(strings.TrimSuffix(text, "="), "=")
		}
		data, err := base64.RawStdEncoding.DecodeString(text)
		if err != nil {
			return goja.Undefined()
		}
		runes := make([]rune, len(data))
		for i, b := range data {
			runes[i] = rune(b)
		}
		return vm.ToValue(string(runes))
	}
}
