package host

import (
	"context"
	"maps"
	"slices"

	"carjs/host/model"
	"carjs/host/submit"
)

// watchOrphans remembers from now on which vertices of a collection lose edges.
func (r *Run) watchOrphans(collection string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.orphans[collection] == nil {
		r.orphans[collection] = map[string]bool{}
	}
}

// lost remembers the ends of edges that are switched off.
func (r *Run) lost(collection string, edges []submit.Existing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, ok := r.model.Collection(collection)
	if !ok || c.Kind != model.Edge {
		return
	}
	for _, end := range []struct {
		collection string
		key        func(submit.Existing) string
	}{{c.From, func(e submit.Existing) string { return e.From }}, {c.To, func(e submit.Existing) string { return e.To }}} {
		if watched := r.orphans[end.collection]; watched != nil {
			for _, e := range edges {
				watched[end.key(e)] = true
			}
		}
	}
}

// candidates are the vertices of a collection that lost an edge, and forgets them.
func (r *Run) candidates(collection string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	keys := slices.Sorted(maps.Keys(r.orphans[collection]))
	clear(r.orphans[collection])
	return keys
}

// deleteOrphans deletes the vertices of watched collections that have no edge left and were not
// added. Deleting one may take the last edge of another, so it goes on until there are no more.
func (s *session) deleteOrphans(ctx context.Context, submission *submit.Submission) error {
	for again := true; again; {
		again = false
		for _, c := range s.side.Model().Vertices() {
			gone, err := s.orphansOf(ctx, submission, c)
			if err != nil {
				return err
			}
			if len(gone) == 0 {
				continue
			}
			again = true
			if err := s.side.service.Delete(ctx, c.Name, gone); err != nil {
				return err
			}
		}
	}
	return nil
}

// orphansOf returns which of a collection's vertices that lost an edge have none left.
func (s *session) orphansOf(ctx context.Context, submission *submit.Submission, c *model.Collection) ([]string, error) {
	var gone []string
	for batch := range slices.Chunk(s.side.candidates(c.Name), idBatch) {
		var ask []string
		for _, key := range batch {
			added, err := submission.Has(c.Name, key)
			if err != nil {
				return nil, err
			}
			if !added {
				ask = append(ask, key)
			}
		}
		if len(ask) == 0 {
			continue
		}
		held, err := s.side.service.held(ctx, c, ask)
		if err != nil {
			return nil, err
		}
		for _, key := range ask {
			if has, there := held[key]; there && !has {
				gone = append(gone, key)
			}
		}
	}
	return gone, nil
}
