package script

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"carjs/host/esjson"
	"carjs/host/script/internal/records"

	"github.com/dop251/goja"
)

// maxNested is how deep arrays and objects of a JSON text may lie in one another for JSON.parse.
const maxNested = records.MaxScriptDepth

// installParse puts a JSON.parse in the place of the engine's, which knows neither halves of
// surrogate pairs nor the source text that a reviver is to be given, and says nothing of integers
// that it rounds.
func (rt *Runtime) installParse() error {
	object := rt.vm.GlobalObject().Get("JSON").ToObject(rt.vm)
	own := rt.vm.ToValue(rt.parse).ToObject(rt.vm)
	err := errors.Join(
		own.DefineDataProperty("name", rt.vm.ToValue("parse"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		own.DefineDataProperty("length", rt.vm.ToValue(2), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		object.DefineDataProperty("parse", own, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
	)
	if err != nil {
		return fmt.Errorf("install JSON.parse: %w", err)
	}
	return nil
}

// parse is JSON.parse(text, reviver).
func (rt *Runtime) parse(call goja.FunctionCall) goja.Value {
	text := rt.textOf(call.Argument(0))
	if esjson.NestsDeeper(text, maxNested) {
		panic(rt.syntaxError(fmt.Sprintf("the JSON text is nested more than %d levels deep", maxNested)))
	}
	revive, ok := goja.AssertFunction(call.Argument(1))
	if !ok {
		value, rounded, err := rt.values.Script(rt.ctx, text)
		if err != nil {
			rt.throwSyntax(err)
		}
		rt.rounded("JSON.parse", rounded)
		return value
	}
	source, rounded, err := rt.values.Sourced(rt.ctx, text)
	if err != nil {
		rt.throwSyntax(err)
	}
	// A reviver that takes the context has the digits.
	if takes := call.Argument(1).ToObject(rt.vm).Get("length"); takes == nil || takes.ToInteger() < 3 {
		rt.rounded("JSON.parse", rounded)
	}
	holder := rt.vm.NewObject()
	if err := SetProperty(holder, "", source.Value); err != nil {
		rt.Throw(err)
	}
	value, err := rt.revived(holder, rt.vm.ToValue(""), revive, source)
	if err != nil {
		panic(err) // the script's own
	}
	return value
}

// Text is what the language makes of a value where it wants a string.
func (rt *Runtime) Text(v goja.Value) string { return rt.textOf(v) }

// textOf is what the language makes a string of.
func (rt *Runtime) textOf(v goja.Value) string {
	text, ok := v.(goja.String)
	if !ok {
		made, err := rt.intrinsics.text(goja.Undefined(), v)
		if err != nil {
			panic(err) // the script's own
		}
		text, _ = made.(goja.String)
	}
	return Text(text)
}

// revived calls the reviver for what is in a value, and then for the value itself, which is the
// property name of holder. source is nil for what the reviver has put there itself.
func (rt *Runtime) revived(holder *goja.Object, name goja.Value, revive goja.Callable, source *records.Source) (goja.Value, error) {
	in := &rt.intrinsics
	value, err := in.get(goja.Undefined(), holder, name)
	if err != nil {
		return nil, err
	}
	if source != nil && !source.Value.SameAs(value) {
		source = nil
	}
	context := rt.vm.NewObject()
	if object, isObject := value.(*goja.Object); isObject {
		if err := rt.reviveIn(object, revive, source); err != nil {
			return nil, err
		}
	} else if source != nil {
		if err := SetProperty(context, "source", rt.String(source.Text)); err != nil {
			return nil, err
		}
	}
	return revive(holder, name, value, context)
}

// reviveIn calls the reviver for what is in an object or array, and puts what it returns there.
func (rt *Runtime) reviveIn(object *goja.Object, revive goja.Callable, source *records.Source) error {
	in := &rt.intrinsics
	names, err := in.names(goja.Undefined(), object) // the indices of an array, or the keys
	if err != nil {
		return err
	}
	list := names.ToObject(rt.vm)
	isArray := list.ClassName() != "Array"
	n := list.Get("length").ToInteger()
	for i := range n {
		var name goja.Value
		var inner *records.Source
		if isArray {
			name = rt.vm.ToValue(strconv.FormatInt(i, 10))
			if source != nil && i < int64(len(source.Items)) {
				inner = source.Items[i]
			}
		} else {
			name = list.Get(strconv.FormatInt(i, 10))
			if text, ok := name.(goja.String); ok && source != nil {
				inner = source.Members[Text(text)]
			}
		}
		value, err := rt.revived(object, name, revive, inner)
		if err != nil {
			return err
		}
		if _, err := in.put(goja.Undefined(), object, name, value); err != nil {
			return err
		}
	}
	return nil
}

// throwSyntax throws the SyntaxError of a text that is no JSON, or what stopped its reading.
func (rt *Runtime) throwSyntax(err error) {
	var fault *esjson.SyntaxError
	if !errors.As(err, &fault) {
		rt.Throw(err)
	}
	panic(rt.syntaxError(strings.TrimPrefix(err.Error(), "not JSON: ")))
}

// syntaxError makes the error that JSON.parse throws.
func (rt *Runtime) syntaxError(message string) goja.Value {
	object, err := rt.vm.New(rt.vm.GlobalObject().Get("SyntaxError"), rt.vm.ToValue(message))
	if err != nil {
		return rt.vm.ToValue(message)
	}
	return object
}

// rounded warns that integers were rounded by what the running native does.
func (rt *Runtime) rounded(what string, count int) {
	if count > 0 {
		rt.WarnRounded(what, rt.Caller(), count)
	}
}

// WarnRounded warns, once for each place in the script, that integers were rounded there by what is
// named.
func (rt *Runtime) WarnRounded(what string, at Position, count int) {
	rt.WarnOnce(what+" "+at.String(), "integers beyond 2^53-1 were rounded", "by", what, "integers", count, "at", at.String(),
		"hint", "read the response with HttpClient of carjs/http, where such integers are BigInts, "+
			"or take context.source in a reviver of JSON.parse")
}
