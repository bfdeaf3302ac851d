package carjs

import (
	"fmt"
	"reflect"
	"strconv"

	"carjs/host/script"
	"carjs/host/submit"

	"github.com/dop251/goja"
)

// maxNested is how deep nested values are written by appendValue. Deeper ones go the engine's way,
// which finds out whether a value is in itself.
const maxNested = 32

// The Go types of the engine's values.
var (
	boolType   = reflect.TypeFor[bool]()
	intType    = reflect.TypeFor[int64]()
	floatType  = reflect.TypeFor[float64]()
	objectType = reflect.TypeFor[map[string]any]()
	recordType = reflect.TypeFor[*script.Record]()
)

// appendValue appends the JSON of a value as JSON.stringify writes it. said is false for what that
// leaves out. Plain objects and lists of scalars, which nested values mostly are, are written here;
// anything else, a value with toJSON above all, by the engine.
func appendValue(dst []byte, v goja.Value, depth int) (out []byte, said bool, err error) {
	switch v := v.(type) {
	case nil, *goja.Symbol:
		return dst, false, nil
	case goja.String:
		return submit.AppendString(dst, v.String()), true, nil
	case *goja.Object:
		return appendObject(dst, v, depth)
	}
	switch {
	case goja.IsUndefined(v):
		return dst, false, nil
	case goja.IsNull(v):
		return append(dst, "null"...), true, nil
	}
	switch v.ExportType() {
	case boolType:
		return strconv.AppendBool(dst, v.ToBoolean()), true, nil
	case intType, floatType:
		return submit.AppendNumber(dst, v.ToFloat()), true, nil
	}
	return dst, false, errBigInt
}

func appendObject(dst []byte, object *goja.Object, depth int) (out []byte, said bool, err error) {
	toJSON := object.Get("toJSON")
	if depth < maxNested && (toJSON == nil || goja.IsUndefined(toJSON)) {
		switch t := object.ExportType(); {
		case script.IsArray(t):
			return appendItems(dst, object, depth)
		case t == recordType || t == objectType && object.ClassName() == "Object": // and no boxed scalar
			return appendProperties(dst, object, depth)
		}
	}
	if _, function := goja.AssertFunction(object); function && (toJSON == nil || goja.IsUndefined(toJSON)) {
		return dst, false, nil
	}
	encoded, err := object.MarshalJSON()
	if err != nil || len(encoded) == 0 || encoded[0] == 'u' { // undefined: an object whose toJSON says so
		return dst, false, err
	}
	if out, said = submit.AppendJSON(dst, encoded); !said {
		return dst, false, fmt.Errorf("the engine wrote what is no JSON: %.40q", encoded)
	}
	return out, true, nil
}

func appendProperties(dst []byte, object *goja.Object, depth int) (out []byte, said bool, err error) {
	dst = append(dst, '{')
	begun := len(dst)
	for _, name := range object.Keys() {
		mark := len(dst)
		if mark > begun {
			dst = append(dst, ',')
		}
		dst = append(submit.AppendString(dst, name), ':')
		if dst, said, err = appendValue(dst, object.Get(name), depth+1); err != nil {
			return dst, false, err
		}
		if !said {
			dst = dst[:mark]
		}
	}
	return append(dst, '}'), true, nil
}

func appendItems(dst []byte, list *goja.Object, depth int) (out []byte, said bool, err error) {
	dst = append(dst, '[')
	for i := range list.Get("length").ToInteger() {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, said, err = appendValue(dst, list.Get(strconv.FormatInt(i, 10)), depth+1); err != nil {
			return dst, false, err
		}
		if !said {
			dst = append(dst, "null"...)
		}
	}
	return append(dst, ']'), true, nil
}
