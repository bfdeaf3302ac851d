package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// What a build reads at most. A connector is far below; what is above fills the memory instead.
const (
	maxFileSize   = 64 << 20
	maxBuildFiles = 20_000
	maxFolderSize = 50_000 // files and folders in the connector's folder, without node_modules
)

// walls are the folders that a build may read: the connector's own, the node_modules that Node looks
// for packages in, the packages of workspaces, and those that the user named. What counts is where
// a file really is, behind all links.
type walls struct {
	root    string   // the real path of the connector's folder
	folders []string // real paths, root first
	asked   string   // the connector's folder as it was given

	workspaces func() []string // those of the folders above, looked for when they are needed
	real       sync.Map        // folder -> its real path, for the length of one build
}

// newWalls makes the walls of a connector's folder, which need not exist.
func newWalls(root string, allowed []string) *walls {
	w := &walls{asked: root, root: root}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		w.root = real
	}
	w.folders = append(w.folders, w.root)
	for dir := range above(w.root) {
		// A folder above is not the connector's to change: where its node_modules leads is right.
		if real, err := filepath.EvalSymlinks(filepath.Join(dir, modulesFolder)); err == nil {
			w.folders = append(w.folders, real)
		}
	}
	for _, dir := range allowed {
		if absolute, err := filepath.Abs(dir); err == nil {
			if real, err := filepath.EvalSymlinks(absolute); err == nil {
				w.folders = append(w.folders, real)
			}
		}
	}
	w.workspaces = sync.OnceValue(func() []string { return workspaces(w.root) })
	return w
}

// modulesFolder is the name of the folders of npm packages.
const modulesFolder = "node_modules"

// above lists the folders above a folder, the nearest first.
func above(dir string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for parent := filepath.Dir(dir); parent != dir; dir, parent = parent, filepath.Dir(parent) {
			if !yield(parent) {
				return
			}
		}
	}
}

// within tells whether a path is a folder or below it.
func within(dir, path string) bool {
	if dir == path || strings.HasSuffix(dir, string(filepath.Separator)) && strings.HasPrefix(path, dir) {
		return true
	}
	return strings.HasPrefix(path, dir+string(filepath.Separator))
}

// inside tells whether a build may read what is at a real path.
func (w *walls) inside(real string) bool {
	holds := func(dir string) bool { return within(dir, real) }
	return slices.ContainsFunc(w.folders, holds) || slices.ContainsFunc(w.workspaces(), holds)
}

// outsideError is a file that a build may not read.
type outsideError struct{ shown, real string }

func (e *outsideError) Error() string {
	what := e.shown
	if e.real != e.shown {
		what += " leads to " + e.real + ", which"
	}
	return what + " is outside the connector's folder and its node_modules: copy it into the folder, or allow its folder with -allow-read"
}

// unfitError is a file inside the walls that no build can use.
type unfitError struct{ shown, why string }

func (e *unfitError) Error() string { return e.shown + " " + e.why }

// check tells whether a build may read a file: where it is, what it is, and how large. The error is
// that of the system for a file that does not exist.
func (w *walls) check(path string) (fs.FileInfo, error) {
	real, err := w.realPath(path)
	if err != nil {
		return nil, err
	}
	shown := w.shown(path)
	if !w.inside(real) {
		return nil, &outsideError{shown, w.shown(real)}
	}
	info, err := os.Lstat(real)
	if err != nil {
		return nil, err
	}
	return info, fit(shown, info)
}

// fit tells whether a file can be used: a device never ends, and a pipe waits for someone.
func fit(shown string, info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return nil
	case mode&fs.ModeNamedPipe != 0:
		return &unfitError{shown, "is a named pipe: put a regular file in its place"}
	case mode&fs.ModeSocket != 0:
		return &unfitError{shown, "is a socket: put a regular file in its place"}
	case mode&fs.ModeDevice != 0:
		return &unfitError{shown, "is a device: put a regular file in its place"}
	case !mode.IsRegular():
		return &unfitError{shown, "is not a regular file: put one in its place"}
	case info.Size() > maxFileSize:
		return &unfitError{shown, fmt.Sprintf("is larger than %d MB, which is the limit of a build: load such data while the connector runs",
			maxFileSize>>20)}
	}
	return nil
}

// realPath is [filepath.EvalSymlinks] that looks at each folder once in a build.
func (w *walls) realPath(path string) (string, error) {
	path = filepath.Clean(path)
	dir := filepath.Dir(path)
	known, ok := w.real.Load(dir)
	if !ok {
		real, err := filepath.EvalSymlinks(dir)
		if err != nil {
			return "", err
		}
		known = real
		w.real.Store(dir, real)
	}
	real := filepath.Join(known.(string), filepath.Base(path))
	info, err := os.Lstat(real)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return real, err
	}
	return filepath.EvalSymlinks(real)
}

// forget makes ready for another build: links may lead elsewhere by then.
func (w *walls) forget() { w.real.Clear() }

// shown is a path as messages have it: relative to the connector's folder when it is in there.
func (w *walls) shown(path string) string {
	for _, root := range []string{w.asked, w.root} {
		if rel, err := filepath.Rel(root, path); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	return path
}

// refused tells whether an error is that of a wall, rather than of a file that is not there.
func refused(err error) bool {
	var outside *outsideError
	var unfit *unfitError
	return errors.As(err, &outside) || errors.As(err, &unfit)
}
