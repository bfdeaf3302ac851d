package host

import (
	"context"

	"carjs/host/submit"
)

// submit makes the submission of an import, does the work with it and closes it. If sending fails,
// the run's context ends, so that the connector stops at once.
func (s *session) submit(ctx context.Context, connector FullImport, work func(*submit.Submission) error) error {
	head, err := connector.Head(ctx)
	if err != nil {
		return err
	}
	head, report, err := head.complete(s.run.Source(), s.run.Timestamp())
	if err != nil {
		return err
	}
	data, err := s.headOfPages(head, report)
	if err != nil {
		return err
	}
	var block func(func())
	if blocking, ok := s.connector.(Blocking); ok {
		block = blocking.Block
	}
	s.setModel(s.model) // what CAR's import schema changed for an earlier submission begins anew
	config := submit.Config{
		Model: s.model, Source: s.run.Source(), Head: data, Report: report, Timestamp: float64(s.run.Timestamp()),
		PageSize: s.options.PageSize, InFlight: s.options.InFlight, Dir: s.options.ExportDir,
		Keep: s.options.KeepExport, Redact: s.options.Redact,
		Sender: s.sender, Skipped: s.skipped(), SwitchedOff: s.progress.orphans.addEdge,
		Block: block, Failed: func(err error) { s.stop(err) }, Logger: s.log, Meter: s.meter,
		CheckEnds: !s.options.KeepDangling, InCAR: s.inCAR(), Place: s.place(), Differing: s.differing,
		Unknown: s.unknown, Unseen: s.unseen(),
	}
	if placed, ok := s.connector.(Placed); ok {
		config.Site, config.SiteAt = placed.Site, placed.SiteAt
	}
	submission, err := submit.New(ctx, config)
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

// place returns the connector's current position in its source; "" if it is unknown.
func (s *session) place() func() string {
	if placed, ok := s.connector.(Placed); ok {
		return placed.Place
	}
	return func() string { return "" }
}

// skipped reports objects that are left out: each one to the caller who asked for that, and the
// first for each reason to the log.
func (s *session) skipped() func(submit.Skip) {
	place := s.place()
	return func(skip submit.Skip) {
		if s.options.Skipped != nil {
			s.options.Skipped(skip, place())
		}
		for _, reason := range s.skips.add(skip, place) {
			if s.options.SkippedFor != nil {
				s.options.SkippedFor(reason)
			}
			if s.options.Skipped == nil && s.options.SkippedFor == nil {
				s.log.Warn("left out an invalid object", "collection", skip.Collection, "key", skip.Key,
					"reason", reason.Reason, "at", reason.At, "object", skip.Object)
			}
		}
	}
}

// tellSkipped logs how many objects were left out for each reason with more than one; the first was
// logged at once.
func (s *session) tellSkipped() {
	if s.options.Skipped != nil || s.options.SkippedFor != nil {
		return
	}
	for _, reason := range s.skips.list(s.progress.currentModel()) {
		if reason.Count > 1 {
			s.log.Warn("left out invalid objects", "collection", reason.Collection, "objects", reason.Count,
				"reason", reason.Reason, "first", reason.FirstKey, "at", reason.At)
		}
	}
}
