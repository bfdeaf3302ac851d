// Package files writes files such that whoever reads them finds them whole: the new content or what
// was there before. What is in them is not its concern.
package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Write writes a file whole or not at all, in the place of one that is there. Its folder must
// exist. Behind a link it is the file that the link names that is replaced; what is no file, a pipe
// or a device, is written to.
func Write(path string, data []byte) error { return write(path, data, 0o644) }

// WritePrivate is [Write] for a file that only its owner may read.
func WritePrivate(path string, data []byte) error { return write(path, data, 0o600) }

func write(path string, data []byte, mode fs.FileMode) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return writeTo(path, data)
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".carjs-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(data)
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(temporary.Name(), mode)
	}
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		os.Remove(temporary.Name()) //nolint:errcheck // what went wrong before is what counts
	}
	return err
}

// Writable tells why [Write] could not write a file, nil when it could. Nothing is left of the
// attempt.
func Writable(path string) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil // a pipe or a device, which would be told of the attempt
	}
	file, err := NewTemporary(filepath.Dir(path), ".carjs-")
	if err != nil {
		return err
	}
	return file.Close()
}

// Reason is what an error of this package says of the file that was to be written, or of its folder:
// nobody knows the temporary file that was to become it.
func Reason(err error) string {
	if link := (*os.LinkError)(nil); errors.As(err, &link) {
		return fmt.Sprintf("%s: %v", link.New, link.Err)
	}
	path := (*fs.PathError)(nil)
	if !errors.As(err, &path) {
		return err.Error()
	}
	name := path.Path
	if strings.HasPrefix(filepath.Base(name), ".carjs-") {
		name = filepath.Dir(name)
	}
	return fmt.Sprintf("%s: %v", name, path.Err)
}

// writeTo writes to what is there.
func writeTo(path string, data []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}

// Remove removes a file that is there, or the one that a link names, and nothing else: a pipe or a
// device stays.
func Remove(path string) error {
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		var info os.FileInfo
		if info, err = os.Stat(real); err == nil && info.Mode().IsRegular() {
			return os.Remove(real)
		}
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
