package script

import (
	"errors"
	"fmt"

	"github.com/dop251/goja"
)

// replaceLater has a built-in class replaced by what newClass makes of it when the script first
// names it: most starts do without, and then pay nothing.
func (rt *Runtime) replaceLater(name string, newClass func(own *goja.Object) (goja.Value, error)) error {
	global := rt.vm.GlobalObject()
	own := global.Get(name).ToObject(rt.vm)
	rt.replaced[name] = own
	define := func(value goja.Value) error {
		return global.DefineDataProperty(name, value, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	get := func(goja.FunctionCall) goja.Value {
		replaced, err := newClass(own)
		if err == nil {
			err = define(replaced)
		}
		if err != nil {
			rt.Throw(err)
		}
		return replaced
	}
	set := func(call goja.FunctionCall) goja.Value { // by what stands in for the class in tests
		if err := define(call.Argument(0)); err != nil {
			rt.Throw(err)
		}
		return goja.Undefined()
	}
	return global.DefineAccessorProperty(name, rt.vm.ToValue(get), rt.vm.ToValue(set), goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// SetBuiltIn puts a native in the place of a method of a built-in class, "Date", or adds it. That does
// not make what takes the place of the class.
func (rt *Runtime) SetBuiltIn(class, name string, length int, f func(goja.FunctionCall) goja.Value) error {
	own := rt.replaced[class]
	if own == nil {
		own = rt.vm.GlobalObject().Get(class).ToObject(rt.vm)
	}
	if err := rt.setMethod(own.Get("prototype").ToObject(rt.vm), name, length, f); err != nil {
		return fmt.Errorf("set %s.prototype.%s: %w", class, name, err)
	}
	return nil
}

// classWith is a built-in class with another constructor: a proxy, because of all that a native can
// be it alone can tell a call from new.
func (rt *Runtime) classWith(own *goja.Object, traps *goja.ProxyTrapConfig) (goja.Value, error) {
	replaced := rt.vm.ToValue(rt.vm.NewProxy(own, traps))
	instanceOf, isMethod := goja.AssertFunction(own.GetSymbol(goja.SymHasInstance))
	if !isMethod {
		return nil, errors.New("the engine's functions have no Symbol.hasInstance")
	}
	// The engine takes no proxy for a class in instanceof. A class that extends this one comes here
	// too.
	ofClass := func(call goja.FunctionCall) goja.Value {
		class := call.This
		if class.SameAs(replaced) {
			class = own
		}
		is, err := instanceOf(class, call.Argument(0))
		if err != nil {
			panic(err) // the script's own
		}
		return is
	}
	prototype := own.Get("prototype").ToObject(rt.vm)
	err := errors.Join(
		own.DefineDataPropertySymbol(goja.SymHasInstance, rt.vm.ToValue(ofClass), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE),
		prototype.DefineDataProperty("constructor", replaced, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
	)
	if err != nil {
		return nil, fmt.Errorf("replace a class: %w", err)
	}
	return replaced, nil
}
