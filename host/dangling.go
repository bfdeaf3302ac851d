package host

import (
	"context"
	"errors"

	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// inCAR asks CAR which vertices it has, so that the edges of an incremental import are not taken
// for dangling that end at vertices from before. It is nil in a full import: at its end CAR retires
// what it did not report.
//
// Where CAR gives no answer nothing can be concluded: the vertices count as there. An edge that
// joins nothing does less harm than one that is missing.
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

// tellDangling tells which edges were left out because a vertex at one of their ends is not there:
// the caller, or the log.
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

// differing logs that a vertex repeats the key of another and says something else.
func (s *session) differing(d submit.Differing) {
	s.log.Warn("dropped a duplicate that differs from the first object with its key",
		"collection", d.Collection, "key", d.Key, "first_at", d.First, "at", d.At)
}

// unknown tells of a property that CAR does not keep.
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
