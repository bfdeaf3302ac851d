package host

import (
	"context"
	"errors"

	"carjs/host/failure"
	"carjs/host/meter"
	"carjs/host/submit"
)

// importOnce makes the run in the order that CAR expects: schema extension, database, save point,
// import.
func (s *session) importOnce(ctx context.Context) error {
	s.meter.Enter(meter.Check)
	if err := s.extend(ctx); err != nil {
		return err
	}
	created, err := s.car.PrepareDatabase(ctx)
	if err != nil {
		return err
	}
	source, err := s.point.read(ctx)
	if err != nil {
		return err
	}
	last := source.SavePoint
	s.found = source
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
		return nil, "full import was requested"
	case created:
		return nil, "the database was just created or completed"
	case last == "":
		return nil, "CAR has no save point"
	}
	if incremental = s.connector.IncrementalImport(); incremental == nil {
		return nil, "the connector has no incremental import"
	}
	return incremental, ""
}

// full imports everything. Preparing the database a second time is part of CAR's protocol.
func (s *session) full(ctx context.Context, reason string) error {
	s.log.Info("full import", "reason", reason)
	s.guard.forget()
	s.meter.Enter(meter.Check)
	if _, err := s.car.PrepareDatabase(ctx); err != nil {
		return err
	}
	s.progress.begin(ModeFull)
	s.removedEdges = nil
	s.service.deletions.wait()
	s.tellStanding()
	s.tellUnderWay()
	connector := s.connector.FullImport()
	return s.submit(ctx, connector, func(submission *submit.Submission) error {
		// From here on CAR's data are incomplete: no later run may build on the old save point.
		if !s.point.none() {
			if err := s.point.reset(ctx); err != nil {
				return err
			}
			s.tellStanding()
			s.log.Info("save point reset: it is set again at the end of the import")
		}
		// The mark comes first: a run that enters and dies before it can say so would be seen by nobody.
		if err := s.sendMark(ctx, submission); err != nil {
			return err
		}
		s.sender.anew()
		repeated, err := s.car.EnterFullImport(ctx)
		if err != nil {
			return err
		}
		s.meter.Enter(meter.Read)
		current, err := connector.NewSavePoint(ctx)
		if err != nil {
			return err
		}
		if err := s.bring(ctx, connector, submission); err != nil {
			return err // without leaving the import: that would retire all that was not reported
		}
		if err := s.limitSkipped(submission); err != nil {
			return err
		}
		if err := s.guard.refusal(); err != nil {
			return err
		}
		if err := s.deleteWaiting(ctx, submission); err != nil {
			return err
		}
		s.meter.Enter(meter.Leave)
		if err := s.sendSomething(ctx, submission); err != nil {
			return err
		}
		if err := s.leave(ctx, submission); err != nil {
			return err
		}
		if repeated {
			if err := s.sender.stillThere(ctx); err != nil {
				return err
			}
		}
		s.meter.Enter(meter.Save)
		if err := s.keepUnseen(ctx, submission); err != nil {
			return err
		}
		if err := s.keepLost(ctx, submission); err != nil {
			return err
		}
		return s.storeSavePoint(ctx, current)
	})
}

// incremental imports what changed since the last save point.
func (s *session) incremental(ctx context.Context, connector IncrementalImport, last string) error {
	s.log.Info("incremental import", "since", last)
	s.progress.begin(ModeIncremental)
	s.service.deletions.wait()
	s.tellStanding()
	return s.submit(ctx, connector, func(submission *submit.Submission) error {
		err := s.delta(ctx, connector, submission, last)
		var notPossible *failure.NotPossible
		if errors.As(err, &notPossible) && ctx.Err() == nil {
			// Imports under way must end before the full import begins, or CAR could count them as
			// part of it.
			if err := submission.SendVertices(ctx); err != nil {
				return err
			}
		}
		return err
	})
}

func (s *session) delta(ctx context.Context, connector IncrementalImport, submission *submit.Submission, last string) error {
	s.meter.Enter(meter.Read)
	current, err := connector.NewSavePoint(ctx)
	if err != nil {
		return err
	}
	if current == "" {
		return &failure.NotPossible{Reason: "the data source has no save point"}
	}
	if err := connector.LoadDelta(ctx, last, current); err != nil {
		return err
	}
	if err := s.bring(ctx, connector, submission); err != nil {
		return err
	}
	s.progress.setAllAdded()
	s.meter.Enter(meter.Delete)
	if err := s.limitSkipped(submission); err != nil {
		return err
	}
	if err := s.guard.refusal(); err != nil {
		return err
	}
	if err := connector.DeleteVertices(ctx); err != nil {
		return err
	}
	// Nothing is removed before everything that is to go is known and within the limits.
	deletions, off, err := s.waited(submission)
	if err != nil {
		return err
	}
	if err := s.limitDeletions(ctx, submission, off); err != nil {
		return err
	}
	if err := s.admitDeletions(ctx, deletions); err != nil {
		return err
	}
	if err := s.tellOutdated(ctx, submission); err != nil {
		return err
	}
	if err := s.switchOffAdmitted(ctx, off); err != nil {
		return err
	}
	if err := s.deactivateUnreported(ctx, submission); err != nil {
		return err
	}
	if err := s.deleteAdmitted(ctx, deletions); err != nil {
		return err
	}
	if err := s.deleteUnreported(ctx, submission); err != nil {
		return err
	}
	if err := s.deleteOrphans(ctx, submission); err != nil {
		return err
	}
	s.meter.Enter(meter.Save)
	if err := s.keepUnseen(ctx, submission); err != nil {
		return err
	}
	if err := s.keepLost(ctx, submission); err != nil {
		return err
	}
	return s.storeSavePoint(ctx, current)
}

// bring lets the connector add its vertices and edges, and sends them.
func (s *session) bring(ctx context.Context, connector FullImport, submission *submit.Submission) error {
	if err := s.goByImportSchema(ctx, submission); err != nil {
		return err
	}
	if s.progress.currentMode() == ModeIncremental {
		s.expectLost(submission)
	}
	s.meter.Enter(meter.Vertices)
	if err := connector.ImportVertices(ctx); err != nil {
		return err
	}
	if err := submission.SendVertices(ctx); err != nil {
		return err
	}
	s.log.Info("CAR has all vertices")
	s.meter.Enter(meter.Edges)
	if err := connector.ImportEdges(ctx); err != nil {
		return err
	}
	if s.progress.currentMode() == ModeIncremental {
		if err := s.findLost(submission); err != nil {
			return err
		}
	}
	if err := s.makeRoom(ctx, submission); err != nil {
		return err
	}
	if err := submission.SendLast(ctx); err != nil {
		return err
	}
	s.tellDangling(submission.Dangling())
	s.log.Info("CAR has all edges")
	return s.sender.settle(ctx, s.extension)
}

// storeSavePoint stores the save point at the end of an import.
func (s *session) storeSavePoint(ctx context.Context, said string) error {
	err := s.point.store(ctx, s.progress.savePointToStore(said))
	s.tellStanding()
	return err
}
