package script

import (
	"errors"
	"math/big"
	"reflect"
	"slices"

	"github.com/dop251/goja"
)

// LiteralCall is a call of a method whose object literal comes as its values, one by one: the
// engine takes long to make an object that is taken apart again at once.
type LiteralCall struct {
	// Arguments are those of the call, with the values of the literal's properties in the place of
	// the literal. They are valid until the native returns.
	Arguments []goja.Value
	// At is the literal's place among the arguments, and Names are those of its properties.
	At    int
	Names []string
	// Site numbers the place of the call, for [Runtime.SiteAt].
	Site int
}

// Values are the values of the literal's properties.
func (c *LiteralCall) Values() []goja.Value { return c.Arguments[c.At : c.At+len(c.Names)] }

// Before is the n-th argument before the literal, undefined when it is not there.
func (c *LiteralCall) Before(n int) goja.Value { return argument(c.Arguments[:c.At], n) }

// After is the n-th argument behind the literal, undefined when it is not there.
func (c *LiteralCall) After(n int) goja.Value {
	return argument(c.Arguments[c.At+len(c.Names):], n)
}

// AsWritten are the arguments of the call as it was written, with the literal as an object.
func (c *LiteralCall) AsWritten(rt *Runtime) []goja.Value {
	object := rt.vm.NewObject()
	for i, v := range c.Values() {
		if err := SetProperty(object, c.Names[i], v); err != nil {
			rt.Throw(err)
		}
	}
	before, behind := c.Arguments[:c.At], c.Arguments[c.At+len(c.Names):]
	return append(append(slices.Clone(before), object), behind...)
}

func argument(arguments []goja.Value, n int) goja.Value {
	if n < len(arguments) {
		return arguments[n]
	}
	return goja.Undefined()
}

// literalMethod is a native method and what takes its place for a literal.
type literalMethod struct {
	method *goja.Object
	take   func(LiteralCall) goja.Value
}

// TakeLiterals says what is called in place of a native method when it is called with an object
// literal, in programs that were compiled with the method's name. It must do what the method does
// with an object of those properties.
func (rt *Runtime) TakeLiterals(method *goja.Object, take func(LiteralCall) goja.Value) {
	rt.literals = append(rt.literals, literalMethod{method, take})
}

// lowered are the functions that rewritten code calls, and one place for its variable: the
// arguments for [lower.Parameters] and cover.Count.
func (rt *Runtime) lowered(p *Program) []goja.Value {
	base := rt.sites.reserve(len(p.shapes))
	call := func(call goja.FunctionCall) goja.Value {
		index := int(call.Arguments[2].ToInteger())
		shape := &p.shapes[index]
		method, _ := call.Arguments[1].(*goja.Object)
		literal := LiteralCall{Arguments: call.Arguments[3:], At: shape.At, Names: shape.Names}
		for i := range rt.literals {
			if rt.literals[i].method == method {
				literal.Site = rt.literalSite(base, index)
				return rt.literals[i].take(literal)
			}
		}
		return rt.callAsWritten(call.Arguments[0], call.Arguments[1], shape.Method, literal)
	}
	return []goja.Value{rt.vm.ToValue(rt.each), rt.vm.ToValue(call), goja.Undefined(), rt.vm.ToValue(rt.step), rt.vm.ToValue(rt.number),
		rt.vm.ToValue(rt.thrown), rt.intrinsics.executor, rt.vm.ToValue(rt.mapped), rt.vm.ToValue(rt.plus),
		rt.vm.ToValue(rt.target), rt.vm.ToValue(rt.generator), rt.vm.ToValue(p.count)}
}

// number is Number(value): the engine's own takes the lowest 64 bits of a BigInt.
func (rt *Runtime) number(call goja.FunctionCall) goja.Value {
	class, value := call.Arguments[0], call.Arguments[1]
	if class == rt.intrinsics.number && value.ExportType() == bigIntType {
		if n, ok := value.Export().(*big.Int); ok {
			nearest, _ := n.Float64()
			return rt.vm.ToValue(nearest)
		}
	}
	callable, ok := goja.AssertFunction(class)
	if !ok {
		panic(rt.vm.NewTypeError("Not a function: %s", class.String()))
	}
	result, err := callable(goja.Undefined(), value)
	if err != nil {
		panic(err) // the engine's own, with the stack of where it was thrown
	}
	return result
}

// target is new.target of a function that was called with this: one that was called with new has an
// object that is made for it, and what is not was left over from the constructor around.
func (rt *Runtime) target(call goja.FunctionCall) goja.Value {
	target, isObject := call.Argument(0).(*goja.Object)
	this, called := call.Argument(1).(*goja.Object)
	if !isObject || !called {
		return goja.Undefined()
	}
	wanted := target.Get("prototype")
	for prototype := this.Prototype(); prototype != nil; prototype = prototype.Prototype() {
		if prototype.StrictEquals(wanted) {
			return target
		}
	}
	return goja.Undefined()
}

// generator is something whose prototype is that of async generator functions, of which there are
// none: the bundler makes functions of them that return an iterator.
func (rt *Runtime) generator(goja.FunctionCall) goja.Value {
	if rt.asyncFunctions == nil {
		iterators, generators, functions := rt.vm.NewObject(), rt.vm.NewObject(), rt.vm.NewObject()
		this := rt.vm.ToValue(func(call goja.FunctionCall) goja.Value { return call.This })
		err := errors.Join(
			iterators.DefineDataPropertySymbol(rt.intrinsics.asyncIterator, this, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
			generators.SetPrototype(iterators),
			functions.DefineDataProperty("prototype", generators, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		)
		if err != nil {
			rt.Throw(err)
		}
		rt.asyncFunctions = functions
	}
	return rt.vm.CreateObject(rt.asyncFunctions)
}

// thrown notes where a value is thrown that is no Error.
func (rt *Runtime) thrown(call goja.FunctionCall) goja.Value {
	value := call.Argument(0)
	if !isError(value) {
		rt.rejections.throws(throw{value: value, stack: rt.vm.CaptureCallStack(0, nil)})
	}
	return value
}

// rejectedWith notes where the function that rejects a promise is called with a value that is no Error:
// (value, executor).
func (rt *Runtime) rejectedWith(call goja.FunctionCall) goja.Value {
	value, executor := call.Argument(0), call.Argument(1)
	if isError(value) {
		return goja.Undefined()
	}
	stack := rt.vm.CaptureCallStack(0, nil)
	if rt.rejections.thrownAt(value) != nil && rt.passesOn(value, executor, stack) {
		return goja.Undefined()
	}
	rt.rejections.throws(throw{value: value, stack: stack, executor: executor})
	return goja.Undefined()
}

// passesOn tells whether a promise is rejected with what was thrown elsewhere: it is the same
// object, or no line of the author's rejects it, or what the bundler adds made the promise.
func (rt *Runtime) passesOn(value, executor goja.Value, stack []goja.StackFrame) bool {
	_, isObject := value.(*goja.Object)
	return isObject || len(rt.frames(stack)) == 0 || rt.PlaceOf(executor).File == ""
}

// isError tells whether a value is an Error, which knows itself where it was made.
func isError(value goja.Value) bool {
	object, ok := value.(*goja.Object)
	return ok && object.ClassName() == "Error"
}

// mapped is list.map(Number) and Array.from(list, Number), the methods being those of the language
// or any others. The former do not show what they call to anybody, so that it can be another Number.
func (rt *Runtime) mapped(call goja.FunctionCall) goja.Value {
	this, method, arguments := call.Arguments[0], call.Arguments[1], slices.Clone(call.Arguments[2:])
	if method == rt.intrinsics.arrayMap || method == rt.intrinsics.arrayFrom {
		for i, argument := range arguments {
			if argument == rt.intrinsics.number {
				arguments[i] = rt.vm.ToValue(func(call goja.FunctionCall) goja.Value {
					return rt.number(goja.FunctionCall{Arguments: []goja.Value{argument, call.Argument(0)}})
				})
			}
		}
	}
	callable, ok := goja.AssertFunction(method)
	if !ok {
		panic(rt.vm.NewTypeError("Not a function: %s", method.String()))
	}
	result, err := callable(this, arguments...)
	if err != nil {
		panic(err) // the engine's own, with the stack of where it was thrown
	}
	return result
}

// callAsWritten calls a method of the script's own, which wants the literal as an object.
func (rt *Runtime) callAsWritten(this, method goja.Value, name string, call LiteralCall) goja.Value {
	arguments := call.AsWritten(rt)
	callable, ok := goja.AssertFunction(method)
	if !ok {
		if goja.IsUndefined(method) {
			panic(rt.vm.NewTypeError("Object has no member '%s'", name))
		}
		panic(rt.vm.NewTypeError("Not a function: %s", method.String()))
	}
	result, err := callable(this, arguments...)
	if err != nil {
		panic(err) // the engine's own, with the stack of where it was thrown
	}
	return result
}

var arrayType, listType, recordType = reflect.TypeFor[[]any](), reflect.TypeFor[*List](), reflect.TypeFor[*Record]()

// IsArray tells whether it is an array of the engine or a [List] that has a type: that of
// [goja.Object.ExportType].
func IsArray(t reflect.Type) bool { return t == arrayType || t == listType }
