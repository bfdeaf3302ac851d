package script

import (
	"context"
	"strconv"
	"strings"

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
	// Rows hands over the records of a table.
	Rows = records.Rows
	// Layout says where the records of a text are.
	Layout = records.Layout
	// Loss are numbers that lost digits.
	Loss = records.Loss
	// RecordsError is a text whose records cannot be read to the end, with the place.
	RecordsError = records.Error
)

// ParseJSON makes values of the engine of JSON text. An integer that a Number does not hold exactly
// is a BigInt. The rest is said at [records.Values.Parse]. An error is an [esjson.SyntaxError].
func (rt *Runtime) ParseJSON(data []byte) (goja.Value, error) {
	value, _, err := rt.values.Parse(rt.ctx, data)
	return value, err
}

// ReadJSON is [Runtime.ParseJSON] that tells which other numbers have more digits than their value.
func (rt *Runtime) ReadJSON(data []byte) (goja.Value, []Loss, error) {
	return rt.values.Parse(rt.ctx, data)
}

// RoundedJSON is [Runtime.ParseJSON] with all numbers as Numbers, which is what the language has
// for the answers of fetch. Losses are the integers that were rounded.
func (rt *Runtime) RoundedJSON(data []byte) (goja.Value, []Loss, error) {
	return rt.values.Rounded(rt.ctx, data)
}

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

// Text returns a string of the engine as Go has it, with halves of surrogate pairs kept as
// [esjson.HasLone] knows them; the engine's own String makes U+FFFD of them.
func Text(v goja.String) string { return records.Text(v) }

// String makes a string of the engine, the reverse of [Text].
func (rt *Runtime) String(text string) goja.Value { return rt.values.String(text) }

// Entries calls visit with the properties of an object that JSON.stringify would see, whatever
// their names: [goja.Object.Keys] and Get cannot carry halves of surrogate pairs. As at
// [Record.Visit], number is the text of a number that is to be written as it came.
func (rt *Runtime) Entries(object *goja.Object, visit func(name, number string, value goja.Value) error) error {
	if object.ExportType() == recordType {
		record, _ := object.Export().(*Record)
		return record.Visit(visit)
	}
	names := object.Keys()
	for _, name := range names {
		if strings.Contains(name, "\uFFFD") {
			return rt.oddEntries(object, visit)
		}
	}
	for _, name := range names {
		if err := visit(name, "", object.Get(name)); err != nil {
			return err
		}
	}
	return nil
}

// oddEntries is Entries by way of the script.
func (rt *Runtime) oddEntries(object *goja.Object, visit func(name, number string, value goja.Value) error) error {
	names, err := rt.intrinsics.names(goja.Undefined(), object)
	if err != nil {
		return err
	}
	list := names.ToObject(rt.vm)
	for i := range list.Get("length").ToInteger() {
		name := list.Get(strconv.FormatInt(i, 10))
		value, err := rt.intrinsics.get(goja.Undefined(), object, name)
		if err != nil {
			return err
		}
		text, _ := name.(goja.String)
		if err := visit(Text(text), records.Spelling(object, Text(text), value), value); err != nil {
			return err
		}
	}
	return nil
}
