package submit

import (
	"encoding/binary"

	"carjs/host/esjson"
	"carjs/host/model"
)

// Differing is a vertex that repeats the key of another one with different values. The first one
// counts; the other is not sent.
type Differing struct {
	Collection, Key string
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
	site := 0
	if s.config.Site != nil {
		if site = s.config.Site(); site > maxSite {
			site = 0
		}
	}
	grown := append(append(s.keys.buf, id...), separator...)
	grown = binary.LittleEndian.AppendUint64(grown, d.sum)
	return s.keys.accept(binary.LittleEndian.AppendUint16(grown, uint16(site)))
}

// compare counts a vertex whose key was added before, at a place of the spill file, if its values
// differ from the first one's.
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
	if site := int(binary.LittleEndian.Uint16(first[8:])); site > 0 && s.config.SiteAt != nil {
		told.First = s.config.SiteAt(site)
	}
	if s.config.Place != nil {
		told.At = s.config.Place()
	}
	s.config.Differing(told)
	return nil
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
