package host

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// lostName is the property of the source in which runs keep the edges that the data source has and
// CAR does not, because a vertex at one end is missing: it was invalid, or not reported. When it
// appears, a data source reports it as changed and the objects at the other ends not, so that an
// incremental import would never bring the edge.
const lostName = "lost_edges"

// mostLost is how many of these edges are kept. A source with more has vertices missing for good,
// which are not worth more room in each page that brings the properties.
const mostLost = 500

// lostEdge is such an edge: its collection, its ends as keys, and which of them is missing, "from"
// or "to".
type lostEdge [4]string

func (l lostEdge) String() string { return fmt.Sprintf("%s %s → %s", l[0], l[1], l[2]) }

// missing is the vertex that is missing.
func (l lostEdge) missing(m *model.Model) (collection, key string) {
	c, ok := m.Collection(l[0])
	switch {
	case !ok || c.Kind != model.Edge:
		return "", ""
	case l[3] == "from":
		return c.From, l[1]
	}
	return c.To, l[2]
}

// lostEdges returns the edges that earlier runs have kept. CAR may not show them.
func (s *session) lostEdges() []lostEdge {
	var lost []lostEdge
	if json.Unmarshal(s.found.Properties[lostName], &lost) != nil {
		return nil
	}
	return lost
}

// expectLost prepares the submission to tell which lost edges an incremental import brings.
func (s *session) expectLost(submission *submit.Submission) {
	for _, l := range s.lostEdges() {
		submission.PatchedEdge(l[0], l[1], l[2])
	}
}

// findLost ends an incremental import that adds what a lost edge is missing and not the edge: only a
// full import certainly has it.
func (s *session) findLost(submission *submit.Submission) error {
	lost := s.lostEdges()
	incomplete := map[[3]string]bool{}
	for _, l := range lost {
		collection, key := l.missing(s.progress.currentModel())
		there, err := submission.Has(collection, key)
		if err != nil {
			return err
		}
		if !there {
			incomplete[[3]string(l[:3])] = true
		}
	}
	for _, l := range lost {
		if incomplete[[3]string(l[:3])] || submission.AddedSincePatched(l[0], l[1], l[2]) || s.progress.reportsWhole(l[0]) {
			continue
		}
		collection, key := l.missing(s.progress.currentModel())
		return &failure.NotPossible{Reason: fmt.Sprintf("%s %q was missing before, and its edges may be: %s", collection, key, l)}
	}
	return nil
}

// lostNow returns the edges that this import leaves without a vertex. A full import reports
// everything, so that only its own count.
func (s *session) lostNow(submission *submit.Submission) ([]lostEdge, error) {
	var now []lostEdge
	for _, d := range submission.DanglingEdges() {
		now = append(now, lostEdge{d.Collection, d.From, d.To, d.End})
	}
	now = append(now, s.removedEdges...)
	if s.progress.currentMode() == ModeIncremental {
		for _, l := range s.lostEdges() {
			collection, key := l.missing(s.progress.currentModel())
			there, err := submission.Has(collection, key)
			if err != nil {
				return nil, err
			}
			if !there && !s.progress.reportsWhole(l[0]) {
				now = append(now, l)
			}
		}
	}
	slices.SortFunc(now, func(a, b lostEdge) int { return slices.Compare(a[:], b[:]) })
	now = slices.Compact(now)
	if len(now) > mostLost {
		s.log.Info("too many edges have a missing end to keep all of them: a vertex that appears later may lack edges until the next full import",
			"kept", mostLost, "edges", len(now))
		now = now[:mostLost]
	}
	return now, nil
}

// noteRemoved notes the edges that are removed with the vertices of a replaced collection which the
// data source still has in an invalid form.
func (s *session) noteRemoved(ctx context.Context, submission *submit.Submission, c *model.Collection, keys []string) error {
	keys = slices.DeleteFunc(slices.Clone(keys), func(key string) bool { return !submission.RejectedVertex(c.Name, key) })
	for batch := range slices.Chunk(keys, inventory.MaxKeys) {
		around, err := s.service.edgesAt(ctx, c, batch)
		if err != nil {
			return err
		}
		rejected := map[string]bool{}
		for _, key := range batch {
			rejected[model.SameKey(c.Name, key)] = true
		}
		for _, at := range around.Edges {
			for _, e := range at.Edges {
				if at.Collection.From == c.Name && rejected[model.SameKey(c.Name, e.From)] {
					s.removedEdges = append(s.removedEdges, lostEdge{at.Collection.Name, e.From, e.To, "from"})
				}
				if at.Collection.To == c.Name && rejected[model.SameKey(c.Name, e.To)] {
					s.removedEdges = append(s.removedEdges, lostEdge{at.Collection.Name, e.From, e.To, "to"})
				}
			}
		}
	}
	return nil
}

// keepLost keeps the lost edges for later runs, where they differ from what is kept.
func (s *session) keepLost(ctx context.Context, submission *submit.Submission) error {
	before := s.lostEdges()
	now, err := s.lostNow(submission)
	if err != nil || s.marks.head == nil || len(before)+len(now) == 0 || reflect.DeepEqual(before, now) {
		return err
	}
	return s.sendProperty(ctx, submission, lostName, append([]lostEdge{}, now...))
}
