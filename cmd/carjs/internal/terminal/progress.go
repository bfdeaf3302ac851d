package terminal

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"carjs/host/meter"
)

// Progress is a reading of a run as a line: the phase, and the rest. perSecond is how many objects
// come in a second. What is 0 is left out.
func Progress(r meter.Reading, perSecond float64) (phase, rest string) {
	parts := []string{" " + clock(r.Elapsed)}
	add := func(n int64, one, more string) {
		switch {
		case n == 1:
			parts = append(parts, "1 "+one)
		case n > 0:
			parts = append(parts, thousands(n)+" "+more)
		}
	}
	add(r.Elements, "object", "objects")
	if rate := int64(math.Round(perSecond)); rate > 0 {
		parts = append(parts, thousands(rate)+"/s")
	}
	add(r.Sent, "sent", "sent")
	add(r.Posting, "page in flight", "pages in flight")
	add(r.Jobs, "job", "jobs")
	if wait, ok := r.Waiting(); ok {
		parts = append(parts, waiting(wait))
	}
	return " " + string(r.Phase), strings.Join(parts, " · ")
}

// waiting says what a run waits for.
func waiting(w meter.Wait) string {
	if w.Planned {
		return fmt.Sprintf("waits %s: %s", seconds(w.Time), w.Why)
	}
	return fmt.Sprintf("has waited %s for %s", seconds(w.Time), w.Why)
}

func seconds(d time.Duration) string {
	if d < 2*time.Minute {
		return strconv.Itoa(int(math.Round(d.Seconds()))) + " s"
	}
	return clock(d)
}

// clock is a duration as a clock shows it: 0:07, 12:34, 1:02:03.
func clock(d time.Duration) string {
	s := int(d.Seconds())
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// thousands is a number with a comma before each three digits.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
