// Package inventory reads what CAR has of one source: the objects of a collection or of a part of
// it, and the edges at some vertices.
//
// What lives here are the queries, the way through many rows (walk.go), and what a row of CAR
// means: which field shows which property, and how ids are made of keys (rows.go, the only file
// that knows). What to do with what was found is not decided here: the package knows neither runs
// nor sessions, writes nothing to CAR, and keeps nothing between two calls.
package inventory

import (
	"context"
	"encoding/json"
	"slices"

	"carjs/host/model"
	"carjs/host/submit"
)

// MaxKeys is how many keys stand in one condition of a query; [Inventory.EdgesAt] takes no more.
const MaxKeys = 200

// Querier sends a GraphQL query to CAR and returns the data of the answer; nil when CAR has nothing
// to say. [carjs/host/car.Client] is one.
type Querier interface {
	Query(ctx context.Context, query string, variables map[string]any) (json.RawMessage, error)
}

// Inventory reads what CAR has of one source. Its methods may be called from several goroutines.
//
// Their errors are those of the [Querier], a [*NoAnswerError], or a [*failure.Failure] of kind
// Recoverable when an answer does not fit its query.
type Inventory struct {
	car    Querier
	model  *model.Model
	source string
}

// New makes the inventory of a source, the collections of which are those of a model.
func New(car Querier, m *model.Model, source string) *Inventory {
	return &Inventory{car: car, model: m, source: source}
}

// NoAnswerError tells that CAR answered a query with nothing (404). It may have no such objects,
// and its queries may be out of order: nothing can be concluded from it.
type NoAnswerError struct {
	// Collection is what was asked about.
	Collection string
}

// Error says which collection the query was about.
func (e *NoAnswerError) Error() string { return "CAR did not answer a query about " + e.Collection }

// Part limits a collection; the zero part is all of it. A list that is nil does not limit. A list
// that is there and empty adds nothing to the part.
type Part struct {
	// Keys are the vertices with these keys.
	Keys []string
	// From and To are the edges that leave one of these vertices or reach one of those, by key;
	// "collection/key" is understood where vertices are keyed by _key.
	From, To []string
}

// Whole tells that the part is the whole collection.
func (p Part) Whole() bool { return p.Keys == nil && p.From == nil && p.To == nil }

// Read returns what CAR has of a part of a collection. An object that is in the part for two
// reasons is there twice.
func (i *Inventory) Read(ctx context.Context, c *model.Collection, part Part) ([]submit.Existing, error) {
	s := shapeOf(c, i.source)
	var found []submit.Existing
	for _, w := range i.through(s, part) {
		w.fields = s.fields()
		w.visit = func(row map[string]any) error {
			o, err := s.object(row)
			found = append(found, o)
			return err
		}
		if err := i.follow(ctx, c.Name, w); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// through are the walks through a part of a collection.
func (i *Inventory) through(s *shape, part Part) []*walk {
	if part.Whole() {
		return []*walk{newWalk(s)}
	}
	var walks []*walk
	for _, limit := range []struct {
		field, collection string
		keys              []string
	}{{s.id, s.c.Name, part.Keys}, {s.from, s.c.From, part.From}, {s.to, s.c.To, part.To}} {
		for batch := range slices.Chunk(Distinct(limit.keys), MaxKeys) {
			w := newWalk(s, compare(limit.field, "_in", i.ids(limit.collection, batch)))
			if s.c.Kind == model.Vertex {
				w.most = len(batch)
			}
			walks = append(walks, w)
		}
	}
	return walks
}

// Neighborhood is what is around some vertices of a collection.
type Neighborhood struct {
	// Collection is that of the vertices.
	Collection *model.Collection
	// Keys are those of the vertices that CAR has.
	Keys []string
	// Edges are the source's edges at any of the vertices that were asked for, one element for each
	// edge collection of the model that has an end there.
	Edges []Edges
}

// Edges are edges of one collection, by their ends: their contents are not read.
type Edges struct {
	Collection *model.Collection
	Edges      []submit.Existing
}

// EdgesAt returns which of up to [MaxKeys] vertices CAR has, and this source's edges at them.
func (i *Inventory) EdgesAt(ctx context.Context, c *model.Collection, keys []string) (Neighborhood, error) {
	found := Neighborhood{Collection: c}
	ids := i.ids(c.Name, keys)
	s := shapeOf(c, i.source)
	vertices := newWalk(s, compare(s.id, "_in", ids))
	vertices.most = len(keys)
	vertices.visit = func(row map[string]any) error {
		o, err := s.identity(row)
		found.Keys = append(found.Keys, o.Key)
		return err
	}
	walks := []*walk{vertices}
	at := i.model.EdgesAt(c.Name)
	found.Edges = make([]Edges, len(at))
	for n, e := range at {
		s, edges := shapeOf(e, i.source), &found.Edges[n]
		edges.Collection = e
		w := newWalk(s, s.endsIn(c.Name, ids)...)
		w.visit = func(row map[string]any) error {
			o, err := s.identity(row)
			edges.Edges = append(edges.Edges, o)
			return err
		}
		walks = append(walks, w)
	}
	if err := i.follow(ctx, c.Name, walks...); err != nil {
		return Neighborhood{}, err
	}
	return found, nil
}

// Unlinked are the vertices that CAR has and at which there is no edge.
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

// Distinct returns the keys without those that are empty or were there before, in their order.
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
