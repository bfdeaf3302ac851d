package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// roomyHeap is how large the heap may grow before garbage is collected, however little of it is in
// use: a run makes much garbage and keeps little, and half its time would go into looking for what
// is in use.
const roomyHeap = 64 << 20

// growth is how much the heap may grow, in percent of what is in use, once that is much.
// largeMemory is where that ends: what the process takes beyond is leastGrowth percent of what is
// in use at most.
const (
	growth      = 120
	largeMemory = 208 << 20
	leastGrowth = 40
)

// tuneCollector sets the collector so that a small heap is collected rarely and a large one does
// not grow to a multiple of what is in use. Whoever sets GOGC or GOMEMLIMIT has decided otherwise.
func tuneCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	adapt(4 << 20)
	retune(&[1]metrics.Sample{{Name: "/gc/heap/live:bytes"}})
}

// retune adapts the collector to what was in use at the last collection, and has itself called
// after the next one.
func retune(sample *[1]metrics.Sample) {
	runtime.SetFinalizer(&struct{ sample *[1]metrics.Sample }{sample}, func(o *struct{ sample *[1]metrics.Sample }) {
		metrics.Read(o.sample[:])
		adapt(o.sample[0].Value.Uint64())
		retune(o.sample)
	})
}

// adapt sets the collector for what is in use. The limit is there because what is in use can grow
// between two calls, by a large answer of a data source above all; it is well above what is in use,
// as the collector must not work against it all the time.
func adapt(live uint64) {
	debug.SetGCPercent(percent(live))
	debug.SetMemoryLimit(int64(max(largeMemory, live+live*leastGrowth/100+roomyHeap/2)))
}

// percent is the growth, in percent of what is in use, up to the next collection.
func percent(live uint64) int {
	live = max(live, 1<<20)
	if live >= roomyHeap {
		return growth
	}
	return max(growth, int((roomyHeap-live)*100/live))
}
