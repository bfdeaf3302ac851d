package watch_test

import (
	"os"
	"path/filepath"
	"testing"
)

// must fails the test at an error.
func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// link makes a link, where that is possible.
func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Skipf("no links here: %v", err)
	}
}

// relink makes a link lead elsewhere in one step, as ln -sfn does.
func relink(t *testing.T, to, at string) {
	t.Helper()
	link(t, to, at+".new")
	must(t, os.Rename(at+".new", at))
}

func TestFolderRemovedAndRestored(t *testing.T) {
	for name, away := range map[string]func(t *testing.T, dir string) (back func()){
		"removed": func(t *testing.T, dir string) func() {
			copied := filepath.Join(t.TempDir(), "copy")
			must(t, os.CopyFS(copied, os.DirFS(dir)), os.RemoveAll(dir))
			return func() { must(t, os.CopyFS(dir, os.DirFS(copied))) }
		},
		"moved": func(t *testing.T, dir string) func() {
			moved := dir + ".away"
			must(t, os.Rename(dir, moved))
			return func() { must(t, os.Rename(moved, dir)) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(folder(t), "connector")
			write(t, filepath.Join(dir, "src/main.ts"), "1")
			w := start(t, dir, nil, "src/main.ts")
			back := away(t, dir)
			expect(t, w, "src/main.ts")
			back()
			expect(t, w, "src/main.ts")
			for _, text := range []string{"2", "3"} {
				write(t, filepath.Join(dir, "src/main.ts"), text)
				expect(t, w, "src/main.ts")
			}
		})
	}
}

// The folder that a connector is in is put in the place of another one, with what is above it.
func TestParentsReplaced(t *testing.T) {
	top := filepath.Join(folder(t), "top")
	dir, outside := filepath.Join(top, "a", "connector"), filepath.Join(top, "b", "shared", "lib.ts")
	write(t, filepath.Join(dir, "src/main.ts"), "1")
	write(t, outside, "1")
	w := start(t, dir, nil, "src/main.ts", outside)
	must(t, os.Rename(top, top+".old"))
	write(t, filepath.Join(dir, "src/main.ts"), "2")
	write(t, outside, "2")
	expect(t, w, "src/main.ts", filepath.ToSlash(outside))
	write(t, filepath.Join(dir, "src/main.ts"), "3")
	expect(t, w, "src/main.ts")
	write(t, outside, "3")
	expect(t, w, filepath.ToSlash(outside))
}

func TestOutsideFolderRemovedAndRestored(t *testing.T) {
	dir, outside := folder(t), filepath.Join(folder(t), "lib", "shared.ts")
	write(t, outside, "1")
	w := start(t, dir, nil, "src/main.ts", outside)
	must(t, os.RemoveAll(filepath.Dir(outside)))
	expect(t, w, filepath.ToSlash(outside))
	write(t, outside, "2")
	expect(t, w, filepath.ToSlash(outside))
	write(t, outside, "3")
	expect(t, w, filepath.ToSlash(outside))
}

// The folder is replaced by a link to another one, which then leads to a third one.
func TestFolderBecomesALink(t *testing.T) {
	versions := folder(t)
	for _, version := range []string{"v1", "v2", "v3"} {
		write(t, filepath.Join(versions, version, "src/main.ts"), version)
	}
	current := filepath.Join(versions, "current")
	must(t, os.CopyFS(current, os.DirFS(filepath.Join(versions, "v1"))))
	w := start(t, current, nil, "src/main.ts")
	must(t, os.RemoveAll(current))
	link(t, filepath.Join(versions, "v2"), current)
	expect(t, w, "src/main.ts")
	relink(t, filepath.Join(versions, "v3"), current)
	expect(t, w, "src/main.ts")
	write(t, filepath.Join(versions, "v3", "src/main.ts"), "edited")
	expect(t, w, "src/main.ts")
}

// A folder in the connector's becomes a link, the link leads elsewhere, and a folder takes its place.
func TestFolderInsideBecomesALink(t *testing.T) {
	dir, other := folder(t), folder(t)
	for _, version := range []string{"v1", "v2"} {
		write(t, filepath.Join(other, version, "lib.ts"), version)
	}
	lib := filepath.Join(dir, "src", "lib")
	write(t, filepath.Join(lib, "lib.ts"), "v0")
	w := start(t, dir, nil, "src/lib/lib.ts")
	must(t, os.RemoveAll(lib))
	link(t, filepath.Join(other, "v1"), lib)
	expect(t, w, "src/lib/lib.ts", "src/lib")
	// What is bundled has its real path, and so it is followed.
	real := filepath.Join(other, "v1", "lib.ts")
	follow(t, w, dir, nil, real)
	write(t, real, "v1, edited")
	expect(t, w, filepath.ToSlash(real))
	relink(t, filepath.Join(other, "v2"), lib)
	expect(t, w, "src/lib")
	real = filepath.Join(other, "v2", "lib.ts")
	follow(t, w, dir, nil, real)
	write(t, real, "v2, edited")
	expect(t, w, filepath.ToSlash(real))
	must(t, os.Remove(lib))
	write(t, filepath.Join(lib, "lib.ts"), "v3")
	expect(t, w, "src/lib")
	follow(t, w, dir, nil, "src/lib/lib.ts")
	write(t, filepath.Join(lib, "lib.ts"), "v4")
	expect(t, w, "src/lib/lib.ts")
}

func TestFileBecomesALink(t *testing.T) {
	dir, other := folder(t), folder(t)
	rows := filepath.Join(dir, "src", "rows.ts")
	write(t, filepath.Join(other, "a.ts"), "a")
	write(t, filepath.Join(other, "b.ts"), "b")
	w := start(t, dir, nil, "src/main.ts", "src/rows.ts")
	must(t, os.Remove(rows))
	link(t, filepath.Join(other, "a.ts"), rows)
	expect(t, w, "src/rows.ts")
	follow(t, w, dir, nil, "src/main.ts", filepath.Join(other, "a.ts"))
	relink(t, filepath.Join(other, "b.ts"), rows)
	expect(t, w, "src/rows.ts")
	follow(t, w, dir, nil, "src/main.ts", filepath.Join(other, "b.ts"))
	write(t, filepath.Join(other, "b.ts"), "b, edited")
	expect(t, w, filepath.ToSlash(filepath.Join(other, "b.ts")))
	must(t, os.Remove(rows))
	write(t, rows, "own again")
	expect(t, w, "src/rows.ts")
}
