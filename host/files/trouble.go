package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Trouble is a kind of error of the machine that carjs runs on: nobody else's fault, and no other
// attempt at the same work goes better before somebody acts.
type Trouble struct {
	// Reason says what is the matter: "the disk is full".
	Reason string
	// Hint is the next step, as an order. It names no setting.
	Hint string
	// Passing tells that the same may work later, with the same settings.
	Passing bool
	// Cause is what the system said.
	Cause error

	errors []error
}

// troubles is the table of all of them, in the order in which they are looked for.
var troubles = []Trouble{
	{"too many files are open", "raise the limit of open files (ulimit -n), or end other programs", true, nil, descriptorErrors},
	{"the disk is full", "make room on the disk", true, nil, spaceErrors},
	{"the file would be larger than this user's files may be", "raise the limit of the size of files (ulimit -f)", true, nil, sizeErrors},
	{"the file system is read-only", "choose a folder that can be written to", false, nil, readOnlyErrors},
	{"this user has no permission to write there", "grant the permission, or choose another folder", false, nil, []error{fs.ErrPermission}},
	{"a file is where a folder should be", "choose another folder", false, nil, kindErrors},
}

// TroubleOf tells which trouble an error is, wrapped or not.
func TroubleOf(err error) (Trouble, bool) {
	for _, t := range troubles {
		for _, known := range t.errors {
			if errors.Is(err, known) {
				t.Cause = known
				return t, true
			}
		}
	}
	return Trouble{}, false
}

// probeSize is more than a file system keeps in an inode.
const probeSize = 64 << 10

// Explain adds to an error of a library that does not say why it could not use a file, or the files
// beside it, what the system says: it is asked to write to the file and beside it. The error stays
// as it is when nothing is wrong by now.
func Explain(path string, err error) error {
	if _, ok := TroubleOf(err); ok {
		return err
	}
	if why := probe(path); why != nil {
		return fmt.Errorf("%w: %w", err, why)
	}
	return err
}

// probeFiles is how many files a library has open at a time: a database and its logs.
const probeFiles = 4

func probe(path string) error {
	for range probeFiles {
		folder, err := os.Open(filepath.Dir(path))
		if err != nil {
			return err
		}
		defer folder.Close()
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	switch {
	case err == nil:
		file.Close() //nolint:errcheck // nothing was written
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	beside, err := NewTemporary(filepath.Dir(path), ".carjs-")
	if err != nil {
		return err
	}
	// As far out as the library's own files reach: the size of a file may be limited.
	_, err = beside.WriteAt(make([]byte, probeSize), largest(path))
	return errors.Join(err, beside.Close())
}

// largest returns the size in bytes of the largest file whose name begins with a path: a database
// and its logs.
func largest(path string) (size int64) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return 0
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), filepath.Base(path)) {
			continue
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			size = max(size, info.Size())
		}
	}
	return size
}
