package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// MaxSize is the size of the largest file that [Folder] reads whole.
const MaxSize = 64 << 20

// Folder returns the files of a folder on disk that somebody else may have filled, a connector's
// above all: those that are really in it. A link that leads out of the folder, a pipe, a socket and
// a device cannot be opened; the error is a [*fs.PathError] that says what to do. A link that stays
// in the folder is followed.
func Folder(dir string) fs.FS { return folder(dir) }

type folder string

// find returns where a file really is.
func (f folder) find(op, name string) (string, fs.FileInfo, error) {
	if !fs.ValidPath(name) {
		return "", nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	fail := func(err error) (string, fs.FileInfo, error) {
		if inner, ok := err.(*fs.PathError); ok { //nolint:errorlint // of the system, unwrapped
			err = inner.Err
		}
		return "", nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	real, err := filepath.EvalSymlinks(filepath.Join(string(f), filepath.FromSlash(name)))
	if err != nil {
		return fail(err)
	}
	root, err := filepath.EvalSymlinks(string(f))
	if err != nil {
		return fail(err)
	}
	if real != root && !strings.HasPrefix(real, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator)) {
		return fail(fmt.Errorf("it leads to %s, outside the folder: copy the file into the folder", real))
	}
	info, err := os.Lstat(real)
	if err != nil {
		return fail(err)
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return fail(fmt.Errorf("it is not a regular file: put one in its place"))
	}
	return real, info, nil
}

// Open opens a file or a folder.
func (f folder) Open(name string) (fs.File, error) {
	real, _, err := f.find("open", name)
	if err != nil {
		return nil, err
	}
	return os.Open(real)
}

// Stat describes a file, behind links.
func (f folder) Stat(name string) (fs.FileInfo, error) {
	_, info, err := f.find("stat", name)
	return info, err
}

// ReadFile reads a file of at most [MaxSize] bytes.
func (f folder) ReadFile(name string) ([]byte, error) {
	real, info, err := f.find("open", name)
	switch {
	case err != nil:
		return nil, err
	case info.Size() > MaxSize:
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("it is larger than %d MB", MaxSize>>20)}
	}
	return os.ReadFile(real)
}

// ReadDir lists a folder, sorted by name.
func (f folder) ReadDir(name string) ([]fs.DirEntry, error) {
	real, _, err := f.find("open", name)
	if err != nil {
		return nil, err
	}
	return os.ReadDir(real)
}

// ReadOwn reads a file that somebody else may have put into the folder that it is named in, as a
// file of [Folder] of any size.
func ReadOwn(path string) ([]byte, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() {
		return os.ReadFile(path)
	}
	real, _, err := folder(filepath.Dir(path)).find("open", filepath.Base(path))
	if err != nil {
		return nil, err
	}
	return os.ReadFile(real)
}

// Within tells why a file or folder is not in a folder, like [Folder]: a name that leads out of it,
// or a link. What is not there is [fs.ErrNotExist].
func Within(dir, name string) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return &fs.PathError{Op: "open", Path: name, Err: errors.New("it leads out of the folder: copy it into the folder")}
	}
	_, _, err := folder(dir).find("open", filepath.ToSlash(filepath.Clean(name)))
	return err
}
