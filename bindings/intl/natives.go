package intl

import (
	"math"
	"slices"
	"strings"

	"carjs/bindings/intl/internal/collation"
	"carjs/bindings/intl/internal/datetime"
	"carjs/bindings/intl/internal/locales"
	"carjs/bindings/intl/internal/number"
	"carjs/bindings/intl/internal/segment"
	"carjs/bindings/intl/internal/tag"

	"github.com/dop251/goja"
)

// natives are what the programs have of Go.
func (w *realm) natives() *goja.Object {
	natives := w.vm.NewObject()
	set := func(name string, value any) {
		if err := natives.Set(name, value); err != nil {
			panic(w.vm.NewGoError(err))
		}
	}
	text := func(v goja.Value) string { return v.String() }
	maybe := func(value string, ok bool) goja.Value {
		if !ok {
			return goja.Undefined()
		}
		return w.vm.ToValue(value)
	}
	set("defaultLocale", locales.Default)
	set("tags", w.texts(locales.Tags()))
	set("units", w.texts(units))
	set("has", func(call goja.FunctionCall) goja.Value { return w.vm.ToValue(locales.Has(text(call.Argument(0)))) })
	set("text", func(call goja.FunctionCall) goja.Value {
		return w.vm.ToValue(locales.Of(text(call.Argument(0))).Text(text(call.Argument(1))))
	})
	set("canonical", func(call goja.FunctionCall) goja.Value { return maybe(tag.Canonical(text(call.Argument(0)))) })
	set("maximize", func(call goja.FunctionCall) goja.Value { return w.vm.ToValue(tag.Maximize(text(call.Argument(0)))) })
	set("minimize", func(call goja.FunctionCall) goja.Value { return w.vm.ToValue(tag.Minimize(text(call.Argument(0)))) })
	set("localeTag", func(call goja.FunctionCall) goja.Value {
		if w.localeTag == nil {
			return goja.Undefined()
		}
		return w.called(w.localeTag, call.Argument(0))
	})
	set("setLocaleTag", func(call goja.FunctionCall) goja.Value {
		w.localeTag, _ = goja.AssertFunction(call.Argument(0))
		return goja.Undefined()
	})
	set("zone", func(call goja.FunctionCall) goja.Value {
		zone, ok := datetime.FindZone(text(call.Argument(0)))
		return maybe(zone.Name, ok)
	})
	set("defaultZone", func(goja.FunctionCall) goja.Value { return w.vm.ToValue(datetime.LocalZone().Name) })
	set("zones", func(goja.FunctionCall) goja.Value { return w.texts(locales.Zones()) })
	set("currencies", func(goja.FunctionCall) goja.Value {
		return w.texts(strings.Fields(locales.Of("en").Text("currencies")))
	})
	set("currencyDigits", func(call goja.FunctionCall) goja.Value {
		return w.vm.ToValue(number.CurrencyDigits(locales.Of("en"), text(call.Argument(0))))
	})
	set("name", func(call goja.FunctionCall) goja.Value {
		locale, kind, style, code := locales.Of(text(call.Argument(0))), text(call.Argument(1)), text(call.Argument(2)), text(call.Argument(3))
		if kind == "currency" {
			name := number.CurrencyName(locale, code, style)
			return maybe(name, name != "")
		}
		name := locale.Text(kind + ":" + style + ":" + code)
		if name == "" {
			name = locale.Text(kind + ":long:" + code)
		}
		return maybe(name, name != "")
	})
	set("dateFormat", w.dateFormat)
	set("numberFormat", w.numberFormat)
	set("collator", w.collator)
	set("segments", w.segments)
	return natives
}

// units are those that the standard allows.
var units = []string{
	"acre", "bit", "byte", "celsius", "centimeter", "day", "degree", "fahrenheit", "fluid-ounce", "foot", "gallon", "gigabit", "gigabyte",
	"gram", "hectare", "hour", "inch", "kilobit", "kilobyte", "kilogram", "kilometer", "liter", "megabit", "megabyte", "meter", "microsecond",
	"mile", "mile-scandinavian", "milliliter", "millimeter", "millisecond", "minute", "month", "nanosecond", "ounce", "percent", "petabyte",
	"pound", "second", "stone", "terabit", "terabyte", "week", "yard", "year",
}

func (w *realm) texts(list []string) *goja.Object {
	values := make([]any, len(list))
	for i, each := range list {
		values[i] = each
	}
	return w.vm.NewArray(values...)
}

func (w *realm) called(f goja.Callable, arguments ...goja.Value) goja.Value {
	value, err := f(goja.Undefined(), arguments...)
	if err != nil {
		panic(err) // the script's own
	}
	return value
}

// option reads an option that the program has checked.
func option(options *goja.Object, name string) string {
	if v := options.Get(name); v != nil && !goja.IsUndefined(v) {
		return v.String()
	}
	return ""
}

func count(options *goja.Object, name string) int {
	if v := options.Get(name); v != nil && !goja.IsUndefined(v) {
		return int(v.ToInteger())
	}
	return 0
}

// methods makes an object of functions.
func (w *realm) object(functions map[string]func(goja.FunctionCall) goja.Value) *goja.Object {
	object := w.vm.NewObject()
	for name, f := range functions {
		if err := object.Set(name, f); err != nil {
			panic(w.vm.NewGoError(err))
		}
	}
	return object
}

// partsOf makes the array that formatToParts returns.
func partsOf[P datetime.Part | number.Part](w *realm, parts []P) goja.Value {
	values := make([]any, len(parts))
	for i, each := range parts {
		part := datetime.Part(each)
		object := w.vm.NewObject()
		names, texts := []string{"type", "value", "source"}, []string{part.Type, part.Value, part.Source}
		for n := range names {
			if texts[n] == "" && n == 2 {
				continue
			}
			if err := object.Set(names[n], texts[n]); err != nil {
				panic(w.vm.NewGoError(err))
			}
		}
		values[i] = object
	}
	return w.vm.NewArray(values...)
}

// dateFormat is (locale, zone, options) to what formats.
func (w *realm) dateFormat(call goja.FunctionCall) goja.Value {
	o := call.Argument(2).ToObject(w.vm)
	zone, ok := datetime.FindZone(call.Argument(1).String())
	if !ok {
		zone = datetime.LocalZone()
	}
	f := datetime.New(locales.Of(call.Argument(0).String()), zone, datetime.Options{
		Weekday: option(o, "weekday"), Era: option(o, "era"), Year: option(o, "year"), Month: option(o, "month"), Day: option(o, "day"),
		DayPeriod: option(o, "dayPeriod"), Hour: option(o, "hour"), Minute: option(o, "minute"), Second: option(o, "second"),
		TimeZoneName: option(o, "timeZoneName"), FractionalSecondDigits: count(o, "fractionalSecondDigits"),
		DateStyle: option(o, "dateStyle"), TimeStyle: option(o, "timeStyle"), HourCycle: option(o, "hourCycle"),
		ISO: option(o, "calendar") == "iso8601",
	})
	return w.object(map[string]func(goja.FunctionCall) goja.Value{
		"format": func(call goja.FunctionCall) goja.Value { return w.vm.ToValue(f.Format(call.Argument(0).ToFloat())) },
		"parts":  func(call goja.FunctionCall) goja.Value { return partsOf(w, f.Parts(call.Argument(0).ToFloat())) },
		"range": func(call goja.FunctionCall) goja.Value {
			return w.vm.ToValue(f.FormatRange(call.Argument(0).ToFloat(), call.Argument(1).ToFloat()))
		},
		"rangeParts": func(call goja.FunctionCall) goja.Value {
			return partsOf(w, f.RangeParts(call.Argument(0).ToFloat(), call.Argument(1).ToFloat()))
		},
		"shown": func(goja.FunctionCall) goja.Value {
			shown := w.vm.NewObject()
			for name, width := range f.Shown() {
				if err := shown.Set(name, width); err != nil {
					panic(w.vm.NewGoError(err))
				}
			}
			return shown
		},
	})
}

// decimal is a number of a script, or the text of one.
func decimal(v goja.Value) number.Decimal {
	if text, ok := v.(goja.String); ok {
		d, ok := number.Parse(text.String())
		if !ok {
			return number.NaN
		}
		if x := d.Float(); math.IsInf(x, 0) {
			return number.Float(x)
		}
		return d
	}
	return number.Float(v.ToFloat())
}

// numberFormat is (locale, options) to what formats.
func (w *realm) numberFormat(call goja.FunctionCall) goja.Value {
	o := call.Argument(1).ToObject(w.vm)
	has := func(name string) bool { return option(o, name) != "" }
	f := number.New(locales.Of(call.Argument(0).String()), number.Options{
		Digits: number.Digits{
			MinInteger: count(o, "minimumIntegerDigits"), MinFraction: count(o, "minimumFractionDigits"),
			MaxFraction:    count(o, "maximumFractionDigits"),
			MinSignificant: count(o, "minimumSignificantDigits"), MaxSignificant: count(o, "maximumSignificantDigits"),
			NoFraction: !has("maximumFractionDigits"), Priority: option(o, "roundingPriority"), Increment: count(o, "roundingIncrement"),
			Mode: option(o, "roundingMode"), StripInteger: option(o, "trailingZeroDisplay") == "stripIfInteger",
		},
		Style: option(o, "style"), Currency: option(o, "currency"), CurrencyDisplay: option(o, "currencyDisplay"),
		CurrencySign: option(o, "currencySign"), Unit: option(o, "unit"), UnitDisplay: option(o, "unitDisplay"), Notation: option(o, "notation"),
		CompactDisplay: option(o, "compactDisplay"), Grouping: option(o, "useGrouping"), Sign: option(o, "signDisplay"),
	})
	of := func(write func(a, b number.Decimal) goja.Value) func(goja.FunctionCall) goja.Value {
		return func(call goja.FunctionCall) goja.Value {
			a, b := decimal(call.Argument(0)), decimal(call.Argument(1))
			if a.IsNaN() || b.IsNaN() {
				return goja.Undefined()
			}
			return write(a, b)
		}
	}
	return w.object(map[string]func(goja.FunctionCall) goja.Value{
		"format":     func(call goja.FunctionCall) goja.Value { return w.vm.ToValue(f.Format(decimal(call.Argument(0)))) },
		"parts":      func(call goja.FunctionCall) goja.Value { return partsOf(w, f.Parts(decimal(call.Argument(0)))) },
		"range":      of(func(a, b number.Decimal) goja.Value { return w.vm.ToValue(f.FormatRange(a, b)) }),
		"rangeParts": of(func(a, b number.Decimal) goja.Value { return partsOf(w, f.RangeParts(a, b)) }),
		"plural": func(call goja.FunctionCall) goja.Value {
			return w.vm.ToValue(f.Plural(decimal(call.Argument(0)), call.Argument(1).ToBoolean()))
		},
	})
}

// collator is (locale, options) to a function of two texts.
func (w *realm) collator(call goja.FunctionCall) goja.Value {
	o := call.Argument(1).ToObject(w.vm)
	c := collation.New(locales.Of(call.Argument(0).String()).Language(), collation.Options{
		Sensitivity: option(o, "sensitivity"), Numeric: option(o, "numeric") == "true", UpperFirst: option(o, "caseFirst") == "upper",
		IgnorePunctuation: option(o, "ignorePunctuation") == "true",
	})
	return w.vm.ToValue(func(call goja.FunctionCall) goja.Value {
		return w.vm.ToValue(c.Compare(call.Argument(0).String(), call.Argument(1).String()))
	})
}

// throwRange throws a RangeError.
func (w *realm) throwRange(message string) {
	thrown, err := w.vm.New(w.vm.GlobalObject().Get("RangeError"), w.vm.ToValue(message))
	if err != nil {
		panic(err) // the run is being stopped
	}
	panic(thrown)
}

// segments is (text, granularity) to an array that has for each segment the unit at which it ends,
// and whether it is a word.
func (w *realm) segments(call goja.FunctionCall) goja.Value {
	found, err := segment.Of(call.Argument(0).String(), call.Argument(1).String())
	if err != nil {
		w.throwRange(err.Error())
	}
	values := make([]any, 0, 2*len(found))
	for _, each := range found {
		values = append(values, each.End, each.Word)
	}
	return w.vm.NewArray(slices.Clip(values)...)
}
