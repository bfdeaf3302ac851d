package submit

import (
	"encoding/binary"
	"hash/maphash"
	"slices"

	"carjs/host/esjson"
	"carjs/host/model"
)

// Differing is an object that repeats the key of another one with different values. Of vertices the
// first one counts; the other is not sent. Edges without an external_id have no key but their ends:
// all are sent, and CAR keeps one of them.
type Differing struct {
	Collection string
	// Key is that of a vertex, or the ends of an edge: "a → b".
	Key string
	// Edge tells which of the two it is.
	Edge bool
	// First is the line that added the first one, At that which added the other; "" where the
	// submission is not told of lines.
	First, At string
}

// maxSite is the highest site that is kept beside a key.
const maxSite = 1<<16 - 1

// contentLength is what stands behind the key of a vertex in the stream of keys: the sum of its
// properties, and the site that it came from.
const contentLength = 8 + 2

// logVertex writes what a vertex is known by, what it says, and where it comes from.
func (s *Submission) logVertex(d *Draft, id []byte) (place int64, err error) {
	grown := append(append(s.keys.buf, id...), separator...)
	grown = binary.LittleEndian.AppendUint64(grown, d.sum)
	return s.keys.accept(binary.LittleEndian.AppendUint16(grown, s.site()))
}

// compare counts a vertex whose key was added before, at a place of the spill file, if its values
// differ from the first one's.
func (s *Submission) compare(d *Draft, id []byte, place int64) error {
	cs := d.state
	first, err := s.look(cs, place+int64(len(id)+len(separator)), contentLength)
	if err != nil || len(first) < contentLength || binary.LittleEndian.Uint64(first) == d.sum {
		return err
	}
	s.tellDiffering(d, Differing{Key: d.shown()}, binary.LittleEndian.Uint16(first[8:]))
	return nil
}

// tellDiffering counts an object that differs from one with its key, and tells of the first of its
// collection. site is where the earlier one came from.
func (s *Submission) tellDiffering(d *Draft, told Differing, site uint16) {
	cs := d.state
	if cs.counts.differing.Add(1) > 1 || s.config.Differing == nil {
		return
	}
	told.Collection = cs.model.Name
	if site > 0 && s.config.SiteAt != nil {
		told.First = s.config.SiteAt(int(site))
	}
	if s.config.Place != nil {
		told.At = s.config.Place()
	}
	s.config.Differing(told)
}

// site is where the object comes from that is being added; 0 where that is not known.
func (s *Submission) site() uint16 {
	if s.config.Site == nil {
		return 0
	}
	if site := s.config.Site(); site <= maxSite {
		return uint16(site)
	}
	return 0
}

// compareEnds counts an edge that has the ends of another one with other values, where CAR can tell
// them apart by their ends alone. Most edges are nothing but their ends and cost nothing here.
func (s *Submission) compareEnds(d *Draft) {
	cs := d.state
	if !cs.hasOwnValues(d) || d.own() != "" {
		return
	}
	id := d.identity()
	hash := maphash.String(cs.seed, id.from+"\x00"+id.to)
	sum := cs.ownSum(d)
	if first, repeated := cs.said[hash]; repeated {
		if sum != first.sum {
			s.tellDiffering(d, Differing{Key: d.ends[0] + " → " + d.ends[1], Edge: true}, first.site)
		}
		return
	}
	if cs.said == nil {
		cs.said = map[uint64]said{}
	}
	cs.said[hash] = said{sum, s.site()}
}

// said is what an edge says besides its ends, as a sum of hashes, and where it comes from.
type said struct {
	sum  uint64
	site uint16
}

// ownSum is the sum of the hashes of an edge's own values.
func (cs *collectionState) ownSum(d *Draft) (sum uint64) {
	for _, v := range d.values {
		if cs.isOwn(v) {
			sum += maphash.String(cs.seed, v.name) ^ maphash.Bytes(cs.seed, d.buf[v.start:v.end])
		}
	}
	return sum
}

// hasOwnValues tells whether an edge says anything but its ends and what every edge carries.
func (cs *collectionState) hasOwnValues(d *Draft) bool {
	if len(d.values) <= len(cs.ends) {
		return false
	}
	return slices.ContainsFunc(d.values, cs.isOwn)
}

// isOwn tells whether a value of an edge is neither an end nor what every edge carries.
func (cs *collectionState) isOwn(v value) bool {
	isStamp := slices.ContainsFunc(cs.stamps, func(s stamp) bool { return v.field == s.field })
	return !isStamp && v.field != cs.ends[0].field && v.field != cs.ends[1].field
}

// AddedAt returns the line that added a vertex; "" where it was not added, or its line is unknown.
func (s *Submission) AddedAt(collection, key string) (string, error) {
	cs := s.state(collection)
	if cs == nil || s.config.SiteAt == nil {
		return "", nil
	}
	id := esjson.AppendString(nil, model.SameKey(collection, key))
	place, err := s.known(cs, &cs.keys, s.hash(cs, id), id, nil)
	if err != nil || place == 0 {
		return "", err
	}
	first, err := s.look(cs, place+int64(len(id)+len(separator)), contentLength)
	if err != nil || len(first) < contentLength {
		return "", err
	}
	if site := int(binary.LittleEndian.Uint16(first[8:])); site > 0 {
		return s.config.SiteAt(site), nil
	}
	return "", nil
}
