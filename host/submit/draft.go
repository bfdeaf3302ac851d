package submit

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"strconv"
	"strings"

	"carjs/host/esjson"
	"carjs/host/model"
)

// Draft is an object in the making: push its properties one by one, then Commit. It is valid until
// the next one is begun; without Commit it has no effect.
//
// Push each property at most once: one that is pushed twice is in the object twice.
type Draft struct {
	s      *Submission
	state  *collectionState
	open   bool   // begun and not committed
	buf    []byte // the collection's buffer with the object behind it
	mark   int    // where the object begins
	seen   []uint64
	values []value
	faults []faultAt
	// sum is the sum of the hashes of the properties, so that their order does not matter.
	sum uint64
	// key is the vertex's key when it is a string; ends are the keys of an edge's ends.
	key   string
	ends  [2]string
	keyBy string
	// sameKey and sameEnds are the canonical forms of key and ends that are addresses in another
	// spelling, and empty otherwise.
	sameKey  string
	sameEnds [2]string
	// endTexts are where the keys of an edge's ends stand, as JSON without its quotes.
	endTexts [2]span
}

// The types of JSON values that no property has.
const (
	typeNull  model.Type = "null"
	typeArray model.Type = "array"
)

// types are the types of the model that values of JSON text have.
var types = [...]model.Type{
	esjson.Null: typeNull, esjson.Boolean: model.Boolean, esjson.Number: model.Number, esjson.String: model.String,
	esjson.Strings: model.Strings, esjson.Array: typeArray, esjson.Object: model.Object,
}

// value is a property that was pushed and where its JSON is in the draft's buffer.
type value struct {
	field      int
	name       string
	start, end int
}

// begin makes the draft a new object of a collection.
func (d *Draft) begin(cs *collectionState) {
	buf := cs.buffer()
	d.state, d.open, d.mark = cs, true, len(buf)
	d.buf = append(buf, '{')
	d.values, d.faults = d.values[:0], nil
	d.sum, d.key, d.ends, d.keyBy, d.endTexts = 0, "", [2]string{}, "", [2]span{}
	d.sameKey, d.sameEnds = "", [2]string{}
	words := (len(cs.fields) + 63) / 64
	if cap(d.seen) < words {
		d.seen = make([]uint64, words)
	}
	d.seen = d.seen[:words]
	clear(d.seen)
}

func (d *Draft) has(field int) bool { return d.seen[field>>6]&(1<<(field&63)) != 0 }

// name writes a property's name and returns its field (-1: not in the model) and what it is checked
// against.
func (d *Draft) name(name string) (field int, p *model.Property) {
	field = d.state.expect(len(d.values), name)
	start := len(d.buf)
	if field < 0 {
		d.s.unknownProperty(d.state, name)
		d.buf = append(esjson.AppendString(d.buf, name), ':')
	} else {
		f := &d.state.fields[field]
		d.buf = append(d.buf, f.quoted...)
		d.seen[field>>6] |= 1 << (field & 63)
		p = f.p
	}
	d.values = append(d.values, value{field: field, name: name, start: start})
	return field, p
}

// shut ends the property that name began; its value was appended since, at start.
func (d *Draft) shut(start int) {
	v := &d.values[len(d.values)-1]
	d.sum += maphash.Bytes(d.state.seed, d.buf[v.start:])
	v.start, v.end = start, len(d.buf)
	d.buf = append(d.buf, ',')
}

func (d *Draft) fault(field int, name, message string) {
	d.faults = append(d.faults, faultAt{field, model.Fault{Property: name, Message: message}})
}

// String pushes a string.
func (d *Draft) String(name, v string) {
	if d.state.model.Kind == model.Edge && d.endNamed(name, v) {
		return
	}
	field, p := d.name(name)
	start := len(d.buf)
	d.buf = esjson.AppendString(d.buf, v)
	d.shut(start)
	d.checkString(field, p, v)
}

func (d *Draft) checkString(field int, p *model.Property, v string) {
	if p == nil {
		return
	}
	if message := p.CheckString(v); message != "" {
		d.fault(field, p.Name, message)
	}
	if field == d.state.source && v != d.s.config.Source { // CAR would refuse the whole page
		d.fault(field, p.Name, fmt.Sprintf("must be that of this run, %q, or be left out", d.s.config.Source))
	}
	if d.state.model.Kind == model.Vertex {
		if field == d.state.keyField {
			d.key = v
			if d.state.region >= 0 {
				if same := model.CanonicalAddress(v); same != v {
					d.sameKey = same
					d.respell("", same)
				}
			}
		}
		return
	}
	for i := range d.ends {
		switch end := &d.state.ends[i]; field {
		case end.field:
			d.ends[i] = v
			d.endAt(i)
		case end.other: // rejected by requireEnd, and shown in messages
			d.ends[i] = v
		}
	}
}

// end pushes an edge's end (0 from, 1 to) by the key of its vertex. A key that includes its
// collection is used as it is.
func (d *Draft) end(i int, key string) {
	end := &d.state.ends[i]
	d.ends[i] = strings.TrimPrefix(key, end.given)
	name := d.state.fields[end.field].name
	d.name(name)
	start := len(d.buf)
	d.buf = append(d.buf, '"')
	if message := d.s.checkEnd(end, d.ends[i]); message != "" {
		d.fault(end.field, name, message)
		d.buf = append(esjson.AppendText(d.buf, key), '"')
		d.shut(start)
		return
	}
	d.buf = append(d.buf, end.prefix...)
	d.buf = append(esjson.AppendText(d.buf, d.ends[i]), '"')
	d.shut(start)
	d.endAt(i)
}

// endAt notes where the key of the end that was just pushed is.
func (d *Draft) endAt(i int) {
	v, end := &d.values[len(d.values)-1], &d.state.ends[i]
	d.endTexts[i] = span{v.start + 1 + len(end.prefix) - d.mark, v.end - 1 - d.mark}
	if !end.regional {
		return
	}
	if same := model.SameKey(end.vertex, d.ends[i]); same != d.ends[i] {
		d.sameEnds[i] = same
		d.respell(end.prefix, same)
	}
}

// respell makes the sum what it would be with the canonical spelling of the address that was just
// pushed, so that objects that differ in spelling alone have the same sum.
func (d *Draft) respell(prefix, same string) {
	v := &d.values[len(d.values)-1]
	name := d.state.fields[v.field].quoted
	text := append(append(make([]byte, 0, 128), name...), d.buf[v.start:v.end]...)
	d.sum -= maphash.Bytes(d.state.seed, text)
	text = append(append(text[:len(name)], '"'), prefix...)
	text = append(esjson.AppendText(text, same), '"')
	d.sum += maphash.Bytes(d.state.seed, text)
}

// endNamed pushes an edge's end that names its vertex by the key, which must follow the collection.
func (d *Draft) endNamed(name, v string) bool {
	for i := range d.state.ends {
		end := &d.state.ends[i]
		if end.prefix != "" && name == d.state.fields[end.field].name {
			d.end(i, v)
			return true
		}
	}
	return false
}

// Number pushes a number. NaN and the infinities are written as null.
func (d *Draft) Number(name string, v float64) {
	field, p := d.name(name)
	start := len(d.buf)
	d.buf = esjson.AppendNumber(d.buf, v)
	d.shut(start)
	if p == nil {
		return
	}
	if message := p.CheckNumber(v); message != "" {
		d.fault(field, name, message)
	}
}

// InexactID pushes a number that is no id, because it is not whole or may have lost digits. The object
// is skipped.
func (d *Draft) InexactID(name string, v float64) {
	field, _ := d.name(name)
	start := len(d.buf)
	d.buf = esjson.AppendNumber(d.buf, v)
	d.shut(start)
	d.fault(field, name, fmt.Sprintf("must be a text, a BigInt or a whole number up to %d, not %s",
		int64(esjson.MaxSafe), d.buf[start:len(d.buf)-1]))
}

// Decimal pushes a number by its JSON, which is written as it is: it may have more digits than a
// float64 holds, and all of them are checked.
func (d *Draft) Decimal(name, text string) {
	field, p := d.name(name)
	start := len(d.buf)
	d.buf = append(d.buf, text...)
	d.shut(start)
	if p == nil {
		return
	}
	if message := p.CheckDecimal(text); message != "" {
		d.fault(field, name, message)
	}
}

// Bool pushes a boolean.
func (d *Draft) Bool(name string, v bool) {
	field, p := d.name(name)
	start := len(d.buf)
	d.buf = strconv.AppendBool(d.buf, v)
	d.shut(start)
	d.checkType(field, p, model.Boolean)
}

// Null pushes a null: the object has no value in the property, nothing is written, and a required
// property is missing. In a property that the model lacks, null is a value like any other.
func (d *Draft) Null(name string) {
	if d.state.field(name) >= 0 {
		return
	}
	d.name(name)
	start := len(d.buf)
	d.buf = append(d.buf, "null"...)
	d.shut(start)
}

// Unfit reports that a property has a value that no object can have, at a path below the property
// (".a[2]", mostly empty) and with a message to follow it: "is a Set: use an array". The object is
// skipped.
func (d *Draft) Unfit(name, path, message string) {
	field := d.state.field(name)
	if field >= 0 {
		d.seen[field>>6] |= 1 << (field & 63)
	}
	d.fault(field, name+path, message)
}

func (d *Draft) checkType(field int, p *model.Property, got model.Type) {
	if p == nil {
		return
	}
	message := p.CheckType(got)
	if p.Type == model.Foreign {
		last := &d.values[len(d.values)-1] // the value that was just pushed
		v, _ := esjson.Decode(d.buf[last.start:last.end])
		message = p.Check(v)
	}
	if message != "" {
		d.fault(field, p.Name, message)
	}
}

// JSON pushes a value given as JSON text, mostly an object or an array. The text is checked and
// rewritten; an object with invalid JSON is skipped.
func (d *Draft) JSON(name string, v []byte) {
	if string(bytes.TrimSpace(v)) == "null" {
		d.Null(name)
		return
	}
	if d.state.model.Kind == model.Edge && d.IsID(name) {
		if text, err := esjson.Decode(v); err == nil {
			if key, ok := text.(string); ok {
				d.String(name, key)
				return
			}
		}
	}
	field, p := d.name(name)
	start := len(d.buf)
	out, kind, ok := esjson.Append(d.buf, v)
	if !ok {
		d.buf = append(d.buf, "null"...)
		d.shut(start)
		d.fault(field, name, "is not JSON")
		return
	}
	d.buf = out
	d.shut(start)
	d.checkNesting(field, name, v)
	if p == nil {
		return
	}
	switch kind {
	case esjson.String, esjson.Number:
		d.checkScalar(field, p, out[start:])
	default:
		d.checkType(field, p, types[kind])
	}
}

// Written pushes an object or an array whose JSON was written with an [esjson.Writer]. Unlike that
// of [Draft.JSON], it is not checked again.
func (d *Draft) Written(name string, v []byte) {
	kind := model.Object
	if v[0] == '[' {
		kind = typeArray
	}
	field, p := d.name(name)
	start := len(d.buf)
	d.buf = append(d.buf, v...)
	d.shut(start)
	d.checkNesting(field, name, v)
	if kind == typeArray && p != nil && p.Type == model.Strings && esjson.IsStrings(v) {
		kind = model.Strings
	}
	d.checkType(field, p, kind)
}

// checkNesting refuses what is nested deeper than databases and other programs read: CAR would refuse
// the whole page.
func (d *Draft) checkNesting(field int, name string, v []byte) {
	if esjson.NestsDeeper(v, model.MaxNesting) {
		d.fault(field, name, fmt.Sprintf("must not be nested more than %d deep", model.MaxNesting))
	}
}

// checkScalar checks a string or a number that came as JSON.
func (d *Draft) checkScalar(field int, p *model.Property, text []byte) {
	v, _ := esjson.Decode(text) // it was written by esjson
	if s, ok := v.(string); ok {
		d.checkString(field, p, s)
		return
	}
	if message := p.Check(v); message != "" {
		d.fault(field, p.Name, message)
	}
}

// KeyedBy sets the property that identifies the object within its collection, if that is not the
// collection's own key. Call it before Commit.
func (d *Draft) KeyedBy(name string) {
	d.keyBy = name
	if name == d.state.model.KeyedBy {
		d.keyBy = ""
	}
}

// IsID tells whether a property is an id: the key of a vertex, or an end of an edge.
func (d *Draft) IsID(name string) bool {
	state := d.state
	if state.model.Kind == model.Vertex {
		return name == state.model.KeyedBy
	}
	for i := range state.ends {
		end := &state.ends[i]
		if name == state.fields[end.field].name || name == state.fields[end.other].name {
			return true
		}
	}
	return false
}

// value returns the JSON of a property that was pushed; ok is false if it was not pushed, or was
// null.
func (d *Draft) value(name string) (text []byte, ok bool) {
	for i := len(d.values) - 1; i >= 0; i-- {
		if v := &d.values[i]; v.name == name {
			text = d.buf[v.start:v.end]
			return text, string(text) != "null"
		}
	}
	return nil, false
}
