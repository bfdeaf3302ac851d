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
}

// identity tells the objects of a collection apart: a vertex by its key, an edge by its ends.
type identity struct{ key, from, to string }

// state is what the run said of an existing object.
type state uint8

const (
	// heard objects were reported by the run.
	heard state = 1 << iota
	// differs objects were sent, or are in CAR in several forms. They are always sent, because
	// their form in CAR is about to change.
	differs
)

// Replace says which objects of a collection CAR has of this source, or of the part of it that the
// run reports completely. An object equal to one of them is not sent again; what
// [Submission.Leftovers] returns in the end is gone from the source. Several calls add up. Call it
// before the first object of the collection is added.
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
	if i, twice := e.index[id]; twice {
		if e.objects[i].Content != o.Content {
			e.state[i] |= differs
		}
		return
	}
	e.index[id] = int32(len(e.objects))
	e.objects = append(e.objects, o)
	e.state = append(e.state, 0)
}

// unchanged reports whether CAR has the draft's object in the same form, and notes that it was
// reported.
func (e *existing) unchanged(d *Draft) bool {
	if e == nil {
		return false
	}
	id := d.identity()
	i, ok := e.index[id]
	if !ok {
		return false
	}
	if e.state[i] |= heard; d.state.patched.has(id) {
		e.state[i] |= differs
	}
	if e.state[i]&differs == 0 && !e.objects[i].Dangling && !d.saysUnseen() && !d.saysMore() && d.content() == e.objects[i].Content {
		return true
	}
	e.state[i] |= differs
	return false
}

// edgeIdentity is the identity of an edge between two vertices.
func edgeIdentity(c *model.Collection, from, to string) identity {
	return identity{from: model.SameKey(c.From, from), to: model.SameKey(c.To, to)}
}

// identity is what tells the draft's object apart.
func (d *Draft) identity() identity {
	c := d.state.model
	if c.Kind == model.Edge {
		return edgeIdentity(c, d.ends[0], d.ends[1])
	}
	return identity{key: model.SameKey(c.Name, model.RegionalKey(d.region(), d.key))}
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

// saysUnseen reports whether the object says something that CAR takes and does not show with it, so
// that it cannot be compared: the tags that a vertex adds and removes, the times of an edge.
func (d *Draft) saysUnseen() bool { return slices.ContainsFunc(d.state.unseen, d.has) }

// saysMore reports whether an object has properties that only CAR knows: under which names it shows
// them is not known, so that they cannot be compared.
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
// full import.
func (s *Submission) Leftovers(collection string) []Existing {
	cs, ok := s.collections[collection]
	if !ok || cs.existing == nil {
		return nil
	}
	var left []Existing
	for i, o := range cs.existing.objects {
		if cs.existing.state[i]&heard == 0 {
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

// unhear takes back that an object was reported.
func (e *existing) unhear(id identity) {
	if e == nil {
		return
	}
	if i, ok := e.index[id]; ok {
		e.state[i] &^= heard
	}
}
