package console

import "github.com/dop251/goja"

// What inspecting needs of the engine beyond its Go API. The classes are looked up when they are
// needed: making the engine's built-ins at every start is not for free. A script that replaces them
// gets what it shows.

func (c *console) global(class, method string) (goja.Callable, bool) {
	object, ok := c.rt.VM().Get(class).(*goja.Object)
	if !ok {
		return nil, false
	}
	return goja.AssertFunction(object.Get(method))
}

// descriptor is how a property is defined, nil when there is none.
func (c *console) descriptor(object *goja.Object, key goja.Value) *goja.Object {
	f, ok := c.global("Object", "getOwnPropertyDescriptor")
	if !ok {
		return nil
	}
	value, err := f(goja.Undefined(), object, key)
	if err != nil {
		return nil
	}
	descriptor, _ := value.(*goja.Object)
	return descriptor
}

func (c *console) enumerable(object *goja.Object, symbol *goja.Symbol) bool {
	descriptor := c.descriptor(object, symbol)
	return descriptor != nil && descriptor.Get("enumerable").ToBoolean()
}

// instance tells whether an object is one of a global class.
func (c *console) instance(object *goja.Object, class string) bool {
	constructor, ok := c.rt.VM().Get(class).(*goja.Object)
	return ok && c.rt.VM().InstanceOf(object, constructor)
}

// call is the text that a method without arguments gives, or otherwise.
func (c *console) call(object *goja.Object, method, otherwise string) string {
	if f, ok := goja.AssertFunction(object.Get(method)); ok {
		if value, err := f(object); err == nil {
			return value.String()
		}
	}
	return otherwise
}

// primitiveOf is the value inside of a wrapper object such as new Number(1).
func (c *console) primitiveOf(object *goja.Object) goja.Value {
	if f, ok := goja.AssertFunction(object.Get("valueOf")); ok {
		if value, err := f(object); err == nil {
			if _, isObject := value.(*goja.Object); !isObject {
				return value
			}
		}
	}
	return goja.Undefined()
}
