package host

import (
	"context"
	"sync"

	"carjs/host/car"
)

// savePoint is the save point in CAR, as far as the run knows it.
type savePoint struct {
	client *car.Client // nil when the settings for CAR are invalid

	mu sync.Mutex
	id string
	// certain tells that CAR has this one: CAR returned or accepted it.
	certain bool
}

func (p *savePoint) set(id string, certain bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.id, p.certain = id, certain
}

// value is the save point as far as it is known; "" is none, or not known yet.
func (p *savePoint) value() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.id
}

// none tells that CAR certainly has no save point.
func (p *savePoint) none() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.certain && p.id == ""
}

// read asks CAR for the source, the save point of which is known then.
func (p *savePoint) read(ctx context.Context) (car.Source, error) {
	source, err := p.client.Source(ctx)
	if err == nil {
		p.set(source.SavePoint, true)
	}
	return source, err
}

// store stores a save point. While it is under way, and when it fails, CAR may have the old one or
// the new one.
func (p *savePoint) store(ctx context.Context, id string) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	p.set(p.value(), false)
	if err := p.client.SetSavePoint(ctx, id); err != nil {
		return err
	}
	p.set(id, true)
	return nil
}

// reset removes the save point, so that the next run is full.
func (p *savePoint) reset(ctx context.Context) error { return p.store(ctx, "") }
