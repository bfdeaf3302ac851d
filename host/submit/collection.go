package submit

import (
	"hash/maphash"
	"slices"
	"sync/atomic"

	"carjs/host/esjson"
	"carjs/host/model"
)

// collectionState is the state of one collection in a submission.
type collectionState struct {
	name   string // of the collection, for the senders too, even if the model changes
	model  *model.Collection
	fields []field // the collection's properties in the table's order; of an edge also "timestamp"
	// order is the order of the last object's properties. Objects of a collection are mostly made
	// in one place of the connector, so those of the next one come in the same order, and each is
	// found with one comparison.
	order []int

	source   int     // the source that an object may name; -1 is none
	keyField int     // of a vertex: its key
	derived  []int   // of a vertex: what CAR takes from _key
	unseen   []int   // what CAR takes and does not show with the object
	active   int     // of an edge: whether it holds
	region   int     // of an address: its region; -1 elsewhere
	ends     [2]end  // of an edge: from and to
	stamps   []stamp // of an edge: what every edge carries
	// foreign is where the fields begin that only CAR knows; foreignRequired are those that it
	// requires.
	foreign         int
	foreignRequired []int

	// unknown are the unknown properties that were reported.
	unknown map[string]bool

	seed     maphash.Seed // of the hashes in keys
	keys     keySet
	uniques  []uniqueProperty      // nil of almost all collections
	existing *existing             // nil unless Replace was called
	rejected map[identity]Existing // see Rejected
	saidLost bool                  // see saysLost
	lost     bool                  // whether CAR may have what saysLost says: see Config.Unseen
	around   *around               // of a vertex: what edges are checked by besides keys; nil is nothing
	begun    bool                  // whether an object was begun: too late for Replace
	patched  patched
	counts   counts
	handed   int // pages given to the queue

	vertices pageBuffer   // of a vertex
	edges    waitingEdges // of an edge
	checks   [2]endCheck  // of an edge: its ends
	doubtful doubtful     // of an edge: those whose ends were unknown when they were added
	held     doubtful     // of an edge: unchanged ones that CAR may yet lose
	settled  pageBuffer   // of an edge: the page of those whose ends were found
	// said is what edges say that have values and no external_id, by a hash of their ends.
	said map[uint64]said
}

// field is a property ready to be written and checked.
type field struct {
	name   string
	quoted []byte          // `"name":`
	p      *model.Property // nil: not checked
}

// end is how an edge names one of its vertices: in the property that the model has for it. The
// property for vertices with the other kind of key is only there to be recognized.
type end struct {
	vertex       string // the collection
	field, other int
	prefix       string // of the key in field
	given        string // what may stand before a key that is given without a property
	regional     bool   // the vertex is an address
}

// stamp is a property that every edge carries unless the connector pushed it.
type stamp struct {
	field int
	json  []byte // `"name":value,`
}

type counts struct{ sent, skipped, duplicate, differing, unchanged, deleted, dangling atomic.Int64 }

func (c *counts) count() Count {
	return Count{
		Sent: int(c.sent.Load()), Skipped: int(c.skipped.Load()), Duplicate: int(c.duplicate.Load()),
		Differing: int(c.differing.Load()), Unchanged: int(c.unchanged.Load()), Deleted: int(c.deleted.Load()),
		Dangling: int(c.dangling.Load()),
	}
}

func newCollectionState(c *model.Collection, config *Config, sp *spill) *collectionState {
	cs := &collectionState{
		name: c.Name, lost: slices.Contains(config.Unseen, c.Name), model: c,
		seed: maphash.MakeSeed(), source: c.PropertyIndex("source"), region: -1, uniques: uniqueProperties(c),
	}
	for i := range c.Properties {
		cs.addField(c.Properties[i].Name, &c.Properties[i])
	}
	opening := opening(config.Head, c.Name)
	if c.Kind == model.Vertex {
		cs.vertices = pageBuffer{opening: opening, size: config.PageSize}
		cs.keyField = c.PropertyIndex(c.KeyedBy)
		for _, name := range model.Derived(c.Name) {
			cs.derived = append(cs.derived, c.PropertyIndex(name))
		}
		cs.unseen = []int{c.PropertyIndex("tag"), c.PropertyIndex("untag")}
		if model.Regional(c.Name) {
			cs.region = c.PropertyIndex("region_id")
		}
		cs.addForeign()
		return cs
	}
	cs.edges = waitingEdges{opening: opening, size: config.PageSize, stream: stream{spill: sp}}
	cs.doubtful.stream.spill, cs.held.stream.spill = sp, sp
	cs.settled = pageBuffer{opening: opening, size: config.PageSize}
	cs.ends = [2]end{cs.end(c.FromProperty(), "_from", c.From), cs.end(c.ToProperty(), "_to", c.To)}
	for i, vertex := range []string{c.From, c.To} {
		if v, ok := config.Model.Collection(vertex); ok && v.KeyedBy == model.ByKey {
			cs.ends[i].given = vertex + "/"
		}
	}
	cs.active = c.PropertyIndex("active")
	cs.unseen = []int{c.PropertyIndex("created"), c.PropertyIndex("modified")}
	cs.addStamp("report", esjson.AppendString(nil, config.Report))
	cs.addStamp("source", esjson.AppendString(nil, config.Source))
	cs.addStamp("active", []byte("true"))
	cs.addStamp("timestamp", esjson.AppendNumber(nil, config.Timestamp))
	cs.addForeign()
	return cs
}

// addForeign adds the properties that only CAR knows.
func (cs *collectionState) addForeign() {
	cs.foreign, cs.foreignRequired = len(cs.fields), nil
	for i := range cs.model.Foreign {
		p := &cs.model.Foreign[i]
		if p.Required {
			cs.foreignRequired = append(cs.foreignRequired, len(cs.fields))
		}
		cs.addField(p.Name, p)
	}
}

// amend replaces the model's collection by a form of it from [model.Model.Amend]. The properties
// are the same, so the fields of earlier objects stay valid.
func (cs *collectionState) amend(c *model.Collection) {
	cs.model = c
	for i := range c.Properties {
		cs.fields[i].p = &c.Properties[i]
	}
	cs.fields = cs.fields[:cs.foreign]
	cs.order = nil
	cs.addForeign()
}

// end adds the property in which an edge might name an end by mistake: byKey, or the one for
// external ids.
func (cs *collectionState) end(property, byKey, vertex string) end {
	e := end{vertex: vertex, field: cs.field(property), other: len(cs.fields), regional: model.Regional(vertex)}
	other := byKey
	if property == byKey {
		other, e.prefix = byKey+"_"+model.ByExternalID, vertex+"/"
	}
	cs.addField(other, &model.Property{Name: other, Type: model.String})
	return e
}

func (cs *collectionState) addField(name string, p *model.Property) {
	cs.fields = append(cs.fields, field{name: name, quoted: append(esjson.AppendString(nil, name), ':'), p: p})
}

func (cs *collectionState) addStamp(name string, value []byte) {
	i := cs.field(name)
	if i < 0 {
		i = len(cs.fields)
		cs.addField(name, nil)
	}
	json := append(slices.Clone(cs.fields[i].quoted), value...)
	cs.stamps = append(cs.stamps, stamp{field: i, json: append(json, ',')})
}

// field returns the place of a property in fields, or -1.
func (cs *collectionState) field(name string) int {
	if i := cs.model.PropertyIndex(name); i >= 0 {
		return i
	}
	for i := len(cs.model.Properties); i < len(cs.fields); i++ {
		if cs.fields[i].name == name {
			return i
		}
	}
	return -1
}

// expect is field for the nth property of an object.
func (cs *collectionState) expect(n int, name string) int {
	if n < len(cs.order) {
		if i := cs.order[n]; i >= 0 && cs.fields[i].name == name {
			return i
		}
	}
	i := cs.field(name)
	cs.order = append(cs.order[:min(n, len(cs.order))], i)
	return i
}

// buffer returns the bytes to which the next object is appended.
func (cs *collectionState) buffer() []byte {
	cs.begun = true
	if cs.model.Kind == model.Edge {
		return cs.edges.stream.buf
	}
	return cs.vertices.buffer()
}

// page makes the next page of the collection from a closed envelope.
func (cs *collectionState) page(body []byte, count int) *page {
	return &page{state: cs, body: body, count: count, number: cs.handed + 1}
}
