package host

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/submit"
)

// markName is the property of the source for the mark of a full import.
const markName = "full_import"

// markFresh is how long an import without a save point counts as one that may be under way.
const markFresh = 6 * time.Hour

// mark identifies, in CAR, the full import of a source that began last. CAR has no lock: entering a
// full import makes CAR forget what an earlier one has reported so far, which would then retire its
// own objects when it leaves. Both may run on different machines, so only CAR can tell them of each
// other.
//
// The mark is in the properties of the source, which CAR accepts with a page and shows in queries.
// Only the first page has it: later pages do not change the properties. If CAR does not keep or
// show them, there is no mark, and nothing is concluded from that.
type mark struct {
	// Run tells marks apart.
	Run string `json:"run"`
	// Report is the key of the import's report, At the time of the mark in epoch milliseconds.
	Report string `json:"report"`
	At     int64  `json:"at"`
}

func (m mark) String() string {
	return fmt.Sprintf("report %s, at %s", m.Report, time.UnixMilli(m.At).UTC().Format("2006-01-02 15:04:05 UTC"))
}

// markIn reads the mark in the properties of a source; nil is none.
func markIn(properties map[string]json.RawMessage) *mark {
	var m mark
	if json.Unmarshal(properties[markName], &m) != nil || m.Run == "" {
		return nil
	}
	return &m
}

// marks is what a run needs to keep its own properties of the source; the zero value keeps none.
type marks struct {
	own  mark  // of a full import
	head *Head // of a page that brings the properties
}

// headOfPages returns the beginning of all pages. In a full import, pages after the first do not
// change the properties of the source, which include the mark. In an incremental one they are left
// as they are unless the connector has its own, beside which the run's are kept.
func (s *session) headOfPages(head Head, report string) ([]byte, error) {
	s.marks = marks{}
	own, isObject := head.Source["properties"].(map[string]any)
	if s.options.Empty || head.Source["properties"] != nil && !isObject {
		return head.json()
	}
	properties := map[string]any{}
	for name, value := range s.found.Properties { // CAR may replace all properties by the given ones
		if !isObject || name == markName || name == unseenName || name == lostName {
			properties[name] = value
		}
	}
	for name, value := range own {
		properties[name] = value
	}
	first := Head{Source: maps.Clone(head.Source), Report: head.Report}
	first.Source["properties"] = properties
	s.marks = marks{head: &first}
	if s.progress.currentMode() == ModeFull {
		s.marks.own = mark{Report: report}
		delete(head.Source, "properties")
	} else if isObject {
		head.Source["properties"] = properties
	}
	return head.json()
}

// sendMark sends source and report alone, with a new mark.
func (s *session) sendMark(ctx context.Context, submission *submit.Submission) error {
	if s.marks.head == nil {
		return submission.SendHead(ctx, nil)
	}
	s.marks.own.Run, s.marks.own.At = rand.Text(), s.progress.now().UnixMilli()
	return s.sendProperty(ctx, submission, markName, s.marks.own)
}

// sendSomething sends source and report alone when nothing was sent since the full import was
// entered: CAR knows no full import without a page.
func (s *session) sendSomething(ctx context.Context, submission *submit.Submission) error {
	for _, count := range submission.Counts() {
		if count.Sent > 0 {
			return nil
		}
	}
	return submission.SendHead(ctx, nil)
}

// sendProperty sends source and report alone, with a property of the source beside the others.
func (s *session) sendProperty(ctx context.Context, submission *submit.Submission, name string, value any) error {
	s.marks.head.Source["properties"].(map[string]any)[name] = value
	head, err := s.marks.head.json()
	if err != nil {
		return err
	}
	return submission.SendHead(ctx, head)
}

// tellUnderWay warns when another full import may be under way: one has left its mark not long ago,
// and no save point since.
func (s *session) tellUnderWay() {
	m := markIn(s.found.Properties)
	if m == nil || s.point.value() != "" {
		return
	}
	age := max(0, s.progress.now().Sub(time.UnixMilli(m.At)).Round(time.Second))
	if age > markFresh {
		return
	}
	told := []any{"report", m.Report, "began", age.String() + " ago"}
	if s.connector.IncrementalImport() == nil {
		s.log.Info("another full import of this source began not long ago; CAR does not show whether it has ended", told...)
		return
	}
	s.log.Warn("another full import of this source began not long ago and has not ended, as far as CAR shows: "+
		"if it is still running it will fail, because this one takes its place", told...)
}

// markLook is the result of looking for the mark.
type markLook struct {
	inventory.Beside
	found *mark // nil if CAR shows none
}

// lookForMark asks for the mark of the source.
func (s *session) lookForMark() *markLook {
	look := &markLook{}
	look.Beside = s.service.inventory().SourceProperties(func(properties map[string]json.RawMessage) { look.found = markIn(properties) })
	return look
}

// rival returns the mark of an import that began after this one. CAR may be behind, or keep the
// first mark that it was given: that of an import before this one is none of a rival.
func (s *session) rival(found *mark) *mark {
	if found == nil || s.marks.own.Run == "" || found.Run == s.marks.own.Run {
		return nil
	}
	before := markIn(s.found.Properties)
	shown := !s.found.Known || s.found.Properties != nil // an earlier mark would have been seen
	if before != nil && before.Run == found.Run || before == nil && !shown && found.At < s.marks.own.At {
		return nil
	}
	return found
}

// giveWay ends a full import that is not the only one, before it leaves. What it sent may have
// replaced what the other one sent later, so neither counts as complete: a new mark tells the other
// one, and there is no save point to continue from.
func (s *session) giveWay(ctx context.Context, submission *submit.Submission, rival mark) error {
	f := s.disturbed(rival)
	err := s.point.reset(ctx)
	if err == nil {
		err = s.sendMark(ctx, submission)
	}
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s.log.Warn("cannot tell the other import that it was not the only one", "error", err)
	}
	return f
}

// lookAgain looks for a rival that began after the last look and before this import was left.
func (s *session) lookAgain(ctx context.Context, look *markLook) error {
	if look.found == nil {
		return nil // CAR shows no marks
	}
	if _, err := s.service.inventory().Sizes(ctx, nil, look.Beside); err != nil {
		return err // CAR answered the same question a moment ago: success would be a guess
	}
	if rival := s.rival(look.found); rival != nil {
		return s.disturbed(*rival)
	}
	return nil
}

func (s *session) disturbed(rival mark) error {
	return failure.New(failure.Recoverable, "another full import of this source ran at the same time: %s", rival).
		WithFault(failure.FaultSettings).
		WithHint("let one connector at a time write to this source, on all machines; the next run is a full import")
}
