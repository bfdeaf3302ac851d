// Package inventory reads what CAR has of one source: the objects of a collection or of a part of
// it, and the edges at some vertices.
//
// It contains the queries, the paging (walk.go), and the meaning of a row: which field shows which
// property, and which fields make up the key of a vertex (only in rows.go). Queries use published
// names only. Vertices are queried by their keys, their edges by the ids that CAR returned. The
// package does not decide what to do with the results: it knows neither runs nor sessions, writes
// nothing to CAR, and keeps nothing between calls.
package inventory

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"carjs/host/model"
	"carjs/host/submit"
)

// MaxKeys is the maximum number of keys in one condition of a query, and in a call of
// [Inventory.EdgesAt].
const MaxKeys = 200

// Querier sends a GraphQL query to CAR and returns the data of the response; nil for a 404.
// [carjs/host/car.Client] is one.
type Querier interface {
	Query(ctx context.Context, query string, variables map[string]any) (json.RawMessage, error)
}

// Inventory reads what CAR has of one source. Several goroutines may call its methods.
//
// Their errors are those of the [Querier], a [*NoAnswerError], or a [*failure.Failure] of kind
// Recoverable if a response does not fit its query.
type Inventory struct {
	car    Querier
	model  *model.Model
	source string
	shown  *Shown
	// silence tells that no answer to a query means that there is nothing.
	silence bool
}

// New makes the inventory of a source, with the collections of a model.
func New(car Querier, m *model.Model, source string) *Inventory {
	return &Inventory{car: car, model: m, source: source, shown: &Shown{}}
}

// Sharing makes the inventory use what others of the run have learned of CAR's queries.
func (i *Inventory) Sharing(shown *Shown) *Inventory {
	i.shown = shown
	return i
}

// NoAnswerError tells that CAR answered a query with nothing (404), or that its queries do not show
// the collection. It may have no such objects, and its queries may be out of order: nothing can be
// concluded from it.
type NoAnswerError struct {
	// Collection is the collection of the query.
	Collection string
	// Unshown tells that CAR's queries do not know the collection: its import schema alone does.
	Unshown bool
}

// Error names the collection of the query.
func (e *NoAnswerError) Error() string {
	if e.Unshown {
		return "CAR's queries do not show " + e.Collection
	}
	return "CAR did not answer a query about " + e.Collection
}

// Part is a part of a collection; the zero part is all of it. A nil list does not limit. An empty
// list adds nothing to the part.
type Part struct {
	// Keys are the vertices with these keys.
	Keys []string
	// From and To are the edges that start at a vertex in From or end at one in To, by key; for
	// vertices keyed by _key also as "collection/key".
	From, To []string
}

// Whole tells that the part is the whole collection.
func (p Part) Whole() bool { return p.Keys == nil && p.From == nil && p.To == nil }

// Read returns what CAR has of a part of a collection. An object that matches twice is returned
// twice.
func (i *Inventory) Read(ctx context.Context, c *model.Collection, part Part) (found []submit.Existing, err error) {
	involved := i.involved(c)
	err = i.adapting(ctx, involved, func() error {
		if err := i.lacks(involved...); err != nil {
			return err
		}
		found, err = i.read(ctx, c, part)
		return err
	})
	return found, err
}

func (i *Inventory) read(ctx context.Context, c *model.Collection, part Part) ([]submit.Existing, error) {
	s := i.shapeOf(c)
	within := part.filter(s)
	var found []submit.Existing
	visit := func(row map[string]any) error {
		o, err := s.object(row)
		if err == nil && within(o) {
			found = append(found, o)
		}
		return err
	}
	walks, err := i.through(ctx, s, part)
	if err != nil {
		return nil, err
	}
	for _, w := range walks {
		w.fields = append(w.fields, s.contents()...)
		w.visit = visit
		if err := i.follow(ctx, c.Name, w); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// filter tells which of the objects that walks find are in the part. Queries find an address in
// every region, and an edge with a missing vertex for any key.
func (p Part) filter(s *shape) func(submit.Existing) bool {
	if p.Whole() {
		return func(submit.Existing) bool { return true }
	}
	if s.c.Kind == model.Vertex {
		keys := keySet(s.c, p.Keys)
		return func(o submit.Existing) bool { return keys[model.SameKey(s.c.Name, o.Key)] }
	}
	from, to := p.ends(s)
	return func(o submit.Existing) bool { return from(o) || to(o) }
}

// ends tell whether an edge starts at one of the part's vertices, and whether it ends at one.
func (p Part) ends(s *shape) (from, to func(submit.Existing) bool) {
	begins, ends := s.ends[0].vertex, s.ends[1].vertex
	left, reached := keySet(begins, p.From), keySet(ends, p.To)
	return func(o submit.Existing) bool { return left[model.SameKey(begins.Name, o.From)] },
		func(o submit.Existing) bool { return reached[model.SameKey(ends.Name, o.To)] }
}

// keySet are the keys of vertices, normalized for comparison.
func keySet(c *model.Collection, keys []string) map[string]bool {
	set := make(map[string]bool, len(keys))
	for _, key := range keys {
		set[model.SameKey(c.Name, c.VertexKey(key))] = true
	}
	return set
}

// through returns the walks through a part of a collection.
func (i *Inventory) through(ctx context.Context, s *shape, part Part) ([]*walk, error) {
	if part.Whole() {
		return []*walk{newWalk(s)}, nil
	}
	var walks []*walk
	for batch := range slices.Chunk(i.keys(s.c, part.Keys), MaxKeys) {
		walks = append(walks, i.vertices(s, batch))
	}
	for n, keys := range [][]string{part.From, part.To} {
		if len(keys) == 0 {
			continue
		}
		e := s.ends[n]
		keys = i.keys(e.vertex, keys)
		there := 0
		for batch := range slices.Chunk(keys, MaxKeys) {
			vertices, err := i.find(ctx, e.vertex, batch)
			if err != nil {
				return nil, err
			}
			if there += len(vertices); len(vertices) > 0 {
				walks = append(walks, newWalk(s, compare(e.id, "_in", idsOf(vertices))))
			}
		}
		if there < len(keys) {
			// Edges may exist without their vertex: they are found by the missing vertex.
			walks = append(walks, newWalk(s, "{_not: {"+e.relation+": {}}}"))
		}
	}
	return walks, nil
}

// keys are the distinct keys of a part, as in imports.
func (i *Inventory) keys(c *model.Collection, given []string) []string {
	keys := make([]string, len(given))
	for n, key := range given {
		keys[n] = c.VertexKey(key)
	}
	return Distinct(keys)
}

// vertices is the walk through the vertices of a collection with some keys.
func (i *Inventory) vertices(s *shape, keys []string) *walk {
	w := newWalk(s, keyed(s.c, keys)...)
	if !model.Regional(s.c.Name) {
		w.most = len(keys)
	}
	return w
}

// vertex is a vertex that CAR has: its key, and its id as returned by CAR.
type vertex struct{ key, id string }

func idsOf(vertices []vertex) []string {
	ids := make([]string, len(vertices))
	for n, v := range vertices {
		ids[n] = v.id
	}
	return ids
}

// find returns which of up to [MaxKeys] vertices CAR has.
func (i *Inventory) find(ctx context.Context, c *model.Collection, keys []string) ([]vertex, error) {
	s, wanted := i.shapeOf(c), keySet(c, keys)
	w := i.vertices(s, keys)
	var found []vertex
	w.visit = func(row map[string]any) error {
		o, err := s.identity(row)
		if err != nil || !wanted[model.SameKey(c.Name, o.Key)] {
			return err
		}
		id, _ := row["id"].(string)
		if id == "" {
			return fmt.Errorf("id is %v, which is not an id", row["id"])
		}
		found = append(found, vertex{o.Key, id})
		return nil
	}
	err := i.follow(ctx, c.Name, w)
	return found, err
}

// look is find for a collection that CAR may not show.
func (i *Inventory) look(ctx context.Context, c *model.Collection, keys []string) (found []vertex, err error) {
	involved := i.involved(c)
	err = i.adapting(ctx, involved, func() error {
		if err := i.lacks(involved...); err != nil {
			return err
		}
		found, err = i.find(ctx, c, i.keys(c, keys))
		return err
	})
	return found, err
}

// Present returns which of up to [MaxKeys] vertices CAR has, by their keys.
func (i *Inventory) Present(ctx context.Context, c *model.Collection, keys []string) ([]string, error) {
	found, err := i.look(ctx, c, keys)
	present := make([]string, len(found))
	for n, v := range found {
		present[n] = v.key
	}
	return present, err
}

// End returns the name of a vertex at the end of an edge in CAR's calls: its id without the source.
// found is false if CAR does not have the vertex.
func (i *Inventory) End(ctx context.Context, c *model.Collection, key string) (end string, found bool, err error) {
	there, err := i.look(ctx, c, []string{key})
	if err != nil || len(there) == 0 {
		return "", false, err
	}
	return strings.TrimPrefix(there[0].id, i.source+"/"), true, nil
}

// Neighborhood is some vertices of a collection with their edges.
type Neighborhood struct {
	// Collection is that of the vertices.
	Collection *model.Collection
	// Keys are those of the vertices that CAR has.
	Keys []string
	// Edges are the source's edges at any of the vertices that were asked for, one element for each
	// edge collection of the model that has an end there and that CAR's queries show.
	Edges []Edges
	// Unseen are the others: whether they have edges at the vertices is not known.
	Unseen []*model.Collection
}

// Edges are edges of one collection, with their ends but without their contents.
type Edges struct {
	Collection *model.Collection
	Edges      []submit.Existing
}

// EdgesAt returns which of up to [MaxKeys] vertices CAR has, and this source's edges at them.
func (i *Inventory) EdgesAt(ctx context.Context, c *model.Collection, keys []string) (found Neighborhood, err error) {
	vertices, err := i.look(ctx, c, keys)
	if err != nil {
		return Neighborhood{}, err
	}
	involved := []*model.Collection{}
	for _, e := range i.model.EdgesAt(c.Name) {
		involved = append(involved, i.involved(e)...)
	}
	err = i.adapting(ctx, involved, func() error {
		found, err = i.edgesAt(ctx, c, vertices)
		return err
	})
	return found, err
}

func (i *Inventory) edgesAt(ctx context.Context, c *model.Collection, vertices []vertex) (Neighborhood, error) {
	found := Neighborhood{Collection: c}
	for _, v := range vertices {
		found.Keys = append(found.Keys, v.key)
	}
	at := i.model.EdgesAt(c.Name)
	found.Edges = make([]Edges, 0, len(at)) // which walks point into
	var walks []*walk
	for _, e := range at {
		if i.lacks(i.involved(e)...) != nil {
			found.Unseen = append(found.Unseen, e)
			continue
		}
		s := i.shapeOf(e)
		found.Edges = append(found.Edges, Edges{Collection: e})
		edges, w := &found.Edges[len(found.Edges)-1], newWalk(s, s.endsIn(c.Name, idsOf(vertices))...)
		w.visit = func(row map[string]any) error {
			o, err := s.identity(row)
			edges.Edges = append(edges.Edges, o)
			return err
		}
		walks = append(walks, w)
	}
	if len(vertices) == 0 {
		return found, nil
	}
	if err := i.follow(ctx, c.Name, walks...); err != nil {
		return Neighborhood{}, err
	}
	return found, nil
}

// Unlinked are the vertices that CAR has and that have no edge.
func (n Neighborhood) Unlinked() []string {
	linked := map[string]bool{}
	for _, at := range n.Edges {
		for _, edge := range at.Edges {
			if at.Collection.From == n.Collection.Name {
				linked[edge.From] = true
			}
			if at.Collection.To == n.Collection.Name {
				linked[edge.To] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(n.Keys), func(key string) bool { return linked[key] })
}

// Distinct returns the keys in order, without empty and repeated ones.
func Distinct(keys []string) []string {
	seen := make(map[string]bool, len(keys))
	var kept []string
	for _, key := range keys {
		if key != "" && !seen[key] {
			seen[key] = true
			kept = append(kept, key)
		}
	}
	return kept
}
