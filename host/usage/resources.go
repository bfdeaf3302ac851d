// Package usage tells what this process has taken so far of the machine: what an operator who sets
// limits wants to know, and whoever makes carjs faster. It measures nothing itself: the runtime
// counts all of it anyway, so that asking costs microseconds.
package usage

import "runtime/metrics"

// Used is what the process has taken since it started. Its JSON is in the report of a run.
type Used struct {
	// AllocatedBytes and AllocatedObjects are all that was ever allocated, garbage included.
	AllocatedBytes   uint64 `json:"allocated_bytes"`
	AllocatedObjects uint64 `json:"allocated_objects"`
	// Collections is how often garbage was collected.
	Collections uint64 `json:"collections"`
	// MemoryBytes is the most memory that was taken from the system for the heap, stacks and the
	// runtime itself. The program's code and what files are cached are not in it.
	MemoryBytes uint64 `json:"memory_bytes"`
}

// Now returns what the process has taken so far.
func Now() Used {
	var used Used
	table := []struct {
		metric string
		place  *uint64
	}{
		{"/gc/heap/allocs:bytes", &used.AllocatedBytes},
		{"/gc/heap/allocs:objects", &used.AllocatedObjects},
		{"/gc/cycles/total:gc-cycles", &used.Collections},
		{"/memory/classes/total:bytes", &used.MemoryBytes}, // memory that was given back counts on, so it never falls
	}
	samples := make([]metrics.Sample, len(table))
	for i := range table {
		samples[i].Name = table[i].metric
	}
	metrics.Read(samples)
	for i := range table {
		*table[i].place = samples[i].Value.Uint64()
	}
	return used
}
