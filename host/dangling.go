package host

import (
	"context"
	"errors"

	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// inCAR asks CAR which vertices it has, so that edges of an incremental import to vertices of
// earlier runs do not count as dangling. It is nil in a full import: at its end CAR retires what
// was not reported.
//
// If CAR does not answer, the vertices count as present: a dangling edge does less harm than a
// missing one.
func (s *session) inCAR() func(context.Context, *model.Collection, []string) ([]string, error) {
	if s.progress.currentMode() != ModeIncremental {
		return nil
	}
	return func(ctx context.Context, c *model.Collection, keys []string) ([]string, error) {
		found, err := s.service.inventory().Present(ctx, c, keys)
		var noAnswer *inventory.NoAnswerError
		if errors.As(err, &noAnswer) {
			s.log.Warn("CAR did not answer which vertices it has: sending edges without checking their ends", "collection", c.Name)
			return keys, nil
		}
		return found, err
	}
}

// tellDangling reports the edges that were left out because a vertex at one end is missing, to the
// caller or the log.
func (s *session) tellDangling(edges []submit.Dangling) {
	s.progress.setDangling(edges)
	if s.options.Dangling != nil {
		s.options.Dangling(edges)
		return
	}
	for _, d := range edges {
		s.log.Warn("left out edges with a missing end", "collection", d.Collection, "edges", d.Count, "why", d.Why(),
			"end", d.End, "first", d.FirstEdge, "at", d.At)
	}
}

// differing logs an object that repeats the key of an earlier one with other values.
func (s *session) differing(d submit.Differing) {
	if d.Edge {
		s.log.Warn("CAR keeps one of several edges between two vertices that differ; give each an external_id",
			"collection", d.Collection, "edge", d.Key, "first_at", d.First, "at", d.At)
		return
	}
	s.log.Warn("dropped a duplicate that differs from the first object with its key",
		"collection", d.Collection, "key", d.Key, "first_at", d.First, "at", d.At)
}

// unknown logs a property that CAR does not keep.
func (s *session) unknown(u submit.Unknown) {
	told := []any{"collection", u.Collection, "property", u.Property}
	if c, ok := s.progress.currentModel().Collection(u.Collection); ok {
		names := make([]string, len(c.Properties))
		for i := range c.Properties {
			names[i] = c.Properties[i].Name
		}
		if near := failure.Nearest(u.Property, names); len(near) > 0 {
			told = append(told, "did_you_mean", near[0])
		}
	}
	s.log.Warn("CAR does not have this property and will not keep it", append(told, "at", u.At)...)
}
