package script

import (
	"fmt"
	"math/big"
	"reflect"
	"strconv"

	"carjs/host/esjson"
	"carjs/host/script/internal/records"

	"github.com/dop251/goja"
)

// shallow is how deep nested values are walked without a look at whether a value is in itself.
const shallow = 32

// The Go types of the engine's values.
var (
	boolType   = reflect.TypeFor[bool]()
	intType    = reflect.TypeFor[int64]()
	floatType  = reflect.TypeFor[float64]()
	objectType = reflect.TypeFor[map[string]any]()
	bigIntType = reflect.TypeFor[*big.Int]()
	proxyType  = reflect.TypeFor[goja.Proxy]()
	// mapType is that of a Map; a Set has that of an array. symbolType is that of a boxed Symbol.
	mapType    = reflect.TypeFor[[][2]any]()
	symbolType = reflect.TypeFor[string]()
)

// WriteJSON writes the JSON of a value, which is the property key of another or stands alone under
// an empty key. It writes what JSON.stringify does, but for what that cannot: a BigInt is written
// as its digits, and what was read from JSON and not changed since as it came, with every digit.
// said is false, and nothing is written, for what JSON.stringify leaves out.
//
// What JSON.stringify alters without a word is an [Unfit] error: a symbol, NaN, an invalid Date, a
// Map.
func (rt *Runtime) WriteJSON(w *esjson.Writer, v goja.Value, key string) (said bool, err error) {
	nested := nestedWriter{Writer: *w, rt: rt, strict: true}
	said, err = nested.value(v, key, 0)
	w.Buf = nested.Buf
	if err != nil {
		if unfit := rt.explainUnfit(v, key); unfit != nil {
			err = unfit
		}
	}
	return said, err
}

// JSON is [Runtime.WriteJSON] into memory of its own, on the loop but from outside of a native as
// well. It is nil for what JSON.stringify leaves out.
func (rt *Runtime) JSON(v goja.Value) ([]byte, error) {
	var w esjson.Writer
	var err error
	if thrown := rt.vm.Try(func() { _, err = rt.WriteJSON(&w, v, "") }); thrown != nil {
		return nil, thrown
	}
	return w.Buf, err
}

// Stringify is JSON.stringify as a native, for bodies: a text, or undefined. BigInts are digits, and
// what JSON.stringify alters is altered.
func (rt *Runtime) Stringify(call goja.FunctionCall) goja.Value {
	nested := nestedWriter{rt: rt}
	if said, err := nested.value(call.Argument(0), "", 0); err != nil {
		rt.Throw(err)
	} else if !said {
		return goja.Undefined()
	}
	return rt.vm.ToValue(string(nested.Buf))
}

// nestedWriter is what [Runtime.WriteJSON] writes with.
type nestedWriter struct {
	esjson.Writer
	rt *Runtime
	// above are the objects around the one that is written, from shallow on.
	above map[*goja.Object]bool
	// strict makes an errUnfit of what JSON.stringify alters.
	strict bool
}

// unfit is the error of a value that is strictly none, with what is wrong with it.
func (w *nestedWriter) unfit(message string) error {
	if w.strict && message != "" {
		return errUnfit
	}
	return nil
}

// value writes a value that is the property key of another. said is false, and nothing is written,
// for what JSON.stringify leaves out. Plain objects and lists, which nested values mostly are, are
// walked here; what is neither, such as a Map, is written by the engine.
func (w *nestedWriter) value(v goja.Value, key string, depth int) (said bool, err error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case *goja.Symbol:
		return false, w.unfit(unfitSymbol)
	case goja.String:
		w.String(Text(v))
		return true, nil
	case *goja.Object:
		return w.object(v, key, depth)
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
	case intType:
		w.Number(v.ToFloat())
	case floatType:
		n := v.ToFloat()
		if n-n != 0 { // not finite
			if err := w.unfit(UnfitNumber(n)); err != nil {
				return false, err
			}
		}
		w.Number(n)
	default:
		w.Decimal(v.String())
	}
	return true, nil
}

func (w *nestedWriter) object(object *goja.Object, key string, depth int) (said bool, err error) {
	toJSON, ok := goja.AssertFunction(object.Get("toJSON"))
	if !ok {
		return w.plain(object, depth)
	}
	if w.strict && object.ExportType() == timeType {
		if err := w.unfit(UnfitObject(object)); err != nil {
			return false, err // its toJSON says null
		}
	}
	made, err := toJSON(object, w.rt.String(key))
	if err != nil {
		return false, err
	}
	if inner, isObject := made.(*goja.Object); isObject {
		return w.plain(inner, depth) // its own toJSON does not count
	}
	return w.value(made, key, depth)
}

// plain writes an object whatever its toJSON says.
func (w *nestedWriter) plain(object *goja.Object, depth int) (said bool, err error) {
	if depth >= shallow {
		if depth >= esjson.MaxDepth || w.above[object] {
			return w.byEngine(object) // which says what is wrong
		}
		if w.above == nil {
			w.above = map[*goja.Object]bool{}
		}
		w.above[object] = true
		defer delete(w.above, object)
	}
	t := object.ExportType()
	switch {
	case t == listType:
		return true, w.list(object, depth)
	case t == recordType || t == objectType && object.ClassName() == "Object": // and no boxed scalar
		return true, w.properties(object, depth)
	case IsArray(t) && object.ClassName() == "Array":
		return true, w.items(object, depth)
	}
	if w.strict {
		if err := w.unfit(UnfitObject(object)); err != nil {
			return false, err
		}
	}
	switch {
	case t == bigIntType:
		w.Decimal(object.String())
		return true, nil
	case t == proxyType && isList(object):
		return true, w.items(object, depth)
	case t == proxyType && object.ClassName() == "Object":
		return true, w.properties(object, depth)
	}
	return w.byEngine(object)
}

func (w *nestedWriter) byEngine(object *goja.Object) (said bool, err error) {
	if _, function := goja.AssertFunction(object); function {
		return false, nil
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

func (w *nestedWriter) properties(object *goja.Object, depth int) error {
	w.Object()
	empty := true
	err := w.rt.Entries(object, func(name, number string, v goja.Value) error {
		empty = false
		if number == "" {
			return w.property(name, v, depth)
		}
		w.Name(name)
		w.Decimal(number)
		return nil
	})
	w.EndObject()
	if w.strict && err == nil && object.ExportType() != recordType {
		if empty {
			return w.unfit(w.rt.unfitEmpty(object))
		}
		w.rt.WarnGetters(object)
	}
	return err
}

func (w *nestedWriter) property(name string, v goja.Value, depth int) error {
	mark := w.Name(name)
	said, err := w.value(v, name, depth+1)
	if !said {
		w.Back(mark)
	}
	return err
}

// list writes a list of scalars: its text, unless a script has changed it.
func (w *nestedWriter) list(object *goja.Object, depth int) error {
	list, _ := object.Export().(*List)
	if text, ok := list.JSON(); ok && w.Text(text) {
		return nil
	}
	return w.items(object, depth)
}

func (w *nestedWriter) items(list *goja.Object, depth int) error {
	spelled := records.Spellings(list)
	w.Array()
	for i := range list.Get("length").ToInteger() {
		w.Item()
		name := strconv.FormatInt(i, 10)
		item := list.Get(name)
		if spelled != nil && item != nil {
			if number := spelled(int(i), item); number != "" {
				w.Decimal(number)
				continue
			}
		}
		said, err := w.value(item, name, depth+1)
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
