package main

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// findings are all that was measured.
type findings struct {
	results []result
	late    []result // with latency
	latency time.Duration
	starts  []start
	changes []changeResult
	missing []variant
}

// explanation stands before the tables.
const explanation = `- carjs: the binary, with the reference connector.
- go: a Go program that does the same without a script, which is the limit.
- node: the same TypeScript in Node, with ajv for validation and small modules in place of those of carjs.
- python: the connector framework in Python (car-connector-framework 4.0.2), with the same mapping. It runs once at a size.

A model of size N has 25N+3 elements, which are vertices and edges. Figures are medians, each of its own; in every round each variant runs
once. Data source and CAR are on loopback in one other process, answer from memory and share the processors with the variant; CPU time and
memory are the variant's alone, and memory is the peak of what was in RAM. What was allocated is what the Go programs say themselves.
`

// markdown renders the findings.
func (f findings) markdown(machine string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Full imports\n\n%s\n\n%s\n", machine, explanation)
	for _, v := range f.missing {
		fmt.Fprintf(&b, "The variant %s is skipped: %s.\n\n", v.name, v.missing)
	}
	b.WriteString(figures(f.results))
	b.WriteString("\n## Ratios\n\n" + ratios(f.results))
	if len(f.late) > 0 {
		fmt.Fprintf(&b, "\n## Every response delayed by %s\n\n%s", f.latency, short(f.late))
	}
	if len(f.changes) > 0 {
		b.WriteString("\n## After a change\n\n" + changesExplained + changeTable(f.changes))
	}
	if len(f.starts) > 0 {
		fmt.Fprintf(&b, "\n## Start\n\nA connection test: from the start of the process to its first request to the data source, "+
			"which is the first thing that the\nconnector does, and to its end. "+
			"carjs takes its bundle from the cache, or makes it every time. Medians of %d.\n\n%s", startRuns, startTable(f.starts))
	}
	return b.String()
}

// figures is the table of all figures.
func figures(results []result) string {
	t := table{{
		"N", "variant", "runs", "wall ms", "from – to", "CPU ms", "peak MiB", "allocated MiB", "allocations",
		"elements/s", "CPU ns/element", "requests to CAR", "to source", "MiB to CAR",
	}}
	for _, r := range results {
		t = append(t, []string{
			strconv.Itoa(r.size), r.variant, strconv.Itoa(r.runs),
			ms(r.wall), ms(r.least) + " – " + ms(r.most), ms(r.cpu), mib(r.peak, 0),
			mib(r.allocated, 0), count(r.allocations),
			strconv.FormatFloat(r.perSecond(), 'f', 0, 64), strconv.FormatInt(int64(r.perElement()), 10),
			strconv.FormatInt(r.toCAR, 10), strconv.FormatInt(r.toSource, 10), mib(r.sent, 1),
		})
	}
	return t.String()
}

// short is the table for runs in which waiting counts.
func short(results []result) string {
	t := table{{"N", "variant", "runs", "wall ms", "from – to", "CPU ms"}}
	for _, r := range results {
		t = append(t, []string{
			strconv.Itoa(r.size), r.variant, strconv.Itoa(r.runs), ms(r.wall), ms(r.least) + " – " + ms(r.most), ms(r.cpu),
		})
	}
	return t.String()
}

// ratios compares carjs with the others, size by size.
func ratios(results []result) string {
	t := table{{"N", "carjs/go wall", "carjs/go CPU", "carjs/node wall", "carjs/node CPU", "python/carjs wall", "python/carjs CPU"}}
	bySize := map[int]map[string]result{}
	var sizes []int
	for _, r := range results {
		if bySize[r.size] == nil {
			bySize[r.size] = map[string]result{}
			sizes = append(sizes, r.size)
		}
		bySize[r.size][r.variant] = r
	}
	for _, size := range sizes {
		of := bySize[size]
		carjs := of["carjs"]
		t = append(t, []string{
			strconv.Itoa(size),
			ratio(carjs.wall, of["go"].wall), ratio(carjs.cpu, of["go"].cpu),
			ratio(carjs.wall, of["node"].wall), ratio(carjs.cpu, of["node"].cpu),
			ratio(of["python"].wall, carjs.wall), ratio(of["python"].cpu, carjs.cpu),
		})
	}
	return t.String()
}

func startTable(starts []start) string {
	t := table{{"variant", "first request ms", "end ms"}}
	for _, s := range starts {
		t = append(t, []string{s.variant, tenths(s.asked), tenths(s.whole)})
	}
	return t.String()
}

// ratio is a to b; a dash when one of them is not known.
func ratio(a, b time.Duration) string {
	if a <= 0 || b <= 0 {
		return "–"
	}
	return strconv.FormatFloat(float64(a)/float64(b), 'f', 2, 64)
}

func ms(d time.Duration) string {
	return strconv.FormatInt(d.Round(time.Millisecond).Milliseconds(), 10)
}

func tenths(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 1, 64)
}

// mib is a number of bytes in MiB; a dash when it is not known.
func mib(bytes int64, digits int) string {
	if bytes <= 0 {
		return "–"
	}
	return strconv.FormatFloat(float64(bytes)/(1<<20), 'f', digits, 64)
}

// count is a number; a dash when it is not known.
func count(n int64) string {
	if n <= 0 {
		return "–"
	}
	return strconv.FormatInt(n, 10)
}

// table has the heads of its columns in the first row.
type table [][]string

// String renders it as Markdown that reads well as plain text, too. Columns of names are to the
// left, those of figures to the right.
func (t table) String() string {
	widths := make([]int, len(t[0]))
	for _, row := range t {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, row := range t {
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if t[0][i] == "variant" {
				b.WriteString("| " + cell + space + " ")
			} else {
				b.WriteString("| " + space + cell + " ")
			}
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for i, width := range widths {
			if t[0][i] == "variant" {
				b.WriteString("|" + strings.Repeat("-", width+2))
			} else {
				b.WriteString("|" + strings.Repeat("-", width+1) + ":")
			}
		}
		b.WriteString("|\n")
	}
	return b.String()
}

// machine says where the figures come from.
func machine(ctx context.Context) string {
	parts := []string{
		time.Now().UTC().Format("2006-01-02"),
		fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU()), runtime.Version(),
	}
	if version, err := exec.CommandContext(ctx, "node", "--version").Output(); err == nil {
		parts = append(parts, "node "+strings.TrimSpace(string(version)))
	}
	if version, err := exec.CommandContext(ctx, "python3", "--version").Output(); err == nil {
		parts = append(parts, strings.TrimSpace(string(version)))
	}
	return strings.Join(parts, ", ") + "."
}
