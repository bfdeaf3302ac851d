// Package native is what modules written in Go share: a table of functions becomes the exports of a
// module, and a call reads its arguments, refuses those that are wrong with a sentence that names
// the function, and makes values that scripts can keep. What a module does lives in the module.
package native

import (
	"context"
	"fmt"

	"carjs/host/failure"
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

// Call is one call of a native. A method that fails throws into the script and does not return.
type Call struct {
	rt         *script.Runtime
	bytesClass goja.Value
	name       string
	args       []goja.Value
}

// VM returns the engine.
func (c *Call) VM() *goja.Runtime { return c.rt.VM() }

// Value returns an argument as it is, undefined when it is not there.
func (c *Call) Value(i int) goja.Value {
	if i < len(c.args) {
		return c.args[i]
	}
	return goja.Undefined()
}

// Misuse throws a TypeError: the connector's code is wrong, whatever the data.
func (c *Call) Misuse(format string, args ...any) {
	panic(c.VM().NewTypeError("%s: %s", c.name, fmt.Sprintf(format, args...)))
}

// Malformed throws a failure of the data source: the data is not what the function reads.
func (c *Call) Malformed(cause error, format string, args ...any) {
	c.rt.Throw(failure.New(failure.Datasource, "%s: %s", c.name, fmt.Sprintf(format, args...)).
		WithCode(failure.CodeDatasourceDataProcess).WithCause(cause))
}

// BadSetting throws a failure whose cause is most likely a setting, such as a key.
func (c *Call) BadSetting(hint, format string, args ...any) {
	c.rt.Throw(failure.New(failure.General, "%s: %s", c.name, fmt.Sprintf(format, args...)).
		WithFault(failure.FaultSettings).WithHint("%s", hint))
}

// Rethrow throws what a function of the engine returned as its error.
func (c *Call) Rethrow(err error) { c.rt.Throw(err) }

// Alive throws when the run is over. Natives that work for long ask now and then, because an
// interrupt does not reach them.
func (c *Call) Alive() {
	if err := c.Over(); err != nil {
		c.rt.Throw(err)
	}
}

// Over is Alive for code that returns its errors.
func (c *Call) Over() error {
	if ctx := c.rt.Context(); ctx.Err() != nil {
		return fmt.Errorf("%s: stopped: %w", c.name, context.Cause(ctx))
	}
	return nil
}

// Bytes makes a Uint8Array. The data belongs to it from now on.
func (c *Call) Bytes(data []byte) goja.Value {
	vm := c.VM()
	array, err := vm.New(c.bytesClass, vm.ToValue(vm.NewArrayBuffer(data)))
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
