package submit

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"

	"carjs/host/model"
)

// faultAt is a fault and its property's place in the table.
type faultAt struct {
	field int
	model.Fault
}

// object returns the record's JSON, once finish has ended it.
func (r *Record) object() []byte { return r.buf[r.mark:] }

// finish ends the object's JSON and returns all that is wrong with the object.
func (r *Record) finish() []model.Fault {
	l := r.lane
	if l.c.Kind == model.Edge {
		for _, stamp := range l.stamps {
			if !r.has(stamp.field) {
				r.buf = append(r.buf, stamp.json...)
			}
		}
	}
	if n := len(r.buf); r.buf[n-1] == ',' {
		r.buf[n-1] = '}'
	} else {
		r.buf = append(r.buf, '}')
	}
	r.derive()
	var whole string
	if len(l.c.OneOf) > 0 {
		whole = l.c.CheckOneOf(func(name string) bool { return r.has(l.c.PropertyIndex(name)) })
	}
	for _, i := range l.c.Required() {
		r.require(i)
	}
	r.requireKey()
	if len(r.faults) == 0 && whole == "" {
		return nil
	}
	return r.sorted(whole)
}

// derive checks what CAR will take from a vertex's _key, as if it had been pushed.
func (r *Record) derive() {
	l := r.lane
	if len(l.derived) == 0 || !r.has(l.keyField) {
		return
	}
	for _, field := range l.derived {
		if r.has(field) {
			continue
		}
		r.seen[field>>6] |= 1 << (field & 63)
		p := l.fields[field].p
		key, _ := r.value(model.ByKey)
		if key[0] == '"' {
			if message := p.CheckString(r.key); message != "" {
				r.fault(field, p.Name, message)
			}
			continue
		}
		v, _ := decode(key)
		if message := p.Check(v); message != "" {
			r.fault(field, p.Name, message)
		}
	}
}

// require reports a property that is missing, once.
func (r *Record) require(field int) {
	if !r.has(field) {
		r.seen[field>>6] |= 1 << (field & 63)
		r.fault(field, r.lane.fields[field].name, "is required")
	}
}

// requireKey reports what a vertex or an edge cannot be told by when it is missing.
func (r *Record) requireKey() {
	l := r.lane
	switch {
	case l.c.Kind == model.Edge:
		for _, end := range l.ends {
			if !r.has(end.other) {
				r.require(end.field)
			}
		}
	case r.keyBy == "":
		r.require(l.keyField)
	default:
		if _, ok := r.value(r.keyBy); !ok {
			r.fault(l.field(r.keyBy), r.keyBy, "is required")
		}
	}
}

// sorted returns the faults in the order of the table, that of the object as a whole last.
func (r *Record) sorted(whole string) []model.Fault {
	slices.SortStableFunc(r.faults, func(a, b faultAt) int { return a.place() - b.place() })
	faults := make([]model.Fault, 0, len(r.faults)+1)
	for _, f := range r.faults {
		faults = append(faults, f.Fault)
	}
	if whole != "" {
		faults = append(faults, model.Fault{Message: whole})
	}
	return faults
}

// place sorts properties that the model does not have behind those that it has.
func (f faultAt) place() int {
	if f.field < 0 {
		return math.MaxInt
	}
	return f.field
}

// decode returns the value of JSON text that appendJSON or the record itself wrote.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}
