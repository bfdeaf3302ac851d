package host

import (
	"context"
	"errors"

	"carjs/host/car"
	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// leave leaves a full import, by which CAR retires what was not reported, unless that is too much.
// It counts what is retired: what CAR has at the end of the import, less what was reported.
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
// between two vertices, so the number of retired edges may be too low. Collections whose size CAR
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
		known, sizes, err = s.oneByOne(ctx, known)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	for _, k := range known {
		collections, kept = append(collections, k.Collection), append(kept, k.Objects)
	}
	return collections, kept, sizes, nil
}

// oneByOne asks for sizes where a query for all was refused: CAR may not show the collections of an
// extension yet. Collections without an answer are logged, and neither counted nor limited.
func (s *session) oneByOne(ctx context.Context, known []inventory.Least) (answered []inventory.Least, sizes []int, err error) {
	for _, k := range known {
		size, err := s.service.inventory().Sizes(ctx, []inventory.Least{k})
		switch {
		case s.unanswered(err):
			s.log.Warn("CAR did not answer how many objects a collection has: neither counting nor limiting what it retires there",
				"collection", k.Collection.Name, "error", err)
		case err != nil:
			return nil, nil, err
		default:
			answered, sizes = append(answered, k), append(sizes, size[0])
		}
	}
	return answered, sizes, nil
}

// unanswered tells whether CAR was reached and has nothing to say about a collection: it answers
// 404, or does not show the collection. Another refusal leaves open what CAR has, so that it ends
// the import, unless deletions are not limited anyway.
func (s *session) unanswered(err error) bool {
	var noAnswer *inventory.NoAnswerError
	return errors.As(err, &noAnswer) || errors.Is(err, car.ErrQueryInvalid) || s.guard.limit.Off && errors.Is(err, car.ErrQueryRefused)
}

// limitDeletions ends an incremental import before it removes anything when what it did not report
// of replaced collections is too much.
func (s *session) limitDeletions(ctx context.Context, submission *submit.Submission) error {
	m := s.progress.currentModel()
	var removals []removal
	for _, c := range m.Vertices() {
		if keys := leftKeys(submission, c); len(keys) > 0 {
			removals = append(removals, removal{collection: c, objects: len(keys), keys: keys})
		}
	}
	for _, c := range m.Edges() {
		if n := len(submission.Leftovers(c.Name)); n > 0 {
			removals = append(removals, removal{collection: c, objects: n})
		}
	}
	return s.guard.plan(ctx, removals)
}
