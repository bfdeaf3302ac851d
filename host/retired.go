package host

import (
	"context"
	"errors"
	"strings"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// leave ends a full import, unless CAR would retire too much that was not reported. It counts what
// is retired: what CAR has at the end of the import minus what was reported.
func (s *session) leave(ctx context.Context, submission *submit.Submission) error {
	if s.options.Empty {
		return s.car.LeaveFullImport(ctx)
	}
	look := s.lookForMark()
	collections, kept, sizes, err := s.unreported(ctx, submission, look)
	if err != nil {
		return err
	}
	if rival := s.rival(look.found); rival != nil {
		return s.giveWay(ctx, submission, *rival)
	}
	if err := s.guard.retiring(collections, kept, sizes); err != nil {
		return err
	}
	if err := s.car.LeaveFullImport(ctx); err != nil {
		return err
	}
	if err := s.lookAgain(ctx, look); err != nil {
		return err
	}
	total := 0
	for i, c := range collections {
		if retired := sizes[i] - kept[i]; retired > 0 {
			s.progress.countRetired(c.Name, retired)
			total += retired
		}
	}
	s.log.Info("CAR retires objects that this import did not report", "objects", total)
	return nil
}

// unreported returns how many objects CAR has of each collection during a full import, and how many
// of them were reported. Everything that CAR accepted counts as reported; CAR keeps one edge
// with an external id, or without one, between two vertices, so the number of retired edges may be
// too low. Collections whose size CAR
// does not tell are left out.
func (s *session) unreported(ctx context.Context, submission *submit.Submission, look *markLook) (
	collections []*model.Collection, kept, sizes []int, err error,
) {
	counts := submission.Counts()
	m := s.progress.currentModel()
	var known []inventory.Least
	for _, c := range append(m.Vertices(), m.Edges()...) {
		known = append(known, inventory.Least{Collection: c, Objects: counts[c.Name].Sent})
	}
	sizes, err = s.service.inventory().Sizes(ctx, known, look.Beside)
	if s.unanswered(err) { // CAR may not show sources
		sizes, err = s.service.inventory().Sizes(ctx, known)
	}
	if s.unanswered(err) {
		known, sizes, err = s.oneByOne(ctx, known, look)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	for _, k := range known {
		collections, kept = append(collections, k.Collection), append(kept, k.Objects)
	}
	return collections, kept, sizes, nil
}

// oneByOne asks for sizes separately if a query for all failed: CAR may not show the collections of
// an extension yet, respond with 404 if there is nothing, or not answer queries at all. Collections
// whose size is unknown after that are neither counted nor limited, which is logged.
func (s *session) oneByOne(ctx context.Context, known []inventory.Least, look *markLook) (
	answered []inventory.Least, sizes []int, err error,
) {
	queries, err := s.answersQueries(ctx, look)
	if err != nil {
		return nil, nil, err
	}
	var silent []string
	limited, reported := false, false // any vertices, anything at all
	for _, k := range known {
		size, told, err := s.sizeOf(ctx, k, queries)
		if err != nil {
			return nil, nil, err
		}
		reported = reported || k.Objects > 0
		if !told {
			if queries || k.Collection.Kind == model.Vertex {
				silent = append(silent, k.Collection.Name)
			}
			continue
		}
		limited = limited || k.Collection.Kind == model.Vertex
		answered, sizes = append(answered, k), append(sizes, size)
	}
	if !limited && !reported && s.found.Known && !s.guard.limit.Off {
		return nil, nil, failure.New(failure.Recoverable, "CAR does not tell how many objects it has, and this import reported none: "+
			"all of them could be deleted").WithFault(failure.FaultDatasource).
			WithHint("check what the data source returned; if it is really empty, run once with -allow-deletions")
	}
	if len(silent) > 0 {
		s.log.Warn("CAR did not answer how many objects some collections have: neither counting nor limiting what it retires there",
			"collections", silent)
	}
	if !queries && limited {
		s.log.Info("CAR does not answer queries: counting what it retires by its older search, vertices only")
	}
	return answered, sizes, nil
}

// answersQueries tells whether CAR answers a query about something that exists: the source.
func (s *session) answersQueries(ctx context.Context, look *markLook) (bool, error) {
	_, err := s.service.inventory().Sizes(ctx, nil, look.Beside)
	switch {
	case err == nil, errors.Is(err, car.ErrQueryInvalid):
		return true, nil
	case s.unanswered(err):
		return false, nil
	}
	return false, err
}

// sizeOf returns how many objects CAR has of a collection; told is false if it does not say. If it
// answers queries at all, 404 means that there are no more than known.
func (s *session) sizeOf(ctx context.Context, known inventory.Least, queries bool) (size int, told bool, err error) {
	if queries {
		if size, err = s.service.inventory().Size(ctx, known); err == nil || !s.unanswered(err) {
			return size, err == nil, err
		}
	}
	if known.Collection.Kind == model.Edge || s.guard.limit.Off {
		return 0, false, nil // too much to take, for what goes with the vertices in most cases
	}
	size, told, err = s.car.Count(ctx, known.Collection.Name)
	return size, told && size >= known.Objects, err // fewer than CAR has accepted: it does not search by source
}

// unanswered tells whether CAR was reached and has nothing to say about a collection: it answers
// 404, or does not show the collection. Another refusal leaves open what CAR has, so that it ends
// the import, unless deletions are not limited anyway.
func (s *session) unanswered(err error) bool {
	var noAnswer *inventory.NoAnswerError
	return errors.As(err, &noAnswer) || errors.Is(err, car.ErrQueryInvalid) || s.guard.limit.Off && errors.Is(err, car.ErrQueryRefused)
}

// limitDeletions ends an incremental import before it removes anything if it did not report too
// much of the replaced collections.
func (s *session) limitDeletions(ctx context.Context, submission *submit.Submission, off []switchOff) error {
	m := s.progress.currentModel()
	var removals []removal
	called, ofCalls := map[[3]string]bool{}, map[string]int{}
	for _, o := range off {
		called[[3]string{o.collection.Name, o.fromID, o.toID}] = true
		ofCalls[o.collection.Name]++
	}
	for _, c := range m.Vertices() {
		if keys := leftKeys(submission, c); len(keys) > 0 {
			removals = append(removals, removal{collection: c, objects: len(keys), keys: keys})
		}
	}
	for _, c := range m.Edges() {
		n := 0
		for _, edge := range submission.Leftovers(c.Name) {
			if !called[s.between(c, edge.FromID, edge.ToID)] {
				n++
			}
		}
		removals = append(removals, removal{collection: c, objects: n + ofCalls[c.Name]})
	}
	return s.guard.plan(ctx, removals)
}

// between names the edges of a collection between two vertices, as a switchOff does.
func (s *session) between(c *model.Collection, fromID, toID string) [3]string {
	source := s.run.Source() + "/"
	return [3]string{c.Name, strings.TrimPrefix(fromID, source), strings.TrimPrefix(toID, source)}
}
