package submit

import (
	"bytes"
	"encoding/json"
	"hash/maphash"
	"slices"

	"carjs/host/esjson"
	"carjs/host/model"
)

// span is a part of an object's JSON, counted from the object's beginning.
type span struct{ start, end int }

// endCheck is how one end of the edges of a collection is checked when an edge is added. Edges
// mostly come after their vertices, so that a lookup of the hash is all that it takes.
type endCheck struct {
	vertices *collectionState
	last     uint64 // the hash of the last vertex found, because edges of one vertex come together
	any      bool   // whether there was one
	// exact compares keys, which costs a read, and not only tags of their hashes. It is on once a
	// vertex was missing: a missing vertex has the tag of an added one with a probability of 2^-30
	// per added vertex, so it may go unnoticed until another one is found missing.
	exact bool
}

// around has what the check of edges needs besides the vertices added: more keys, as JSON in the
// stream of keys.
type around struct {
	aliases keySet // other keys by which an edge may name a vertex that was added
	leftOut keySet // keys of vertices that were not valid
	there   keySet // keys of vertices that CAR has
	absent  keySet // keys of vertices that CAR was asked for and does not have
}

// joinEnds tells the edge collections which states their ends have.
func (s *Submission) joinEnds() {
	for _, cs := range s.order {
		for i := range cs.ends {
			cs.checks[i].vertices = s.collections[cs.ends[i].vertex]
		}
	}
}

// endsKnown tells whether both vertices of an edge were added before it.
func (s *Submission) endsKnown(d *Draft) (bool, error) {
	if !s.config.CheckEnds {
		return true, nil
	}
	for i, at := range d.endTexts {
		if at.end == 0 || d.state.checks[i].vertices == nil {
			continue // it is not a string, or its collection is unknown: there is nothing to look up
		}
		text := d.object()[at.start:at.end]
		if same := d.sameEnds[i]; same != "" {
			text = esjson.AppendText(nil, same)
		}
		known, err := s.endKnown(&d.state.checks[i], text)
		if err != nil || !known {
			return false, err
		}
	}
	return true, nil
}

func (s *Submission) endKnown(check *endCheck, text []byte) (known bool, err error) {
	vertices := check.vertices
	hash := maphash.Bytes(vertices.seed, text)
	if check.any && hash == check.last {
		return true, nil
	}
	if check.exact {
		known, err = s.added(vertices, text)
	} else {
		known = vertices.keys.has(hash & s.hashMask)
	}
	if known {
		check.last, check.any = hash, true
	} else {
		check.exact = true
	}
	return known, err
}

// added tells whether a vertex was added that an edge names by a key, as JSON without its quotes.
func (s *Submission) added(cs *collectionState, text []byte) (bool, error) {
	if found, err := s.noted(cs, &cs.keys, text); found || err != nil {
		return found, err
	}
	if cs.around != nil {
		if found, err := s.noted(cs, &cs.around.aliases, text); found || err != nil {
			return found, err
		}
	}
	if same := cs.sameText(text); !bytes.Equal(same, text) {
		return s.added(cs, same)
	}
	return false, nil
}

// sameText returns the key of a vertex, as JSON without its quotes, in the form in which keys are
// noted: an address in its canonical spelling.
func (cs *collectionState) sameText(text []byte) []byte {
	if cs.region < 0 {
		return text
	}
	key := plain(text)
	if same := model.SameKey(cs.model.Name, key); same != key {
		return esjson.AppendText(nil, same)
	}
	return text
}

// noted tells whether a key is among others.
func (s *Submission) noted(cs *collectionState, keys *keySet, text []byte) (bool, error) {
	hash := maphash.Bytes(cs.seed, text) & s.hashMask
	if !keys.has(hash) {
		return false, nil
	}
	s.quoted = append(append(append(s.quoted[:0], '"'), text...), '"')
	place, err := s.known(cs, keys, hash, s.quoted, nil)
	return place != 0, err
}

// note puts a key among others, given as JSON.
func (s *Submission) note(cs *collectionState, keys *keySet, id []byte) error {
	place, err := s.log(id)
	if err == nil {
		keys.put(s.hash(cs, id), place)
	}
	return err
}

// surroundings returns around, which is made when it is needed.
func (cs *collectionState) surroundings() *around {
	if cs.around == nil {
		cs.around = &around{}
	}
	return cs.around
}

// alias notes other names by which edges may name a vertex: its key if the connector identified
// vertices by another property, and an external id besides a _key.
func (s *Submission) alias(d *Draft, id []byte) error {
	cs := d.state
	if !s.config.CheckEnds || d.keyBy == "" && cs.model.KeyedBy != model.ByKey {
		return nil
	}
	var aliases [][]byte
	add := func(other []byte) {
		same := func(there []byte) bool { return bytes.Equal(there, other) }
		if !bytes.Equal(other, id) && !slices.ContainsFunc(aliases, same) {
			aliases = append(aliases, other)
		}
	}
	if other, ok := d.value(model.ByExternalID); ok && other[0] == '"' {
		add(other)
	}
	key := d.key
	if cs.region >= 0 {
		key = model.SameKey(cs.model.Name, model.RegionalKey(d.region(), key))
	}
	if d.keyBy != "" && key != "" {
		add(esjson.AppendString(nil, key))
	}
	for _, other := range aliases {
		if err := s.note(cs, &cs.surroundings().aliases, other); err != nil {
			return err
		}
	}
	return nil
}

// leaveOut notes the key of an invalid vertex, so that messages about its edges can say why it is
// missing.
func (s *Submission) leaveOut(d *Draft) error {
	cs := d.state
	if !s.config.CheckEnds || cs.model.Kind != model.Vertex || d.key == "" {
		return nil
	}
	id := esjson.AppendString(nil, model.SameKey(cs.model.Name, d.key))
	if seen, err := s.noted(cs, &cs.surroundings().leftOut, id[1:len(id)-1]); seen || err != nil {
		return err
	}
	return s.note(cs, &cs.around.leftOut, id)
}

// plain decodes a JSON string that lacks its quotes.
func plain(text []byte) string {
	for _, c := range text {
		if c == '\\' {
			var key string
			if json.Unmarshal(append(append([]byte{'"'}, text...), '"'), &key) == nil {
				return key
			}
			break
		}
	}
	return string(text)
}
