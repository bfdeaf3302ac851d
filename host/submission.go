package host

import (
	"context"

	"carjs/host/model"
	"carjs/host/submit"
)

// submit makes the submission of an import, does the work with it and closes it. A sender that
// fails ends the run's context, so that the connector stops at once.
func (s *session) submit(ctx context.Context, connector FullImport, work func(*submit.Submission) error) error {
	head, err := connector.Head(ctx)
	if err != nil {
		return err
	}
	data, report, err := head.complete(s.run.Source(), s.run.Timestamp())
	if err != nil {
		return err
	}
	var block func(func())
	if blocking, ok := s.connector.(Blocking); ok {
		block = blocking.Block
	}
	s.progress.setModel(s.model) // what CAR's import schema changed for an earlier submission begins anew
	submission, err := submit.New(ctx, submit.Config{
		Model: s.model, Source: s.run.Source(), Head: data, Report: report, Timestamp: float64(s.run.Timestamp()),
		PageSize: s.options.PageSize, InFlight: s.options.InFlight, Dir: s.options.ExportDir,
		Keep: s.options.KeepExport, Redact: s.options.Redact,
		Sender: s.sender, Skipped: s.skipped(), Block: block, Failed: func(err error) { s.stop(err) }, Logger: s.log,
	})
	if err != nil {
		return err
	}
	s.progress.setSubmission(submission)
	defer func() {
		if err := submission.Close(); err != nil {
			s.log.Warn("cannot remove waiting pages", "error", err)
		}
		s.progress.endSubmission()
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
			s.log.Warn("left out an invalid object", "collection", skip.Collection, "key", skip.Key,
				"reason", model.Faults(skip.Faults), "at", place(), "object", skip.Object)
		}
	}
}
