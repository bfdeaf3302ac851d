package script

import (
	"context"

	"carjs/host/script/internal/records"

	"github.com/dop251/goja"
)

// What package records makes of JSON text, for the packages that have a Runtime.
type (
	// Record is a lazily decoded object; scripts see it as one of their own.
	Record = records.Record
	// List is a lazily decoded array of scalars.
	List = records.List
	// Decoded is text that was read beside the loop, and of which values are made on the loop.
	Decoded = records.Decoded
	// Records are what was read beside the loop and not yet taken by the script.
	Records = records.Window
	// Layout says where the records of a text are.
	Layout = records.Layout
	// RecordsError is a text whose records cannot be read to the end, with the place.
	RecordsError = records.Error
)

// ParseJSON makes values of the engine of JSON text, as JSON.parse does. Where it differs is said
// at [records.Values.Parse]. An error is an [esjson.SyntaxError].
func (rt *Runtime) ParseJSON(data []byte) (goja.Value, error) { return rt.values.Parse(rt.ctx, data) }

// DecodeJSON reads JSON text for [Decoded.Value]. It may be called from any goroutine. What is
// read, and its errors, are those of [Runtime.ParseJSON].
func (rt *Runtime) DecodeJSON(ctx context.Context, data []byte) (*Decoded, error) {
	return rt.values.Decode(ctx, data)
}

// SetProperty makes a property of an object, whatever its prototype has to say about the name:
// "__proto__" is a name like any other.
func SetProperty(object *goja.Object, name string, value goja.Value) error {
	return records.SetProperty(object, name, value)
}
