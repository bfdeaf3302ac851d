package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestTroubleOf(t *testing.T) {
	for _, test := range []struct {
		err     error
		reason  string
		passing bool
	}{
		{&os.PathError{Op: "open", Path: "x", Err: syscall.EMFILE}, "too many files are open", true},
		{fmt.Errorf("write: %w", syscall.ENOSPC), "the disk is full", true},
		{syscall.EROFS, "the file system is read-only", false},
		{fs.ErrPermission, "this user has no permission to write there", false},
		{errors.New("anything"), "", false},
		{nil, "", false},
	} {
		got, ok := TroubleOf(test.err)
		if got.Reason != test.reason || got.Passing != test.passing || ok != (test.reason != "") {
			t.Errorf("%v: %+v %v", test.err, got, ok)
		}
	}
}

func TestExplain(t *testing.T) {
	dir, vague := t.TempDir(), errors.New("cannot open")
	if got := Explain(filepath.Join(dir, "file"), vague); got != vague {
		t.Errorf("nothing is wrong, but: %v", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	got := Explain(filepath.Join(dir, "file", "below"), vague)
	if _, ok := TroubleOf(got); !ok || !errors.Is(got, vague) {
		t.Errorf("a file where a folder should be: %v", got)
	}
	only(t, dir, "file")
}
