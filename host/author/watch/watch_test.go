package watch_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"carjs/host/author/watch"
)

// long is a bound that only a mistake reaches.
const long = 10 * time.Second

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func folder(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "src/main.ts"), "1")
	write(t, filepath.Join(dir, "src/rows.ts"), "1")
	write(t, filepath.Join(dir, "node_modules/p/index.js"), "1")
	return dir
}

func start(t *testing.T, dir string, others func(string) bool, files ...string) *watch.Watcher {
	t.Helper()
	w, err := watch.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	follow(t, w, dir, others, files...)
	return w
}

func follow(t *testing.T, w *watch.Watcher, dir string, others func(string) bool, files ...string) {
	t.Helper()
	var paths []string
	for _, file := range files {
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		paths = append(paths, file)
	}
	if err := w.Follow(paths, others); err != nil {
		t.Fatal(err)
	}
}

// expect receives changes until all of the names have come, and fails at any other.
func expect(t *testing.T, w *watch.Watcher, names ...string) {
	t.Helper()
	deadline := time.After(long)
	for len(names) > 0 {
		select {
		case changed := <-w.Changes():
			for _, name := range changed {
				i := slices.Index(names, filepath.ToSlash(name))
				if i < 0 {
					t.Fatalf("%s changed, waiting for %v", name, names)
				}
				names = slices.Delete(names, i, i+1)
			}
		case <-deadline:
			t.Fatalf("no change of %v", names)
		}
	}
}

func TestChangesOfFilesThatMatter(t *testing.T) {
	dir := folder(t)
	outside := filepath.Join(folder(t), "shared.ts")
	write(t, outside, "1")
	w := start(t, dir, nil, "src/main.ts", "src/rows.ts", outside)

	write(t, filepath.Join(dir, "src/rows.ts"), "2")
	expect(t, w, "src/rows.ts")
	write(t, outside, "2")
	expect(t, w, filepath.ToSlash(outside))
}

// What does not matter comes before what does: only the latter may arrive.
func TestWhatDoesNotMatter(t *testing.T) {
	dir := folder(t)
	w := start(t, dir, nil, "src/main.ts", "node_modules/p/index.js")
	main := filepath.Join(dir, "src/main.ts")
	for _, noise := range []string{
		"src/.main.ts.swp", "src/main.ts~", "src/4913", "src/#main.ts#", ".carjs/car.db", "notes.md", "src/rows.ts",
	} {
		write(t, filepath.Join(dir, noise), "x")
	}
	if err := os.Chmod(main, 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, main, "2")
	expect(t, w, "src/main.ts")

	// The same content again is no change.
	write(t, main, "2")
	write(t, filepath.Join(dir, "node_modules/p/index.js"), "2")
	expect(t, w, "node_modules/p/index.js")
}

func TestWaysOfSaving(t *testing.T) {
	dir := folder(t)
	w := start(t, dir, nil, "src/main.ts")
	main := filepath.Join(dir, "src/main.ts")
	t.Run("a new file takes the old one's name", func(t *testing.T) {
		write(t, main+".tmp", "renamed")
		if err := os.Rename(main+".tmp", main); err != nil {
			t.Fatal(err)
		}
		expect(t, w, "src/main.ts")
	})
	t.Run("the old file is moved away first", func(t *testing.T) {
		if err := os.Rename(main, main+"~"); err != nil {
			t.Fatal(err)
		}
		write(t, main, "moved")
		expect(t, w, "src/main.ts")
	})
	t.Run("in two writes", func(t *testing.T) {
		f, err := os.Create(main)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := f.WriteString("half"); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		expect(t, w, "src/main.ts")
	})
	t.Run("it is deleted", func(t *testing.T) {
		if err := os.Remove(main); err != nil {
			t.Fatal(err)
		}
		expect(t, w, "src/main.ts")
	})
}

func TestFilesThatAppear(t *testing.T) {
	dir := folder(t)
	w := start(t, dir, func(path string) bool { return strings.HasSuffix(path, ".ts") }, "src/main.ts")
	if err := os.MkdirAll(filepath.Join(dir, "src/deep/er"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "src/new.ts"), "1")
	expect(t, w, "src/new.ts")

	write(t, filepath.Join(dir, "src/deep/er/new.ts"), "1")
	expect(t, w, "src/deep/er/new.ts")

	// A folder that comes with files in it.
	moved := t.TempDir()
	write(t, filepath.Join(moved, "lib/a.ts"), "1")
	write(t, filepath.Join(moved, "lib/b.ts"), "1")
	if err := os.Rename(filepath.Join(moved, "lib"), filepath.Join(dir, "src/lib")); err != nil {
		t.Fatal(err)
	}
	expect(t, w, "src/lib/a.ts", "src/lib/b.ts")
}

func TestChangesAddUp(t *testing.T) {
	dir := folder(t)
	w := start(t, dir, nil, "src/main.ts", "src/rows.ts")
	write(t, filepath.Join(dir, "src/main.ts"), "2")
	write(t, filepath.Join(dir, "src/rows.ts"), "2")
	expect(t, w, "src/main.ts", "src/rows.ts")
}

// What has changed again is stale until that is told.
func TestStale(t *testing.T) {
	dir := folder(t)
	w := start(t, dir, nil, "src/main.ts")
	main := filepath.Join(dir, "src/main.ts")
	write(t, main, "half")
	expect(t, w, "src/main.ts")
	write(t, main, "half and half")
	if !w.Stale([]string{"src/main.ts"}) {
		t.Error("what was written since is not seen")
	}
	expect(t, w, "src/main.ts")
	for deadline := time.Now().Add(long); w.Stale([]string{"src/main.ts"}); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("what was told stays stale")
		}
	}
}

func TestNoFolder(t *testing.T) {
	if _, err := watch.New(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Fatal("a folder that does not exist is watched")
	}
}

func TestCloseEndsChanges(t *testing.T) {
	w, err := watch.New(folder(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, open := <-w.Changes(); open {
		t.Fatal("a change after the end")
	}
}

// Files that go with their folder are gone, and are there again when it comes back.
func TestFolderMovedAway(t *testing.T) {
	dir := folder(t)
	w := start(t, dir, nil, "src/main.ts", "src/rows.ts")
	away := filepath.Join(t.TempDir(), "away")
	if err := os.Rename(filepath.Join(dir, "src"), away); err != nil {
		t.Skipf("the folders are on different disks: %v", err)
	}
	expect(t, w, "src/main.ts", "src/rows.ts")
	if err := os.Rename(away, filepath.Join(dir, "src")); err != nil {
		t.Fatal(err)
	}
	expect(t, w, "src/main.ts", "src/rows.ts")
}

// A folder with others in it is put in the place of one that got another name, as when a copy is
// edited or a branch checked out.
func TestFolderReplaced(t *testing.T) {
	dir := folder(t)
	file := filepath.Join(dir, "src", "lib", "deep.ts")
	write(t, file, "1")
	w := start(t, dir, nil, "src/lib/deep.ts")
	old := filepath.Join(dir, "old")
	if err := os.Rename(filepath.Join(dir, "src"), old); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "src"), os.DirFS(old)); err != nil {
		t.Fatal(err)
	}
	expect(t, w, "src/lib/deep.ts")
	for _, text := range []string{"2", "3"} {
		write(t, file, text)
		expect(t, w, "src/lib/deep.ts")
	}
	write(t, filepath.Join(old, "lib", "deep.ts"), "4") // which is another file now
	write(t, file, "5")
	expect(t, w, "src/lib/deep.ts")
}

// A file that is empty for a while, because what saves it waits for a processor, arrives once, when
// it has been written.
func TestSlowSave(t *testing.T) {
	dir := folder(t)
	w := start(t, dir, nil, "src/main.ts", "src/rows.ts")
	main := filepath.Join(dir, "src/main.ts")
	for range 5 {
		began := time.Now()
		if err := os.Truncate(main, 0); err != nil {
			t.Fatal(err)
		}
		var told bool
		for i := 0; time.Since(began) < 150*time.Millisecond; i++ { // other saves go on meanwhile
			write(t, filepath.Join(dir, "src/rows.ts"), began.String()+strconv.Itoa(i))
			told = slices.ContainsFunc(<-w.Changes(), func(name string) bool { return filepath.Base(name) == "main.ts" }) || told
		}
		write(t, main, began.String())
		if time.Since(began) > time.Second/2 {
			expect(t, w, "src/main.ts") // this machine is too slow to tell
			continue
		}
		if told {
			t.Fatal("an empty file was told of")
		}
		expect(t, w, "src/main.ts")
		return
	}
	t.Skip("saving takes longer here than carjs waits")
}
