package script

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"

	"carjs/host/script/internal/dates"

	"github.com/dop251/goja"
)

// dateClass is the engine's Date and what takes the place of parts of it.
type dateClass struct {
	rt *Runtime
	// construct and setTime are the engine's own.
	construct func(newTarget *goja.Object, args ...goja.Value) (*goja.Object, error)
	setTime   goja.Callable
}

var timeType = reflect.TypeFor[time.Time]()

// newDate puts a Date in the place of the engine's that reads texts and local times as the standard
// says; docs/engine.md has what the engine makes of them. Objects are the engine's own.
func (rt *Runtime) newDate(own *goja.Object) (goja.Value, error) {
	prototype := own.Get("prototype").ToObject(rt.vm)
	construct, isClass := goja.AssertConstructor(own)
	setTime, isMethod := goja.AssertFunction(prototype.Get("setTime"))
	if !isClass || !isMethod {
		return nil, errors.New("the engine's Date has no constructor or no setTime")
	}
	d := &dateClass{rt, construct, setTime}
	replaced, err := rt.classWith(own, &goja.ProxyTrapConfig{
		Construct: func(_ *goja.Object, args []goja.Value, newTarget *goja.Object) *goja.Object {
			return d.make(args, newTarget)
		},
		Apply: func(*goja.Object, goja.Value, []goja.Value) goja.Value { return d.now(prototype) },
	})
	err = errors.Join(err,
		rt.setMethod(own, "parse", 1, d.parse),
		rt.setMethod(own, "UTC", 7, d.utc),
		rt.setMethod(prototype, "toISOString", 0, d.toISOString),
		rt.setMethod(prototype, "getYear", 0, d.getYear),
		rt.setMethod(prototype, "setYear", 1, d.setYear),
		prototype.DefineDataProperty("toGMTString", prototype.Get("toUTCString"), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
	)
	for _, setter := range dateSetters {
		err = errors.Join(err,
			rt.setMethod(prototype, "set"+setter.name, setter.count, d.setter(setter, time.Local)),
			rt.setMethod(prototype, "setUTC"+setter.name, setter.count, d.setter(setter, time.UTC)))
	}
	if err != nil {
		return nil, fmt.Errorf("make Date: %w", err)
	}
	return replaced, nil
}

// setMethod puts a native in the place of a built-in method.
func (rt *Runtime) setMethod(object *goja.Object, name string, length int, f func(goja.FunctionCall) goja.Value) error {
	method := rt.vm.ToValue(f).ToObject(rt.vm)
	return errors.Join(
		method.DefineDataProperty("name", rt.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		method.DefineDataProperty("length", rt.vm.ToValue(length), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		object.DefineDataProperty(name, method, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE),
	)
}

// make is new Date(...).
func (d *dateClass) make(args []goja.Value, newTarget *goja.Object) *goja.Object {
	switch {
	case len(args) == 1:
		args = []goja.Value{d.single(args[0])}
	case len(args) > 1:
		local := d.components(args).Make()
		args = []goja.Value{d.rt.vm.ToValue(dates.Clip(dates.UTC(local, time.Local)))}
	}
	made, err := d.construct(newTarget, args...)
	if err != nil {
		panic(err) // the script's own
	}
	return made
}

// now is Date(), the text of the time.
func (d *dateClass) now(prototype *goja.Object) goja.Value {
	made, err := d.construct(nil)
	if err == nil {
		if text, ok := goja.AssertFunction(prototype.Get("toString")); ok {
			var value goja.Value
			if value, err = text(made); err == nil {
				return value
			}
		}
	}
	panic(err) // the run is being stopped
}

// getYear and setYear are of the language's first years, and in packages of that age.
func (d *dateClass) getYear(call goja.FunctionCall) goja.Value {
	t := d.value(call.This, "getYear")
	if !math.IsNaN(t) {
		t = dates.Of(dates.Local(t, time.Local)).Year - 1900
	}
	return d.rt.vm.ToValue(t)
}

func (d *dateClass) setYear(call goja.FunctionCall) goja.Value {
	t := d.value(call.This, "setYear")
	year := call.Argument(0).ToNumber().ToFloat()
	if math.IsNaN(year) {
		return d.set(call.This, year)
	}
	c := dates.Components{Day: 1}
	if !math.IsNaN(t) {
		c = dates.Of(dates.Local(t, time.Local))
	}
	if c.Year = math.Trunc(year); c.Year >= 0 && c.Year <= 99 {
		c.Year += 1900
	}
	return d.set(call.This, dates.UTC(c.Make(), time.Local))
}

// single is the one argument of new Date: a number, or a Date to be copied.
func (d *dateClass) single(v goja.Value) goja.Value {
	if object, ok := v.(*goja.Object); ok {
		if object.ExportType() == timeType {
			return object
		}
		v = d.rt.primitive(object)
	}
	if text, ok := v.(goja.String); ok {
		return d.rt.vm.ToValue(dates.Parse(text.String(), time.Local))
	}
	return v
}

// primitive is what the language makes of an object where it wants a primitive of any type.
func (rt *Runtime) primitive(object *goja.Object) goja.Value {
	value, err := rt.intrinsics.primitive(goja.Undefined(), object)
	if err != nil {
		panic(err) // the script's own
	}
	return value
}

// components are the arguments of new Date and Date.UTC. Years of two digits are of the last
// century.
func (d *dateClass) components(args []goja.Value) dates.Components {
	n := [7]float64{math.NaN(), 0, 1}
	for i := range min(len(args), len(n)) {
		n[i] = args[i].ToNumber().ToFloat()
	}
	if year := math.Trunc(n[0]); year >= 0 && year <= 99 {
		n[0] = 1900 + year
	}
	return dates.Components{Year: n[0], Month: n[1], Day: n[2], Hour: n[3], Minute: n[4], Second: n[5], Milli: n[6]}
}

func (d *dateClass) parse(call goja.FunctionCall) goja.Value {
	return d.rt.vm.ToValue(dates.Parse(d.rt.textOf(call.Argument(0)), time.Local))
}

func (d *dateClass) utc(call goja.FunctionCall) goja.Value {
	return d.rt.vm.ToValue(dates.Clip(d.components(call.Arguments).Make()))
}

// value is the time value of a Date, NaN for one that is invalid.
func (d *dateClass) value(this goja.Value, method string) float64 { return d.rt.TimeOf(this, method) }

// TimeOf is the time value of a Date, in milliseconds since 1970, NaN for one that is invalid. It
// throws where a method of Date was called on something else.
func (rt *Runtime) TimeOf(this goja.Value, method string) float64 {
	object, ok := this.(*goja.Object)
	if !ok || object.ExportType() != timeType {
		panic(rt.vm.NewTypeError("Date.prototype.%s was called on something that is not a Date", method))
	}
	at, ok := object.Export().(time.Time)
	if !ok {
		return math.NaN()
	}
	return float64(at.UnixMilli())
}

func (d *dateClass) toISOString(call goja.FunctionCall) goja.Value {
	t := d.value(call.This, "toISOString")
	if math.IsNaN(t) {
		class := d.rt.vm.GlobalObject().Get("RangeError")
		invalid, err := d.rt.vm.New(class, d.rt.vm.ToValue("Invalid time value"))
		if err != nil {
			panic(err) // the run is being stopped
		}
		panic(invalid)
	}
	return d.rt.vm.ToValue(dates.ISO(t))
}

// dateSetter is a setter by the component that its first argument is, and how many it takes.
type dateSetter struct {
	name         string
	first, count int
}

var dateSetters = [...]dateSetter{
	{"FullYear", 0, 3}, {"Month", 1, 2}, {"Date", 2, 1}, {"Hours", 3, 4}, {"Minutes", 4, 3}, {"Seconds", 5, 2}, {"Milliseconds", 6, 1},
}

func (d *dateClass) setter(setter dateSetter, zone *time.Location) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		t := d.value(call.This, "set"+setter.name)
		given := [4]float64{math.NaN()}
		count := min(len(call.Arguments), setter.count)
		for i := range count {
			given[i] = call.Arguments[i].ToNumber().ToFloat()
		}
		if math.IsNaN(t) {
			if setter.first != 0 {
				return d.rt.vm.ToValue(t) // an argument may have set it meanwhile
			}
		} else {
			t = dates.Local(t, zone)
		}
		c := dates.Components{Year: 1970, Day: 1}
		if !math.IsNaN(t) {
			c = dates.Of(t)
		}
		fields := [...]*float64{&c.Year, &c.Month, &c.Day, &c.Hour, &c.Minute, &c.Second, &c.Milli}
		for i := range max(count, 1) {
			*fields[setter.first+i] = given[i]
		}
		return d.set(call.This, dates.UTC(c.Make(), zone))
	}
}

func (d *dateClass) set(this goja.Value, t float64) goja.Value {
	value, err := d.setTime(this, d.rt.vm.ToValue(dates.Clip(t)))
	if err != nil {
		panic(err) // the run is being stopped
	}
	return value
}
