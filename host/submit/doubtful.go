package submit

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"slices"
)

// doubtful holds the edges of a collection whose ends were unknown when they were added: their
// vertices may be added later, or be in CAR. They are in the spill file, each after a header, and
// are checked when edges are sent.
type doubtful struct {
	stream stream
	parts  []part // runs of entries, none longer than a chunk of the file, unless an edge is
	sites  sites
}

// doubtHeader is the length of an entry's header: the length of the edge with its separator, its
// place in the sites, and where the keys of its ends begin and stop, four bytes each.
const doubtHeader = 4 * 6

// doubtWindow is how many parts are checked at a time, with one query of CAR.
const doubtWindow = 16

// doubtfulEdge is an edge that was read back.
type doubtfulEdge struct {
	entry  []byte // with its header
	object []byte // with its separator
	site   uint32
	ends   [2][]byte // keys as JSON without their quotes
}

// doubt keeps an edge until more vertices are known.
func (s *Submission) doubt(d *Draft) (place int64, err error) { return s.put(&d.state.doubtful, d) }

// hold keeps an unchanged edge until it is known whether it must be sent again: see
// [existing.several].
func (s *Submission) hold(d *Draft) (place int64, err error) { return s.put(&d.state.held, d) }

// put keeps an edge with its header.
func (s *Submission) put(w *doubtful, d *Draft) (place int64, err error) {
	object := d.object()
	var header [doubtHeader]byte
	for i, n := range [...]int{
		len(object) + len(separator), int(w.sites.take(s.config.Place)),
		d.endTexts[0].start, d.endTexts[0].end, d.endTexts[1].start, d.endTexts[1].end,
	} {
		binary.LittleEndian.PutUint32(header[4*i:], uint32(n))
	}
	grown := append(append(append(w.stream.buf, header[:]...), object...), separator...)
	place, err = w.accept(grown)
	return place + doubtHeader, err
}

// accept keeps grown, which is the stream's buffer with an entry appended.
func (w *doubtful) accept(grown []byte) (place int64, err error) {
	length := len(grown) - len(w.stream.buf)
	if place, err = w.stream.accept(grown); err != nil {
		return 0, err
	}
	n := len(w.parts)
	if n == 0 || place == w.stream.base || w.parts[n-1].place+int64(w.parts[n-1].length) != place {
		w.parts = append(w.parts, part{place: place})
		n++
	}
	w.parts[n-1].length += length
	return place, nil
}

// window is what is checked at a time. Its memory is reused for the next one.
type window struct {
	text  []byte
	edges []doubtfulEdge
}

// read returns the edges of some parts. They are valid until the next read.
func (w *doubtful) read(parts []part, into *window) ([]doubtfulEdge, error) {
	size := 0
	for _, p := range parts {
		size += p.length
	}
	if cap(into.text) < size {
		into.text = make([]byte, size)
	}
	buf, edges := into.text[:size], into.edges[:0]
	for _, p := range parts {
		n, err := w.stream.spill.read(buf[:p.length], p.place)
		if err == nil && n < p.length {
			err = diskFailure("cannot read back the spill file", errors.New("the file ends early"))
		}
		if err != nil {
			return nil, err
		}
		for rest := buf[:p.length]; len(rest) > 0; {
			at := func(i int) int { return int(binary.LittleEndian.Uint32(rest[4*i:])) }
			entry := rest[:doubtHeader+at(0)]
			object := entry[doubtHeader:]
			edges = append(edges, doubtfulEdge{
				entry: entry, object: object, site: uint32(at(1)), ends: [2][]byte{object[at(2):at(3)], object[at(4):at(5)]},
			})
			rest = rest[len(entry):]
		}
		buf = buf[p.length:]
	}
	into.edges = edges
	return edges, nil
}

// resend sends the held edges that CAR is about to lose, or leaves them out as settle does.
func (s *Submission) resend(ctx context.Context, cs *collectionState) error {
	return s.judge(ctx, cs, &cs.held, func(e doubtfulEdge) bool {
		return cs.existing.endsAll(edgeIdentity(cs.model, plain(e.ends[0]), plain(e.ends[1])))
	}, func(e *doubtfulEdge) error {
		cs.counts.unchanged.Add(-1)
		return s.decide(ctx, cs, e, true)
	})
}

// settle sends the doubtful edges of a collection whose vertices are known by now. The others keep
// waiting, or are left out if these were the last vertices.
func (s *Submission) settle(ctx context.Context, cs *collectionState, last bool) error {
	return s.judge(ctx, cs, &cs.doubtful, func(doubtfulEdge) bool { return true },
		func(e *doubtfulEdge) error { return s.decide(ctx, cs, e, last) })
}

// judge reads edges back, asks CAR for the vertices of those that are wanted, decides on them, and
// sends the last page of those that are sent.
func (s *Submission) judge(
	ctx context.Context, cs *collectionState, w *doubtful, wanted func(doubtfulEdge) bool, decide func(*doubtfulEdge) error,
) error {
	if len(w.parts) == 0 {
		return nil
	}
	if err := w.stream.save(); err != nil {
		return err
	}
	parts := w.parts
	w.parts = nil
	var reading window
	for some := range slices.Chunk(parts, doubtWindow) {
		edges, err := w.read(some, &reading)
		edges = slices.DeleteFunc(edges, func(e doubtfulEdge) bool { return !wanted(e) })
		if err == nil {
			err = s.ask(ctx, cs, edges)
		}
		for i := 0; i < len(edges) && err == nil; i++ {
			err = decide(&edges[i])
		}
		if err != nil {
			return err
		}
	}
	if cs.settled.count == 0 {
		return nil
	}
	return s.handBuffer(ctx, cs, &cs.settled)
}

// decide sends a doubtful edge, keeps it, or leaves it out.
func (s *Submission) decide(ctx context.Context, cs *collectionState, e *doubtfulEdge, last bool) error {
	var why [2]Missing
	for i := range e.ends {
		if len(e.ends[i]) == 0 || cs.checks[i].vertices == nil || !s.config.CheckEnds {
			continue
		}
		var err error
		if why[i], err = s.missing(&cs.checks[i], e.ends[i]); err != nil {
			return err
		}
	}
	if why == [2]Missing{} {
		if !cs.settled.fits(len(e.object)) {
			if err := s.handBuffer(ctx, cs, &cs.settled); err != nil {
				return err
			}
		}
		cs.settled.accept(append(cs.settled.buffer(), e.object...))
		if cs.settled.full() {
			return s.handBuffer(ctx, cs, &cs.settled)
		}
		return nil
	}
	if !last {
		_, err := cs.doubtful.accept(append(cs.doubtful.stream.buf, e.entry...))
		return err
	}
	s.leave(cs, e, why)
	return nil
}

// missing returns why a vertex at the end of an edge is missing; "" if it is not.
func (s *Submission) missing(check *endCheck, text []byte) (Missing, error) {
	vertices := check.vertices
	hash := maphash.Bytes(vertices.seed, text)
	if check.any && check.last == hash {
		return "", nil
	}
	there, err := s.added(vertices, text)
	if !there && err == nil && vertices.around != nil {
		there, err = s.noted(vertices, &vertices.around.there, text)
	}
	if there || err != nil {
		check.last, check.any = hash, there
		return "", err
	}
	if vertices.around != nil {
		if out, err := s.noted(vertices, &vertices.around.leftOut, vertices.sameText(text)); out || err != nil {
			return LeftOut, err
		}
	}
	return NotAdded, nil
}
