package web

import (
	"errors"
	"io"

	"carjs/bindings/args"
	"carjs/bindings/internal/packed"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// formats are the ways to compress by their names in the Compression Standard.
var formats = map[string]func() packed.Format{"gzip": packed.Gzip, "deflate": packed.Zlib, "deflate-raw": packed.Raw}

// coder compresses or expands what comes in parts.
type coder interface {
	// Write takes a part and returns what there is to give so far.
	Write(part []byte) ([]byte, error)
	// End returns the rest.
	End() ([]byte, error)
	// Close gives it up. It may be called again.
	Close()
}

// compressor is the native that makes {write(bytes), end(), close()} of the name of a format.
func compressor(rt *script.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		c, err := packed.NewCompressor(formats[call.Argument(0).String()]())
		if err != nil {
			rt.Throw(err)
		}
		return coded(rt, c)
	}
}

// expander is the same for what was compressed.
func expander(rt *script.Runtime) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		e := packed.NewExpander(formats[call.Argument(0).String()]())
		forget := rt.OnClose(e.Close)
		return coded(rt, &closing{e, forget})
	}
}

// closing is a coder that has something to forget when it is closed.
type closing struct {
	coder
	forget func()
}

func (c *closing) Close() {
	c.forget()
	c.coder.Close()
}

// coded is what coding.js sees of a coder.
func coded(rt *script.Runtime, c coder) goja.Value {
	vm := rt.VM()
	give := func(data []byte, err error) goja.Value {
		if err != nil {
			panic(vm.NewTypeError("%s", explained(err)))
		}
		if len(data) == 0 {
			return goja.Undefined()
		}
		return vm.ToValue(vm.NewArrayBuffer(data))
	}
	object := vm.NewObject()
	err := errors.Join(
		object.Set("write", func(call goja.FunctionCall) goja.Value {
			data, _ := args.Bytes(vm, call.Argument(0))
			return give(c.Write(data))
		}),
		object.Set("end", func(goja.FunctionCall) goja.Value { return give(c.End()) }),
		object.Set("close", func(goja.FunctionCall) goja.Value { c.Close(); return goja.Undefined() }),
	)
	if err != nil {
		panic(vm.NewGoError(err))
	}
	return object
}

// explained says what is wrong with compressed data.
func explained(err error) string {
	var header *packed.HeaderError
	switch {
	case errors.As(err, &header):
		return "the data is not compressed in this format: " + header.Err.Error()
	case errors.Is(err, packed.ErrTooLarge), errors.Is(err, packed.ErrTrailing):
		return err.Error()
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the compressed data is truncated"
	}
	return "the compressed data is damaged: " + err.Error()
}
