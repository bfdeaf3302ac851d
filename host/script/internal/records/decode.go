package records

import (
	"bytes"
	"context"
	"hash/maphash"
	"slices"

	"github.com/dop251/goja"
)

// Decoded is JSON text that was read beside the loop, and of which values are made on the loop.
type Decoded struct {
	in   *Values
	root any // a goja.Value, a *Record, a *List, a *Number, or a *list
	// summed are the lists whose items have sums.
	summed []*list
	// Losses are what the values lack of the digits in the text.
	Losses []Loss
}

// list is an array that was read and has objects or arrays in it: what its items are made of.
type list struct {
	items []any
	// sums are hashes of the texts of the items, nil below maxSummed.
	sums   []uint64
	object *goja.Object // once it was made
}

// maxSummed is how deep lists may lie whose items get sums: the rows of a page lie in three objects
// at most, and sums of the lists in its rows would be of no use.
const maxSummed = 4

// sumSeed makes the sums of all texts of a process comparable.
var sumSeed = maphash.MakeSeed()

// Decode reads JSON text for [Decoded.Value]. It may be called from any goroutine. What is
// read, and its errors, are those of [Values.Parse].
func (in *Values) Decode(ctx context.Context, data []byte) (*Decoded, error) {
	d := &Decoded{in: in}
	p := in.decoder(ctx, data)
	p.list = func(p *parser, depth int) (any, error) {
		if depth > maxSummed {
			return p.lazyList(in, depth)
		}
		return p.summedList(in, depth, d)
	}
	var err error
	if d.root, err = p.whole(); err != nil {
		return nil, err
	}
	d.Losses = losses(p.lost)
	return d, nil
}

// decoder is a parser that makes what values are made of later, on the loop.
func (in *Values) decoder(ctx context.Context, data []byte) *parser {
	p := in.parser(ctx, data)
	p.keeps = true
	p.list = func(p *parser, depth int) (any, error) { return p.lazyList(in, depth) }
	p.build = func(p *parser, depth int) (any, error) { return p.record(in, depth) }
	return p
}

// lazyList reads an array, whose values are made when the array's is.
func (p *parser) lazyList(in *Values, depth int) (any, error) {
	if scalars, err := p.scalars(in); scalars != nil || err != nil {
		return scalars, err
	}
	l := &list{}
	err := p.items(depth, func(item any) { l.items = append(l.items, item) })
	return l, err
}

// summedList is lazyList with the sums of the items. Of an array of scalars there are none.
func (p *parser) summedList(in *Values, depth int, d *Decoded) (any, error) {
	if scalars, err := p.scalars(in); scalars != nil || err != nil {
		return scalars, err
	}
	l := &list{}
	d.summed = append(d.summed, l)
	start := p.Pos + 1 // behind the bracket
	err := p.items(depth, func(item any) {
		text := bytes.TrimLeft(p.Data[start:p.Pos], ", \t\r\n")
		l.items, l.sums = append(l.items, item), append(l.sums, maphash.Bytes(sumSeed, text))
		start = p.Pos
	})
	return l, err
}

// Sums are hashes of the JSON texts of an array's items: of two items with the same text they are
// the same, in this text and every other one of the process. They are nil for what is not an array
// with objects or arrays as the text has it, or lies deeper than a page's list.
func (d *Decoded) Sums(array *goja.Object) []uint64 {
	for _, l := range d.summed {
		if l.object == array {
			return l.sums
		}
	}
	return nil
}

// Value makes the text's value, on the loop. Its objects are [Record]s, and its arrays of scalars
// [List]s.
func (d *Decoded) Value() goja.Value { return d.in.Make(d.root) }

// Make makes a value of what was read.
func (in *Values) Make(v any) goja.Value {
	switch v := v.(type) {
	case *list:
		if v.object == nil {
			items := make([]any, len(v.items))
			for i, item := range v.items {
				items[i] = in.Make(item)
			}
			v.object = in.VM.NewArray(items...)
			in.remember(v.object, v, v.items)
		}
		return v.object
	case *Record:
		if v.object == nil {
			v.object = in.objectOf(v)
		}
		return v.object
	case *Number:
		return v.value
	case *List:
		return in.VM.NewDynamicArray(v)
	}
	return v.(goja.Value)
}

// objectOf makes the object of a record: one of the engine's own where there is a name that its
// interface for records cannot carry.
func (in *Values) objectOf(r *Record) *goja.Object {
	if !r.shape.lone {
		return in.VM.NewDynamicObject(r)
	}
	object := in.VM.NewObject()
	for i, name := range r.shape.names {
		if err := in.set(object, name, in.Make(r.values[i])); err != nil {
			in.Throw(err)
		}
	}
	in.remember(object, r, r.values)
	return object
}

// origin is the symbol under which an object of the engine has the [Record] or list that it was
// made of, for the spellings of numbers.
var origin = goja.NewSymbol("carjs.origin")

// remember ties an object to what it was made of, where that has numbers with a spelling of theirs.
func (in *Values) remember(object *goja.Object, made any, values []any) {
	if !slices.ContainsFunc(values, func(v any) bool { _, ok := v.(*Number); return ok }) {
		return
	}
	if err := object.DefineDataPropertySymbol(origin, in.VM.ToValue(made), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
		in.Throw(err)
	}
}

// Spelling returns how a number was spelled in the text that an object of the engine was made of,
// by the name of its property; empty when it is not known, or the property was set since.
func Spelling(object *goja.Object, name string, value goja.Value) string {
	if r, ok := originOf(object).(*Record); ok {
		return spelling(r.values, slices.Index(r.shape.names, name), value)
	}
	return ""
}

// Spellings is [Spelling] for an array, by the numbers of its items; nil when there are none.
func Spellings(array *goja.Object) func(i int, value goja.Value) string {
	l, ok := originOf(array).(*list)
	if !ok {
		return nil
	}
	return func(i int, value goja.Value) string { return spelling(l.items, i, value) }
}

func originOf(object *goja.Object) any {
	made := object.GetSymbol(origin)
	if made == nil {
		return nil
	}
	return made.Export()
}

func spelling(values []any, i int, value goja.Value) string {
	if i < 0 || i >= len(values) {
		return ""
	}
	if number, ok := values[i].(*Number); ok && number.value.SameAs(value) {
		return number.text
	}
	return ""
}

// record reads an object. While its names come in the order in which they came in the object
// before, nothing is looked up.
func (p *parser) record(in *Values, depth int) (any, error) {
	guess := p.shapes.last[min(depth, len(p.shapes.last)-1)]
	r := &Record{in: in}
	if guess != nil {
		r.values = make([]any, 0, len(guess.names))
	}
	var names []string // once the guess was wrong
	err := p.members(depth, func(name string, value any) error {
		n := len(r.values)
		if names == nil && guess != nil && n < len(guess.names) && guess.names[n] == name {
			r.values = append(r.values, value)
			return nil
		}
		if names == nil {
			names = make([]string, n, n+8)
			if guess != nil {
				copy(names, guess.names[:n])
			}
		}
		for i := range names {
			if names[i] == name {
				r.values[i] = value // the last one counts, in the place of the first
				return nil
			}
		}
		names, r.values = append(names, name), append(r.values, value)
		return nil
	})
	if err != nil {
		return nil, err
	}
	switch {
	case names != nil:
		r.shape = p.shapes.of(names)
	case guess != nil && len(r.values) == len(guess.names):
		r.shape = guess
	case guess != nil:
		r.shape = p.shapes.of(guess.names[:len(r.values)])
	default:
		r.shape = p.shapes.of(nil)
	}
	p.shapes.last[min(depth, len(p.shapes.last)-1)] = r.shape
	return r, nil
}
