package host

import (
	"context"
	"slices"
	"sync"

	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// deletions are what a connector deletes and switches off during an import. It waits until the run
// knows everything that it removes: where that is too much, nothing is removed. An object that the
// import adds stays, whichever came first, as it would in a full import: an edge is switched off
// when that was asked for after it was added. Any goroutine may call the methods.
type deletions struct {
	mu      sync.Mutex
	waiting bool
	of      []deletion
	off     []switchOff
}

// deletion is what one or more calls delete from a collection.
type deletion struct {
	collection *model.Collection
	ids        []string
	// at are the lines of the calls, by id; an id whose line is unknown is not there.
	at map[string]string
	// done is told how many of them CAR had, once they are deleted.
	done func(there int)
}

// switchOff is a call that switches off the edges between two vertices.
type switchOff struct {
	collection *model.Collection
	from, to   string // keys
	// fromID and toID are their ids in CAR without the source.
	fromID, toID string
	fields       map[string]any
}

// wait lets deletions wait from now on.
func (d *deletions) wait() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.waiting, d.of, d.off = true, nil, nil
}

// waits tells whether deletions wait.
func (d *deletions) waits() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.waiting
}

// add reports whether deletions wait, and keeps this one if they do. at is its line.
func (d *deletions) add(c *model.Collection, ids []string, at string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.waiting {
		return false
	}
	i := slices.IndexFunc(d.of, func(other deletion) bool { return other.collection.Name == c.Name })
	if i < 0 {
		i, d.of = len(d.of), append(d.of, deletion{collection: c, at: map[string]string{}})
	}
	d.of[i].ids = append(d.of[i].ids, ids...)
	for _, id := range ids {
		if at != "" {
			d.of[i].at[id] = at
		}
	}
	return true
}

// addEdge is add for an edge that is switched off.
func (d *deletions) addEdge(edge switchOff) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.waiting {
		d.off = append(d.off, edge)
	}
	return d.waiting
}

// take ends the wait, and returns what waited.
func (d *deletions) take() ([]deletion, []switchOff) {
	d.mu.Lock()
	defer d.mu.Unlock()
	of, off := d.of, d.off
	d.waiting, d.of, d.off = false, nil, nil
	for i := range of {
		of[i].ids = inventory.Distinct(of[i].ids)
	}
	return of, off
}

// waited ends the wait, and returns what is to go: not what the import added.
func (s *session) waited(submission *submit.Submission) ([]deletion, []switchOff, error) {
	deletions, off := s.service.deletions.take()
	for i := range deletions {
		if err := s.keepAdded(submission, &deletions[i]); err != nil {
			return nil, nil, err
		}
	}
	seen := map[[3]string]bool{}
	off = slices.DeleteFunc(off, func(o switchOff) bool {
		edge := [3]string{o.collection.Name, o.fromID, o.toID}
		gone := submission.AddedSincePatched(o.collection.Name, o.from, o.to) || seen[edge]
		seen[edge] = true
		return gone
	})
	return deletions, off, nil
}

// keepAdded takes the vertices out of a deletion that the import added: the data source has them.
func (s *session) keepAdded(submission *submit.Submission, d *deletion) error {
	var both []string
	kept := map[string]bool{}
	for _, id := range d.ids {
		added, err := submission.Has(d.collection.Name, id)
		if err != nil {
			return err
		}
		if added {
			both, kept[id] = append(both, id), true
		}
	}
	if both == nil {
		return nil
	}
	first, err := submission.AddedAt(d.collection.Name, both[0])
	if err != nil {
		return err
	}
	s.log.Warn("kept vertices that this import both added and deleted", "collection", d.collection.Name, "vertices", len(both),
		"first", both[0], "added_at", first, "deleted_at", d.at[both[0]])
	d.ids = slices.DeleteFunc(d.ids, func(id string) bool { return kept[id] })
	return nil
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

// switchOffAdmitted switches off the edges that were counted.
func (s *session) switchOffAdmitted(ctx context.Context, off []switchOff) error {
	for _, o := range off {
		if err := s.service.switchOff(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// deleteWaiting deletes what a connector asked for during a full import.
func (s *session) deleteWaiting(ctx context.Context, submission *submit.Submission) error {
	deletions, off, err := s.waited(submission)
	if err != nil {
		return err
	}
	if err := s.guard.plan(ctx, switchedOff(off)); err != nil {
		return err
	}
	if err := s.admitDeletions(ctx, deletions); err != nil {
		return err
	}
	if err := s.switchOffAdmitted(ctx, off); err != nil {
		return err
	}
	return s.deleteAdmitted(ctx, deletions)
}

// switchedOff are the edges as what is about to be removed from their collections.
func switchedOff(off []switchOff) []removal {
	var removals []removal
	for _, o := range off {
		i := slices.IndexFunc(removals, func(r removal) bool { return r.collection.Name == o.collection.Name })
		if i < 0 {
			i, removals = len(removals), append(removals, removal{collection: o.collection})
		}
		removals[i].objects++
	}
	return removals
}
