package args

import (
	"fmt"

	"carjs/host/script"

	"github.com/dop251/goja"
)

// Function is one row of a module's table.
type Function struct {
	// Name is the export; messages begin with it.
	Name string
	Run  func(*Call) goja.Value
}

// Module makes a module of its table.
func Module(name string, functions []Function) script.Module {
	return script.Module{Name: name, New: func(rt *script.Runtime) (goja.Value, error) {
		vm := rt.VM()
		// Taken now, so that a script that changes its globals later does not change what the
		// natives return.
		bytesClass := vm.Get("Uint8Array")
		exports := vm.NewObject()
		for _, f := range functions {
			value := vm.ToValue(func(call goja.FunctionCall) goja.Value {
				return f.Run(&Call{rt: rt, bytesClass: bytesClass, name: f.Name, args: call.Arguments})
			}).(*goja.Object)
			// Else the function carries the name that the compiler gave to the Go function.
			if err := value.DefineDataProperty("name", vm.ToValue(f.Name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
				return nil, fmt.Errorf("name the function %s: %w", f.Name, err)
			}
			if err := exports.Set(f.Name, value); err != nil {
				return nil, fmt.Errorf("export %s: %w", f.Name, err)
			}
		}
		return exports, nil
	}}
}

// Bytes makes a Uint8Array. The data belongs to it from now on.
func (c *Call) Bytes(data []byte) goja.Value {
	vm := c.VM()
	class := c.bytesClass
	if class == nil {
		class = vm.Get("Uint8Array")
	}
	array, err := vm.New(class, vm.ToValue(vm.NewArrayBuffer(data)))
	if err != nil {
		c.rt.Throw(err)
	}
	return array
}

// Iterator makes an object that for…of walks. next returns nil at the end, and may throw; it is not
// called after either.
func (c *Call) Iterator(next func() goja.Value) goja.Value {
	vm := c.VM()
	over := false
	step := func(value goja.Value) goja.Value {
		result := vm.NewObject()
		c.set(result, "value", value)
		c.set(result, "done", vm.ToValue(over))
		return result
	}
	iterator := vm.NewObject()
	c.set(iterator, "next", vm.ToValue(func(goja.FunctionCall) goja.Value {
		if over {
			return step(goja.Undefined())
		}
		over = true // also when next throws
		value := next()
		if value == nil {
			return step(goja.Undefined())
		}
		over = false
		return step(value)
	}))
	c.set(iterator, "return", vm.ToValue(func(call goja.FunctionCall) goja.Value {
		over = true
		return step(call.Argument(0))
	}))
	self := func(call goja.FunctionCall) goja.Value { return call.This }
	if err := iterator.SetSymbol(goja.SymIterator, self); err != nil {
		c.rt.Throw(err)
	}
	return iterator
}

func (c *Call) set(object *goja.Object, name string, value goja.Value) {
	if err := script.SetProperty(object, name, value); err != nil {
		c.rt.Throw(err)
	}
}
