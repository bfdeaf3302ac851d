package submit

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// CAR takes at most 8 MB at once: a page ends before it would have more, and an object that has more
// by itself is left out.
func TestLargestObjects(t *testing.T) {
	const mega = 1 << 20
	sender := newRecorder(t)
	config := testConfig(t, sender)
	var skipped []string
	config.Skipped = func(skip Skip) { skipped = append(skipped, skip.Key+": "+fmt.Sprint(skip.Faults)) }
	s := newSubmission(t, config)
	for i, size := range []int{3 * mega, 6 * mega, mega, 7 * mega, 9 * mega, 1, 8*mega - 100, 2} {
		outcome := add(t, s, "asset", "external_id", fmt.Sprint(i), "name", strings.Repeat("x", size)).Outcome
		if (outcome == Skipped) != (size > 8*mega-200) {
			t.Errorf("%d bytes: %v", size, outcome)
		}
	}
	for i, size := range []int{3 * mega, 6 * mega, mega, 9 * mega} {
		outcome := link(t, s, "asset_vulnerability", fmt.Sprint(i), "v", "external_id", strings.Repeat("x", size)).Outcome
		if (outcome == Skipped) != (size > 8*mega) {
			t.Errorf("an edge of %d bytes: %v", size, outcome)
		}
	}
	if err := s.SendEdges(t.Context()); err != nil {
		t.Fatal(err)
	}
	sent := strings.Fields(keysOf(sender.objects("asset"), "external_id"))
	slices.Sort(sent) // pages are sent side by side
	if got := strings.Join(sent, " "); got != "0 1 2 3 5 7" {
		t.Errorf("sent %s", got)
	}
	if got := len(sender.objects("asset_vulnerability")); got != 3 {
		t.Errorf("sent %d edges", got)
	}
	if len(skipped) != 3 || !strings.Contains(skipped[0], "larger than 8 MB") {
		t.Errorf("skipped %q", skipped)
	}
	for _, body := range sender.bodies {
		if len(body) > maxBody {
			t.Errorf("a page of %d bytes", len(body))
		}
	}
}
