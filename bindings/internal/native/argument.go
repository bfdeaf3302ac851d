package native

import (
	"math"

	"carjs/bindings/web"

	"github.com/dop251/goja"
)

// Data reads an argument that is a text, which counts as its UTF-8, or bytes. The bytes of a buffer
// are not copied: who keeps them sees what the script does to them.
func (c *Call) Data(i int, what string) []byte { return c.data(c.Value(i), what) }

func (c *Call) data(v goja.Value, what string) []byte {
	if text, ok := v.(goja.String); ok {
		return []byte(text.String())
	}
	if data, ok := web.Bytes(c.VM(), v); ok {
		return data
	}
	c.Misuse("%s must be a text or bytes (ArrayBuffer, typed array), not %s", what, Describe(v))
	return nil
}

// Buffer reads an argument that is bytes.
func (c *Call) Buffer(i int, what string) []byte {
	data, ok := web.Bytes(c.VM(), c.Value(i))
	if !ok {
		c.Misuse("%s must be bytes (ArrayBuffer, typed array), not %s", what, Describe(c.Value(i)))
	}
	return data
}

// IsText tells whether an argument is a text.
func (c *Call) IsText(i int) bool {
	_, ok := c.Value(i).(goja.String)
	return ok
}

// Text reads an argument that is a text.
func (c *Call) Text(i int, what string) string { return c.text(c.Value(i), what) }

func (c *Call) text(v goja.Value, what string) string {
	text, ok := v.(goja.String)
	if !ok {
		c.Misuse("%s must be a text, not %s", what, Describe(v))
	}
	return text.String()
}

// Integer reads an argument that is a whole number from low to high.
func (c *Call) Integer(i int, what string, low, high int64) int64 {
	return c.integer(c.Value(i), what, low, high)
}

func (c *Call) integer(v goja.Value, what string, low, high int64) int64 {
	n, ok := v.Export().(int64)
	if f, isFloat := v.Export().(float64); isFloat && f == math.Trunc(f) && math.Abs(f) <= 1<<53 {
		n, ok = int64(f), true
	}
	if !ok || n < low || n > high {
		is := Describe(v)
		if _, isFloat := v.Export().(float64); ok || isFloat {
			is = v.String()
		}
		c.Misuse("%s must be a whole number from %d to %d, not %s", what, low, high, is)
	}
	return n
}

// Object reads an argument that is an object.
func (c *Call) Object(i int, what string) *goja.Object { return c.object(c.Value(i), what) }

func (c *Call) object(v goja.Value, what string) *goja.Object {
	if !IsRecord(v) {
		c.Misuse("%s must be an object, not %s", what, Describe(v))
	}
	return v.(*goja.Object)
}

// Options are the properties of an argument that is an object, or is not there.
type Options struct {
	call   *Call
	object *goja.Object
}

// Options reads an argument that is an object of options, or is not there.
func (c *Call) Options(i int) Options {
	if Absent(c.Value(i)) {
		return Options{call: c}
	}
	return Options{call: c, object: c.Object(i, "options")}
}

// Value returns an option as it is; ok is false when it is not there.
func (o Options) Value(name string) (v goja.Value, ok bool) {
	if o.object == nil {
		return nil, false
	}
	v = o.object.Get(name)
	return v, !Absent(v)
}

// Bool reads an option that is true or false.
func (o Options) Bool(name string, byDefault bool) bool {
	v, ok := o.Value(name)
	if !ok {
		return byDefault
	}
	b, isBool := v.Export().(bool)
	if !isBool {
		o.call.Misuse("the option %s must be true or false, not %s", name, Describe(v))
	}
	return b
}

// Text reads an option that is a text.
func (o Options) Text(name, byDefault string) string {
	v, ok := o.Value(name)
	if !ok {
		return byDefault
	}
	return o.call.text(v, "the option "+name)
}

// Integer reads an option that is a whole number from low to high.
func (o Options) Integer(name string, byDefault, low, high int64) int64 {
	v, ok := o.Value(name)
	if !ok {
		return byDefault
	}
	return o.call.integer(v, "the option "+name, low, high)
}

// Texts reads an option that is an array of texts.
func (o Options) Texts(name string) []string {
	v, ok := o.Value(name)
	if !ok {
		return nil
	}
	if !IsArray(v) {
		o.call.Misuse("the option %s must be an array of texts, not %s", name, Describe(v))
	}
	texts := []string{}
	Each(v.(*goja.Object), func(item goja.Value) {
		texts = append(texts, o.call.text(item, "every item of the option "+name))
	})
	return texts
}

// Data reads an option that is a text or bytes.
func (o Options) Data(name string) []byte { return o.call.data(o.required(name), name) }

// Object reads an option that is an object.
func (o Options) Object(name string) *goja.Object { return o.call.object(o.required(name), name) }

func (o Options) required(name string) goja.Value {
	v, ok := o.Value(name)
	if !ok {
		return goja.Undefined()
	}
	return v
}
