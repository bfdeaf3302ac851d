// Package intl is the language's Intl: dates, numbers, comparisons and lists as the people of a
// locale write them, and the methods of built-ins that follow it, such as toLocaleString and
// localeCompare.
//
// Classes and their options are JavaScript (js), what they write is Go: internal/datetime and
// internal/number fill in the patterns of internal/locales, internal/collation compares,
// internal/segment finds characters and words, internal/tag reads language tags. There are the
// locales of internal/locales and the Gregorian calendar; whoever asks for another one gets a
// RangeError that says what there is.
//
// Nothing of it is made before a script uses it.
package intl

import (
	"embed"
	"errors"
	"fmt"
	"sync"

	"carjs/host/script"

	"github.com/dop251/goja"
)

//go:embed js/*.js
var sources embed.FS

// program compiles a script of this package once a process.
func program(name string) func() *goja.Program {
	return sync.OnceValue(func() *goja.Program {
		source, err := sources.ReadFile("js/" + name)
		if err != nil {
			panic(err) // it is embedded
		}
		return goja.MustCompile(script.InternalPrefix+"intl/"+name, string(source), true)
	})
}

// common is what the other programs take; parts are those, with what of Intl each makes.
var (
	common = program("common.js")
	parts  = []struct {
		names   []string
		program func() *goja.Program
	}{
		{[]string{"getCanonicalLocales", "supportedValuesOf", "Locale", "DisplayNames"}, program("locale.js")},
		{[]string{"DateTimeFormat"}, program("datetime.js")},
		{[]string{"NumberFormat", "PluralRules", "RelativeTimeFormat"}, program("number.js")},
		{[]string{"Collator", "ListFormat", "Segmenter"}, program("text.js")},
	}
)

// Global is the package's row in the table of globals.
func Global() script.Global { return script.Global{Name: "Intl", Install: install} }

// realm is what one runtime has of Intl.
type realm struct {
	rt *script.Runtime
	vm *goja.Runtime
	// common is what common.js gives, and made what each of the parts has made.
	common *goja.Object
	made   [4]*goja.Object
	// localeTag is the tag of an Intl.Locale, once there is that class.
	localeTag goja.Callable
	defaults  defaults
}

func install(rt *script.Runtime) error {
	w := &realm{rt: rt, vm: rt.VM()}
	return errors.Join(w.lazy(w.vm.GlobalObject(), "Intl", w.intl), w.methods())
}

// lazy defines a property that is made when it is first asked for, as a property that scripts can
// set.
func (w *realm) lazy(object *goja.Object, name string, make func() goja.Value) error {
	define := func(value goja.Value) {
		if err := object.DefineDataProperty(name, value, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
			w.rt.Throw(fmt.Errorf("set %s: %w", name, err))
		}
	}
	get := func(goja.FunctionCall) goja.Value {
		value := make()
		define(value)
		return value
	}
	set := func(call goja.FunctionCall) goja.Value {
		define(call.Argument(0))
		return goja.Undefined()
	}
	return object.DefineAccessorProperty(name, w.vm.ToValue(get), w.vm.ToValue(set), goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// intl is the global.
func (w *realm) intl() goja.Value {
	object := w.vm.NewObject()
	err := object.DefineDataPropertySymbol(goja.SymToStringTag, w.vm.ToValue("Intl"), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	for i, part := range parts {
		for _, name := range part.names {
			err = errors.Join(err, w.lazy(object, name, func() goja.Value { return w.part(i).Get(name) }))
		}
	}
	if err != nil {
		w.rt.Throw(err)
	}
	return object
}

// The parts by their places in the table.
const (
	localePart = iota
	datePart
	numberPart
	textPart
)

// part is what a program makes.
func (w *realm) part(i int) *goja.Object {
	if w.made[i] == nil {
		if w.common == nil {
			w.common = w.run(common(), w.natives())
		}
		w.made[i] = w.run(parts[i].program(), w.common)
	}
	return w.made[i]
}

// run runs a program that is a function of its argument.
func (w *realm) run(program *goja.Program, argument goja.Value) *goja.Object {
	value, err := w.vm.RunProgram(program)
	if err != nil {
		panic(err) // the run is being stopped
	}
	body, ok := goja.AssertFunction(value)
	if !ok {
		panic(w.vm.NewGoError(errors.New("a program of Intl is no function")))
	}
	made, err := body(goja.Undefined(), argument)
	if err != nil {
		panic(err)
	}
	return made.ToObject(w.vm)
}
