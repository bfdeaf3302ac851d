package http

import (
	"math"
	"slices"
	"strings"
	"time"

	"carjs/bindings/fetch"

	"github.com/dop251/goja"
)

// options reads an object of options. What is wrong with one is thrown as a TypeError that names
// it.
type options struct {
	m      *module
	object *goja.Object // nil when there are none
	what   string       // whose options they are
}

// optionsOf takes a value as options and refuses names that nobody reads: they are typing errors.
func (m *module) optionsOf(what string, v goja.Value, known ...string) options {
	o := options{m: m, what: what}
	if absent(v) {
		return o
	}
	object, ok := v.(*goja.Object)
	if !ok {
		m.misuse("the options of %s are an object, not %s", what, v)
	}
	o.object = object
	for _, key := range object.Keys() {
		if !slices.Contains(known, key) {
			m.misuse("%s has no option %q, it has %s", what, key, strings.Join(known, ", "))
		}
	}
	return o
}

func absent(v goja.Value) bool { return v == nil || goja.IsUndefined(v) || goja.IsNull(v) }

// get returns an option, nil when it is not given.
func (o options) get(name string) goja.Value {
	if o.object == nil {
		return nil
	}
	if v := o.object.Get(name); !absent(v) {
		return v
	}
	return nil
}

func (o options) text(name, otherwise string) string {
	v := o.get(name)
	if v == nil {
		return otherwise
	}
	if !goja.IsString(v) {
		o.m.misuse("%s of %s is a string", name, o.what)
	}
	return v.String()
}

// required is a text that must be there and not be empty.
func (o options) required(name string) string {
	text := o.text(name, "")
	if text == "" {
		o.m.misuse("%s needs %s", o.what, name)
	}
	return text
}

func (o options) boolean(name string) (value, given bool) {
	v := o.get(name)
	if v == nil {
		return false, false
	}
	b, ok := v.Export().(bool)
	if !ok {
		o.m.misuse("%s of %s is true or false", name, o.what)
	}
	return b, true
}

// number is one that is not below least.
func (o options) number(name string, otherwise, least float64) float64 {
	v := o.get(name)
	if v == nil {
		return otherwise
	}
	switch v.Export().(type) {
	case int64, float64:
	default:
		o.m.misuse("%s of %s is a number", name, o.what)
	}
	f := v.ToFloat()
	if math.IsNaN(f) || f < least {
		o.m.misuse("%s of %s is a number from %v up", name, o.what, least)
	}
	return f
}

// milliseconds is a duration.
func (o options) milliseconds(name string, otherwise time.Duration, least float64) time.Duration {
	return fetch.Milliseconds(o.number(name, float64(otherwise)/float64(time.Millisecond), least))
}

// texts is a string or an array of strings.
func (o options) texts(name string) []string {
	v := o.get(name)
	if v == nil {
		return nil
	}
	if goja.IsString(v) {
		return []string{v.String()}
	}
	var list []string
	if object, ok := v.(*goja.Object); !ok || object.ClassName() != "Array" || o.m.rt.VM().ExportTo(v, &list) != nil {
		o.m.misuse("%s of %s is a string or an array of strings", name, o.what)
	}
	return list
}

// numbers is an array of numbers.
func (o options) numbers(name string) []int {
	v := o.get(name)
	if v == nil {
		return nil
	}
	var list []int
	if object, ok := v.(*goja.Object); !ok || object.ClassName() != "Array" || o.m.rt.VM().ExportTo(v, &list) != nil {
		o.m.misuse("%s of %s is an array of numbers", name, o.what)
	}
	return list
}
