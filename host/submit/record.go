package submit

import (
	"hash/maphash"
	"strconv"
	"strings"

	"carjs/host/model"
)

// Record is an object under way: push its properties one after the other, then Commit. It is valid
// until the next one is begun; one that is never committed leaves no trace.
//
// A property is to be pushed once at most: one that is pushed twice is in the object twice.
type Record struct {
	s      *Submission
	lane   *lane
	open   bool   // begun and not committed
	buf    []byte // the lane's buffer with the object behind it
	mark   int    // where the object begins
	seen   []uint64
	values []value
	faults []faultAt
	// sum adds up the hashes of an edge's properties, so that their order does not matter.
	sum uint64
	// key is the vertex's key when it is a string; ends are the keys of an edge's ends.
	key   string
	ends  [2]string
	keyBy string
}

// value is a property that was pushed and where its JSON is in the record's buffer.
type value struct {
	field      int
	name       string
	start, end int
}

// begin makes the record a new object of a lane.
func (r *Record) begin(l *lane) {
	buf := l.buffer()
	r.lane, r.open, r.mark = l, true, len(buf)
	r.buf = append(buf, '{')
	r.values, r.faults = r.values[:0], nil
	r.sum, r.key, r.ends, r.keyBy = 0, "", [2]string{}, ""
	words := (len(l.fields) + 63) / 64
	if cap(r.seen) < words {
		r.seen = make([]uint64, words)
	}
	r.seen = r.seen[:words]
	clear(r.seen)
}

func (r *Record) has(field int) bool { return r.seen[field>>6]&(1<<(field&63)) != 0 }

// name writes a property's name and returns its field (-1: not in the model) and what it is checked
// against.
func (r *Record) name(name string) (field int, p *model.Property) {
	field = r.lane.expect(len(r.values), name)
	start := len(r.buf)
	if field < 0 {
		r.buf = append(appendString(r.buf, name), ':')
	} else {
		f := &r.lane.fields[field]
		r.buf = append(r.buf, f.quoted...)
		r.seen[field>>6] |= 1 << (field & 63)
		p = f.p
	}
	r.values = append(r.values, value{field: field, name: name, start: start})
	return field, p
}

// shut ends the property that name began; its value was appended since, at start.
func (r *Record) shut(start int) {
	v := &r.values[len(r.values)-1]
	if r.lane.c.Kind == model.Edge {
		r.sum += maphash.Bytes(r.lane.seed, r.buf[v.start:])
	}
	v.start, v.end = start, len(r.buf)
	r.buf = append(r.buf, ',')
}

func (r *Record) fault(field int, name, message string) {
	r.faults = append(r.faults, faultAt{field, model.Fault{Property: name, Message: message}})
}

// String pushes a string.
func (r *Record) String(name, v string) {
	if r.lane.c.Kind == model.Edge && r.endNamed(name, v) {
		return
	}
	field, p := r.name(name)
	start := len(r.buf)
	r.buf = appendString(r.buf, v)
	r.shut(start)
	r.checkString(field, p, v)
}

func (r *Record) checkString(field int, p *model.Property, v string) {
	if p == nil {
		return
	}
	if message := p.CheckString(v); message != "" {
		r.fault(field, p.Name, message)
	}
	if r.lane.c.Kind == model.Vertex {
		if field == r.lane.keyField {
			r.key = v
		}
		return
	}
	for i := range r.ends {
		switch end := &r.lane.ends[i]; field {
		case end.field:
			r.ends[i] = strings.TrimPrefix(v, end.prefix)
		case end.other:
			r.ends[i] = strings.TrimPrefix(v, end.before)
		}
	}
}

// end pushes an edge's end (0 from, 1 to) by the key of its vertex. A key that says its collection
// already is taken as it is.
func (r *Record) end(i int, key string) {
	end := &r.lane.ends[i]
	r.ends[i] = strings.TrimPrefix(key, end.prefix)
	r.name(r.lane.fields[end.field].name)
	start := len(r.buf)
	r.buf = append(append(r.buf, '"'), end.prefix...)
	r.buf = append(appendText(r.buf, r.ends[i]), '"')
	r.shut(start)
}

// endNamed pushes an edge's end that names its vertex by the key alone, where CAR wants the
// collection before it.
func (r *Record) endNamed(name, v string) bool {
	for i := range r.lane.ends {
		end := &r.lane.ends[i]
		if end.prefix != "" && name == r.lane.fields[end.field].name && v != "" && !strings.Contains(v, "/") {
			r.end(i, v)
			return true
		}
	}
	return false
}

// Number pushes a number. What JSON has no number for (NaN and the infinities) is written as null.
func (r *Record) Number(name string, v float64) {
	field, p := r.name(name)
	start := len(r.buf)
	r.buf = appendNumber(r.buf, v)
	r.shut(start)
	if p == nil {
		return
	}
	if message := p.CheckNumber(v); message != "" {
		r.fault(field, name, message)
	}
}

// Bool pushes a boolean.
func (r *Record) Bool(name string, v bool) {
	field, p := r.name(name)
	start := len(r.buf)
	r.buf = strconv.AppendBool(r.buf, v)
	r.shut(start)
	r.checkType(field, p, model.Boolean)
}

// Null pushes a null, which no property of the model admits.
func (r *Record) Null(name string) {
	field, p := r.name(name)
	start := len(r.buf)
	r.buf = append(r.buf, "null"...)
	r.shut(start)
	r.checkType(field, p, typeNull)
}

func (r *Record) checkType(field int, p *model.Property, got model.Type) {
	if p == nil {
		return
	}
	if message := p.CheckType(got); message != "" {
		r.fault(field, p.Name, message)
	}
}

// JSON pushes a value that is JSON text already, an object or an array above all. The text is
// checked and written anew; an object whose text is not JSON is skipped.
func (r *Record) JSON(name string, v []byte) {
	field, p := r.name(name)
	start := len(r.buf)
	out, kind, ok := appendJSON(r.buf, v)
	if !ok {
		r.buf = append(r.buf, "null"...)
		r.shut(start)
		r.fault(field, name, "is not JSON")
		return
	}
	r.buf = out
	r.shut(start)
	if p == nil {
		return
	}
	switch kind {
	case model.String, model.Number:
		r.checkScalar(field, p, out[start:])
	default:
		r.checkType(field, p, kind)
	}
}

// Written pushes an object or an array whose JSON was written with [AppendString], [AppendNumber]
// and [AppendJSON]. Unlike that of [Record.JSON] it is not looked at again.
func (r *Record) Written(name string, v []byte) {
	kind := model.Object
	if v[0] == '[' {
		kind = typeArray
	}
	field, p := r.name(name)
	start := len(r.buf)
	r.buf = append(r.buf, v...)
	r.shut(start)
	r.checkType(field, p, kind)
}

// checkScalar checks a string or a number that came as JSON.
func (r *Record) checkScalar(field int, p *model.Property, text []byte) {
	v, _ := decode(text) // it was written by appendJSON
	if s, ok := v.(string); ok {
		r.checkString(field, p, s)
		return
	}
	if message := p.Check(v); message != "" {
		r.fault(field, p.Name, message)
	}
}

// KeyedBy says which property identifies the object among those of its collection, where that is
// not the collection's own key. Call it before Commit.
func (r *Record) KeyedBy(name string) {
	r.keyBy = name
	if name == r.lane.c.KeyedBy {
		r.keyBy = ""
	}
}

// value returns the JSON of a property that was pushed; ok is false when it was not, or was null.
func (r *Record) value(name string) (text []byte, ok bool) {
	for i := len(r.values) - 1; i >= 0; i-- {
		if v := &r.values[i]; v.name == name {
			text = r.buf[v.start:v.end]
			return text, string(text) != "null"
		}
	}
	return nil, false
}
