package host

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/submit"
)

const (
	// fewSkips is how many objects of a collection may always be invalid if the limit is a
	// percentage, unless all of them are.
	fewSkips = 10
	// mostReasons is how many reasons are counted separately per collection; the rest count as
	// otherReason.
	mostReasons = 25
	otherReason = "other reasons"
)

// SkippedReason is why objects of a collection were left out. An object with several faults counts
// for each.
type SkippedReason struct {
	Collection string `json:"collection"`
	// Reason is the property and what is wrong with it, as the first object had it: "name is
	// required". Objects with other invalid values count for the same reason.
	Reason string `json:"reason"`
	Count  int    `json:"count"`
	// FirstKey names the first of the objects, an edge by both ends, as far as it can be named; At
	// is the line that added it, "src/main.ts:7:8"; Object is the beginning of its JSON.
	FirstKey string `json:"first_key"`
	At       string `json:"at"`
	Object   string `json:"object"`
}

// skips collects why objects are left out, over all attempts of a run. Any goroutine may call its
// methods.
type skips struct {
	mu      sync.Mutex
	reasons []*SkippedReason
	known   map[[2]string]*SkippedReason // by collection and the rule that is broken
	apart   map[string]int               // reasons by collection
}

// add counts an object, and returns the reasons that are new with it. place is called only for
// those.
func (s *skips) add(skip submit.Skip, place func() string) []SkippedReason {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known, s.apart = map[[2]string]*SkippedReason{}, map[string]int{}
	}
	var fresh []SkippedReason
	var counted []*SkippedReason // an object counts once for a rule that it breaks twice
	for _, fault := range skip.Faults {
		reason := fault.String()
		at := [2]string{skip.Collection, fault.Rule()}
		known := s.known[at]
		if known == nil && s.apart[skip.Collection] >= mostReasons {
			reason, at[1] = otherReason, otherReason
			known = s.known[at]
		}
		if known == nil {
			known = &SkippedReason{Collection: skip.Collection, Reason: reason, FirstKey: skip.Key, At: place(), Object: skip.Object}
			s.reasons, s.known[at] = append(s.reasons, known), known
			s.apart[skip.Collection]++
			fresh = append(fresh, *known)
		}
		if !slices.Contains(counted, known) {
			known.Count++
			counted = append(counted, known)
		}
	}
	return fresh
}

// list returns the reasons, the most frequent of each collection first, the collections in the
// order of a model.
func (s *skips) list(m *model.Model) []SkippedReason {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]SkippedReason, len(s.reasons))
	for i, reason := range s.reasons {
		list[i] = *reason
	}
	place := map[string]int{}
	for i, c := range append(m.Vertices(), m.Edges()...) {
		place[c.Name] = i
	}
	slices.SortStableFunc(list, func(a, b SkippedReason) int {
		if a.Collection != b.Collection {
			return place[a.Collection] - place[b.Collection]
		}
		return b.Count - a.Count
	})
	return list
}

// limitSkipped ends an import as a failure of the connector when too many objects of a collection
// were left out: those missing would be retired, or never imported.
func (s *session) limitSkipped(submission *submit.Submission) error {
	limit := Limit{Percent: 10}
	if s.options.MaxSkipped != nil {
		limit = *s.options.MaxSkipped
	}
	var too []string
	var worst *SkippedReason
	counts := submission.Counts()
	m := s.progress.currentModel()
	reasons := s.skips.list(m)
	for _, c := range append(m.Vertices(), m.Edges()...) {
		count := counts[c.Name]
		all := count.Sent + count.Unchanged + count.Duplicate + count.Skipped
		few := min(fewSkips, all)
		if all == 1 && !s.progress.reportsWhole(c.Name) {
			few = fewSkips // one invalid object among changes says nothing of the connector, and would hold up all others
		}
		if !limit.exceeded(count.Skipped, all, few) {
			continue
		}
		too = append(too, fmt.Sprintf("%s: %s of %s", c.Name, grouped(count.Skipped), grouped(all)))
		i := slices.IndexFunc(reasons, func(r SkippedReason) bool { return r.Collection == c.Name })
		if worst == nil && i >= 0 {
			worst = &reasons[i]
		}
	}
	if len(too) == 0 {
		return nil
	}
	f := failure.New(failure.General, "%s objects are invalid, and the limit is %s", strings.Join(too, ", "), limit).
		WithHint("fix the code that creates these objects, or raise -max-skipped")
	if worst != nil {
		f.Message += fmt.Sprintf("; the first %s, %q: %s", worst.Collection, worst.FirstKey, worst.Reason)
		f.At = worst.At
	}
	return f
}
