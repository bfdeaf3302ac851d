package carjs

import (
	"encoding/json"
	"reflect"

	"carjs/host/failure"
	"carjs/host/pages"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// pushProperties pushes the properties of a JavaScript object into a record, in their order, as JSON.stringify would see
// them: undefined, functions and symbols are left out, a Date is its ISO text, toJSON is honoured. This file is the one
// place that looks into a reported object: once, and without a Go map in between.
func pushProperties(rt *script.Runtime, record *pages.Record, object *goja.Object) {
	for _, name := range object.Keys() {
		pushProperty(rt, record, name, object.Get(name))
	}
}

func pushProperty(rt *script.Runtime, record *pages.Record, name string, v goja.Value) {
	switch v := v.(type) {
	case nil:
	case goja.String:
		record.String(name, v.String())
	case *goja.Symbol:
	case *goja.Object:
		pushObject(rt, record, name, v)
	default:
		pushScalar(rt, record, name, v)
	}
}

// pushScalar pushes what is neither text nor object.
func pushScalar(rt *script.Runtime, record *pages.Record, name string, v goja.Value) {
	if goja.IsUndefined(v) {
		return
	}
	if goja.IsNull(v) {
		record.Null(name)
		return
	}
	switch v.ExportType().Kind() {
	case reflect.Bool:
		record.Bool(name, v.ToBoolean())
	case reflect.Int64, reflect.Float64:
		record.Number(name, v.ToFloat())
	default:
		rt.Throw(failure.New(failure.General, "property %q is a BigInt, which JSON cannot hold", name).
			WithHint("make it a Number or a String before it is reported"))
	}
}

// pushObject pushes a nested value by its JSON, which is what toJSON and JSON.stringify make of it: a Date is text.
func pushObject(rt *script.Runtime, record *pages.Record, name string, object *goja.Object) {
	encoded, err := object.MarshalJSON()
	if err != nil {
		rt.Throw(err)
	}
	if len(encoded) == 0 {
		return
	}
	switch encoded[0] {
	case 'u': // undefined: a function, or an object whose toJSON says so
	case 'n':
		record.Null(name)
	case 't', 'f':
		record.Bool(name, encoded[0] == 't')
	case '"':
		var text string
		if err := json.Unmarshal(encoded, &text); err != nil {
			rt.Throw(err)
		}
		record.String(name, text)
	case '{', '[':
		record.JSON(name, encoded)
	default:
		record.Number(name, rt.VM().ToValue(object).ToFloat())
	}
}
