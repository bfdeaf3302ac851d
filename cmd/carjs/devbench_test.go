package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"carjs/host/author/dev"
)

// BenchmarkFirstLine is the time from the start of a process to the first line of TypeScript of the
// reference connector that it runs, with a bundle from the cache and without; the median.
func BenchmarkFirstLine(b *testing.B) {
	for _, cached := range []bool{true, false} {
		b.Run(fmt.Sprintf("cached=%t", cached), func(b *testing.B) {
			a := newAuthor(b)
			a.edit("src/main.ts", "import", "const begun = console.log(\"first line\");\nimport")
			args := append([]string{"run", "mine", "-connection-test"}, a.flags()[2:]...)
			a.run(args...)
			var times []time.Duration
			b.ResetTimer()
			for range b.N {
				if !cached {
					if err := os.RemoveAll(filepath.Join(a.dir, ".carjs", "bundles")); err != nil {
						b.Fatal(err)
					}
				}
				times = append(times, a.untilLogged("first line", args...))
			}
			b.ReportMetric(median(times), "ms/start")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// untilLogged runs carjs and returns the time from its start to a line of its log that has a text
// in it.
func (a *author) untilLogged(text string, args ...string) time.Duration {
	a.Helper()
	c := a.command(context.Background(), args...)
	log, err := c.StderrPipe()
	if err != nil {
		a.Fatal(err)
	}
	began := time.Now()
	if err := c.Start(); err != nil {
		a.Fatal(err)
	}
	var took time.Duration
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if took == 0 && strings.Contains(lines.Text(), text) {
			took = time.Since(began)
		}
	}
	if err := c.Wait(); err != nil || took == 0 {
		a.Fatalf("carjs %s: %v, no line with %q", strings.Join(args, " "), err, text)
	}
	return took
}

// thought is the time between two saves in a benchmark. An author's are seconds apart: what the
// loop makes ahead for the next run after one has ended is there by then, and is no part of that
// run.
const thought = 100 * time.Millisecond

// median of durations, in milliseconds.
func median(times []time.Duration) float64 {
	slices.Sort(times)
	return float64(times[len(times)/2].Microseconds()) / 1000
}

// BenchmarkSaveToFirstLine is the time from a save to the first line of TypeScript of the run that
// follows, for connectors of some numbers of files; the median of all saves.
func BenchmarkSaveToFirstLine(b *testing.B) {
	for _, files := range []int{10, 100} {
		b.Run(fmt.Sprintf("files=%d", files), func(b *testing.B) {
			a := newAuthor(b)
			imports := "const begun = console.log(\"first line\");\n"
			for i := range files - 6 { // the connector has six that do something
				a.write(fmt.Sprintf("mine/src/more/part%d.ts", i), fmt.Sprintf("export class Part%d {\n%s}\n", i,
					strings.Repeat(fmt.Sprintf("  field%d = \"value\";\n  method%d(a: number, b: string): string { return `${a + %d}: ${b}`; }\n", i, i, i), 1)))
				imports += fmt.Sprintf("import { Part%d } from \"./more/part%d\"; export const part%d = new Part%d();\n", i, i, i, i)
			}
			a.edit("src/main.ts", "import", imports+"import")
			l := a.loop()
			l.end(dev.Good)
			var times []time.Duration
			b.ResetTimer()
			for i := range b.N {
				time.Sleep(thought)
				began := time.Now()
				a.edit(filepath.Join("src", "main.ts"), fmt.Sprintf("first line%s", mark(i)), fmt.Sprintf("first line%s", mark(i+1)))
				for l.next(dev.Logged).Log.Message != "first line"+mark(i+1) {
				}
				times = append(times, time.Since(began))
				l.end(dev.Good)
			}
			b.ReportMetric(median(times), "ms/save")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func mark(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprintf(" %d", i)
}

// BenchmarkSaveToDiff is the time from a save of the reference connector to what it changed in the
// graph, with 10 assets.
func BenchmarkSaveToDiff(b *testing.B) {
	a := newAuthor(b)
	a.edit("src/dataHandler.ts", siteName, `name: row.name + " 0", address: row.address`)
	l := a.loop()
	l.end(dev.Good)
	var times []time.Duration
	b.ResetTimer()
	for i := range b.N {
		time.Sleep(thought)
		began := time.Now()
		a.edit("src/dataHandler.ts", fmt.Sprintf(`row.name + " %d"`, i), fmt.Sprintf(`row.name + " %d"`, i+1))
		if end := l.end(dev.Good); len(end.Changes) != 2 {
			b.Fatalf("changes %+v", end.Changes)
		}
		times = append(times, time.Since(began))
	}
	b.ReportMetric(median(times), "ms/save")
	b.ReportMetric(0, "ns/op")
}
