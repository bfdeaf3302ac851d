package submit

import (
	"hash/maphash"
	"slices"
	"sync/atomic"

	"carjs/host/model"
)

// lane is what a submission knows of one collection.
type lane struct {
	c      *model.Collection
	fields []field // the collection's properties in the table's order; of an edge also "timestamp"
	// order is the order in which the properties of the last object came. Objects of one collection
	// are mostly made in one place of the connector, so the next one's come alike, and each is
	// found with one comparison.
	order []int

	keyField int     // of a vertex: its key
	derived  []int   // of a vertex: what CAR takes from _key
	tags     [2]int  // of a vertex: tag and untag
	ends     [2]end  // of an edge: from and to
	stamps   []stamp // of an edge: what every edge carries

	seed     maphash.Seed // of the hashes in keys
	keys     keySet
	existing *existing // nil unless Replace was called
	begun    bool      // whether an object was begun: too late for Replace
	counts   counts
	handed   int // pages given to the queue

	vertices filling // of a vertex
	edges    waiting // of an edge
}

// field is a property ready to be written and checked.
type field struct {
	name   string
	quoted []byte          // `"name":`
	p      *model.Property // nil: not checked
}

// end is how an edge names one of its vertices: in the property that the model has for it, or in
// the other one, which CAR accepts as it accepts any property.
type end struct {
	field, other   int
	prefix, before string // of the key, in field and in other
}

// stamp is a property that every edge carries unless the connector pushed it.
type stamp struct {
	field int
	json  []byte // `"name":value,`
}

type counts struct{ sent, skipped, duplicate, unchanged, deleted atomic.Int64 }

func (c *counts) count() Count {
	return Count{
		Sent: int(c.sent.Load()), Skipped: int(c.skipped.Load()), Duplicate: int(c.duplicate.Load()),
		Unchanged: int(c.unchanged.Load()), Deleted: int(c.deleted.Load()),
	}
}

func newLane(c *model.Collection, config *Config, sp *spill) *lane {
	l := &lane{c: c, seed: maphash.MakeSeed()}
	for i := range c.Properties {
		l.addField(c.Properties[i].Name, &c.Properties[i])
	}
	opening := opening(config.Head, c.Name)
	if c.Kind == model.Vertex {
		l.vertices = filling{opening: opening, size: config.PageSize}
		l.keyField = c.PropertyIndex(c.KeyedBy)
		for _, name := range model.Derived(c.Name) {
			l.derived = append(l.derived, c.PropertyIndex(name))
		}
		l.tags = [2]int{c.PropertyIndex("tag"), c.PropertyIndex("untag")}
		return l
	}
	l.edges = waiting{opening: opening, size: config.PageSize, stream: stream{spill: sp}}
	l.ends = [2]end{l.end(c.FromProperty(), "_from", c.From), l.end(c.ToProperty(), "_to", c.To)}
	l.addStamp("report", appendString(nil, config.Report))
	l.addStamp("source", appendString(nil, config.Source))
	l.addStamp("active", []byte("true"))
	l.addStamp("timestamp", appendNumber(nil, config.Timestamp))
	return l
}

// end adds the property in which an edge may name an end besides that of the model: byKey, or the
// one for external ids.
func (l *lane) end(property, byKey, vertex string) end {
	e := end{field: l.field(property), other: len(l.fields)}
	other := byKey
	if property == byKey {
		other, e.prefix = byKey+"_"+model.ByExternalID, vertex+"/"
	} else {
		e.before = vertex + "/"
	}
	l.addField(other, &model.Property{Name: other, Type: model.String})
	return e
}

func (l *lane) addField(name string, p *model.Property) {
	l.fields = append(l.fields, field{name: name, quoted: append(appendString(nil, name), ':'), p: p})
}

func (l *lane) addStamp(name string, value []byte) {
	i := l.field(name)
	if i < 0 {
		i = len(l.fields)
		l.addField(name, nil)
	}
	json := append(slices.Clone(l.fields[i].quoted), value...)
	l.stamps = append(l.stamps, stamp{field: i, json: append(json, ',')})
}

// field returns the place of a property in fields, or -1.
func (l *lane) field(name string) int {
	if i := l.c.PropertyIndex(name); i >= 0 {
		return i
	}
	for i := len(l.c.Properties); i < len(l.fields); i++ {
		if l.fields[i].name == name {
			return i
		}
	}
	return -1
}

// expect is field for the nth property of an object.
func (l *lane) expect(n int, name string) int {
	if n < len(l.order) {
		if i := l.order[n]; i >= 0 && l.fields[i].name == name {
			return i
		}
	}
	i := l.field(name)
	l.order = append(l.order[:min(n, len(l.order))], i)
	return i
}

// buffer returns the bytes to which the next object is appended.
func (l *lane) buffer() []byte {
	l.begun = true
	if l.c.Kind == model.Edge {
		return l.edges.stream.buf
	}
	return l.vertices.buffer()
}

// page makes the next page of the lane from a closed envelope.
func (l *lane) page(body []byte, count int) *page {
	return &page{lane: l, body: body, count: count, number: l.handed + 1}
}
