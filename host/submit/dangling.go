package submit

import (
	"cmp"
	"fmt"
	"slices"
)

// Missing says why a vertex at the end of an edge is not there.
type Missing string

// The reasons.
const (
	// NotAdded vertices were not added, and CAR does not have or not keep them.
	NotAdded Missing = "not added"
	// LeftOut vertices were added and are not valid.
	LeftOut Missing = "skipped"
)

// Dangling are the edges of a collection that were left out because the vertex at one of their ends
// is not there. An edge that lacks both vertices is in two of them.
type Dangling struct {
	// Collection is the edges' collection, End is "from" or "to", and Vertex is the collection of
	// the vertices at this end.
	Collection string `json:"collection"`
	End        string `json:"end"`
	Vertex     string `json:"vertex"`
	// Reason says why the vertices are not there.
	Reason Missing `json:"reason"`
	// Count is the number of edges.
	Count int `json:"count"`
	// FirstKey is the key of the first vertex that is not there, and FirstEdge are both ends of its
	// edge.
	FirstKey  string `json:"first_key"`
	FirstEdge string `json:"first_edge"`
	// At is the line that added the first of the edges whose line is known, "src/main.ts:7:8"; ""
	// is not known.
	At string `json:"at"`
}

// Edges says how many edges there are, in words.
func (d Dangling) Edges() string {
	if d.Count == 1 {
		return "1 edge"
	}
	return fmt.Sprintf("%d edges", d.Count)
}

// Why says what is wrong with the edges, with an example.
func (d Dangling) Why() string {
	vertex := fmt.Sprintf("%s %q at the %s end", d.Vertex, shorten(d.FirstKey), d.End)
	if d.Reason == LeftOut {
		return vertex + " was skipped as invalid"
	}
	return vertex + " was not added"
}

// leave leaves an edge out.
func (s *Submission) leave(cs *collectionState, e *doubtfulEdge, why [2]Missing) {
	cs.counts.dangling.Add(1)
	from, to := plain(e.ends[0]), plain(e.ends[1])
	for i, reason := range why {
		if reason == "" {
			continue
		}
		d := s.danglingAt(cs, [...]string{"from", "to"}[i], cs.ends[i].vertex, reason)
		if d.Count++; d.Count == 1 {
			d.FirstKey, d.FirstEdge = [...]string{from, to}[i], from+" → "+to
		}
		if d.At == "" {
			d.At = cs.doubtful.sites.at(e.site)
		}
	}
	// CAR may have the edge from earlier, when its vertices were there: it ends with the leftovers.
	cs.existing.unhear(edgeIdentity(cs.model, from, to))
}

func (s *Submission) danglingAt(cs *collectionState, end, vertex string, reason Missing) *Dangling {
	for _, d := range s.dangling {
		if d.Collection == cs.model.Name && d.End == end && d.Reason == reason {
			return d
		}
	}
	d := &Dangling{Collection: cs.model.Name, End: end, Vertex: vertex, Reason: reason}
	s.dangling = append(s.dangling, d)
	return d
}

// Dangling returns which edges were left out because of their ends, in the order of the
// collections.
func (s *Submission) Dangling() []Dangling {
	found := make([]Dangling, 0, len(s.dangling))
	for _, d := range s.dangling {
		if d.At == "" && len(s.collections[d.Collection].doubtful.sites.list) == 1 {
			d.At = s.collections[d.Collection].doubtful.sites.list[0]
		}
		found = append(found, *d)
	}
	slices.SortStableFunc(found, func(a, b Dangling) int {
		return cmp.Compare(s.rank(a.Collection), s.rank(b.Collection))
	})
	return found
}

// rank is a collection's place in the model.
func (s *Submission) rank(collection string) int {
	return slices.IndexFunc(s.order, func(cs *collectionState) bool { return cs.model.Name == collection })
}

// sites are the lines that added the doubtful edges of a collection. To find one takes longer than
// to add an edge, so that it is done for the first edges, and then for one in siteEvery.
type sites struct {
	list  []string
	edges int
}

const (
	siteFirst = 2000
	siteEvery = 64
	siteMost  = 1000 // lines; generated code may have more
)

// take returns the number of the line of the edge under way; 0 is not known.
func (t *sites) take(place func() string) uint32 {
	t.edges++
	if place == nil || t.edges > siteFirst && t.edges%siteEvery != 0 {
		return 0
	}
	at := place()
	if at == "" {
		return 0
	}
	i := slices.Index(t.list, at)
	if i < 0 && len(t.list) < siteMost {
		t.list = append(t.list, at)
		i = len(t.list) - 1
	}
	return uint32(i + 1)
}

// at is the line of a number.
func (t *sites) at(n uint32) string {
	if n == 0 {
		return ""
	}
	return t.list[n-1]
}
