package script

import (
	"fmt"
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
)

// WriteJSON writes the JSON of a value, which is the property key of another or stands alone under
// an empty key. It writes what JSON.stringify does, but for what that cannot: a BigInt is written
// as its digits, and what was read from JSON and not changed since as it came, with every digit.
// said is false, and nothing is written, for what JSON.stringify leaves out.
//
// check is the error of a value that JSON.stringify would leave out or make nothing of: a symbol,
// an object that is not a plain one, or one without properties. nil leaves that to JSON.stringify.
func (rt *Runtime) WriteJSON(
	w *esjson.Writer, v goja.Value, key string, check func(v goja.Value, empty bool) error,
) (said bool, err error) {
	nested := nestedWriter{Writer: *w, rt: rt, check: check}
	said, err = nested.value(v, key, 0)
	w.Buf = nested.Buf
	return said, err
}

// JSON is [Runtime.WriteJSON] into memory of its own, on the loop but from outside of a native as
// well. It is nil for what JSON.stringify leaves out.
func (rt *Runtime) JSON(v goja.Value) ([]byte, error) {
	var w esjson.Writer
	var err error
	if thrown := rt.vm.Try(func() { _, err = rt.WriteJSON(&w, v, "", nil) }); thrown != nil {
		return nil, thrown
	}
	return w.Buf, err
}

// Stringify is [Runtime.JSON] as a native: a text, or undefined.
func (rt *Runtime) Stringify(call goja.FunctionCall) goja.Value {
	text, err := rt.JSON(call.Argument(0))
	switch {
	case err != nil:
		rt.Throw(err)
	case text == nil:
		return goja.Undefined()
	}
	return rt.vm.ToValue(string(text))
}

// nestedWriter is what [Runtime.WriteJSON] writes with.
type nestedWriter struct {
	esjson.Writer
	rt *Runtime
	// above are the objects around the one that is written, from shallow on.
	above map[*goja.Object]bool
	check func(v goja.Value, empty bool) error
}

// unfit is the error of check.
func (w *nestedWriter) unfit(v goja.Value, empty bool) error {
	if w.check == nil {
		return nil
	}
	return w.check(v, empty)
}

// value writes a value that is the property key of another. said is false, and nothing is written,
// for what JSON.stringify leaves out. Plain objects and lists, which nested values mostly are, are
// walked here; what is neither, such as a Map, is written by the engine.
func (w *nestedWriter) value(v goja.Value, key string, depth int) (said bool, err error) {
	switch v := v.(type) {
	case nil:
		return false, nil
	case *goja.Symbol:
		return false, w.unfit(v, false)
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
	case intType, floatType:
		w.Number(v.ToFloat())
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
	made, err := toJSON(object, w.rt.String(key))
	if err != nil {
		return false, err
	}
	check := w.check
	w.check = nil // what toJSON makes is what the author wants
	defer func() { w.check = check }()
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
	}
	if err := w.unfit(object, false); err != nil {
		return false, err
	}
	if IsArray(t) {
		return true, w.items(object, depth)
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
	if empty && err == nil {
		err = w.unfit(object, true)
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
