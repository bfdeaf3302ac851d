package main

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carjs/host"
)

var update = flag.Bool("update", false, "rewrite the expected texts in testdata")

// The requests of the reference connector to CAR, in kind and order; requests of one kind in a row
// are one line, because how often a job is asked for is a matter of time.
func TestSequences(t *testing.T) {
	m := newMatrix(t)
	for _, mode := range []host.Mode{host.ModeFull, host.ModeIncremental} {
		t.Run(string(mode), func(t *testing.T) {
			var kinds []string
			for _, request := range m.learn(mode) {
				if request.of == "CAR" {
					kinds = append(kinds, request.kind)
				}
			}
			got := strings.Join(slices.Compact(kinds), "\n") + "\n"
			path := filepath.Join("testdata", "sequence_"+string(mode)+".txt")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
