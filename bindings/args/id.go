package args

import (
	"math"
	"math/big"
	"reflect"
	"strconv"

	"carjs/host/script"

	"github.com/dop251/goja"
)

// maxSafe is the highest integer up to which every number stands for itself alone. Above it, two
// ids of a data source are one and the same number.
const maxSafe = 1<<53 - 1

// The Go types of the engine's scalars, whose own types it does not export.
var (
	boolType   = reflect.TypeFor[bool]()
	intType    = reflect.TypeFor[int64]()
	floatType  = reflect.TypeFor[float64]()
	bigIntType = reflect.TypeFor[*big.Int]()
)

// ID is the text of an id: a text that is not empty, a whole number up to 2^53-1 either way, in
// decimal digits and never with an exponent, or a BigInt. It is not ok for anything else. It runs
// for every record.
func ID(v goja.Value) (id string, ok bool) {
	switch v := v.(type) {
	case goja.String:
		id = script.Text(v)
		return id, id != ""
	case nil, *goja.Object, *goja.Symbol:
		return "", false
	}
	switch v.ExportType() {
	case intType, floatType:
		n, ok := whole(v)
		if !ok {
			return "", false
		}
		return strconv.FormatInt(n, 10), true
	case bigIntType:
		return v.String(), true
	}
	return "", false
}

// whole returns a number that is whole and safe.
func whole(v goja.Value) (n int64, ok bool) {
	f := v.ToFloat()
	if f != math.Trunc(f) || math.Abs(f) > maxSafe { // NaN is unequal to all
		return 0, false
	}
	return int64(f), true
}

// scalarType is the Go type of a number, a boolean or a BigInt; nil for anything else.
func (a Arg) scalarType() reflect.Type {
	switch v := a.v.(type) {
	case nil, goja.String, *goja.Object, *goja.Symbol:
		return nil
	default:
		return v.ExportType()
	}
}

func (a Arg) isNumber() bool {
	t := a.scalarType()
	return t == intType || t == floatType
}

const (
	wantID      = "an id (a text, a whole number or a BigInt)"
	hintMissing = "check that the record has the id before the call at the position above"
	hintUnsafe  = "pass the id as a text or a BigInt: whole numbers are exact up to 9007199254740991 only"
)

// ID reads an id as its text.
func (a Arg) ID() string {
	id, ok := ID(a.v)
	if ok {
		return id
	}
	hint, is := hintMissing, Describe(a.v)
	switch _, isText := a.v.(goja.String); {
	case isText:
		is = "an empty text"
	case a.isNumber():
		hint, is = hintUnsafe, "the number "+a.v.String()
	}
	a.Refuse(hint, "must be %s, not %s", wantID, is)
	return ""
}

// RequiredIDs is IDs for a list that must be there.
func (a Arg) RequiredIDs() []string {
	if !a.Given() {
		a.MustBe("an array of ids")
	}
	return a.IDs()
}

// IDs reads an iterable of ids; nil when there is none, which is not the same as one that is empty.
func (a Arg) IDs() []string {
	if !a.Given() {
		return nil
	}
	ids := []string{}
	a.each("ids", func(item goja.Value) {
		id, ok := ID(item)
		if !ok {
			a.item(len(ids), item).ID() // refuses it
		}
		ids = append(ids, id)
	})
	return ids
}
