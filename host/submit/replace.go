package submit

import (
	"encoding/json"
	"slices"

	"carjs/host/esjson"
	"carjs/host/failure"
	"carjs/host/model"
)

// existing is what CAR has of a collection, or of the part of it that a run reports completely.
type existing struct {
	objects []Existing
	state   []state
	index   map[identity]int32
	// beside are the other edges between the ends of one in index. Few collections have any.
	beside map[int32][]int32
}

// identity is what objects are found by: a vertex by its key, edges by their ends.
type identity struct{ key, from, to string }

// state is what the run reported about an existing object.
type state uint8

const (
	// heard objects were reported by the run.
	heard state = 1 << iota
	// near edges are between the ends of an edge that the run reported. It is set on the one in
	// index alone.
	near
	// differs objects were sent, or are in CAR in several forms. They are always sent, because
	// CAR's form is about to change.
	differs
)

// Replace passes the objects of this source that CAR has of a collection, or of the part of it that
// the run reports completely. Equal objects are not sent again; what [Submission.Leftovers] returns
// at the end no longer exists in the source. Several calls add up. Call it before adding the first
// object of the collection.
//
// Objects are compared by [ContentHash]: a changed object passes as unchanged with a probability of
// 2^-64.
func (s *Submission) Replace(collection string, objects []Existing) error {
	cs, ok := s.collections[collection]
	if !ok {
		return s.unknown("collection", collection, s.config.Model.Vertices(), s.config.Model.Edges())
	}
	if cs.begun {
		return failure.New(failure.General, "cannot replace objects of %s: some were added already", collection).
			WithHint("call replaces(%q) before the first object of %s is added", collection, collection)
	}
	if cs.existing == nil {
		cs.existing = &existing{index: make(map[identity]int32, len(objects))}
	}
	for _, o := range objects {
		o.Dangling = o.Dangling && s.config.CheckEnds
		cs.existing.add(cs.model, o)
	}
	return nil
}

func (e *existing) add(c *model.Collection, o Existing) {
	id := identity{key: model.SameKey(c.Name, o.Key)}
	if c.Kind == model.Edge {
		id = edgeIdentity(c, o.From, o.To)
	}
	first, known := e.index[id]
	if !known {
		e.index[id] = int32(len(e.objects))
		e.objects, e.state = append(e.objects, o), append(e.state, 0)
		return
	}
	if i := e.own(first, o.Own); i >= 0 {
		if e.objects[i].Content != o.Content {
			e.state[i] |= differs
		}
		return
	}
	if e.beside == nil {
		e.beside = map[int32][]int32{}
	}
	e.beside[first] = append(e.beside[first], int32(len(e.objects)))
	e.objects, e.state = append(e.objects, o), append(e.state, 0)
}

// several tells whether CAR has several edges between two vertices. If one of them is gone, all are
// switched off, because CAR's calls name an edge by its ends, and the others are sent again.
func (e *existing) several(id identity) bool {
	if e == nil || e.beside == nil {
		return false
	}
	first, ok := e.index[id]
	return ok && len(e.beside[first]) > 0
}

// endsAll tells whether the edges that CAR has between two vertices are switched off, because the
// run reported some of them and not all.
func (e *existing) endsAll(id identity) bool {
	first, ok := e.index[id]
	if !ok || e.state[first]&near == 0 {
		return false
	}
	unheard := func(i int32) bool { return e.state[i]&heard == 0 }
	return unheard(first) || slices.ContainsFunc(e.beside[first], unheard)
}

// own returns which of the objects with the identity of one in index has an external id, or -1.
func (e *existing) own(first int32, own string) int32 {
	if e.objects[first].Own == own {
		return first
	}
	for _, i := range e.beside[first] {
		if e.objects[i].Own == own {
			return i
		}
	}
	return -1
}

// unchanged reports whether CAR has the draft's object in the same form, and notes that it was
// reported.
func (e *existing) unchanged(d *Draft) bool {
	if e == nil {
		return false
	}
	id := d.identity()
	first, ok := e.index[id]
	patched := d.state.patched.has(id)
	if !ok {
		return false
	}
	e.state[first] |= near
	i := e.own(first, d.own())
	if i < 0 {
		return false
	}
	if e.state[i] |= heard; patched {
		e.state[i] |= differs
	}
	if e.state[i]&differs == 0 && !e.objects[i].Dangling && !d.state.lost && !d.saysUnseen() && !d.saysMore() &&
		d.content() == e.objects[i].Content {
		return true
	}
	e.state[i] |= differs
	return false
}

// edgeIdentity is the identity of an edge between two vertices.
func edgeIdentity(c *model.Collection, from, to string) identity {
	return identity{from: model.SameKey(c.From, from), to: model.SameKey(c.To, to)}
}

// identity is the identity of the draft's object.
func (d *Draft) identity() identity {
	c := d.state.model
	if c.Kind == model.Edge {
		return edgeIdentity(c, d.ends[0], d.ends[1])
	}
	return identity{key: model.SameKey(c.Name, model.RegionalKey(d.region(), d.key))}
}

// own is the external id of an edge; empty where it has none, and for a vertex.
func (d *Draft) own() string {
	if d.state.model.Kind == model.Vertex {
		return ""
	}
	text, ok := d.value(model.ByExternalID)
	if !ok {
		return ""
	}
	var own string
	if json.Unmarshal(text, &own) != nil {
		return string(text) // a number, which CAR takes as text
	}
	return own
}

// region is that of an address; "" is the default one, and that of any other vertex.
func (d *Draft) region() string {
	if d.state.region < 0 || !d.has(d.state.region) {
		return ""
	}
	var region string
	if text, ok := d.value("region_id"); ok && json.Unmarshal(text, &region) != nil {
		return ""
	}
	return region
}

// saysUnseen reports whether the object has values that CAR accepts and does not show with it, so
// that they cannot be compared: the tags that a vertex adds and removes, the times of an edge.
func (d *Draft) saysUnseen() bool { return slices.ContainsFunc(d.state.unseen, d.has) }

// saysMore reports whether an object has properties that only CAR knows: the names under which CAR
// shows them are unknown, so they cannot be compared.
func (d *Draft) saysMore() bool {
	for i := range d.state.model.Foreign {
		if d.has(d.state.foreign + i) {
			return true
		}
	}
	return false
}

// content is the ContentHash of the draft's object.
func (d *Draft) content() uint64 {
	v, _ := esjson.Decode(d.object())
	properties, _ := v.(map[string]any) // the draft wrote an object
	return ContentHash(d.state.model, properties)
}

// Leftovers returns the objects given to [Submission.Replace] that were not added since, in the
// order in which they were given. Objects that were skipped count as not added, as they do in a
// full import. Edges that [Submission.Superseded] returns are not among them.
func (s *Submission) Leftovers(collection string) []Existing { return s.unheard(collection, false) }

// Superseded returns the edges given to [Submission.Replace] that were not added since, although
// other edges between the same vertices, with other external ids, were. CAR's calls name an edge by
// its ends, so all edges between these vertices must be deactivated before [Submission.SendLast]
// sends those that were added. None of them counts as unchanged.
func (s *Submission) Superseded(collection string) []Existing {
	edges := s.unheard(collection, true)
	if cs, ok := s.collections[collection]; ok {
		edges = append(edges, cs.patched.superseded()...)
	}
	return edges
}

// unheard returns the objects that were not reported, with or without another one between the same
// vertices.
func (s *Submission) unheard(collection string, superseded bool) []Existing {
	cs, ok := s.collections[collection]
	if !ok || cs.existing == nil {
		return nil
	}
	e := cs.existing
	var left []Existing
	if e.beside == nil { // then every object is in index
		for i, o := range e.objects {
			if e.state[i]&heard == 0 && superseded == (e.state[i]&near != 0) {
				left = append(left, o)
			}
		}
		return left
	}
	isNear := make([]bool, len(e.objects))
	for _, first := range e.index {
		if e.state[first]&near != 0 {
			isNear[first] = true
			for _, i := range e.beside[first] {
				isNear[i] = true
			}
		}
	}
	for i, o := range e.objects {
		if e.state[i]&heard == 0 && superseded == isNear[i] {
			left = append(left, o)
		}
	}
	return left
}

// has tells whether CAR has a vertex.
func (e *existing) has(c *model.Collection, key string) bool {
	if e == nil {
		return false
	}
	_, ok := e.index[identity{key: model.SameKey(c.Name, key)}]
	return ok
}

// unhear takes back that objects were reported.
func (e *existing) unhear(id identity) {
	if e == nil {
		return
	}
	if first, ok := e.index[id]; ok {
		e.state[first] &^= heard | near
		for _, i := range e.beside[first] {
			e.state[i] &^= heard
		}
	}
}
