package host

import (
	"context"
	"sync"
)

// savePoint is what the run knows of the save point in CAR.
type savePoint struct {
	mu sync.Mutex
	id string
	// certain tells that CAR has this one: it said so, or took it.
	certain bool
}

func (p *savePoint) set(id string, certain bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.id, p.certain = id, certain
}

// value is the save point as far as it is known.
func (p *savePoint) value() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.id
}

// none tells that CAR has no save point for certain.
func (p *savePoint) none() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.certain && p.id == ""
}

// store stores a save point. While it is under way, and when it fails, CAR may have the old one or
// the new one.
func (s *session) store(ctx context.Context, id string) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	s.point.set(s.point.value(), false)
	if err := s.car.SetSavePoint(ctx, id); err != nil {
		return err
	}
	s.point.set(id, true)
	return nil
}

// reset makes the next run a full one.
func (s *session) reset(ctx context.Context) error { return s.store(ctx, "") }
