package submit

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/maphash"
	"io"
	"reflect"
	"slices"
	"unicode/utf8"

	"carjs/host/esjson"
	"carjs/host/model"
)

var errCommitted = errors.New("the object was committed before")

// Commit ends the object: it is checked as a whole and sent, unless it is invalid, repeats another
// one, or is in CAR already. An error means that the submission cannot continue: the sender failed,
// the disk is full, or the context ended.
func (d *Draft) Commit() (Result, error) {
	if !d.open {
		return Result{}, errCommitted
	}
	result, err := d.commit()
	d.s.config.Meter.Elements.Add(1)
	d.open, d.buf = false, nil // the buffer may be a page under way: what is pushed by mistake must not reach it
	return result, err
}

func (d *Draft) commit() (Result, error) {
	s, cs := d.s, d.state
	if err := s.queue.err(); err != nil {
		return Result{}, err
	}
	faults := d.finish()
	var err error
	if faults == nil && cs.uniques != nil {
		if faults, err = s.claim(d); err != nil {
			return Result{}, err
		}
	}
	if faults != nil {
		cs.counts.skipped.Add(1)
		d.reject()
		if err := s.leaveOut(d); err != nil {
			return Result{}, err
		}
		s.skipped(d, faults)
		return Result{Outcome: Skipped, Faults: faults}, nil
	}
	if !cs.saidLost {
		cs.saidLost = d.saysLost()
	}
	var outcome Outcome
	if cs.model.Kind == model.Vertex {
		outcome, err = s.commitVertex(d)
	} else {
		outcome, err = s.commitEdge(d)
	}
	if err != nil {
		return Result{}, err
	}
	switch outcome {
	case Added:
		d.tellOff()
	case Duplicate:
		cs.counts.duplicate.Add(1)
	case Unchanged:
		cs.counts.unchanged.Add(1)
	}
	return Result{Outcome: outcome}, nil
}

// commitVertex keeps a vertex in the page unless one with its key was added before: the first one
// wins.
func (s *Submission) commitVertex(d *Draft) (Outcome, error) {
	cs := d.state
	id, hash := d.keyText()
	place, err := s.known(cs, &cs.keys, hash, id, nil)
	if err != nil {
		return Duplicate, err
	}
	if place != 0 {
		return Duplicate, s.compare(d, id, place)
	}
	if place, err = s.logVertex(d, id); err != nil {
		return Added, err
	}
	cs.keys.put(hash, place)
	if err := s.alias(d, id); err != nil {
		return Added, err
	}
	if cs.existing.unchanged(d) {
		return Unchanged, nil
	}
	if object := d.object(); !cs.vertices.fits(len(object) + len(separator)) {
		object = slices.Clone(object) // it stands behind the page that is handed over
		if err := s.handBuffer(s.queue.ctx, cs, &cs.vertices); err != nil {
			return Added, err
		}
		d.buf = append(cs.vertices.buffer(), object...)
	}
	cs.vertices.accept(append(d.buf, separator...))
	if cs.vertices.full() {
		return Added, s.handBuffer(s.queue.ctx, cs, &cs.vertices)
	}
	return Added, nil
}

// keyText returns what a vertex is known by, as JSON, and its hash. An address is known by its
// canonical spelling.
func (d *Draft) keyText() (id []byte, hash uint64) {
	by := d.keyBy
	if by == "" {
		by = d.state.model.KeyedBy
	}
	id, _ = d.value(by)
	region := d.region()
	switch {
	case d.sameKey != "":
		id = esjson.AppendString(nil, model.RegionalKey(region, d.sameKey))
	case region != "":
		id = esjson.AppendString(nil, model.RegionalKey(region, d.key))
	}
	return id, d.s.hash(d.state, id)
}

// hash hashes a vertex's key, which is JSON, without its quotes: the end of an edge may have the
// collection before the key, and must have the same hash.
func (s *Submission) hash(cs *collectionState, id []byte) uint64 {
	if n := len(id); n > 1 && id[0] == '"' {
		id = id[1 : n-1]
	}
	return maphash.Bytes(cs.seed, id) & s.hashMask
}

// repeats tells whether an object was added before.
func (s *Submission) repeats(d *Draft) (bool, error) {
	cs := d.state
	if cs.model.Kind == model.Edge {
		place, err := s.known(cs, &cs.keys, d.sum&s.hashMask, d.object(), cs.equal)
		return place != 0, err
	}
	id, hash := d.keyText()
	place, err := s.known(cs, &cs.keys, hash, id, nil)
	return place != 0, err
}

// Has tells whether a vertex with a key was added, or was unchanged.
func (s *Submission) Has(collection, key string) (bool, error) {
	cs := s.state(collection)
	if cs == nil {
		return false, nil
	}
	return s.added(cs, esjson.AppendText(nil, key))
}

// commitEdge keeps an edge on disk unless an equal one was added before. Another edge between the
// same ends is kept if it has other values.
func (s *Submission) commitEdge(d *Draft) (Outcome, error) {
	cs := d.state
	if cs.patched.any.Load() {
		cs.patched.added(d.identity())
	}
	hash := d.sum & s.hashMask
	place, err := s.known(cs, &cs.keys, hash, d.object(), cs.equal)
	if err != nil || place != 0 {
		return Duplicate, err
	}
	s.compareEnds(d)
	several := cs.existing.several(d.identity())
	// An edge whose ends are not text cannot be held.
	if cs.existing.unchanged(d) && !(several && (d.endTexts[0].end == 0 || d.endTexts[1].end == 0)) {
		if several {
			place, err = s.hold(d)
		} else {
			place, err = s.log(d.object())
		}
		if err == nil {
			cs.keys.put(hash, place)
		}
		return Unchanged, err
	}
	known, err := s.endsKnown(d)
	switch {
	case err != nil:
		return Added, err
	case known:
		place, err = cs.edges.accept(append(d.buf, separator...))
	default:
		place, err = s.doubt(d)
	}
	if err == nil {
		cs.keys.put(hash, place)
	}
	return Added, err
}

// tellOff calls SwitchedOff for an edge with active false.
func (d *Draft) tellOff() {
	cs, told := d.state, d.s.config.SwitchedOff
	if cs.model.Kind != model.Edge || told == nil || !d.has(cs.active) {
		return
	}
	if active, _ := d.value("active"); string(active) == "false" {
		told(cs.model, d.ends[0], d.ends[1])
	}
}

// log writes the key of an object, unless that is on disk anyway.
func (s *Submission) log(id []byte) (place int64, err error) {
	grown := append(s.keys.buf, id...)
	return s.keys.accept(append(grown, separator...))
}

// known returns the place where text is written, among those that its hash points to; 0 if there is
// none. A place has a whole JSON value followed by a separator, so it is equal if it begins with
// text and separator. equal, when not nil, compares values whose texts differ.
func (s *Submission) known(cs *collectionState, keys *keySet, hash uint64, text []byte, equal func(a, b []byte) bool) (int64, error) {
	s.places = keys.find(hash, s.places[:0])
	for _, place := range s.places {
		there, err := s.look(cs, place, len(text)+len(separator))
		if err != nil {
			return 0, err
		}
		if n := len(text); len(there) == n+len(separator) && bytes.Equal(there[:n], text) && string(there[n:]) == separator {
			return place, nil
		}
		if equal == nil {
			continue
		}
		if there, err = s.whole(cs, place); err != nil {
			return 0, err
		}
		if equal(there, text) {
			return place, nil
		}
	}
	return 0, nil
}

// look returns up to n bytes at a place of the spill file, in memory or on disk. They are valid
// until the next look.
func (s *Submission) look(cs *collectionState, place int64, n int) ([]byte, error) {
	for _, st := range [...]*stream{&cs.edges.stream, &s.keys, &cs.doubtful.stream, &cs.held.stream} {
		if b, ok := st.holds(place, n); ok {
			return b, nil
		}
	}
	if cap(s.scratch) < n {
		s.scratch = make([]byte, n)
	}
	n, err := s.spill.read(s.scratch[:n], place)
	return s.scratch[:n], err
}

// whole returns the JSON value at a place of the spill file.
func (s *Submission) whole(cs *collectionState, place int64) ([]byte, error) {
	for n := 1 << 10; ; n *= 4 {
		b, err := s.look(cs, place, n)
		if err != nil {
			return nil, err
		}
		var v json.RawMessage
		if err := json.NewDecoder(bytes.NewReader(b)).Decode(&v); err == nil {
			return v, nil
		} else if err != io.ErrUnexpectedEOF || len(b) < n {
			return nil, diskFailure("cannot read back the spill file", err)
		}
	}
}

// equal compares two edges by what they say, whatever the order of their properties and the
// spelling of the addresses at their ends.
func (cs *collectionState) equal(a, b []byte) bool {
	x, errA := cs.canonicalEdge(a)
	y, errB := cs.canonicalEdge(b)
	return errA == nil && errB == nil && reflect.DeepEqual(x, y)
}

// canonicalEdge decodes an edge and brings the addresses at its ends to one spelling.
func (cs *collectionState) canonicalEdge(text []byte) (any, error) {
	v, err := esjson.Decode(text)
	object, _ := v.(map[string]any)
	for i := range cs.ends {
		end := &cs.ends[i]
		name := cs.fields[end.field].name
		if key, ok := object[name].(string); ok && end.regional {
			object[name] = model.SameKey(end.vertex, key)
		}
	}
	return v, err
}

// shownObject is how many bytes of a skipped object a warning shows.
const shownObject = 300

// skipped calls Skipped for an object that was left out.
func (s *Submission) skipped(d *Draft, faults []model.Fault) {
	if s.config.Skipped == nil {
		return
	}
	s.config.Skipped(Skip{Collection: d.state.model.Name, Key: d.shown(), Faults: faults, Object: shorten(string(d.object()))})
}

// shown is how messages name the object.
func (d *Draft) shown() string {
	switch {
	case d.state.model.Kind == model.Edge:
		return d.ends[0] + " → " + d.ends[1]
	case d.keyBy != "" || d.key == "":
		return d.shownKey()
	}
	return d.key
}

// shownKey is the key of a vertex that is keyed by an unusual property, or by something other than
// a string.
func (d *Draft) shownKey() string {
	by := d.keyBy
	if by == "" {
		by = d.state.model.KeyedBy
	}
	text, ok := d.value(by)
	if !ok {
		return ""
	}
	var s string
	if json.Unmarshal(text, &s) == nil {
		return s
	}
	return shorten(string(text))
}

func shorten(text string) string {
	if len(text) <= shownObject {
		return text
	}
	end := shownObject
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
