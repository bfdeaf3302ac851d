// Package records makes values for scripts of JSON text: objects of the engine ([Values.Parse]), or
// lazily decoded [Record]s and [List]s, which take a third of the memory and of the time
// ([Values.Decode]), and it reads the records of a text while that arrives, beside the loop, into a
// bounded [Window]. How the text is read is package esjson's; iterating a window in a script, which
// needs the event loop, is package script's.
package records

import (
	"context"
	"strings"

	"carjs/host/esjson"

	"github.com/dop251/goja"
)

// Values makes values for one runtime.
type Values struct {
	VM *goja.Runtime
	// Throw throws an error into the script; it does not return.
	Throw func(error)
	// Stopped makes the error of reading that ends because the context has ended.
	Stopped func(context.Context) error
	// Define makes a property of a name that the engine's own interface for Go cannot carry.
	Define func(object *goja.Object, name, value goja.Value) error
}

// Text returns a string of the engine as Go has it. Halves of surrogate pairs are kept, as
// [esjson.HasLone] knows them; the engine's own String makes U+FFFD of them.
func Text(v goja.String) string {
	text := v.String()
	if !strings.Contains(text, "\uFFFD") {
		return text
	}
	return esjson.FromUnits(v.Length(), v.CharAt)
}

// String makes a string of the engine, the reverse of [Text].
func (in *Values) String(text string) goja.Value {
	if !esjson.HasLone(text) {
		return in.VM.ToValue(text)
	}
	return goja.StringFromUTF16(esjson.Units(text))
}

// SetProperty makes a property of an object, whatever its prototype has to say about the name:
// "__proto__" is a name like any other.
func SetProperty(object *goja.Object, name string, value goja.Value) error {
	// Set is the faster one, but heeds setters (of which there is this one) and frozen prototypes.
	if name != "__proto__" && object.Set(name, value) == nil {
		return nil
	}
	return object.DefineDataProperty(name, value, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

// set is [SetProperty] for a name of any units.
func (in *Values) set(object *goja.Object, name string, value goja.Value) error {
	if esjson.HasLone(name) {
		return in.Define(object, in.String(name), value)
	}
	return SetProperty(object, name, value)
}
