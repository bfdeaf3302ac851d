package submit

import (
	"cmp"
	"fmt"
	"slices"
)

// Missing is why a vertex at the end of an edge is missing.
type Missing string

// The reasons.
const (
	// NotAdded vertices were not added, and CAR does not have or does not keep them.
	NotAdded Missing = "not added"
	// LeftOut vertices were added and are invalid.
	LeftOut Missing = "skipped"
)

// Dangling are the edges of a collection that were left out because the vertex at one of their ends
// is missing. An edge that lacks both vertices counts in two of them.
type Dangling struct {
	// Collection is the edges' collection, End is "from" or "to", and Vertex is the collection of
	// the vertices at this end.
	Collection string `json:"collection"`
	End        string `json:"end"`
	Vertex     string `json:"vertex"`
	// Reason is why the vertices are missing.
	Reason Missing `json:"reason"`
	// Count is the number of edges.
	Count int `json:"count"`
	// FirstKey is the key of the first missing vertex, and FirstEdge are both ends of its edge.
	FirstKey  string `json:"first_key"`
	FirstEdge string `json:"first_edge"`
	// At is the line that added the first of the edges whose line is known, "src/main.ts:7:8"; ""
	// if none is.
	At string `json:"at"`
}

// DanglingEdge is an edge that was left out, with its ends as keys. End is the one that is missing,
// "from" or "to".
type DanglingEdge struct{ Collection, From, To, End string }

// mostDangling is how many edges that were left out are named.
const mostDangling = 1000

// DanglingEdges returns the first of the edges that were left out because of their ends. An edge
// that lacks both vertices is there twice.
func (s *Submission) DanglingEdges() []DanglingEdge { return s.danglingEdges }

// Edges returns the number of edges, as text.
func (d Dangling) Edges() string {
	if d.Count == 1 {
		return "1 edge"
	}
	return fmt.Sprintf("%d edges", d.Count)
}

// Why returns what is wrong with the edges, with an example.
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
		if len(s.danglingEdges) < mostDangling {
			s.danglingEdges = append(s.danglingEdges, DanglingEdge{cs.model.Name, from, to, d.End})
		}
		if d.At == "" {
			d.At = cs.doubtful.sites.at(e.site)
		}
	}
	// CAR may have the edge from an earlier run, when its vertices existed: it is removed with the
	// leftovers.
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

// sites are the lines that added the doubtful edges of a collection. Finding a line takes longer
// than adding an edge, so it is done for the first edges, and then for one in siteEvery.
type sites struct {
	list  []string
	edges int
}

const (
	siteFirst = 2000
	siteEvery = 64
	siteMost  = 1000 // lines; generated code may have more
)

// take returns the number of the line of the current edge; 0 if it is unknown.
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

// at returns the line with a number.
func (t *sites) at(n uint32) string {
	if n == 0 {
		return ""
	}
	return t.list[n-1]
}
