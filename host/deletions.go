package host

import (
	"context"
	"slices"
	"sync"

	"carjs/host/internal/inventory"
	"carjs/host/model"
)

// deletions are the vertices that a connector deletes at the end of an incremental import. They wait
// until the run knows everything that it removes: where that is too much, nothing is removed, not
// even an edge. Any goroutine may call its methods.
type deletions struct {
	mu      sync.Mutex
	waiting bool
	of      []deletion
}

// deletion is what one or more calls delete from a collection.
type deletion struct {
	collection *model.Collection
	ids        []string
	// done is told how many of them CAR had, once they are deleted.
	done func(there int)
}

// wait lets deletions wait from now on.
func (d *deletions) wait() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting, d.of = true, nil
}

// add reports whether deletions wait, and keeps this one if they do.
func (d *deletions) add(c *model.Collection, ids []string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.waiting {
		return false
	}
	if i := slices.IndexFunc(d.of, func(other deletion) bool { return other.collection.Name == c.Name }); i >= 0 {
		d.of[i].ids = append(d.of[i].ids, ids...)
		return true
	}
	d.of = append(d.of, deletion{collection: c, ids: slices.Clone(ids)})
	return true
}

// take ends the wait, and returns what waited.
func (d *deletions) take() []deletion {
	d.mu.Lock()
	defer d.mu.Unlock()
	of := d.of
	d.waiting, d.of = false, nil
	for i := range of {
		of[i].ids = inventory.Distinct(of[i].ids)
	}
	return of
}

// admitDeletions counts what the connector deletes. The error is the failure that ends the run
// because that is too much.
func (s *session) admitDeletions(ctx context.Context, deletions []deletion) error {
	for i, d := range deletions {
		done, err := s.service.admit(ctx, d.collection, d.ids)
		if err != nil {
			return err
		}
		deletions[i].done = done
	}
	return nil
}

// deleteAdmitted deletes what was counted.
func (s *session) deleteAdmitted(ctx context.Context, deletions []deletion) error {
	for _, d := range deletions {
		there, err := s.service.remove(ctx, d.collection, d.ids)
		if err != nil {
			return err
		}
		d.done(there)
	}
	return nil
}
