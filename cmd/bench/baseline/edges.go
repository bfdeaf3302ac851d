package main

import (
	"fmt"
	"hash/maphash"

	"carjs/host/model"
)

// stamp is what every edge carries besides its ends.
type stamp struct {
	source, report string
	timestamp      int64
}

// edges is an edge collection: its edges wait as pairs of keys and are encoded when all vertices
// are in CAR.
type edges struct {
	out              *sender
	from, to         *model.Property
	opening          []byte
	start, mid, tail string // of an edge: start FROM mid TO tail
	pages            [][]edge
	count            int
	seed             maphash.Seed
	known            index
}

type edge struct{ from, to string }

func newEdges(m *model.Model, out *sender, head []byte, with stamp, name string) (*edges, error) {
	c, ok := m.Collection(name)
	if !ok {
		return nil, fmt.Errorf("the model has no %s", name)
	}
	e := &edges{out: out, seed: maphash.MakeSeed(), opening: opening(head, name)}
	end := func(property, vertex string) string {
		if property == "_from" || property == "_to" {
			return fmt.Sprintf(`"%s":"%s/`, property, vertex)
		}
		return fmt.Sprintf(`"%s":"`, property)
	}
	e.from, _ = c.Property(c.FromProperty())
	e.to, _ = c.Property(c.ToProperty())
	e.start = "{" + end(c.FromProperty(), c.From)
	e.mid = `",` + end(c.ToProperty(), c.To)
	e.tail = fmt.Sprintf(`","report":%s,"source":%s,"active":true,"timestamp":%d}`,
		appendString(nil, with.report), appendString(nil, with.source), with.timestamp)
	return e, nil
}

// add notes an edge that is valid and was not there before.
func (e *edges) add(from, to string) {
	if e.from.CheckString(from) != "" || e.to.CheckString(to) != "" {
		return
	}
	same := func(place int) bool { return e.pages[place/pageSize][place%pageSize] == edge{from, to} }
	if !e.known.add(maphash.Comparable(e.seed, edge{from, to}), e.count, same) {
		return
	}
	if e.count%pageSize == 0 {
		e.pages = append(e.pages, make([]edge, 0, pageSize))
	}
	last := &e.pages[len(e.pages)-1]
	*last = append(*last, edge{from, to})
	e.count++
}

// flush posts all edges. What they are known by is not needed any more.
func (e *edges) flush() error {
	e.known = index{}
	for i, page := range e.pages {
		room := len(e.opening) + len(page)*(len(e.start)+len(e.mid)+len(e.tail)+32)
		body := append(make([]byte, 0, room), e.opening...)
		for j, edge := range page {
			if j > 0 {
				body = append(body, ',')
			}
			body = append(body, e.start...)
			body = appendText(body, edge.from)
			body = append(body, e.mid...)
			body = appendText(body, edge.to)
			body = append(body, e.tail...)
		}
		e.pages[i] = nil
		if err := e.out.post(append(body, "]}"...)); err != nil {
			return err
		}
	}
	return nil
}

// appendText appends what stands within a JSON string.
func appendText(b []byte, s string) []byte {
	mark := len(b)
	b = appendString(b, s)
	copy(b[mark:], b[mark+1:len(b)-1])
	return b[:len(b)-2]
}
