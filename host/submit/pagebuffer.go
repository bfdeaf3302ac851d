package submit

import (
	"bytes"
	"errors"
	"slices"

	"carjs/host/esjson"
)

// An envelope is the head, then one collection's array. Every object is followed by separator, the
// last one by closing: one object per line, for readers of kept pages.
const (
	separator = ",\n"
	closing   = "\n]}"
)

const (
	// maxPageBytes ends a page before it has its full number of objects, so that large objects do
	// not make it huge.
	maxPageBytes = 4 << 20
	// maxBody is the largest page that CAR takes: 8 MB. A larger object cannot be sent at all.
	maxBody = 8 << 20
	// firstPage is the capacity of a collection's first page; later ones begin with the size of the
	// one before.
	firstPage = 16 << 10
)

// compactHead removes white space from the head; ok is false if it is not an object.
func compactHead(head []byte) (compact []byte, ok bool) {
	compact, kind, ok := esjson.Append(nil, head)
	return compact, ok && kind == esjson.Object
}

// opening returns the start of an envelope, up to a collection's first object.
func opening(head []byte, collection string) []byte {
	b := slices.Clone(head[:len(head)-1])
	if len(b) > 1 {
		b = append(b, ',')
	}
	return append(esjson.AppendString(b, collection), ":[\n"...)
}

// pageBuffer is the page that a collection's vertices go into.
type pageBuffer struct {
	opening []byte
	size    int // maximum number of objects
	body    []byte
	count   int
}

func (f *pageBuffer) buffer() []byte {
	if f.body == nil {
		f.body = append(make([]byte, 0, max(firstPage, len(f.opening))), f.opening...)
	}
	return f.body
}

// accept keeps grown, which is the page with a vertex appended.
func (f *pageBuffer) accept(grown []byte) {
	f.body = grown
	f.count++
}

// fits tells whether the page with n bytes more is one that CAR takes. An empty page takes whatever
// was found valid.
func (f *pageBuffer) fits(n int) bool {
	return f.count == 0 || len(f.body)+n+len(closing) <= maxBody
}

func (f *pageBuffer) full() bool { return f.count == f.size || len(f.body) >= maxPageBytes }

// close ends the page's envelope. Either next or reopen must follow.
func (f *pageBuffer) close() []byte {
	f.body = append(f.body[:len(f.body)-len(separator)], closing...)
	return f.body
}

// next begins a page after the closed one was handed over.
func (f *pageBuffer) next() {
	room := len(f.body) + len(f.body)/8
	f.body, f.count = append(make([]byte, 0, room), f.opening...), 0
}

// reopen reverts close, because the page could not be handed over.
func (f *pageBuffer) reopen() {
	f.body = append(f.body[:len(f.body)-len(closing)], separator...)
}

// waitingEdges are a collection's edges until the vertices are in CAR: runs in the spill file.
type waitingEdges struct {
	opening []byte
	size    int // maximum number of objects in a page
	stream  stream
	parts   []part
	count   int // edges since the last page was full
	bytes   int // their length
}

// part is a run of edges in the spill file. A page consists of whole parts.
type part struct {
	place         int64
	length, count int
	last          bool // of its page
}

// accept keeps grown, which is the stream's buffer with an edge appended, and returns the edge's
// place.
func (w *waitingEdges) accept(grown []byte) (place int64, err error) {
	length := len(grown) - len(w.stream.buf)
	if len(w.opening)+w.bytes+length+len(closing) > maxBody {
		w.endPage()
	}
	place, err = w.stream.accept(grown)
	if err != nil {
		return 0, err
	}
	n := len(w.parts)
	if n == 0 || w.parts[n-1].last || w.parts[n-1].place+int64(w.parts[n-1].length) != place {
		w.parts = append(w.parts, part{place: place})
		n++
	}
	w.parts[n-1].length += length
	w.parts[n-1].count++
	w.count++
	w.bytes += length
	if w.count == w.size || w.bytes >= maxPageBytes {
		w.endPage()
	}
	return place, nil
}

// endPage makes a page of the edges since the last one.
func (w *waitingEdges) endPage() {
	if w.count > 0 {
		w.parts[len(w.parts)-1].last = true
		w.count, w.bytes = 0, 0
	}
}

// first reads back the first page, and returns its number of edges and the parts that remain after
// it.
func (w *waitingEdges) first() (body []byte, count int, rest []part, err error) {
	end, room := 0, len(w.opening)
	for last := false; !last; end++ {
		last = w.parts[end].last
		room += w.parts[end].length
		count += w.parts[end].count
	}
	body = append(make([]byte, 0, room+len(closing)), w.opening...)
	for _, p := range w.parts[:end] {
		at := len(body)
		body = body[:at+p.length]
		n, err := w.stream.spill.read(body[at:], p.place)
		if err == nil && n < p.length {
			err = diskFailure("cannot read back the spill file", errors.New("the file ends early"))
		}
		if err != nil {
			return nil, 0, nil, err
		}
	}
	return append(body[:len(body)-len(separator)], closing...), count, w.parts[end:], nil
}

// Landmarks returns the collection of a page as a [Sender] is given it, and its first and its last
// object; "" for a page without objects. The only line breaks in a page are those between objects,
// so it need not be parsed.
func Landmarks(body []byte) (collection string, first, last []byte) {
	head, objects, ok := bytes.Cut(body, []byte("[\n"))
	if !ok {
		return "", nil, nil
	}
	objects = bytes.TrimSuffix(objects, []byte(closing))
	first, _, _ = bytes.Cut(objects, []byte(separator))
	last = objects
	if i := bytes.LastIndex(objects, []byte(separator)); i >= 0 {
		last = objects[i+len(separator):]
	}
	name := bytes.TrimSuffix(head, []byte(`":`))
	return string(name[bytes.LastIndexByte(name, '"')+1:]), bytes.Clone(first), bytes.Clone(last)
}
