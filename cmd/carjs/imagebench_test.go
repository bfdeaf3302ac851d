package main

import (
	"testing"
	"time"
)

// BenchmarkImage is what carjs image takes for a connector, from the start of the process to the
// image for docker load: the median of the times, and the processor time.
func BenchmarkImage(b *testing.B) {
	d := newDesk(b)
	if r := d.run("init", "inventory"); r.code != 0 {
		b.Fatal(r)
	}
	var times []time.Duration
	var used time.Duration
	b.ResetTimer()
	for range b.N {
		c := d.command(b.Context(), "image", "inventory")
		began := time.Now()
		if out, err := c.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		times = append(times, time.Since(began))
		used += c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	}
	b.ReportMetric(median(times), "ms/image")
	b.ReportMetric(float64(used.Milliseconds())/float64(b.N), "cpu-ms/image")
	b.ReportMetric(0, "ns/op")
}
