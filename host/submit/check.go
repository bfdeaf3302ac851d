package submit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"carjs/host/esjson"
	"carjs/host/model"
)

// faultAt is a fault and its property's place in the table.
type faultAt struct {
	field int
	model.Fault
}

// object returns the draft's JSON, once finish has ended it.
func (d *Draft) object() []byte { return d.buf[d.mark:] }

// finish ends the object's JSON and returns all that is wrong with the object.
func (d *Draft) finish() []model.Fault {
	cs := d.state
	if cs.model.Kind == model.Edge {
		for _, stamp := range cs.stamps {
			if !d.has(stamp.field) {
				d.buf = append(d.buf, stamp.json...)
			}
		}
	}
	if n := len(d.buf); d.buf[n-1] == ',' {
		d.buf[n-1] = '}'
	} else {
		d.buf = append(d.buf, '}')
	}
	d.derive()
	var whole string
	if len(cs.model.OneOf) > 0 {
		whole = cs.model.CheckOneOf(func(name string) bool { field := cs.field(name); return field >= 0 && d.has(field) })
	}
	if len(cs.vertices.opening)+len(cs.edges.opening)+len(d.object())+len(closing) > maxBody {
		whole = "the object is larger than 8 MB, the most that CAR takes"
	}
	for _, i := range cs.model.Required() {
		d.require(i)
	}
	for _, i := range cs.foreignRequired {
		d.require(i)
	}
	d.requireKey()
	if cs.model.Whole != nil {
		d.checkWhole()
	}
	if len(d.faults) == 0 && whole == "" {
		return nil
	}
	return d.sorted(whole)
}

// derive checks what CAR derives from a vertex's _key, as if it had been pushed.
func (d *Draft) derive() {
	cs := d.state
	if len(cs.derived) == 0 || !d.has(cs.keyField) {
		return
	}
	for _, field := range cs.derived {
		if d.has(field) {
			continue
		}
		d.seen[field>>6] |= 1 << (field & 63)
		p := cs.fields[field].p
		key, _ := d.value(model.ByKey)
		if key[0] == '"' {
			if message := p.CheckString(d.key); message != "" {
				d.fault(field, p.Name, message)
			}
			continue
		}
		v, _ := esjson.Decode(key)
		if message := p.Check(v); message != "" {
			d.fault(field, p.Name, message)
		}
	}
}

// checkWhole checks the object against CAR's rules for whole objects.
func (d *Draft) checkWhole() {
	v, _ := esjson.Decode(d.object())
	object, _ := v.(map[string]any) // the draft wrote an object
	for _, f := range d.state.model.Whole(model.Normalize(d.state.model, object)) {
		d.faults = append(d.faults, faultAt{d.state.field(f.Property), f})
	}
}

// require reports a property that is missing, once.
func (d *Draft) require(field int) {
	if !d.has(field) {
		d.seen[field>>6] |= 1 << (field & 63)
		d.fault(field, d.state.fields[field].name, "is required")
	}
}

// requireKey reports a missing key of a vertex, or a missing end of an edge.
func (d *Draft) requireKey() {
	cs := d.state
	switch {
	case cs.model.Kind == model.Edge:
		for i := range cs.ends {
			d.requireEnd(i)
		}
	case d.keyBy == "":
		d.require(cs.keyField)
		d.requireText(cs.keyField, d.key)
	default:
		if key, ok := d.value(d.keyBy); !ok {
			d.fault(cs.field(d.keyBy), d.keyBy, "is required")
		} else if string(key) == `""` {
			d.fault(cs.field(d.keyBy), d.keyBy, empty)
		}
	}
}

// empty is the fault of an empty id, which cannot identify anything.
const empty = "must not be empty"

// requireText reports an empty id, unless it, or what CAR derives from it, has a fault already.
func (d *Draft) requireText(field int, id string) {
	if id != "" || slices.ContainsFunc(d.faults, func(f faultAt) bool {
		return f.field == field || slices.Contains(d.state.derived, f.field)
	}) {
		return
	}
	d.fault(field, d.state.fields[field].name, empty)
}

// requireEnd reports an end that is missing, or that stands in the property for ends of the other
// kind.
func (d *Draft) requireEnd(i int) {
	end := &d.state.ends[i]
	switch {
	case d.has(end.field):
		d.requireText(end.field, d.ends[i])
	case d.has(end.other):
		d.fault(end.other, d.state.fields[end.other].name,
			fmt.Sprintf("is the wrong property: name the %s in %s", end.vertex, d.state.fields[end.field].name))
	default:
		d.require(end.field)
	}
}

// checkEnd returns what is wrong with the key of a vertex of a collection keyed by _key.
func (s *Submission) checkEnd(end *end, key string) string {
	if end.prefix == "" {
		return ""
	}
	collection, _, found := strings.Cut(key, "/")
	if cs := s.collections[collection]; found && cs != nil && cs.model.Kind == model.Vertex {
		return fmt.Sprintf("must name a vertex of %s, not of %s: %q", end.vertex, collection, key)
	}
	return ""
}

// sorted returns the faults in the order of the table, that of the object as a whole last.
func (d *Draft) sorted(whole string) []model.Fault {
	slices.SortStableFunc(d.faults, func(a, b faultAt) int { return a.place() - b.place() })
	faults := make([]model.Fault, 0, len(d.faults)+1)
	for _, f := range d.faults {
		faults = append(faults, f.Fault)
	}
	if whole != "" {
		faults = append(faults, model.Fault{Message: whole})
	}
	return faults
}

// place sorts properties that the model lacks after those that it has.
func (f faultAt) place() int {
	if f.field < 0 {
		return math.MaxInt
	}
	return f.field
}
