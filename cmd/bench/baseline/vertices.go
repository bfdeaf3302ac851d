package main

import (
	"fmt"
	"hash/maphash"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"carjs/host/model"
)

// vertices is a vertex collection on its way: objects are encoded into the page as they are
// validated, property by property in a fixed order.
type vertices struct {
	out     *sender
	fields  []field
	derived []*model.Property // what CAR takes from the key
	opening []byte
	body    []byte
	count   int
	keys    []string
	seed    maphash.Seed
	known   index

	start int // where the object under way begins
	at    int // its next field
	bad   bool
}

// field is a property that every object of a collection has.
type field struct {
	name     string // `"name":`, with a comma before it in all but the first
	property *model.Property
}

// newVertices prepares a collection whose objects have the properties named, in this order.
func newVertices(m *model.Model, out *sender, head []byte, name string, properties ...string) (*vertices, error) {
	c, ok := m.Collection(name)
	if !ok {
		return nil, fmt.Errorf("the model has no %s", name)
	}
	v := &vertices{out: out, seed: maphash.MakeSeed(), opening: opening(head, name)}
	there := map[string]bool{}
	for _, p := range properties {
		property, _ := c.Property(p)
		if property == nil {
			property = &model.Property{Name: p, Type: model.Any} // CAR takes it and does not look at it
		}
		comma := ","
		if len(v.fields) == 0 {
			comma = ""
		}
		v.fields = append(v.fields, field{comma + strconv.Quote(p) + ":", property})
		there[p] = true
	}
	for _, p := range model.Derived(name) {
		property, ok := c.Property(p)
		if ok && !there[p] {
			v.derived = append(v.derived, property)
			there[p] = true
		}
	}
	for _, i := range c.Required() {
		if !there[c.Properties[i].Name] {
			return nil, fmt.Errorf("%s lacks the required %s", name, c.Properties[i].Name)
		}
	}
	if message := c.CheckOneOf(func(p string) bool { return there[p] }); message != "" {
		return nil, fmt.Errorf("%s %s", name, message)
	}
	return v, nil
}

// opening is how a page of a collection begins.
func opening(head []byte, name string) []byte {
	page := append([]byte(nil), head[:len(head)-1]...)
	return append(page, `,"`+name+`":[`...)
}

// begin begins an object.
func (v *vertices) begin() *vertices {
	if v.body == nil {
		v.body = append(make([]byte, 0, 1<<16), v.opening...)
	}
	v.start, v.at, v.bad = len(v.body), 0, false
	if v.count > 0 {
		v.body = append(v.body, ',')
	}
	v.body = append(v.body, '{')
	return v
}

// next writes the name of the next property.
func (v *vertices) next() *model.Property {
	f := &v.fields[v.at]
	v.body = append(v.body, f.name...)
	v.at++
	return f.property
}

// text writes a string.
func (v *vertices) text(s string) *vertices {
	p := v.next()
	v.body = appendString(v.body, s)
	v.bad = v.bad || p.CheckString(s) != ""
	return v
}

// number writes a number.
func (v *vertices) number(n float64) *vertices {
	p := v.next()
	v.body = appendNumber(v.body, n)
	v.bad = v.bad || p.CheckNumber(n) != ""
	return v
}

// object writes an object that is JSON already.
func (v *vertices) object(b []byte) *vertices {
	p := v.next()
	v.body = append(v.body, b...)
	v.bad = v.bad || p.CheckType(model.Object) != ""
	return v
}

// end ends an object with its key. One that is not valid, or was there before, is taken back.
func (v *vertices) end(key string) error {
	for _, p := range v.derived {
		v.bad = v.bad || p.CheckString(key) != ""
	}
	same := func(place int) bool { return v.keys[place] == key }
	if v.bad || !v.known.add(maphash.String(v.seed, key), len(v.keys), same) {
		v.body = v.body[:v.start]
		return nil
	}
	v.keys = append(v.keys, key)
	v.body = append(v.body, '}')
	if v.count++; v.count == pageSize {
		return v.flush()
	}
	return nil
}

// flush posts the page.
func (v *vertices) flush() error {
	if v.count == 0 {
		return nil
	}
	body := append(v.body, "]}"...)
	v.body, v.count = append(make([]byte, 0, len(body)+len(body)/8), v.opening...), 0
	return v.out.post(body)
}

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			b, _ = jsontext.AppendQuote(b, s) // what is no UTF-8 becomes a replacement character
			return b
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// appendNumber appends a JSON number.
func appendNumber(b []byte, n float64) []byte {
	if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return strconv.AppendInt(b, int64(n), 10)
	}
	return strconv.AppendFloat(b, n, 'f', -1, 64)
}
