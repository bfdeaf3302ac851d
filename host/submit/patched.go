package submit

import (
	"sync"
	"sync/atomic"

	"carjs/host/model"
)

// patched are the objects of a collection that the run changes in CAR by other calls. Any goroutine
// may call its methods; the zero value is empty.
type patched struct {
	any atomic.Bool
	mu  sync.Mutex
	// ids are the objects; the value tells whether one was added since.
	ids     map[identity]bool
	renamed map[identity]*renamed
}

// renamed is an edge that the run gives another external id in CAR.
type renamed struct {
	Existing
	reported bool // an edge between its ends was
}

func (p *patched) add(id identity) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ids == nil {
		p.ids = map[identity]bool{}
	}
	p.ids[id] = false
	p.any.Store(true)
}

func (p *patched) has(id identity) bool {
	if !p.any.Load() {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if edge := p.renamed[id]; edge != nil {
		edge.reported = true
	}
	_, there := p.ids[id]
	return there
}

// added notes that an object was added.
func (p *patched) added(id identity) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, there := p.ids[id]; there {
		p.ids[id] = true
	}
}

func (p *patched) addedSince(id identity) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ids[id]
}

func (p *patched) rename(id identity, edge Existing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.renamed == nil {
		p.renamed = map[identity]*renamed{}
	}
	p.renamed[id] = &renamed{Existing: edge}
}

// superseded returns the renamed edges between whose ends the run reports edges.
func (p *patched) superseded() []Existing {
	p.mu.Lock()
	defer p.mu.Unlock()
	var edges []Existing
	for _, edge := range p.renamed {
		if edge.reported {
			edges = append(edges, edge.Existing)
		}
	}
	return edges
}

// PatchedVertex says that the run changes a vertex in CAR by another call. The content given to
// [Submission.Replace] is outdated then, so the vertex is sent when it is added from now on. Any
// goroutine may call it. Collections that the model does not have are ignored.
func (s *Submission) PatchedVertex(collection, key string) {
	s.patch(collection, model.Vertex, func(c *model.Collection) identity {
		return identity{key: model.SameKey(collection, c.VertexKey(key))}
	})
}

// PatchedEdge does the same for an edge, by the keys of its vertices.
func (s *Submission) PatchedEdge(collection, from, to string) {
	s.patch(collection, model.Edge, func(c *model.Collection) identity { return edgeIdentity(c, from, to) })
}

// AddedSincePatched tells whether an edge between two vertices was added after the last call of
// [Submission.PatchedEdge] for them. Any goroutine may call it.
func (s *Submission) AddedSincePatched(collection, from, to string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	cs, ok := s.collections[collection]
	return ok && cs.model.Kind == model.Edge && cs.patched.addedSince(edgeIdentity(cs.model, from, to))
}

// RenamedEdge says that a call gave an edge another external id, by the keys of its vertices and
// their ids in CAR. When the run reports an edge between these, the renamed one is superseded.
func (s *Submission) RenamedEdge(collection string, edge Existing) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cs, ok := s.collections[collection]; ok && cs.model.Kind == model.Edge {
		cs.patched.rename(edgeIdentity(cs.model, edge.From, edge.To), edge)
	}
}

func (s *Submission) patch(collection string, kind model.Kind, id func(*model.Collection) identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cs, ok := s.collections[collection]; ok && cs.model.Kind == kind {
		cs.patched.add(id(cs.model))
	}
}
