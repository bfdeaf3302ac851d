package host

import (
	"context"
	"encoding/json"
	"slices"

	"carjs/host/submit"
)

// unseenName is the property of the source in which runs keep the collections of which it has
// reported values that CAR does not show: the times of edges, and properties that only CAR knows.
// An object that is reported without them later looks unchanged, and is not.
const unseenName = "unseen"

// unseen returns the collections that earlier runs have kept. CAR may not show them; then objects
// are compared by what it shows.
func (s *session) unseen() []string {
	var names []string
	if json.Unmarshal(s.found.Properties[unseenName], &names) != nil {
		return nil
	}
	slices.Sort(names)
	return names
}

// keepUnseen keeps the collections for later runs, where they differ from what is kept. A full
// import reports everything, so that only its own count.
func (s *session) keepUnseen(ctx context.Context, submission *submit.Submission) error {
	before := s.unseen()
	now := submission.Unseen()
	if s.progress.currentMode() == ModeIncremental {
		now = append(now, before...)
		slices.Sort(now)
		now = slices.Compact(now)
	}
	if s.marks.head == nil || slices.Equal(before, now) {
		return nil
	}
	return s.sendProperty(ctx, submission, unseenName, append([]string{}, now...))
}
