package files

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file.txt")
	for _, text := range []string{"first", "second, and longer"} {
		if err := Write(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != text {
			t.Errorf("%q %v, want %q", got, err, text)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o444 != 0o444 {
		t.Errorf("mode %v, %v: others cannot read it", info.Mode(), err)
	}
	only(t, dir, "file.txt")
}

// What cannot be written leaves nothing behind, and what was there as it was.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	occupied := filepath.Join(dir, "folder")
	if err := os.MkdirAll(filepath.Join(occupied, "inside"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Write(occupied, []byte("text")); err == nil {
		t.Error("a folder was replaced by a file")
	}
	if err := Write(filepath.Join(dir, "nowhere", "file.txt"), []byte("text")); err == nil {
		t.Error("a file was written into a folder that does not exist")
	}
	only(t, dir, "folder")
	only(t, occupied, "inside")
}

func only(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != name {
		t.Errorf("in the folder are %v, %v, want %s alone", entries, err, name)
	}
}

// What is no file stays what it is, and a link stays a link.
func TestWriteToWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real.txt"), filepath.Join(dir, "link.txt")
	if err := os.WriteFile(real, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Skipf("no links here: %v", err)
	}
	if err := Write(link, []byte("after")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(real); err != nil || string(got) != "after" {
		t.Errorf("%q %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("%v %v", info, err)
	}
	if err := Remove(link); err != nil {
		t.Fatal(err)
	}
	only(t, dir, "link.txt")
	if err := Remove(link); err != nil {
		t.Errorf("of what is not there: %v", err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Skipf("no device here: %v", err)
	}
	device := filepath.Join(dir, "device") // a mistake must not take the real one away
	if err := os.Symlink(os.DevNull, device); err != nil {
		t.Fatal(err)
	}
	if err := Write(device, []byte("text")); err != nil {
		t.Error(err)
	}
	if err := Remove(device); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Errorf("%v %v", info, err)
	}
}
