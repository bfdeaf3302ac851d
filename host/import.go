package host

import (
	"context"
	"errors"

	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
)

// importOnce is a run, in the order in which CAR knows it: schema extension, database, save point,
// import.
func (s *session) importOnce(ctx context.Context) error {
	if err := s.extend(ctx); err != nil {
		return err
	}
	created, err := s.car.PrepareDatabase(ctx)
	if err != nil {
		return err
	}
	last, err := s.car.SavePoint(ctx)
	if err != nil {
		return err
	}
	s.point.set(last, true)
	incremental, reason := s.choose(created, last)
	if reason == "" {
		err := s.incremental(ctx, incremental, last)
		var notPossible *failure.NotPossible
		if !errors.As(err, &notPossible) || ctx.Err() != nil {
			return err
		}
		reason = notPossible.Reason
	}
	return s.full(ctx, reason)
}

// choose picks the mode: incremental unless there is a reason against it.
func (s *session) choose(created bool, last string) (incremental IncrementalImport, reason string) {
	switch {
	case s.options.Full:
		return nil, "it was asked for"
	case created:
		return nil, "the database was just created or completed"
	case last == "":
		return nil, "no save point is known"
	}
	if incremental = s.connector.IncrementalImport(); incremental == nil {
		return nil, "the connector has no incremental import"
	}
	return incremental, ""
}

// full brings everything. The second look at the database is part of the order; it finds what
// happened since the first.
func (s *session) full(ctx context.Context, reason string) error {
	s.log.Info("full import", "reason", reason)
	if _, err := s.car.PrepareDatabase(ctx); err != nil {
		return err
	}
	s.side.begin(ModeFull)
	connector := s.connector.FullImport()
	return s.submit(ctx, connector, func(submission *submit.Submission) error {
		// From here on CAR is neither what it was nor what it will be: no later run may build on
		// the old save point.
		if !s.point.none() {
			if err := s.reset(ctx); err != nil {
				return err
			}
			s.log.Info("save point reset until the import is complete")
		}
		if err := s.car.EnterFullImport(ctx); err != nil {
			return err
		}
		if err := submission.SendHead(ctx); err != nil {
			return err
		}
		current, err := connector.NewSavePoint(ctx)
		if err != nil {
			return err
		}
		if err := s.bring(ctx, connector, submission); err != nil {
			return err // and never leave: leaving retires all that was not reported
		}
		if err := s.car.LeaveFullImport(ctx); err != nil {
			return err
		}
		s.log.Info("what was not reported again is retired")
		return s.store(ctx, s.side.savePoint(current))
	})
}

// incremental brings what changed since the last save point.
func (s *session) incremental(ctx context.Context, connector IncrementalImport, last string) error {
	s.log.Info("incremental import", "since", last)
	s.side.begin(ModeIncremental)
	return s.submit(ctx, connector, func(submission *submit.Submission) error {
		err := s.delta(ctx, connector, submission, last)
		var notPossible *failure.NotPossible
		if errors.As(err, &notPossible) && ctx.Err() == nil {
			// What is under way must be there before the full import begins, or CAR could take it
			// for a part of it.
			if err := submission.SendVertices(ctx); err != nil {
				return err
			}
		}
		return err
	})
}

func (s *session) delta(ctx context.Context, connector IncrementalImport, submission *submit.Submission, last string) error {
	current, err := connector.NewSavePoint(ctx)
	if err != nil {
		return err
	}
	if current == "" {
		return &failure.NotPossible{Reason: "the data source gives no save point"}
	}
	if err := connector.LoadDelta(ctx, last, current); err != nil {
		return err
	}
	if err := s.bring(ctx, connector, submission); err != nil {
		return err
	}
	s.side.addedAll()
	if err := s.switchOffLeftovers(ctx, submission); err != nil {
		return err
	}
	if err := connector.DeleteVertices(ctx); err != nil {
		return err
	}
	if err := s.deleteLeftovers(ctx, submission); err != nil {
		return err
	}
	if err := s.deleteOrphans(ctx, submission); err != nil {
		return err
	}
	return s.store(ctx, s.side.savePoint(current))
}

// bring lets the connector add its vertices and edges, and sends them.
func (s *session) bring(ctx context.Context, connector FullImport, submission *submit.Submission) error {
	if err := s.compareSchema(ctx); err != nil {
		return err
	}
	if err := connector.ImportVertices(ctx); err != nil {
		return err
	}
	if err := submission.SendVertices(ctx); err != nil {
		return err
	}
	s.log.Info("CAR has all vertices")
	if err := connector.ImportEdges(ctx); err != nil {
		return err
	}
	if err := submission.SendEdges(ctx); err != nil {
		return err
	}
	s.log.Info("CAR has all edges")
	return nil
}

// switchOffLeftovers ends the edges of what was reported anew that were not added again. It comes
// before any vertex is deleted, because CAR may end a vertex's edges by itself then and would not
// find them any more.
func (s *session) switchOffLeftovers(ctx context.Context, submission *submit.Submission) error {
	for _, c := range s.side.Model().Edges() {
		if err := s.side.service.switchOff(ctx, c.Name, submission.Leftovers(c.Name)); err != nil {
			return err
		}
	}
	return nil
}

// deleteLeftovers deletes the vertices of what was reported anew that were not added again.
func (s *session) deleteLeftovers(ctx context.Context, submission *submit.Submission) error {
	for _, c := range s.side.Model().Vertices() {
		left := submission.Leftovers(c.Name)
		if len(left) == 0 {
			continue
		}
		keys := make([]string, len(left))
		for i, o := range left {
			keys[i] = o.Key
		}
		if err := s.side.service.Delete(ctx, c.Name, keys); err != nil {
			return err
		}
	}
	return nil
}

// submit makes the submission of an import, does the work with it and closes it. A sender that
// fails ends the run's context, so that the connector stops at once.
func (s *session) submit(ctx context.Context, connector FullImport, work func(*submit.Submission) error) error {
	head, err := connector.Head(ctx)
	if err != nil {
		return err
	}
	data, report, err := head.complete(s.side.Source(), s.side.Timestamp())
	if err != nil {
		return err
	}
	var block func(func())
	if blocking, ok := s.connector.(Blocking); ok {
		block = blocking.Block
	}
	submission, err := submit.New(ctx, submit.Config{
		Model: s.side.Model(), Source: s.side.Source(), Head: data, Report: report, Timestamp: float64(s.side.Timestamp()),
		PageSize: s.options.PageSize, InFlight: s.options.InFlight, Dir: s.options.ExportDir,
		Keep: s.options.KeepExport, Redact: s.options.Redact,
		Sender: s.car, Skipped: s.skipped(), Block: block, Failed: func(err error) { s.stop(err) }, Logger: s.log,
	})
	if err != nil {
		return err
	}
	s.side.setSubmission(submission)
	defer func() {
		if err := submission.Close(); err != nil {
			s.log.Warn("pages that waited could not be removed", "error", err)
		}
		s.side.endSubmission()
	}()
	return work(submission)
}

// shownSkips is how many objects of a collection a log tells apart; of the others it has the
// number.
const shownSkips = 20

// skipped tells of objects that are left out: the caller, or the log.
func (s *session) skipped() func(submit.Skip) {
	place := func() string { return "" }
	if placed, ok := s.connector.(Placed); ok {
		place = placed.Place
	}
	if s.options.Skipped != nil {
		return func(skip submit.Skip) { s.options.Skipped(skip, place()) }
	}
	shown := map[string]int{}
	return func(skip submit.Skip) {
		if shown[skip.Collection]++; shown[skip.Collection] <= shownSkips {
			s.log.Warn("left out: not valid", "collection", skip.Collection, "key", skip.Key,
				"reason", model.Faults(skip.Faults), "at", place(), "object", skip.Object)
		}
	}
}
