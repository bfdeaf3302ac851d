package main

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"carjs/host"
)

// carjs car -compact makes the file of the state folder small again, once its history is dropped,
// and says how much that was. The graph stays.
func TestCompact(t *testing.T) {
	d := newDesk(t)
	d.ok(host.ModeFull, "reference")
	d.ok(host.ModeFull, "reference", "-full")
	before := d.graph("reference")
	for _, args := range [][]string{{}, {"-history", "0"}} {
		r := d.run(append([]string{"car", "-compact", "-data", ".carjs"}, args...)...)
		if r.code != 0 {
			t.Fatal(r)
		}
		m := regexp.MustCompile(`^The graph in \.carjs takes ([\d.]+) MB; it took ([\d.]+) MB\.\n$`).FindStringSubmatch(r.stdout)
		if m == nil {
			t.Fatal(r)
		}
		after, _ := strconv.ParseFloat(m[1], 64)
		was, _ := strconv.ParseFloat(m[2], 64)
		if after > was || after == 0 {
			t.Error(r)
		}
	}
	if difference := before.Diff(d.graph("reference")); len(difference) > 0 {
		t.Errorf("compacting changed the graph:\n%s", strings.Join(difference, "\n"))
	}
	d.ok(host.ModeIncremental, "reference")

	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"-compact"}, "-compact needs -data"},
		{[]string{"-compact", "-data", "nowhere"}, "there is no graph in nowhere"},
		{[]string{"-history", "-1h"}, "-history cannot be less than 0, but is -1h0m0s"},
	} {
		r := d.run(append([]string{"car"}, test.args...)...)
		if r.code != 2 {
			t.Errorf("%v: %s", test.args, r)
		}
		contains(t, r.stderr, test.says)
	}
}
