package bindings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"carjs/bindings/args"
	"carjs/bindings/node"
	"carjs/host/script"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/require"
)

// Module is a module that a connector can import. [NewModule] makes one of Go functions; who needs
// more of the engine, such as classes or iterators, fills in the fields.
type Module = script.Module

// NewModule makes a module of functions and constants, by the names under which TypeScript imports
// them. The module's name may be any that no module of carjs has, such as "acme/tickets"; the
// author of a connector declares its types with `declare module "acme/tickets" { … }`.
//
// A function is any Go function that returns a value, an error, both or neither. Arguments and
// results, like constants, cross as encoding/json has them. An argument that is missing, undefined
// or null is an error, unless its Go type can be nil. An error is thrown; a [*failure.Failure] in
// it keeps its kind. A function runs while the script waits; one that takes a [context.Context]
// first runs beside the script, which gets a promise, and must return when that context ends.
//
// What no function can be made of is an error of the import.
func NewModule(name string, exports map[string]any) Module {
	return Module{Name: name, New: func(rt *script.Runtime) (goja.Value, error) {
		object := rt.VM().NewObject()
		for export, v := range exports {
			value, err := exportOf(rt, export, v)
			if err != nil {
				return nil, fmt.Errorf("export %s: %w", export, err)
			}
			if err := object.Set(export, value); err != nil {
				return nil, fmt.Errorf("export %s: %w", export, err)
			}
		}
		return object, nil
	}}
}

// NodeModule makes a module of one that is written for goja_nodejs, as a function of its require
// package: load sets the property exports of the module object that it gets. While it loads, other
// modules are found by require.Require, under their names with or without "node:".
func NodeModule(name string, load require.ModuleLoader) Module { return node.Loader(name, load) }

// exportOf is the JavaScript value of a function or a constant.
func exportOf(rt *script.Runtime, name string, v any) (goja.Value, error) {
	if reflect.ValueOf(v).Kind() != reflect.Func {
		encoded, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		return rt.ParseJSON(encoded)
	}
	f, err := newFunction(name, reflect.ValueOf(v))
	if err != nil {
		return nil, err
	}
	value := rt.VM().ToValue(func(call goja.FunctionCall) goja.Value { return f.call(rt, call) }).(*goja.Object)
	// Else the function carries the name that the compiler gave to the Go function.
	err = value.DefineDataProperty("name", rt.VM().ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	return value, err
}

// function is a Go function that a script calls.
type function struct {
	name   string
	value  reflect.Value
	params []reflect.Type // without the context
	beside bool           // it takes a context, and runs beside the script
	result bool           // it returns a value
	fails  bool           // it returns an error, last
}

var (
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

func newFunction(name string, value reflect.Value) (*function, error) {
	t := value.Type()
	if t.IsVariadic() || value.IsNil() {
		return nil, errors.New("the function must not be nil or variadic")
	}
	f := &function{name: name, value: value}
	for i := range t.NumIn() {
		if i == 0 && t.In(0) == contextType {
			f.beside = true
			continue
		}
		f.params = append(f.params, t.In(i))
	}
	results := t.NumOut()
	if results > 0 && t.Out(results-1) == errorType {
		f.fails = true
		results--
	}
	if f.result = results == 1; results > 1 {
		return nil, errors.New("a function must return one value, an error, both or neither")
	}
	return f, nil
}

// call is one call by the script.
func (f *function) call(rt *script.Runtime, call goja.FunctionCall) goja.Value {
	c := args.Of(rt, call, f.name)
	values := make([]reflect.Value, len(f.params))
	for i, param := range f.params {
		values[i] = argument(c.Arg(i, fmt.Sprintf("argument %d", i+1)), param)
	}
	if !f.beside {
		encoded, err := f.run(values)
		if err != nil {
			rt.Throw(err)
		}
		value, err := parsed(rt, encoded)
		if err != nil {
			rt.Throw(err)
		}
		return value
	}
	return rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		encoded, err := f.run(slices.Insert(values, 0, reflect.ValueOf(ctx)))
		if err != nil {
			return nil, err
		}
		return func(*goja.Runtime) (goja.Value, error) { return parsed(rt, encoded) }, nil
	})
}

// run calls the Go function and encodes what it returns, nil for nothing.
func (f *function) run(values []reflect.Value) ([]byte, error) {
	results := f.value.Call(values)
	if f.fails {
		if err, _ := results[len(results)-1].Interface().(error); err != nil {
			return nil, err
		}
	}
	if !f.result {
		return nil, nil
	}
	encoded, err := json.Marshal(results[0].Interface())
	if err != nil {
		return nil, fmt.Errorf("%s: the result has no JSON: %w", f.name, err)
	}
	return encoded, nil
}

func parsed(rt *script.Runtime, encoded []byte) (goja.Value, error) {
	if encoded == nil {
		return goja.Undefined(), nil
	}
	return rt.ParseJSON(encoded)
}

// argument reads an argument as the type of a parameter.
func argument(a args.Arg, param reflect.Type) reflect.Value {
	read := reflect.New(param)
	if !a.Given() {
		switch param.Kind() {
		case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
			return read.Elem()
		}
		a.MustBe(kindOf(param))
	}
	encoded, ok := encode(a)
	if !ok {
		a.MustBe(kindOf(param))
	}
	err := json.Unmarshal(encoded, read.Interface())
	var mistaken *json.UnmarshalTypeError
	switch {
	case err == nil:
	case !errors.As(err, &mistaken):
		a.Misuse("cannot be read: %v", err)
	case mistaken.Field != "":
		a.Misuse("must have %s in %s", kindOf(mistaken.Type), mistaken.Field)
	case mistaken.Type == param:
		a.MustBe(kindOf(param))
	default: // in an array
		a.Misuse("must have %s in it", kindOf(mistaken.Type))
	}
	return read.Elem()
}

// kindOf says for the author of a script what a Go type is.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "a boolean"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Pointer:
		return kindOf(t.Elem())
	}
	return "a whole number" // of the kinds that JSON has a form for, the integers are left
}

// encode is JSON.stringify, but for a BigInt, which is a number here. It is not ok for what has no
// JSON.
func encode(a args.Arg) ([]byte, bool) {
	if object, ok := a.Value().(*goja.Object); ok {
		if _, function := goja.AssertFunction(object); function {
			return nil, false
		}
		return a.JSON()
	}
	encoded, err := json.Marshal(a.Value().Export())
	return encoded, err == nil
}

// addedTo tells what is wrong with modules that are added to those of carjs.
func addedTo(table []script.Module, added []Module) error {
	if len(added) == 0 {
		return nil
	}
	names := map[string]bool{"": true}
	for _, m := range table {
		names[m.Name] = true
	}
	for _, m := range added {
		if names[m.Name] {
			return fmt.Errorf("Options.Modules: module %q already exists, or has no name", m.Name)
		}
		names[m.Name] = true
	}
	return nil
}
