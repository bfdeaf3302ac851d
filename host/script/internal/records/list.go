package records

import (
	"bytes"
	"math"
	"slices"

	"carjs/host/esjson"

	"github.com/dop251/goja"
)

// List is an array of scalars that was read from JSON. It is its text until a script changes it,
// and a value is made of an item each time it is asked for: as an array of the engine it would take
// several times the memory, be it two items or half a million.
//
// A script can do with it what it does with the arrays of data: read, change, sort and lengthen it.
// What it cannot is freeze it, give it properties besides its items, or make holes: an item that is
// deleted becomes undefined.
type List struct {
	in   *Values
	text []byte // the JSON of the array
	n    int    // the number of items in text
	more *listMore
}

// listMore is what a list has besides that is long, or was changed.
type listMore struct {
	at    []uint32     // where in the text each item begins
	items []goja.Value // what the list is since it was changed
	own   bool         // it was
}

// fewItems is how many items are found in the text by stepping over those before: places would take
// more than the items.
const fewItems = 8

// maxGap is how far behind its end a list can be set: what is between is filled with undefined.
const maxGap = 1 << 20

// scalars reads an array of scalars. It is nil, and nothing is read, when there is something else
// in the array.
func (p *parser) scalars(in *Values) (*List, error) {
	start := p.Pos
	p.places = p.places[:0]
	p.Pos++
	if p.Space(); p.Next() == ']' {
		p.Pos++
		return &List{in: in}, nil
	}
	for {
		p.Space()
		if c := p.Next(); c == '{' || c == '[' || p.Pos-start > math.MaxUint32 {
			p.Pos = start
			return nil, nil
		}
		p.places = append(p.places, uint32(p.Pos-start))
		if err := p.another(); err != nil {
			return nil, err
		}
		if err := p.skip(); err != nil {
			return nil, err
		}
		switch p.Space(); p.Next() {
		case ',':
			p.Pos++
		case ']':
			p.Pos++
			return p.listFrom(in, start), nil
		default:
			return nil, p.Unexpected(`"," or "]"`)
		}
	}
}

// skip is Skip with a look at the digits of a number.
func (p *parser) skip() error {
	if !isNumber(p.Next()) {
		return p.Skip()
	}
	start := p.Pos
	integer, err := p.Number()
	if err != nil || integer && p.Pos-start <= esjson.SafeDigits {
		return err
	}
	_, err = p.valueOf(p.Data[start:p.Pos], integer)
	return err
}

// piece is the text from start on, without what is around it, unless that is less: a page must not
// stay in memory for one of its lists.
func (p *parser) piece(start int) []byte {
	text := p.Data[start:p.Pos:p.Pos]
	if len(text) > len(p.Data)/2 && !p.reused {
		return text
	}
	return bytes.Clone(text)
}

// listFrom makes a list of the array that begins at start and was read.
func (p *parser) listFrom(in *Values, start int) *List {
	l := &List{in: in, text: p.piece(start), n: len(p.places)}
	if l.n > fewItems {
		l.more = &listMore{at: slices.Clone(p.places)}
	}
	return l
}

// changed tells whether a script has changed the list.
func (l *List) changed() bool { return l.more != nil && l.more.own }

// Len returns the number of items.
func (l *List) Len() int {
	if l.changed() {
		return len(l.more.items)
	}
	return l.n
}

// Get returns an item, nil when there is none.
func (l *List) Get(i int) goja.Value {
	switch {
	case i < 0 || i >= l.Len():
		return nil
	case l.changed():
		return l.more.items[i]
	}
	item, err := l.read(i)
	if err != nil {
		l.in.Throw(err) // cannot be: it was read before
	}
	return item
}

// JSON is the list's text as it came; ok is false once a script has changed the list.
func (l *List) JSON() (text []byte, ok bool) {
	switch {
	case l.changed():
		return nil, false
	case l.n == 0:
		return []byte("[]"), true
	}
	return l.text, true
}

// read makes a value of an item in the text.
func (l *List) read(i int) (goja.Value, error) {
	p := l.in.text(l.text)
	if l.more != nil {
		p.Pos = int(l.more.at[i])
		return p.scalar()
	}
	for p.Pos = 1; ; p.Pos++ { // behind the bracket, or the comma
		if p.Space(); i == 0 {
			return p.scalar()
		}
		if err := p.Skip(); err != nil {
			return nil, err
		}
		p.Space()
		i--
	}
}

// Set sets an item, which may be a new one behind the others.
func (l *List) Set(i int, value goja.Value) bool {
	if i < 0 || i >= l.Len() && !l.SetLen(i+1) {
		return false
	}
	l.change()
	l.more.items[i] = value
	return true
}

// SetLen cuts the list off or lengthens it.
func (l *List) SetLen(n int) bool {
	if n < 0 || n > l.Len()+maxGap {
		return false
	}
	l.change()
	items := l.more.items
	if n < len(items) {
		clear(items[n:])
		items = items[:n]
	}
	for len(items) < n {
		items = append(items, goja.Undefined())
	}
	l.more.items = items
	return true
}

// change makes values of all items.
func (l *List) change() {
	if l.changed() {
		return
	}
	items := make([]goja.Value, l.n)
	for i := range items {
		items[i] = l.Get(i)
	}
	l.more, l.text, l.n = &listMore{items: items, own: true}, nil, 0
}
