package host

import (
	"context"

	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
)

// Scope is the part of a collection that a run reports anew; the zero scope is all of it. A list
// that is nil does not limit; a list that is there and empty is a part in which there is nothing.
type Scope struct {
	// Keys limits a vertex collection to the vertices with these keys.
	Keys []string
	// From and To limit an edge collection to the edges that leave one of these vertices or reach
	// one of those, by the key of the vertex: its external id or its _key, "collection/key" too.
	From, To []string
	// Orphans limits a vertex collection to what loses its last edge in this run: such a vertex is
	// deleted at the end, unless the run adds it. It is for vertices that are there because others
	// point at them, as addresses and host names of assets are, where only the assets are known.
	Orphans bool
}

func (s Scope) whole() bool { return s.Keys == nil && s.From == nil && s.To == nil && !s.Orphans }

// Replace says that this run reports a collection, or a part of it, completely: all that is added
// from now on is all that there is. What CAR has in the same form is not sent again, and what is
// not added is over at the end of the run: vertices are deleted, edges switched off. A full import
// is complete anyway, so that Replace does nothing there.
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

// ReadExisting is the part of Replace that takes its time: it asks CAR what it has. Any goroutine
// may call it. Calling replace on the goroutine that runs the connector does the rest.
func (r *Run) ReadExisting(ctx context.Context, collection string, scope Scope) (replace func() error, err error) {
	submission, err := r.importing("report " + collection + " anew")
	if err != nil {
		return nil, err
	}
	c, ok := r.Model().Collection(collection)
	if !ok {
		return nil, submission.Replace(collection, nil) // which says what there is
	}
	if err := scope.check(c); err != nil {
		return nil, err
	}
	if r.Mode() == ModeFull {
		return func() error { return nil }, nil
	}
	if scope.Orphans {
		return func() error { r.watchOrphans(c.Name); return nil }, nil
	}
	existing, err := r.service.existing(ctx, c, scope)
	if err != nil {
		return nil, err
	}
	r.log.Debug("reporting anew", "collection", collection, "whole", scope.whole(), "in_car", len(existing))
	return func() error { return r.replace(submission, c, existing) }, nil
}

func (r *Run) replace(submission *submit.Submission, c *model.Collection, existing []submit.Existing) error {
	if err := submission.Replace(c.Name, existing); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.anew[c.Name] = true
	return nil
}

// check says whether the scope fits the kind of the collection.
func (s Scope) check(c *model.Collection) error {
	switch {
	case c.Kind == model.Vertex && (s.From != nil || s.To != nil):
		return failure.New(failure.General, "%s is a vertex collection: from and to limit edges", c.Name).
			WithHint("limit it by keys, or report all of it")
	case c.Kind == model.Edge && s.Orphans:
		return failure.New(failure.General, "%s is an edge collection: orphans are vertices", c.Name).
			WithHint("name the vertex collection that the edges point at")
	case s.Orphans && s.Keys != nil:
		return failure.New(failure.General, "%s is limited by keys and by orphans: they exclude each other", c.Name).
			WithHint("call it once for each, or report all of it")
	case c.Kind == model.Edge && s.Keys != nil:
		return failure.New(failure.General, "%s is an edge collection: keys limit vertices", c.Name).
			WithHint("limit it by from or to, or report all of it")
	}
	return nil
}

// mayDelete refuses to delete objects of a collection that is being reported anew: one of them that
// is added afterwards, in the form in which CAR had it, would be taken for unchanged and be
// missing.
func (r *Run) mayDelete(collection string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deleting || !r.anew[collection] {
		return nil
	}
	return failure.New(failure.General, "objects of %s cannot be deleted while it is reported anew", collection).
		WithHint("leave out what is gone: it is deleted at the end of the import; or delete it in deleteVertices")
}
