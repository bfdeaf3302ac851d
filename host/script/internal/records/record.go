package records

import (
	"slices"
	"strconv"
	"strings"

	"carjs/host/esjson"

	"github.com/dop251/goja"
)

// Record is an object that was read from JSON. It shares its names with the other records of its
// kind, which is why it takes a third of what an object of the engine takes. A script can do with
// it what it does with data: read, change, add and delete properties, list and spread them,
// stringify it. What it cannot is freeze it, or give it accessors or symbols.
type Record struct {
	in     *Values
	shape  *shape
	values []any // goja values, and what they will be made of when they are asked for
	object *goja.Object
}

// NewRecord makes a record of names, none of them twice, and their values.
func (in *Values) NewRecord(names []string, values ...any) *Record {
	return &Record{in: in, shape: newShape(names), values: values}
}

// SetAt sets the property whose place among the names is i.
func (r *Record) SetAt(i int, value goja.Value) { r.values[i] = value }

// shape are the names of the properties of records, in order. They are never changed.
type shape struct {
	names []string
	// next is the place behind the one that was found last. It belongs to the loop.
	next int
	// index finds the place of a name where there are many.
	index map[string]int
	// order are the places in the order in which a script sees the names, when that is another:
	// numbers come first.
	order []int
	// lone tells that there is half of a surrogate pair in a name.
	lone bool
}

// manyNames is from how many on names are looked up in a map.
const manyNames = 12

func newShape(names []string) *shape {
	s := &shape{names: names, lone: slices.ContainsFunc(names, esjson.HasLone)}
	if len(names) > manyNames {
		s.index = make(map[string]int, len(names))
		for i, name := range names {
			s.index[name] = i
		}
	}
	if slices.ContainsFunc(names, isIndex) {
		s.order = make([]int, len(names))
		for i := range s.order {
			s.order[i] = i
		}
		slices.SortStableFunc(s.order, func(a, b int) int { return compareNames(names[a], names[b]) })
	}
	return s
}

// isIndex tells whether a name is the number of an item of an array, as the language has it.
func isIndex(name string) bool {
	if name == "" || name[0] < '0' || name[0] > '9' {
		return false
	}
	n, err := strconv.ParseUint(name, 10, 32)
	return err == nil && n < 1<<32-1 && strconv.FormatUint(n, 10) == name
}

// compareNames sorts numbers before the other names.
func compareNames(a, b string) int {
	switch x, y := isIndex(a), isIndex(b); {
	case x && y && len(a) != len(b):
		return len(a) - len(b)
	case x && y:
		return strings.Compare(a, b)
	case x:
		return -1
	case y:
		return 1
	}
	return 0
}

// find returns the place of a name, -1 when it is not there.
func (s *shape) find(name string) int {
	if s.index != nil {
		if i, ok := s.index[name]; ok {
			return i
		}
		return -1
	}
	// Properties are mostly read in their order.
	if s.next < len(s.names) && s.names[s.next] == name {
		s.next++
		return s.next - 1
	}
	for i, n := range s.names {
		if n == name {
			s.next = i + 1
			return i
		}
	}
	return -1
}

// Get returns the value of a property, nil when there is none.
func (r *Record) Get(name string) goja.Value {
	i := r.shape.find(name)
	if i < 0 {
		return nil
	}
	if value, ok := r.values[i].(goja.Value); ok {
		return value
	}
	value := r.in.Make(r.values[i])
	if _, isNumber := r.values[i].(*Number); !isNumber { // which keeps its spelling until it is set
		r.values[i] = value
	}
	return value
}

// Visit calls visit with the properties in the order in which a script sees them. number is the
// text of a number that is to be written as it came, and empty for any other value.
func (r *Record) Visit(visit func(name, number string, value goja.Value) error) error {
	for i := range r.shape.names {
		if r.shape.order != nil {
			i = r.shape.order[i]
		}
		var err error
		switch v := r.values[i].(type) {
		case goja.Value:
			err = visit(r.shape.names[i], "", v)
		case *Number:
			err = visit(r.shape.names[i], v.text, v.value)
		default:
			value := r.in.Make(v)
			r.values[i] = value
			err = visit(r.shape.names[i], "", value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Set sets a property, a new one behind the others.
func (r *Record) Set(name string, value goja.Value) bool {
	if i := r.shape.find(name); i >= 0 {
		r.values[i] = value
		return true
	}
	r.shape = newShape(append(slices.Clip(r.shape.names), name))
	r.values = append(r.values, value)
	return true
}

// Has tells whether there is a property.
func (r *Record) Has(name string) bool { return r.shape.find(name) >= 0 }

// Delete takes a property away.
func (r *Record) Delete(name string) bool {
	if i := r.shape.find(name); i >= 0 {
		r.shape = newShape(slices.Delete(slices.Clone(r.shape.names), i, i+1))
		r.values = slices.Delete(r.values, i, i+1)
	}
	return true
}

// Keys returns the names of the properties in the order in which a script sees them.
func (r *Record) Keys() []string {
	if r.shape.order == nil {
		return r.shape.names
	}
	names := make([]string, len(r.shape.order))
	for i, place := range r.shape.order {
		names[i] = r.shape.names[place]
	}
	return names
}

// shapes are the shapes of one text.
type shapes struct {
	known map[string]*shape
	// last is the shape of the last object at each depth: the next one is mostly like it.
	last [8]*shape
}

// of returns the shape of some names.
func (s *shapes) of(names []string) *shape {
	key := strings.Join(names, "\x00")
	if found := s.known[key]; found != nil && slices.Equal(found.names, names) {
		return found
	}
	made := newShape(slices.Clone(names))
	if s.known == nil {
		s.known = map[string]*shape{}
	}
	if len(s.known) < maxKeys {
		s.known[key] = made
	}
	return made
}
