package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
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

// keptMemory is how far the resident size of the process may be beyond its limit, the program itself
// included, before its keeper ends it.
const keptMemory = 36 << 20

// leastStack and mostStack bound the stack of a goroutine; a quarter of the memory is between them.
// JSON that is nested as deep as it may be takes the former.
const (
	leastStack = 128 << 20
	mostStack  = 1 << 30
)

// collector is how the process collects garbage.
type collector struct {
	most   atomic.Int64 // what the process may take, 0 for any size
	sample [1]metrics.Sample
}

// tuneCollector sets the collector so that a small heap is collected rarely and a large one does
// not grow to a multiple of what is in use. Whoever sets GOGC or GOMEMLIMIT has decided otherwise.
func tuneCollector() *collector {
	c := &collector{sample: [1]metrics.Sample{{Name: "/gc/heap/live:bytes"}}}
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		c.adapt(4 << 20)
		c.retune()
	}
	return c
}

// limit has the collector keep the process below a size: what lies beyond is collected and given
// back first, however often that takes.
func (c *collector) limit(most uint64) {
	c.most.Store(int64(min(most-most/10, math.MaxInt64))) // the program's own pages are not counted
	// The engine recurses where values are nested in one another, and a stack is doubled by a copy.
	debug.SetMaxStack(int(min(max(most/4, leastStack), mostStack)))
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(min(debug.SetMemoryLimit(-1), c.most.Load()))
	}
}

// retune adapts the collector to what was in use at the last collection, and has itself called
// after the next one.
func (c *collector) retune() {
	runtime.SetFinalizer(&struct{ c *collector }{c}, func(o *struct{ c *collector }) {
		metrics.Read(o.c.sample[:])
		o.c.adapt(o.c.sample[0].Value.Uint64())
		o.c.retune()
	})
}

// adapt sets the collector for what is in use. The limit is there because what is in use can grow
// between two calls, by a large answer of a data source above all; it is well above what is in use,
// as the collector must not work against it all the time.
func (c *collector) adapt(live uint64) {
	debug.SetGCPercent(percent(live))
	limit := int64(max(largeMemory, live+live*leastGrowth/100+roomyHeap/2))
	if most := c.most.Load(); most > 0 {
		limit = min(limit, most)
	}
	debug.SetMemoryLimit(limit)
}

// percent is the growth, in percent of what is in use, up to the next collection.
func percent(live uint64) int {
	live = max(live, 1<<20)
	if live >= roomyHeap {
		return growth
	}
	return max(growth, int((roomyHeap-live)*100/live))
}
