package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// run1000 is a run of carjs beside Go, and of a change beside a full import, on a machine of some speed.
func run1000(speed float64, carjs, change []float64) findings {
	times := func(list []float64) (all []int64) {
		for _, n := range list {
			all = append(all, int64(n*speed*float64(time.Millisecond)))
		}
		return all
	}
	return findings{
		results: []result{
			{variant: "carjs", size: 1000, cpus: times(carjs), toCAR: 10, toSource: 5},
			{variant: "go", size: 1000, cpus: times([]float64{100, 98, 105}), toCAR: 10, toSource: 5},
		},
		changes: []changeResult{
			{size: 1000, kind: "everything", what: "full import", cpus: times([]float64{1000})},
			{size: 1000, kind: "assets", what: "edit", cpus: times(change)},
		},
	}
}

// A run is compared with an earlier one by what it is beside, whatever the speed of the machines, and
// only what noise does not explain is told.
func TestAgainst(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run.json")
	old := run1000(1, []float64{250, 240, 260}, []float64{50, 52, 48})
	if _, err := old.report(options{sizes: []int{1000}, save: path}, "a machine."); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		now  findings
		says []string
	}{
		"a slower machine":   {run1000(3, []float64{250, 240, 260}, []float64{50, 52, 48}), []string{"0 of 2 figures are slower"}},
		"noise":              {run1000(1, []float64{258, 270, 300}, []float64{51, 60, 47}), []string{"0 of 2 figures are slower"}},
		"carjs is slower":    {run1000(2, []float64{300, 290, 320}, []float64{50, 52, 48}), []string{"1 of 2 figures are slower", "slower"}},
		"a change is faster": {run1000(1, []float64{250, 240, 260}, []float64{20, 21, 22}), []string{"0 of 2 figures are slower", "faster"}},
	} {
		text, err := test.now.report(options{sizes: []int{1000}, against: path, release: "9.9.9"}, "another.")
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range append(test.says, "That was on a machine.", "| 9.9.9 | ") {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in\n%s", name, want, text)
			}
		}
	}
	if _, err := old.report(options{against: path + "x"}, ""); err == nil {
		t.Error("a file that is not there is compared with")
	}
}

// The line of a release has a column for each heading of docs/bench/README.md.
func TestReleaseLine(t *testing.T) {
	figures := run1000(1, []float64{250}, []float64{50}).saved("a machine.")
	if got, want := figures.line("1.2.3", 1000), "| 1.2.3 | 2.50 | – | 0.05 | – | – | – |\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
