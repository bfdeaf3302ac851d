//go:build unix

package watch_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe in the place of a file does not keep the watcher.
func TestPipe(t *testing.T) {
	dir := folder(t)
	w := start(t, dir, nil, "src/main.ts", "src/rows.ts")
	main := filepath.Join(dir, "src/main.ts")
	if err := os.Remove(main); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(main, 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, w, "src/main.ts")
	write(t, filepath.Join(dir, "src/rows.ts"), "2")
	expect(t, w, "src/rows.ts")
}
