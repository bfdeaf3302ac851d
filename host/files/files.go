// Package files writes files such that whoever reads them finds them whole: the new content or what was there before. What is in
// them is not its concern.
package files

import (
	"os"
	"path/filepath"
)

// Write writes a file whole or not at all, in the place of one that is there. Its folder must exist.
func Write(path string, data []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".carjs-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(data)
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(temporary.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		os.Remove(temporary.Name()) //nolint:errcheck // what went wrong before is what counts
	}
	return err
}
