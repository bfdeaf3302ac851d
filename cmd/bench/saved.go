package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
)

// saved is a run that later ones are compared with.
type saved struct {
	Machine string   `json:"machine"`
	Figures []figure `json:"figures"`
}

// figure is what one variant or one change came to.
type figure struct {
	Name string `json:"name"`
	// Beside is the name of the figure of the same run by which this one is divided, so that the
	// speed of the machine does not count; "" for one of those.
	Beside string `json:"beside,omitempty"`
	// CPU are the nanoseconds of each run.
	CPU []int64 `json:"cpu_ns"`
	// Requests and the bytes that were allocated do not depend on the machine.
	ToCAR     int64 `json:"requests_to_car"`
	ToSource  int64 `json:"requests_to_source"`
	Allocated int64 `json:"allocated_bytes,omitempty"`
}

// saved returns the findings for a file.
func (f findings) saved(machine string) saved {
	s := saved{Machine: machine}
	for _, r := range f.results {
		one := figure{Name: importName(r.size, r.variant), CPU: r.cpus, ToCAR: r.toCAR, ToSource: r.toSource, Allocated: r.allocated}
		if r.variant != "go" {
			one.Beside = importName(r.size, "go")
		}
		s.Figures = append(s.Figures, one)
	}
	for _, r := range f.changes {
		one := figure{Name: changeName(r.size, r.kind, r.what), CPU: r.cpus, ToCAR: r.toCAR, ToSource: r.toSource}
		if full := changeName(r.size, "everything", "full import"); one.Name != full {
			one.Beside = full
		}
		s.Figures = append(s.Figures, one)
	}
	return s
}

func importName(size int, variant string) string { return fmt.Sprintf("%d: import, %s", size, variant) }

func changeName(size int, kind, what string) string {
	return fmt.Sprintf("%d: %s, %s", size, kind, what)
}

func (s saved) write(path string) error {
	text, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

func readSaved(path string) (s saved, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("%s is not a saved run: %w", path, err)
	}
	return s, nil
}

// named returns the figure with a name; nil if there is none.
func (s saved) named(name string) *figure {
	if i := slices.IndexFunc(s.Figures, func(f figure) bool { return f.Name == name }); i >= 0 {
		return &s.Figures[i]
	}
	return nil
}

// relative returns the CPU time of each run of a figure in relation to the median of what it is
// compared with, in ascending order; in seconds if it is compared with nothing.
func (s saved) relative(f *figure) []float64 {
	unit := 1e9
	if beside := s.named(f.Beside); beside != nil && len(beside.CPU) > 0 {
		unit = float64(median(beside.CPU, func(n int64) int64 { return n }))
	}
	all := make([]float64, len(f.CPU))
	for i, n := range f.CPU {
		all[i] = float64(n) / unit
	}
	slices.Sort(all)
	return all
}

// leastChange is the part by which a median has to differ for a difference to be told. Runs whose
// ranges do not overlap are told apart by less, but nobody would act on it.
const leastChange = 0.05

// verdict compares a figure with an earlier one: "slower" or "faster" when the medians differ and
// the ranges of the runs do not overlap, so that noise does not explain it.
func verdict(before, now []float64) string {
	if len(before) == 0 || len(now) == 0 {
		return ""
	}
	middle := func(list []float64) float64 { return list[len(list)/2] }
	switch change := middle(now)/middle(before) - 1; {
	case change > leastChange && now[0] > before[len(before)-1]:
		return "slower"
	case change < -leastChange && now[len(now)-1] < before[0]:
		return "faster"
	}
	return ""
}

// against is the comparison with an earlier run, as Markdown.
func (s saved) against(before saved) string {
	t := table{{"figure", "before", "now", "CPU", "more requests"}}
	slower := 0
	for i := range s.Figures {
		now := &s.Figures[i]
		was := before.named(now.Name)
		if was == nil || now.Beside == "" || now.Beside != was.Beside {
			continue
		}
		a, b := before.relative(was), s.relative(now)
		if len(a) == 0 || len(b) == 0 {
			continue
		}
		said := verdict(a, b)
		if said == "slower" {
			slower++
		}
		more := ""
		if n := now.ToCAR + now.ToSource - was.ToCAR - was.ToSource; n != 0 {
			more = fmt.Sprintf("%+d", n)
		}
		t = append(t, []string{now.Name, fmt.Sprintf("%.3f", a[len(a)/2]), fmt.Sprintf("%.3f", b[len(b)/2]), said, more})
	}
	var text strings.Builder
	fmt.Fprintf(&text, "## Against an earlier run\n\nThat was on %s\n\n", before.Machine)
	text.WriteString("CPU time in relation to the Go program, or to the full import, of the same run: medians. " +
		"A figure is slower or faster if the\nmedians differ by five percent and no run of one is within the range of the other.\n\n")
	if len(t) == 1 {
		return text.String() + "The runs have no figure in common.\n"
	}
	fmt.Fprintf(&text, "%s\n%d of %d figures are slower than noise explains.\n", t, slower, len(t)-1)
	return text.String()
}

// line is the line of a release for docs/bench/README.md: ratios only, which other machines have,
// too.
func (s saved) line(release string, size int) string {
	cells := []string{release}
	for _, name := range lineFigures(size) {
		cell := "–"
		if f := s.named(name); f != nil {
			if all := s.relative(f); len(all) > 0 && s.named(f.Beside) != nil {
				cell = fmt.Sprintf("%.2f", all[len(all)/2])
			}
		}
		cells = append(cells, cell)
	}
	return "| " + strings.Join(cells, " | ") + " |\n"
}

// lineFigures are the figures in the line of a release, in the order of its columns.
func lineFigures(size int) []string {
	return []string{
		importName(size, "carjs"), changeName(size, "nothing", "no change"), changeName(size, "assets", "edit"),
		changeName(size, "hosts", "rename"), changeName(size, "assets", "delete"), changeName(size, "xrefproperties", "edit"),
	}
}

// report renders the findings, with what the options ask for besides.
func (f findings) report(o options, machine string) (string, error) {
	text, figures := f.markdown(machine), f.saved(machine)
	if o.against != "" {
		before, err := readSaved(o.against)
		if err != nil {
			return "", err
		}
		text += "\n" + figures.against(before)
	}
	if o.release != "" && len(o.sizes) > 0 {
		text += "\n" + figures.line(o.release, o.sizes[0])
	}
	if o.save != "" {
		return text, figures.write(o.save)
	}
	return text, nil
}
