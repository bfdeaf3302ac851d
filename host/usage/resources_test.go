package usage

import (
	"runtime"
	"testing"
)

var kept []byte

func TestNow(t *testing.T) {
	const size = 8 << 20
	before := Now()
	kept = make([]byte, size)
	runtime.GC()
	after := Now()
	if after.AllocatedBytes < before.AllocatedBytes+size || after.AllocatedObjects <= before.AllocatedObjects {
		t.Errorf("%d bytes were allocated, but there were %+v before and %+v after", size, before, after)
	}
	if after.Collections <= before.Collections {
		t.Errorf("garbage was collected, but the count went from %d to %d", before.Collections, after.Collections)
	}
	if after.MemoryBytes < size || after.MemoryBytes < before.MemoryBytes {
		t.Errorf("%d bytes are in use, but memory went from %d to %d", size, before.MemoryBytes, after.MemoryBytes)
	}
}
