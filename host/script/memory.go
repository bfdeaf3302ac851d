package script

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// memoryInterval is how often the memory is looked at: script allocates some 20 MB in that
	// time, and looking costs some microseconds.
	memoryInterval = 25 * time.Millisecond
	// memoryHurry is the same from half of the limit on.
	memoryHurry = 5 * time.Millisecond
	// memorySlack is how much the process may hold beyond the limit, garbage and room for it
	// included, before it is all given back to the system.
	memorySlack = 16 << 20
	// memoryHard is how far beyond the limit the run ends at once, in the middle of whatever it
	// does: a native that takes so much within one interval does not wait for its interrupt. The
	// program itself comes to some 30 MiB more.
	memoryHard = 8 << 20
	// memoryShare is the part of the limit, as a fraction, that is not for the heap but for what the
	// runtime needs beside it, and for what is taken until the collector has looked.
	memoryShare = 16
)

// watchMemory tells over when more memory is in use than the limit. The heap as it stands holds
// garbage as well, up to as much again as what is alive; only when it is over does it collect, and
// what is still over then is alive.
//
// What counts is what is taken from the system, which counts a block of memory when it is
// allocated: it is known to be too large before its pages are there.
func (g *guard) watchMemory(done <-chan struct{}, over func(*Error)) {
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
		{Name: "/gc/heap/live:bytes"},
	}
	read := func() (objects, taken uint64) {
		metrics.Read(samples)
		return samples[0].Value.Uint64(), samples[1].Value.Uint64() - samples[2].Value.Uint64()
	}
	heap := g.maxMemory - g.maxMemory/memoryShare
	tooMuch := func(objects, taken uint64) bool { return objects > heap || taken > g.maxMemory+memorySlack }
	ticker := time.NewTicker(memoryInterval)
	defer ticker.Stop()
	// It is collected beside the watch: that takes longer than a native needs to take as much again.
	collecting, freed, collected := false, false, make(chan struct{}, 1)
	for hurried := false; ; {
		after := false
		select {
		case <-done:
			return
		case <-ticker.C:
		case <-collected:
			collecting, after = false, true
		}
		objects, taken := read()
		if hurry := objects > g.maxMemory/2; hurry != hurried {
			hurried = hurry
			ticker.Reset(map[bool]time.Duration{false: memoryInterval, true: memoryHurry}[hurry])
		}
		switch {
		case g.ended != nil && objects > g.maxMemory+memoryHard:
			g.endNow()
		case g.ended != nil && objects > heap && samples[3].Value.Uint64() > heap-heap/memoryShare:
			// Nearly all was in use at the last collection, which is not long ago: near the limit one
			// follows the other.
			over(g.memoryError())
		case collecting || !tooMuch(objects, taken):
		case after && (objects > heap || freed):
			over(g.memoryError())
		default:
			collecting, freed = true, objects <= heap
			go func(free bool) {
				if free {
					debug.FreeOSMemory()
				} else {
					runtime.GC()
				}
				collected <- struct{}{}
			}(freed)
		}
	}
}

// hardWait is how long script has to stop when it holds far too much: time enough for what is not in
// native code.
const hardWait = 3 * time.Millisecond

// endNow ends the run at once, unless script stops when it is interrupted. To collect first would
// take too long; and most of a heap that is so far over is in use, because who sets End has the
// collector aim below the limit.
func (g *guard) endNow() {
	g.mu.Lock()
	running, turn := g.running, g.turn
	if running {
		g.interrupt(g.memoryError())
	}
	g.mu.Unlock()
	if running {
		time.Sleep(hardWait)
	}
	g.mu.Lock()
	stuck := g.running == running && g.turn == turn
	g.mu.Unlock()
	if !stuck {
		return
	}
	reason := g.memoryError()
	if running {
		g.place(reason)
	}
	g.ended(reason, true)
}

func (g *guard) memoryError() *Error {
	return &Error{
		Message: fmt.Sprintf("the script needs more than %d MiB of memory (-max-memory)", g.maxMemory>>20),
		Cause:   ErrMemory,
	}
}
