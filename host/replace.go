package host

import (
	"context"

	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
)

// Scope is the part of a collection that a run replaces; the zero scope is all of it. A nil list
// does not limit; an empty list is a part with nothing in it.
type Scope struct {
	// Keys limits a vertex collection to the vertices with these keys. Addresses outside the
	// default region are written REGION/ADDRESS, here and in From and To.
	Keys []string
	// From and To limit an edge collection to the edges that start at a vertex in From or end at
	// one in To. Vertices are named by their key: the external id or the _key, also as
	// "collection/key".
	From, To []string
	// Orphans limits a vertex collection to what loses its last edge in this run: such a vertex is
	// deleted at the end, unless the run adds it. It is for vertices that exist only because others
	// point at them, such as addresses and host names of assets.
	Orphans bool
}

// Replace declares that this run reports a collection, or a part of it, completely. Objects that
// CAR already has unchanged are not sent again, and what is not added is removed at the end of the
// run: vertices are deleted, edges deactivated. In a full import it does nothing, because that is
// complete anyway.
//
// All calls for a collection must come before its first object is added; several add up. Only the
// goroutine that runs the connector may call it: see [Run.ReadExisting] for others.
func (r *Run) Replace(ctx context.Context, collection string, scope Scope) error {
	replace, err := r.ReadExisting(ctx, collection, scope)
	if err != nil {
		return err
	}
	return replace()
}

// ReadExisting is the slow part of Replace: it queries CAR. Any goroutine may call it. The
// goroutine that runs the connector must then call replace, which does the rest.
func (r *Run) ReadExisting(ctx context.Context, collection string, scope Scope) (replace func() error, err error) {
	submission, err := r.importing("replace " + collection)
	if err != nil {
		return nil, err
	}
	c, ok := r.Model().Collection(collection)
	if !ok {
		return nil, submission.Replace(collection, nil) // its error lists the collections
	}
	if err := scope.check(c); err != nil {
		return nil, err
	}
	if r.Mode() == ModeFull {
		return func() error { return nil }, nil
	}
	if scope.Orphans {
		return func() error { r.progress.orphans.watch(c.Name); return nil }, nil
	}
	part := inventory.Part{Keys: scope.Keys, From: scope.From, To: scope.To}
	existing, err := r.service.existing(ctx, c, part)
	if err != nil {
		return nil, err
	}
	r.log.Debug("replacing", "collection", collection, "whole", part.Whole(), "in_car", len(existing))
	return func() error { return r.progress.replace(submission, c.Name, part.Whole(), existing) }, nil
}

// check returns an error if the scope does not fit the kind of the collection.
func (s Scope) check(c *model.Collection) error {
	for _, wrong := range []struct {
		holds bool
		why   string
		hint  string
	}{
		{c.Kind == model.Vertex && (s.From != nil || s.To != nil), "it is a vertex collection, and from and to limit edges",
			"limit it by keys, or replace all of it"},
		{c.Kind == model.Edge && s.Orphans, "it is an edge collection, and only vertices can be orphans",
			"name the vertex collection that the edges point at"},
		{s.Orphans && s.Keys != nil, "keys and orphans exclude each other", "call replaces once for each, or replace all of it"},
		{c.Kind == model.Edge && s.Keys != nil, "it is an edge collection, and keys limit vertices",
			"limit it by from or to, or replace all of it"},
	} {
		if wrong.holds {
			return failure.New(failure.General, "cannot replace this part of %s: %s", c.Name, wrong.why).WithHint("%s", wrong.hint)
		}
	}
	return nil
}
