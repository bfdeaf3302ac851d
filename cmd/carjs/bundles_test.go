package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host"
)

// A run takes the bundle of the one before, and what the connector says does not change for it:
// neither when it fails, nor when its file is changed, nor when what was kept is damaged.
func TestBundleIsKept(t *testing.T) {
	d := newDesk(t)
	bundles := func() []string {
		kept, err := filepath.Glob(filepath.Join(d.dir, ".carjs", "bundles", "*"))
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	const fails = `null.nowhere;`
	d.small(fails)
	first, second := d.imports("small"), d.imports("small")
	if first.code != 1 || first.report.Failure.At != second.report.Failure.At || first.report.Failure.Detail != second.report.Failure.Detail {
		t.Errorf("the kept bundle fails otherwise:\n%s\n%s", first, second)
	}
	kept := bundles()
	if len(kept) != 1 {
		t.Fatalf("kept: %q", kept)
	}
	d.small(addOne)
	d.ok(host.ModeFull, "small")
	if got := bundles(); len(got) != 1 || got[0] != kept[0] {
		t.Errorf("the connector has changed, and kept are %q", got)
	}
	text, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept[0], []byte(strings.Replace(string(text), `"one"`, `"two"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	d.ok(host.ModeFull, "small", "-full")
	for id, asset := range d.graph("small").Vertices {
		if id.Collection == "asset" && !strings.Contains(asset, `"one"`) {
			t.Errorf("a damaged bundle was run: %s", asset)
		}
	}
}
