package files_test

import (
	"errors"
	"os"
	"testing"

	"carjs/host/files"
)

// A folder is locked once at a time, and nothing is left of it.
func TestLockFolder(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		unlock, err := files.LockFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := files.LockFolder(dir); !errors.Is(err, files.ErrLocked) {
			t.Errorf("locked twice: %v", err)
		}
		if err := unlock(); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left %v, %v", left, err)
	}
	if _, err := files.LockFolder(dir + "/nothing"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}
