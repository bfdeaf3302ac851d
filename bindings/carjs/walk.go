package carjs

import (
	"errors"
	"reflect"

	"carjs/bindings/args"
	"carjs/host/esjson"
	"carjs/host/script"
	"carjs/host/submit"

	"github.com/dop251/goja"
)

// The Go types of the engine's values.
var (
	boolType  = reflect.TypeFor[bool]()
	intType   = reflect.TypeFor[int64]()
	floatType = reflect.TypeFor[float64]()
)

// pushProperties pushes the properties of a JavaScript object into a draft, in their order, as
// JSON.stringify would see them: undefined is left out, a Date is its ISO text, toJSON is honoured.
// What JSON.stringify alters without a word, such as a function, NaN or a Set, is a fault of the
// object (see [script.Unfit]). This file is the one place that looks into a reported object: once,
// and without a Go map in between.
func (m *Module) pushProperties(draft *submit.Draft, object *goja.Object) {
	err := m.rt.Entries(object, func(name, number string, v goja.Value) error {
		if number != "" && !draft.IsID(name) {
			draft.Decimal(name, number)
		} else {
			m.pushProperty(draft, name, v)
		}
		return nil
	})
	if err != nil {
		m.rt.Throw(err)
	}
	m.rt.WarnGetters(object)
}

func (m *Module) pushProperty(draft *submit.Draft, name string, v goja.Value) {
	switch v := v.(type) {
	case nil:
	case goja.String:
		draft.String(name, script.Text(v))
	case *goja.Symbol:
		draft.Unfit(name, "", "is a symbol: use a text")
	case *goja.Object:
		m.pushObject(draft, name, v)
	default:
		m.pushScalar(draft, name, v)
	}
}

// pushScalar pushes what is neither text nor object. An id that is a number becomes the text that
// CAR keeps; one that is not exact is refused.
func (m *Module) pushScalar(draft *submit.Draft, name string, v goja.Value) {
	if goja.IsUndefined(v) {
		return
	}
	if goja.IsNull(v) {
		draft.Null(name)
		return
	}
	t := v.ExportType()
	isID := t != boolType && draft.IsID(name)
	if isID {
		if id, ok := args.ID(v); ok {
			draft.String(name, id)
			return
		}
	}
	switch t {
	case boolType:
		draft.Bool(name, v.ToBoolean())
	case intType, floatType:
		n := v.ToFloat()
		switch message := script.UnfitNumber(n); {
		case message != "":
			draft.Unfit(name, "", message)
		case isID:
			draft.InexactID(name, n)
		default:
			draft.Number(name, n)
		}
	default:
		draft.Decimal(name, v.String()) // a BigInt
	}
}

// pushObject pushes a nested value by its JSON, which is what toJSON and JSON.stringify make of it:
// a Date is text.
func (m *Module) pushObject(draft *submit.Draft, name string, object *goja.Object) {
	w := esjson.Writer{Buf: m.nested[:0]}
	said, err := m.rt.WriteJSON(&w, object, name)
	m.nested = w.Buf
	var unfit *script.Unfit
	if errors.As(err, &unfit) {
		draft.Unfit(name, unfit.Path, unfit.Message)
		return
	}
	if err != nil {
		m.rt.Throw(err)
	}
	if !said {
		return
	}
	encoded := w.Buf
	switch encoded[0] {
	case 'n':
		draft.Null(name)
	case 't', 'f':
		draft.Bool(name, encoded[0] == 't')
	case '"':
		draft.String(name, esjson.Unescape(encoded[1:len(encoded)-1]))
	case '{', '[':
		draft.Written(name, encoded)
	default:
		draft.Decimal(name, string(encoded))
	}
}
