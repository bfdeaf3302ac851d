package submit

import (
	"bytes"
	"encoding/json"
	"errors"
	"hash/maphash"
	"io"
	"reflect"
	"unicode/utf8"

	"carjs/host/model"
)

var errCommitted = errors.New("the object was committed before")

// Commit ends the object: it is checked as a whole and sent, unless it is not valid, repeats
// another or is in CAR already. An error means that the submission cannot go on: the sender failed,
// the disk is full, the context ended.
func (r *Record) Commit() (Result, error) {
	if !r.open {
		return Result{}, errCommitted
	}
	result, err := r.commit()
	r.open, r.buf = false, nil // the buffer may be a page under way: what is pushed by mistake must not reach it
	return result, err
}

func (r *Record) commit() (Result, error) {
	s, l := r.s, r.lane
	if err := s.queue.err(); err != nil {
		return Result{}, err
	}
	if faults := r.finish(); faults != nil {
		l.counts.skipped.Add(1)
		s.skipped(r, faults)
		return Result{Outcome: Skipped, Faults: faults}, nil
	}
	var outcome Outcome
	var err error
	if l.c.Kind == model.Vertex {
		outcome, err = s.commitVertex(r)
	} else {
		outcome, err = s.commitEdge(r)
	}
	if err != nil {
		return Result{}, err
	}
	switch outcome {
	case Duplicate:
		l.counts.duplicate.Add(1)
	case Unchanged:
		l.counts.unchanged.Add(1)
	}
	return Result{Outcome: outcome}, nil
}

// commitVertex keeps a vertex in the page unless one with its key was there before: the first one
// wins.
func (s *Submission) commitVertex(r *Record) (Outcome, error) {
	l := r.lane
	by := r.keyBy
	if by == "" {
		by = l.c.KeyedBy
	}
	id, _ := r.value(by)
	hash := maphash.Bytes(l.seed, id) & s.hashMask
	known, err := s.known(l, hash, id, nil)
	if err != nil || known {
		return Duplicate, err
	}
	place, err := s.log(id)
	if err != nil {
		return Added, err
	}
	l.keys.put(hash, place)
	if l.existing.unchanged(r) {
		return Unchanged, nil
	}
	l.vertices.accept(append(r.buf, separator...))
	if l.vertices.full() {
		return Added, s.handVertices(s.queue.ctx, l)
	}
	return Added, nil
}

// Has tells whether a vertex with a key was added, or was unchanged.
func (s *Submission) Has(collection, key string) (bool, error) {
	l := s.lane(collection)
	if l == nil {
		return false, nil
	}
	id := appendString(nil, key)
	return s.known(l, maphash.Bytes(l.seed, id)&s.hashMask, id, nil)
}

// commitEdge keeps an edge on disk unless one that says the same was there before. Another edge
// between the same ends is kept: it may say something else of them.
func (s *Submission) commitEdge(r *Record) (Outcome, error) {
	l := r.lane
	hash := r.sum & s.hashMask
	known, err := s.known(l, hash, r.object(), equalObjects)
	if err != nil || known {
		return Duplicate, err
	}
	if l.existing.unchanged(r) {
		place, err := s.log(r.object())
		if err == nil {
			l.keys.put(hash, place)
		}
		return Unchanged, err
	}
	place, err := l.edges.accept(append(r.buf, separator...))
	if err == nil {
		l.keys.put(hash, place)
	}
	return Added, err
}

// log writes what an object is known by, where that is not on disk anyway.
func (s *Submission) log(id []byte) (place int64, err error) {
	grown := append(s.keys.buf, id...)
	return s.keys.accept(append(grown, separator...))
}

// known reports whether text is written at one of the places that its hash points to. What is
// written there is a whole JSON value with a separator behind it, so it is the same when it begins
// with text and separator. equal, when not nil, decides about texts that differ.
func (s *Submission) known(l *lane, hash uint64, text []byte, equal func(a, b []byte) bool) (bool, error) {
	s.places = l.keys.find(hash, s.places[:0])
	for _, place := range s.places {
		there, err := s.look(l, place, len(text)+len(separator))
		if err != nil {
			return false, err
		}
		if n := len(text); len(there) == n+len(separator) && bytes.Equal(there[:n], text) && string(there[n:]) == separator {
			return true, nil
		}
		if equal == nil {
			continue
		}
		if there, err = s.whole(l, place); err != nil {
			return false, err
		}
		if equal(there, text) {
			return true, nil
		}
	}
	return false, nil
}

// look returns up to n bytes at a place of the spill file, in memory or on disk. They are valid
// until the next look.
func (s *Submission) look(l *lane, place int64, n int) ([]byte, error) {
	for _, st := range []*stream{&l.edges.stream, &s.keys} {
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
func (s *Submission) whole(l *lane, place int64) ([]byte, error) {
	for n := 1 << 10; ; n *= 4 {
		b, err := s.look(l, place, n)
		if err != nil {
			return nil, err
		}
		var v json.RawMessage
		if err := json.NewDecoder(bytes.NewReader(b)).Decode(&v); err == nil {
			return v, nil
		} else if err != io.ErrUnexpectedEOF || len(b) < n {
			return nil, diskFailure("read back what waits on disk", err)
		}
	}
}

// equalObjects compares two objects by what they say, whatever the order of their properties.
func equalObjects(a, b []byte) bool {
	x, errA := decode(a)
	y, errB := decode(b)
	return errA == nil && errB == nil && reflect.DeepEqual(x, y)
}

// shownObject is how many bytes of a skipped object a warning shows.
const shownObject = 300

// skipped tells the owner of an object that was left out.
func (s *Submission) skipped(r *Record, faults []model.Fault) {
	if s.config.Skipped == nil {
		return
	}
	key := r.key
	if r.lane.c.Kind == model.Edge {
		key = r.ends[0] + " → " + r.ends[1]
	} else if r.keyBy != "" || key == "" {
		key = r.shownKey()
	}
	s.config.Skipped(Skip{Collection: r.lane.c.Name, Key: key, Faults: faults, Object: shorten(string(r.object()))})
}

// shownKey is the key of a vertex whose key is another property than usual, or no string.
func (r *Record) shownKey() string {
	by := r.keyBy
	if by == "" {
		by = r.lane.c.KeyedBy
	}
	text, ok := r.value(by)
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
