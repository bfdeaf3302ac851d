package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// roomyHeap is how large the heap may grow before garbage is collected, however little of it is in use: a run makes much garbage
// and keeps little, and half its time would go into looking for what is in use.
const roomyHeap = 64 << 20

// growth is how much the heap may grow, in percent of what is in use, once that is much.
const growth = 40

// tuneCollector sets the collector so that a small heap is collected rarely and a large one does not grow to a multiple of what is in
// use. Whoever sets GOGC or GOMEMLIMIT has decided otherwise.
func tuneCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(percent(4 << 20))
	retune(&[1]metrics.Sample{{Name: "/gc/heap/live:bytes"}})
}

// retune adapts the collector to what was in use at the last collection, and has itself called after the next one.
func retune(sample *[1]metrics.Sample) {
	runtime.SetFinalizer(&struct{ sample *[1]metrics.Sample }{sample}, func(o *struct{ sample *[1]metrics.Sample }) {
		metrics.Read(o.sample[:])
		debug.SetGCPercent(percent(o.sample[0].Value.Uint64()))
		retune(o.sample)
	})
}

// percent is the growth, in percent of what is in use, up to the next collection.
func percent(live uint64) int {
	live = max(live, 1<<20)
	if live >= roomyHeap {
		return growth
	}
	return max(growth, int((roomyHeap-live)*100/live))
}
