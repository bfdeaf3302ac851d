package submit

import (
	"sync"
	"sync/atomic"

	"carjs/host/model"
)

// patched are the objects of a collection that the run changes in CAR beside the submission. Any
// goroutine may call its methods; the zero value is empty.
type patched struct {
	any atomic.Bool
	mu  sync.Mutex
	ids map[identity]bool
}

func (p *patched) add(id identity) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ids == nil {
		p.ids = map[identity]bool{}
	}
	p.ids[id] = true
	p.any.Store(true)
}

func (p *patched) has(id identity) bool {
	if !p.any.Load() {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ids[id]
}

// PatchedVertex says that the run changes a vertex in CAR by another call. The content given to
// [Submission.Replace] is outdated then, so the vertex is sent when it is added from now on. Any
// goroutine may call it. Collections that the model does not have are ignored.
func (s *Submission) PatchedVertex(collection, key string) {
	s.patch(collection, model.Vertex, func(c *model.Collection) identity {
		return identity{key: model.SameKey(collection, c.VertexKey(key))}
	})
}

// PatchedEdge says the same of an edge, by the keys of its vertices.
func (s *Submission) PatchedEdge(collection, from, to string) {
	s.patch(collection, model.Edge, func(c *model.Collection) identity { return edgeIdentity(c, from, to) })
}

func (s *Submission) patch(collection string, kind model.Kind, id func(*model.Collection) identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cs, ok := s.collections[collection]; ok && cs.model.Kind == kind {
		cs.patched.add(id(cs.model))
	}
}
