package host

import (
	"context"
	"errors"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// inventory is what CAR has of this source.
func (s *Service) inventory() *inventory.Inventory {
	return inventory.New(s.client, s.progress.currentModel(), s.source).Sharing(&s.shown)
}

// sizes returns how many objects CAR has of collections.
func (s *Service) sizes(ctx context.Context, known []inventory.Least) ([]int, error) {
	found, err := s.inventory().Sizes(ctx, known)
	var noAnswer *inventory.NoAnswerError
	switch {
	case !errors.As(err, &noAnswer) && !errors.Is(err, car.ErrQueryInvalid):
		return found, err
	case s.progress.currentMode() == ModeIncremental:
		return nil, &failure.NotPossible{Reason: err.Error()}
	}
	return nil, failure.New(failure.Recoverable, "%v, so deletions cannot be limited", err).WithCause(err).
		WithHint("look at the log of the CAR service, or run once with -allow-deletions")
}

// existing returns what CAR has of this source in a part of a collection. An object may be there
// twice.
func (s *Service) existing(ctx context.Context, c *model.Collection, part inventory.Part) ([]submit.Existing, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	found, err := s.inventory().Read(ctx, c, part)
	var noAnswer *inventory.NoAnswerError
	if errors.As(err, &noAnswer) {
		return nil, &failure.NotPossible{Reason: noAnswer.Error()} // only a full import is certainly correct
	}
	return found, err
}

// edgesAt returns which of the vertices CAR has, and this source's edges at them. If CAR does not
// answer, an incremental import is not possible. A full one continues: at its end CAR retires the
// edges that it did not report.
func (s *Service) edgesAt(ctx context.Context, c *model.Collection, keys []string) (inventory.Neighborhood, error) {
	found, err := s.inventory().EdgesAt(ctx, c, keys)
	var noAnswer *inventory.NoAnswerError
	if err != nil && !errors.As(err, &noAnswer) {
		return found, err
	}
	incremental := s.progress.currentMode() == ModeIncremental
	if err == nil && incremental {
		noAnswer, err = s.unseen(ctx, found.Unseen)
		if err != nil {
			return found, err
		}
	}
	if noAnswer == nil {
		return found, nil
	}
	if incremental {
		return found, &failure.NotPossible{Reason: noAnswer.Error()}
	}
	s.log.Warn("CAR did not answer which edges the vertices to delete have: leaving those active", "collection", c.Name)
	return found, nil
}

// unseen returns the first of some edge collections that CAR's queries do not show and in which the
// source may have edges: those at a vertex that goes could not be found. nil is none.
func (s *Service) unseen(ctx context.Context, collections []*model.Collection) (*inventory.NoAnswerError, error) {
	for _, c := range collections {
		none, err := s.hasNone(ctx, c)
		if err != nil {
			return nil, err
		}
		if !none {
			return &inventory.NoAnswerError{Collection: c.Name, Unshown: true}, nil
		}
	}
	return nil, nil
}

// hasNone tells whether CAR says that the source has nothing in a collection that queries do not
// show. It asks once in a run.
func (s *Service) hasNone(ctx context.Context, c *model.Collection) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if none, known := s.none[c.Name]; known {
		return none, nil
	}
	n, told, err := s.client.Count(ctx, c.Name)
	if err != nil {
		return false, err
	}
	if s.none == nil {
		s.none = map[string]bool{}
	}
	s.none[c.Name] = told && n == 0
	return s.none[c.Name], nil
}
