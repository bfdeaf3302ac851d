package xml

import (
	"encoding/xml"
	"strings"

	"carjs/bindings/args"
	"carjs/host/script"

	"github.com/dop251/goja"
)

const (
	// attributeMark begins the property of an attribute; no element's name has it.
	attributeMark = "@"
	// textName is the property of the text of an element that has more than text.
	textName = "#text"
	// breath is how many tokens are read between two looks at whether the run is over.
	breath = 1 << 12
	// fewFields is up to how many properties are found by looking at each, which is faster than a
	// map.
	fewFields = 8
)

// builder makes objects of what a scanner reads. It goes down in a stack of its own, whose frames
// are used again.
type builder struct {
	call    *args.Call
	vm      *goja.Runtime
	options options
	scanner *scanner
	open    []frame
}

// frame is an element that is being read.
type frame struct {
	text   []byte
	fields []field
	index  map[string]int // of fields, once there are more than a few
	// children tells that there are elements inside, else there are at most attributes.
	children bool
}

// field is a property to be: of several elements with one name, all of them.
type field struct {
	name  string
	value goja.Value // the only one
	items []any      // instead, when it is an array
	array bool
}

func newBuilder(c *args.Call, o options) *builder {
	return &builder{call: c, vm: c.VM(), options: o, scanner: newScanner(source(c, o), o.strip)}
}

// breathe throws when the run is over; asked at every token, it looks now and then.
func (b *builder) breathe() {
	if b.scanner.tokens%breath == 0 {
		b.call.Alive()
	}
}

// element reads the element that the scanner has come to, to its end.
func (b *builder) element() goja.Value {
	depth := 0
	b.enter(depth)
	for {
		event, err := b.scanner.next()
		if err != nil {
			fault(b.call, err) // an end of the text inside an element is one as well
		}
		b.breathe()
		switch event {
		case started:
			depth++
			b.enter(depth)
		case passed:
			b.open[depth].text = append(b.open[depth].text, b.scanner.text...)
		case ended:
			value := b.value(&b.open[depth])
			if depth == 0 {
				return value
			}
			depth--
			b.open[depth].add(b.scanner.name(), value, b.isArray())
		}
	}
}

// enter begins a frame with the attributes of an element.
func (b *builder) enter(depth int) {
	if depth == len(b.open) {
		b.open = append(b.open, frame{})
	}
	f := &b.open[depth]
	clear(f.fields) // so that nothing of the last element is kept alive
	*f = frame{text: f.text[:0], fields: f.fields[:0]}
	for _, a := range b.scanner.attributes {
		if b.options.strip && isNamespace(a.Name) {
			continue
		}
		name := attributeMark + b.scanner.named(a.Name)
		if f.find(name) < 0 { // without their prefixes two may have one name: the first counts
			f.append(field{name: name, value: b.vm.ToValue(a.Value)})
		}
	}
}

// isNamespace tells whether an attribute declares a prefix.
func isNamespace(name xml.Name) bool {
	return name.Space == "xmlns" || name.Space == "" && name.Local == "xmlns"
}

// isArray tells whether the element that ends is one of an array, however many there are.
func (b *builder) isArray() bool {
	for _, p := range b.options.arrays {
		if p.matches(b.scanner.path) {
			return true
		}
	}
	return false
}

// value makes the value of an element that was read.
func (b *builder) value(f *frame) goja.Value {
	text := string(f.text)
	if b.options.trim {
		text = strings.Trim(text, space)
	}
	if len(f.fields) == 0 {
		return b.vm.ToValue(text)
	}
	if f.children && strings.Trim(text, space) == "" {
		text = "" // what lies between elements for the eye
	}
	object := b.vm.NewObject()
	for _, field := range f.fields {
		if text != "" && !strings.HasPrefix(field.name, attributeMark) {
			b.set(object, textName, b.vm.ToValue(text))
			text = ""
		}
		value := field.value
		if field.array {
			value = b.vm.NewArray(field.items...)
		}
		b.set(object, field.name, value)
	}
	if text != "" {
		b.set(object, textName, b.vm.ToValue(text))
	}
	return object
}

// space is white space as XML has it.
const space = " \t\r\n"

func (b *builder) set(object *goja.Object, name string, value goja.Value) {
	if err := script.SetProperty(object, name, value); err != nil {
		b.call.Rethrow(err)
	}
}

// add adds an element inside.
func (f *frame) add(name string, value goja.Value, array bool) {
	f.children = true
	i := f.find(name)
	if i < 0 {
		first := field{name: name, value: value, array: array}
		if array {
			first.items = []any{value}
		}
		f.append(first)
		return
	}
	known := &f.fields[i]
	if !known.array {
		known.array, known.items, known.value = true, []any{known.value}, nil
	}
	known.items = append(known.items, value)
}

func (f *frame) append(added field) {
	f.fields = append(f.fields, added)
	if f.index != nil {
		f.index[added.name] = len(f.fields) - 1
	} else if len(f.fields) > fewFields {
		f.index = make(map[string]int, 2*fewFields)
		for i, field := range f.fields {
			f.index[field.name] = i
		}
	}
}

// find returns the place of a field, -1 when there is none. The last is the likeliest: elements of
// one name stand together.
func (f *frame) find(name string) int {
	if f.index != nil {
		if i, ok := f.index[name]; ok {
			return i
		}
		return -1
	}
	for i := len(f.fields) - 1; i >= 0; i-- {
		if f.fields[i].name == name {
			return i
		}
	}
	return -1
}
