package host

import (
	"context"
	"slices"

	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// deactivateUnreported ends the edges of replaced collections that this import did not report. It
// runs before any vertex is deleted, because CAR may then end the vertex's edges itself and no
// longer find them.
func (s *session) deactivateUnreported(ctx context.Context, submission *submit.Submission) error {
	for _, c := range s.progress.currentModel().Edges() {
		if err := s.service.deactivateEdges(ctx, c, submission.Leftovers(c.Name)); err != nil {
			return err
		}
	}
	return nil
}

// makeRoom deactivates superseded edges: this import added other edges between the same vertices,
// with other external ids. It runs before edges are sent, because CAR's calls name an edge by its
// ends, and deactivate all edges between the two vertices.
func (s *session) makeRoom(ctx context.Context, submission *submit.Submission) error {
	for _, c := range s.progress.currentModel().Edges() {
		if err := s.service.deactivateEdges(ctx, c, submission.Superseded(c.Name)); err != nil {
			return err
		}
	}
	return nil
}

// deleteUnreported deletes the vertices of replaced collections that this import did not report.
func (s *session) deleteUnreported(ctx context.Context, submission *submit.Submission) error {
	for _, c := range s.progress.currentModel().Vertices() {
		keys := leftKeys(submission, c)
		if len(keys) == 0 {
			continue
		}
		if err := s.noteRemoved(ctx, submission, c, keys); err != nil {
			return err
		}
		if _, err := s.service.remove(ctx, c, keys); err != nil {
			return err
		}
	}
	return nil
}

// leftKeys are the keys of the vertices of a replaced collection that were not reported.
func leftKeys(submission *submit.Submission, c *model.Collection) []string {
	left := submission.Leftovers(c.Name)
	keys := make([]string, len(left))
	for i, o := range left {
		keys[i] = o.Key
	}
	return inventory.Distinct(keys)
}

// deleteOrphans deletes the vertices of watched collections that have no edge left and were not
// added. Deleting one may take the last edge of another, so it goes on until there are no more.
// They are not limited: they follow from what was removed before, and could not be found in a later
// run.
func (s *session) deleteOrphans(ctx context.Context, submission *submit.Submission) error {
	for again := true; again; {
		again = false
		for _, c := range s.progress.currentModel().Vertices() {
			gone, err := s.orphansOf(ctx, submission, c)
			if err != nil {
				return err
			}
			if len(gone) == 0 {
				continue
			}
			again = true
			if _, err := s.service.remove(ctx, c, gone); err != nil {
				return err
			}
		}
	}
	return nil
}

// orphansOf returns which of a collection's orphan candidates have no edge left.
func (s *session) orphansOf(ctx context.Context, submission *submit.Submission, c *model.Collection) ([]string, error) {
	var gone []string
	for batch := range slices.Chunk(s.progress.orphans.take(c.Name), inventory.MaxKeys) {
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
		around, err := s.service.edgesAt(ctx, c, ask)
		if err != nil {
			return nil, err
		}
		gone = append(gone, around.Unlinked()...)
	}
	return gone, nil
}
