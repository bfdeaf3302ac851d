package meter

import "time"

// Rate is how fast something counts, over the last part of a run. The zero value begins with the
// first reading; it belongs to one goroutine.
type Rate struct {
	// Window is the time over which the rate is taken; 0 is the time since the reading before.
	Window time.Duration
	past   []point
}

// point is a count at a moment.
type point struct {
	at    time.Duration
	count int64
}

// Next takes a count at a time since the run began, and returns how many came per second since the
// window began. Readings come in the order of their times.
func (r *Rate) Next(at time.Duration, count int64) float64 {
	// The last reading before the window stays: the window begins there.
	for len(r.past) > 1 && r.past[1].at <= at-r.Window {
		r.past = r.past[1:]
	}
	first := point{}
	if len(r.past) > 0 {
		first = r.past[0]
	}
	r.past = append(r.past, point{at, count})
	if at <= first.at {
		return 0
	}
	return float64(count-first.count) / (at - first.at).Seconds()
}
