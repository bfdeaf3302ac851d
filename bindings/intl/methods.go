package intl

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"time"

	"carjs/bindings/intl/internal/collation"
	"carjs/bindings/intl/internal/datetime"
	"carjs/bindings/intl/internal/locales"

	"github.com/dop251/goja"
	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// defaults are what methods without arguments use, made once a runtime.
type defaults struct {
	collator *collation.Collator
	number   goja.Callable
	// local is the zone of the process, and zone what Intl has of it.
	local *time.Location
	zone  datetime.Zone
}

// methods puts the methods of built-ins that follow a locale in the place of the engine's, which know
// none.
func (w *realm) methods() error {
	date := func(kind string) func(goja.FunctionCall) goja.Value {
		return func(call goja.FunctionCall) goja.Value { return w.dateText(call, kind) }
	}
	for _, method := range []struct {
		class, name string
		length      int
		f           func(goja.FunctionCall) goja.Value
	}{
		{"Number", "toLocaleString", 0, w.numberText("Number")},
		{"BigInt", "toLocaleString", 0, w.numberText("BigInt")},
		{"Array", "toLocaleString", 0, w.arrayText},
		{"Date", "toString", 0, w.dateString("toString", "Mon Jan 02 ")},
		{"Date", "toTimeString", 0, w.dateString("toTimeString", "")},
		{"Date", "toLocaleString", 0, date("any")},
		{"Date", "toLocaleDateString", 0, date("date")},
		{"Date", "toLocaleTimeString", 0, date("time")},
		{"String", "localeCompare", 1, w.compare},
		{"String", "toLocaleLowerCase", 0, w.cased("toLowerCase", cases.Lower)},
		{"String", "toLocaleUpperCase", 0, w.cased("toUpperCase", cases.Upper)},
	} {
		if err := w.rt.SetBuiltIn(method.class, method.name, method.length, method.f); err != nil {
			return err
		}
	}
	return nil
}

// function is one of what a part makes.
func (w *realm) function(part int, name string) goja.Callable {
	f, ok := goja.AssertFunction(w.part(part).Get(name))
	if !ok {
		panic(w.vm.NewTypeError("Intl has no function %s", name))
	}
	return f
}

// number is the value of a number, or of a bigint, of which toLocaleString is called.
func (w *realm) number(this goja.Value, class string) goja.Value {
	if object, ok := this.(*goja.Object); ok {
		prototype := w.vm.GlobalObject().Get(class).ToObject(w.vm).Get("prototype").ToObject(w.vm)
		if object.ClassName() == class || object == prototype {
			if valueOf, ok := goja.AssertFunction(prototype.Get("valueOf")); ok {
				value, err := valueOf(object)
				if err != nil {
					panic(err) // the script's own
				}
				return value
			}
		}
	} else if kind := this.ExportType(); kind != nil {
		of := ""
		switch {
		case kind == bigIntType:
			of = "BigInt"
		case kind.Kind() == reflect.Int64, kind.Kind() == reflect.Float64:
			of = "Number"
		}
		if of == class {
			return this
		}
	}
	panic(w.vm.NewTypeError("%s.prototype.toLocaleString was called on something that is no %s", class, class))
}

var bigIntType = reflect.TypeFor[*big.Int]()

func (w *realm) numberText(class string) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		value := w.number(call.This, class)
		if w.defaults.number == nil {
			w.defaults.number = w.function(numberPart, "numberText")
		}
		return w.called(w.defaults.number, value, call.Argument(0), call.Argument(1))
	}
}

func (w *realm) dateText(call goja.FunctionCall, kind string) goja.Value {
	names := map[string]string{"any": "toLocaleString", "date": "toLocaleDateString", "time": "toLocaleTimeString"}
	ms := w.rt.TimeOf(call.This, names[kind])
	if math.IsNaN(ms) {
		return w.vm.ToValue("Invalid Date")
	}
	return w.called(w.function(datePart, "dateText"), w.vm.ToValue(ms), w.vm.ToValue(kind), call.Argument(0), call.Argument(1))
}

// dateString is Date's toString or toTimeString: the zone has its long name in the default locale,
// as in Node. layout is that of the date before its year, empty for the time alone.
func (w *realm) dateString(method, layout string) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		ms := w.rt.TimeOf(call.This, method)
		if math.IsNaN(ms) {
			return w.vm.ToValue("Invalid Date")
		}
		if d := &w.defaults; d.local != time.Local {
			d.local, d.zone = time.Local, datetime.LocalZone()
		}
		at := time.UnixMilli(int64(ms)).In(time.Local)
		text := at.Format("15:04:05 GMT-0700 (") + datetime.LongName(locales.Of(locales.Default), w.defaults.zone, at) + ")"
		if layout != "" {
			year := fmt.Sprintf("%04d ", at.Year())
			if at.Year() < 0 {
				year = fmt.Sprintf("-%06d ", -at.Year())
			}
			text = at.Format(layout) + year + text
		}
		return w.vm.ToValue(text)
	}
}

// arrayText hands locale and options on to the elements, which the engine does not.
func (w *realm) arrayText(call goja.FunctionCall) goja.Value {
	return w.called(w.function(localePart, "arrayText"), call.This, call.Argument(0), call.Argument(1))
}

// text is what the language makes of the value that a method of String is called on.
func (w *realm) text(this goja.Value, method string) string {
	if this == nil || goja.IsUndefined(this) || goja.IsNull(this) {
		panic(w.vm.NewTypeError("String.prototype.%s was called on %v", method, this))
	}
	return w.rt.Text(this)
}

// compare is localeCompare. Without a locale and options it costs little: it runs for every two
// texts that are sorted.
func (w *realm) compare(call goja.FunctionCall) goja.Value {
	a, b := w.text(call.This, "localeCompare"), w.rt.Text(call.Argument(0))
	if !goja.IsUndefined(call.Argument(1)) || !goja.IsUndefined(call.Argument(2)) {
		made := w.called(w.function(textPart, "collation"), call.Argument(1), call.Argument(2)).ToObject(w.vm)
		compare, _ := goja.AssertFunction(made.Get("compare"))
		return w.called(compare, w.vm.ToValue(a), w.vm.ToValue(b))
	}
	if w.defaults.collator == nil {
		w.defaults.collator = collation.New(locales.Of(locales.Default).Language(), collation.Options{Sensitivity: "variant"})
	}
	return w.vm.ToValue(w.defaults.collator.Compare(a, b))
}

// special are the languages whose letters have other cases.
var special = map[string]language.Tag{"tr": language.Turkish, "az": language.Azerbaijani}

// cased is toLocaleLowerCase or toLocaleUpperCase: another is what both are where no language is
// special.
func (w *realm) cased(another string, caser func(language.Tag, ...cases.Option) cases.Caser) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		text := w.text(call.This, "toLocale"+another[2:])
		if locale := call.Argument(0); !goja.IsUndefined(locale) {
			first := w.called(w.function(localePart, "first"), locale).String()
			if first == "lt" {
				w.throwRange("the rules of Lithuanian are not known: use toLowerCase or toUpperCase")
			}
			if tag, ok := special[first]; ok {
				return w.vm.ToValue(caser(tag).String(text))
			}
		}
		value := w.vm.ToValue(text).ToObject(w.vm)
		if s, ok := call.This.(goja.String); ok {
			value = s.ToObject(w.vm)
		}
		f, _ := goja.AssertFunction(value.Get(another))
		cased, err := f(value)
		if err != nil {
			panic(err) // the script's own
		}
		return cased
	}
}
