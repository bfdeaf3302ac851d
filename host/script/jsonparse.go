package script

import (
	"fmt"

	"carjs/host/esjson"

	"github.com/dop251/goja"
)

// maxNested is how deep arrays and objects of a JSON text may lie in one another for JSON.parse.
// The engine calls itself for each, and what is too deep for that ends the process: a text from a
// data source must not be able to.
const maxNested = 100_000

// guardJSON has JSON.parse refuse what is nested too deeply.
func (rt *Runtime) guardJSON() error {
	object := rt.vm.GlobalObject().Get("JSON").ToObject(rt.vm)
	parse, ok := goja.AssertFunction(object.Get("parse"))
	if !ok {
		return fmt.Errorf("guard JSON.parse: there is none")
	}
	guarded := rt.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		if text := call.Argument(0); goja.IsString(text) && esjson.NestsDeeper(text.String(), maxNested) {
			panic(rt.syntaxError(fmt.Sprintf("the JSON text is nested more than %d levels deep", maxNested)))
		}
		value, err := parse(call.This, call.Arguments...)
		if err != nil {
			panic(err) // the engine's own
		}
		return value
	}).ToObject(rt.vm)
	if err := guarded.DefineDataProperty("name", rt.vm.ToValue("parse"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
		return fmt.Errorf("guard JSON.parse: %w", err)
	}
	if err := object.DefineDataProperty("parse", guarded, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
		return fmt.Errorf("guard JSON.parse: %w", err)
	}
	return nil
}

// syntaxError makes the error that JSON.parse throws.
func (rt *Runtime) syntaxError(message string) goja.Value {
	object, err := rt.vm.New(rt.vm.GlobalObject().Get("SyntaxError"), rt.vm.ToValue(message))
	if err != nil {
		return rt.vm.ToValue(message)
	}
	return object
}
