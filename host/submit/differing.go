package submit

import (
	"encoding/binary"
	"slices"
)

// Differing is a vertex that repeats the key of another and says something else. The first one
// counts; the other is not sent.
type Differing struct {
	Collection, Key string
	// First are the lines that may have added the first one: one as a rule, several where several
	// add objects with the same properties. At is the line that added the other.
	First []string
	At    string
}

// shapes are the forms that the vertices of a collection have: which properties in which order.
// Objects of one form mostly come from one line, so one byte for each object suffices to find that
// line later.
type shapes struct {
	list []shape
	last int // the form of the last object
}

type shape struct {
	hash, objects uint64
	sites         []string
}

const (
	// shapesMost is how many forms are distinguished: what fits into a byte. The highest value
	// stands for all other forms.
	shapesMost = 1<<8 - 1
	// shapeSites is how many lines are kept for each form.
	shapeSites = 4
)

// take returns the form of the object under way. The line is looked up for the first object of a
// form, and then more and more seldom.
func (t *shapes) take(d *Draft) byte {
	var hash uint64
	for i := range d.values {
		v := &d.values[i]
		n := v.field
		if n < 0 {
			n = 1<<10 + len(v.name)
		}
		hash = hash*0x9E3779B97F4A7C15 + uint64(n) + 1
	}
	if t.last >= len(t.list) || t.list[t.last].hash != hash {
		t.last = slices.IndexFunc(t.list, func(s shape) bool { return s.hash == hash })
		switch {
		case t.last < 0 && len(t.list) < shapesMost:
			t.list = append(t.list, shape{hash: hash})
			t.last = len(t.list) - 1
		case t.last < 0:
			t.last = 0
			return shapesMost
		}
	}
	s := &t.list[t.last]
	if s.objects++; s.objects&(s.objects-1) == 0 && d.s.config.Place != nil {
		if at := d.s.config.Place(); at != "" && len(s.sites) < shapeSites && !slices.Contains(s.sites, at) {
			s.sites = append(s.sites, at)
		}
	}
	return byte(t.last)
}

// contentLength is what stands behind the key of a vertex in the stream of keys: the sum of its
// properties, and its form.
const contentLength = 8 + 1

// logVertex writes what a vertex is known by, and what it says.
func (s *Submission) logVertex(d *Draft, id []byte) (place int64, err error) {
	grown := append(append(s.keys.buf, id...), separator...)
	grown = binary.LittleEndian.AppendUint64(grown, d.sum)
	return s.keys.accept(append(grown, d.state.shapes.take(d)))
}

// compare counts a vertex whose key was added before, at a place of the spill file, when it says
// something else than the first one.
func (s *Submission) compare(d *Draft, id []byte, place int64) error {
	cs := d.state
	first, err := s.look(cs, place+int64(len(id)+len(separator)), contentLength)
	if err != nil || len(first) < contentLength || binary.LittleEndian.Uint64(first) == d.sum {
		return err
	}
	if cs.counts.differing.Add(1) > 1 || s.config.Differing == nil {
		return nil
	}
	told := Differing{Collection: cs.model.Name, Key: d.shown()}
	if form := int(first[8]); form < shapesMost {
		told.First = slices.Clone(cs.shapes.list[form].sites)
	}
	if s.config.Place != nil {
		told.At = s.config.Place()
	}
	s.config.Differing(told)
	return nil
}
