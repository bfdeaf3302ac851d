package records

import (
	"context"

	"github.com/dop251/goja"
)

// Decoded is JSON text that was read beside the loop, and of which values are made on the loop.
type Decoded struct {
	in   *Values
	root any // a goja.Value, a *Record, a *List, or a list
}

// list is an array that was read and has objects or arrays in it: what its items are made of.
type list []any

// Decode reads JSON text for [Decoded.Value]. It may be called from any goroutine. What is
// read, and its errors, are those of [Values.Parse].
func (in *Values) Decode(ctx context.Context, data []byte) (*Decoded, error) {
	p := in.decoder(ctx, data)
	root, err := p.whole()
	if err != nil {
		return nil, err
	}
	return &Decoded{in: in, root: root}, nil
}

// decoder is a parser that makes what values are made of later, on the loop.
func (in *Values) decoder(ctx context.Context, data []byte) *parser {
	p := &parser{text: in.text(data), ctx: ctx, stopped: in.Stopped, keys: map[string]string{}}
	p.list = func(p *parser, depth int) (any, error) {
		if scalars, err := p.scalars(in); scalars != nil || err != nil {
			return scalars, err
		}
		items := list{}
		err := p.items(depth, func(item any) { items = append(items, item) })
		return items, err
	}
	p.build = func(p *parser, depth int) (any, error) { return p.record(in, depth) }
	return p
}

// Value makes the text's value, on the loop. Its objects are [Record]s, and its arrays of scalars
// [List]s.
func (d *Decoded) Value() goja.Value { return d.in.Make(d.root) }

// Make makes a value of what was read.
func (in *Values) Make(v any) goja.Value {
	switch v := v.(type) {
	case list:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = in.Make(item)
		}
		return in.VM.NewArray(items...)
	case *Record:
		if v.object == nil {
			v.object = in.VM.NewDynamicObject(v)
		}
		return v.object
	case *List:
		return in.VM.NewDynamicArray(v)
	}
	return v.(goja.Value)
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
