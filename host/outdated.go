package host

import (
	"context"
	"slices"

	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// Outdated are objects of a collection that an incremental import skipped as invalid and that CAR
// keeps as an earlier import reported them. A full import would have CAR retire them, and all edges
// at them with them; an incremental one leaves them alone, because the edges would be missing once
// they are valid again: a data source does not report these anew. Objects in a scope of
// [Run.Replace] are removed like all that was not reported, and are not here.
type Outdated struct {
	Collection string `json:"collection"`
	Count      int    `json:"count"`
	// FirstKey is the key of one of them, an edge by both ends.
	FirstKey string `json:"first_key"`
}

// tellOutdated reports which of the objects that an incremental import skipped CAR keeps. If CAR
// does not answer, only the skipped objects are reported.
func (s *session) tellOutdated(ctx context.Context, submission *submit.Submission) error {
	m := s.progress.currentModel()
	for _, c := range append(m.Vertices(), m.Edges()...) {
		objects, err := submission.Rejected(c.Name)
		if err != nil {
			return err
		}
		if len(objects) == 0 {
			continue
		}
		there, err := s.there(ctx, c, objects)
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			s.log.Warn("cannot tell which of the invalid objects CAR keeps in an earlier form", "collection", c.Name, "error", err)
			continue
		}
		if len(there) == 0 {
			continue
		}
		s.progress.addOutdated(Outdated{Collection: c.Name, Count: len(there), FirstKey: there[0]})
		s.log.Warn("CAR keeps invalid objects as an earlier import reported them: fix them, or run a full import, which retires them",
			"collection", c.Name, "objects", len(there), "first", there[0])
	}
	return nil
}

// there returns which of some objects CAR has, vertices by their keys and edges by both ends.
func (s *session) there(ctx context.Context, c *model.Collection, objects []submit.Existing) ([]string, error) {
	var there []string
	if c.Kind == model.Vertex {
		for batch := range slices.Chunk(objects, inventory.MaxKeys) {
			keys := make([]string, len(batch))
			for i, o := range batch {
				keys[i] = o.Key
			}
			found, err := s.service.inventory().Present(ctx, c, keys)
			if err != nil {
				return nil, err
			}
			there = append(there, found...)
		}
		return inventory.Distinct(there), nil
	}
	ends := func(o submit.Existing) [2]string {
		return [2]string{model.SameKey(c.From, o.From), model.SameKey(c.To, o.To)}
	}
	wanted := map[[2]string]bool{}
	var from []string
	for _, o := range objects {
		wanted[ends(o)] = true
		from = append(from, o.From)
	}
	found, err := s.service.inventory().Read(ctx, c, inventory.Part{From: inventory.Distinct(from)})
	for _, o := range found {
		if wanted[ends(o)] {
			there = append(there, o.From+" → "+o.To)
		}
	}
	return inventory.Distinct(there), err
}
