package carjs

import (
	"fmt"
	"reflect"
	"strconv"

	"carjs/host/esjson"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// maxNested is how deep nested values are walked by writeValue. Deeper ones go the engine's way,
// which finds out whether a value is in itself.
const maxNested = 32

// The Go types of the engine's values.
var (
	boolType   = reflect.TypeFor[bool]()
	intType    = reflect.TypeFor[int64]()
	floatType  = reflect.TypeFor[float64]()
	objectType = reflect.TypeFor[map[string]any]()
	recordType = reflect.TypeFor[*script.Record]()
	listType   = reflect.TypeFor[*script.List]()
	// mapType is that of a Map; a Set has that of an array.
	mapType     = reflect.TypeFor[[][2]any]()
	promiseType = reflect.TypeFor[*goja.Promise]()
)

// writeValue writes the JSON of a value as JSON.stringify does, but for what that cannot write: the
// error is errUnfit then. said is false, and nothing is written, for undefined. Plain objects and lists of scalars, which nested values mostly
// are, are walked here; anything else, a value with toJSON above all, is written by the engine.
func writeValue(w *esjson.Writer, v goja.Value, depth int) (said bool, err error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case *goja.Symbol:
		return false, errUnfit
	case goja.String:
		w.String(v.String())
		return true, nil
	case *goja.Object:
		return writeObject(w, v, depth)
	}
	switch {
	case goja.IsUndefined(v):
		return false, nil
	case goja.IsNull(v):
		w.Null()
		return true, nil
	}
	switch v.ExportType() {
	case boolType:
		w.Boolean(v.ToBoolean())
	case intType, floatType:
		w.Number(v.ToFloat())
	default:
		return false, errBigInt
	}
	return true, nil
}

func writeObject(w *esjson.Writer, object *goja.Object, depth int) (said bool, err error) {
	toJSON := object.Get("toJSON")
	if depth < maxNested && (toJSON == nil || goja.IsUndefined(toJSON)) {
		switch t := object.ExportType(); {
		case script.IsArray(t):
			if unfitObject(object) != "" {
				return false, errUnfit
			}
			return true, writeItems(w, object, depth)
		case t == recordType || t == objectType && object.ClassName() == "Object": // and no boxed scalar
			return true, writeProperties(w, object, depth)
		}
	}
	if (toJSON == nil || goja.IsUndefined(toJSON)) && unfitObject(object) != "" {
		return false, errUnfit
	}
	encoded, err := object.MarshalJSON()
	if err != nil || len(encoded) == 0 || encoded[0] == 'u' { // undefined: an object whose toJSON says so
		return false, err
	}
	if !w.Text(encoded) {
		return false, fmt.Errorf("the engine wrote invalid JSON: %.40q", encoded)
	}
	return true, nil
}

func writeProperties(w *esjson.Writer, object *goja.Object, depth int) error {
	keys := object.Keys()
	if len(keys) == 0 && unfitEmpty(object) != "" {
		return errUnfit
	}
	w.Object()
	for _, name := range keys {
		mark := w.Name(name)
		said, err := writeValue(w, object.Get(name), depth+1)
		if err != nil {
			return err
		}
		if !said {
			w.Back(mark)
		}
	}
	w.EndObject()
	return nil
}

func writeItems(w *esjson.Writer, list *goja.Object, depth int) error {
	w.Array()
	for i := range list.Get("length").ToInteger() {
		w.Item()
		said, err := writeValue(w, list.Get(strconv.FormatInt(i, 10)), depth+1)
		if err != nil {
			return err
		}
		if !said {
			w.Null()
		}
	}
	w.EndArray()
	return nil
}
