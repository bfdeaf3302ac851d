package script

import (
	"errors"
	"unicode/utf16"

	"github.com/dop251/goja"
)

// installWellFormed adds the methods of strings that tell of halves of surrogate pairs.
func (rt *Runtime) installWellFormed() error {
	return errors.Join(
		rt.SetBuiltIn("String", "isWellFormed", 0, func(call goja.FunctionCall) goja.Value {
			_, whole := rt.wellFormed(call.This, "isWellFormed")
			return rt.vm.ToValue(whole)
		}),
		rt.SetBuiltIn("String", "toWellFormed", 0, func(call goja.FunctionCall) goja.Value {
			text, _ := rt.wellFormed(call.This, "toWellFormed")
			return text
		}),
	)
}

// wellFormed is the text of a value with U+FFFD in the place of halves, and whether there were none.
func (rt *Runtime) wellFormed(this goja.Value, method string) (goja.Value, bool) {
	if this == nil || goja.IsUndefined(this) || goja.IsNull(this) {
		panic(rt.vm.NewTypeError("String.prototype.%s was called on %v", method, this))
	}
	s := rt.toString(this)
	units := textOf(s).Units
	var mended []uint16
	for i := 0; i < len(units); i++ {
		switch {
		case !utf16.IsSurrogate(rune(units[i])):
		case i+1 < len(units) && units[i] < 0xDC00 && units[i+1] >= 0xDC00 && units[i+1] <= 0xDFFF:
			i++
		default:
			if mended == nil {
				mended = append([]uint16(nil), units...)
			}
			mended[i] = 0xFFFD
		}
	}
	if mended == nil {
		return s, true
	}
	return goja.StringFromUTF16(mended), false
}
