package args

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"carjs/host/esjson"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Options are the properties of an object, or of none at all.
type Options struct {
	call   *Call
	prefix string // of its properties' names in messages
	object *goja.Object
}

// Options is the argument that holds a function's options, which may be missing. A name that is not
// among the known ones is refused: it is a typing error.
func (c *Call) Options(i int, known ...string) Options {
	return c.Arg(i, "options").options("the option ", "unknown option", known)
}

// Fields reads an object as properties that messages name as its own: "edge.from". Names that are
// not known are refused.
func (a Arg) Fields(known ...string) Options {
	if !a.Given() {
		a.MustBe("an object")
	}
	return a.FieldsOr(known...)
}

// FieldsOr is Fields for an object that may be missing.
func (a Arg) FieldsOr(known ...string) Options {
	return a.options(a.Name()+".", a.Name()+" has an unknown property", known)
}

func (a Arg) options(prefix, unknown string, known []string) Options {
	o := Options{call: a.call, prefix: prefix}
	if !a.Given() {
		return o
	}
	o.object = a.Object()
	for _, key := range o.object.Keys() {
		if slices.Contains(known, key) {
			continue
		}
		if near := failure.Nearest(key, known); len(near) > 0 {
			a.call.Misuse("%s %q, did you mean %q?", unknown, key, near[0])
		}
		a.call.Misuse("%s %q; expected one of %s", unknown, key, strings.Join(known, ", "))
	}
	return o
}

// Get is a property, undefined when it is not there.
func (o Options) Get(name string) Arg {
	a := Arg{call: o.call, prefix: o.prefix, name: name, v: goja.Undefined()}
	if o.object == nil {
		return a
	}
	if v := o.object.Get(name); v != nil {
		a.v = v
	}
	return a
}

// Object reads an object with properties: no array, function, date, map or buffer.
func (a Arg) Object() *goja.Object {
	if !IsRecord(a.v) {
		a.MustBe("an object")
	}
	return a.v.(*goja.Object)
}

// Scalars reads an object whose values are texts, numbers, booleans or BigInts, as texts.
func (a Arg) Scalars() map[string]string {
	object := a.Object()
	texts := map[string]string{}
	for _, name := range object.Keys() {
		texts[name] = Arg{call: a.call, prefix: a.Name() + "[" + strconv.Quote(name) + "]", v: object.Get(name)}.Scalar()
	}
	return texts
}

// JSONObject reads an object that JSON has a form for.
func (a Arg) JSONObject() []byte {
	a.Object()
	text, _ := a.JSON()
	if len(text) == 0 || text[0] != '{' {
		a.Misuse("must be an object in JSON too")
	}
	return text
}

// JSONFields reads an object that JSON has a form for, as its properties.
func (a Arg) JSONFields() map[string]any {
	v, err := esjson.Decode(a.JSONObject())
	if err != nil {
		a.call.Rethrow(err)
	}
	fields, _ := v.(map[string]any)
	return fields
}

// JSON reads a value as JSON.stringify writes it, but for a BigInt, which is written as its digits;
// it is not ok for what that leaves out. What that alters, such as NaN and a Map, is refused.
func (a Arg) JSON() (text json.RawMessage, ok bool) {
	text, err := a.call.rt.JSON(a.v)
	if unfit := (*script.Unfit)(nil); errors.As(err, &unfit) {
		Arg{call: a.call, prefix: a.prefix, name: a.name + unfit.Path, v: a.v}.Misuse("%s", unfit.Message)
	}
	if err != nil {
		a.call.Rethrow(err)
	}
	return text, text != nil
}
