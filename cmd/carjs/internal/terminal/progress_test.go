package terminal

import (
	"testing"
	"time"

	"carjs/host/meter"
)

func TestProgress(t *testing.T) {
	for want, test := range map[string]struct {
		reading meter.Reading
		rate    float64
	}{
		" build 0:00": {reading: meter.Reading{Phase: meter.Build}},
		" vertices 1:07 · 1 object · 1 page in flight · 1 job": {
			reading: meter.Reading{Phase: meter.Vertices, Elapsed: 67900 * time.Millisecond, Elements: 1, Posting: 1, Jobs: 1},
		},
		" edges 1:02:03 · 1,234,567 objects · 12,400/s · 36,000 sent · 3 pages in flight · 12 jobs": {
			reading: meter.Reading{Phase: meter.Edges, Elapsed: time.Hour + 2*time.Minute + 3*time.Second, Elements: 1234567, Sent: 36000,
				Posting: 3, Jobs: 12},
			rate: 12400.3,
		},
		" read 0:20 · 999 objects · waits 12 s: 429 of okta.example, Retry-After": {
			reading: meter.Reading{Phase: meter.Read, Elapsed: 20 * time.Second, Elements: 999, Waits: []meter.Wait{
				{Why: "429 of okta.example, Retry-After", Planned: true, Time: 12200 * time.Millisecond}, {Why: "another", Time: time.Hour},
			}},
		},
		" wait for jobs 0:20 · 2 jobs · has waited 3:05 for CAR's answer to GET importstatus": {
			reading: meter.Reading{Phase: meter.Jobs, Elapsed: 20 * time.Second, Jobs: 2, Waits: []meter.Wait{
				{Why: "a blink", Planned: true, Time: 900 * time.Millisecond}, {Why: "CAR's answer to GET importstatus", Time: 185 * time.Second},
			}},
		},
		" check 0:01": {
			reading: meter.Reading{Phase: meter.Check, Elapsed: time.Second, Waits: []meter.Wait{{Why: "CAR", Time: 900 * time.Millisecond}}},
		},
	} {
		if head, rest := Progress(test.reading, test.rate); head+rest != want {
			t.Errorf("%q, want %q", head+rest, want)
		}
	}
}
