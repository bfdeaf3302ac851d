package main

import (
	"os"
	"path/filepath"
	"testing"

	"carjs/host"
	"carjs/host/files"
)

// Two runs do not mix their pages in one folder: the second is told, before it sends anything.
func TestExportFolderInUse(t *testing.T) {
	d := newDesk(t)
	d.small(addOne)
	kept := filepath.Join(d.dir, "pages")
	if err := os.Mkdir(kept, 0o700); err != nil {
		t.Fatal(err)
	}
	unlock, err := files.LockFolder(kept) // as the other run does
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"-export-data-dir", kept, "-keep-export-data-dir", "-log-format", "text"}
	r := d.imports("small", args...)
	if r.code != 10 || r.report.Collections["asset"].Sent != 0 {
		t.Error(r)
	}
	contains(t, r.stderr, "another run keeps its pages in "+kept, "fault of   settings", "-export-data-dir")
	d.ok(host.ModeFull, "small", "-export-data-dir", kept) // keeps no pages
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	d.ok(host.ModeFull, "small", append(args, "-full")...)
	if _, err := os.Stat(filepath.Join(kept, "asset", "1.json")); err != nil {
		t.Error(err)
	}
}
