package files

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
)

const (
	// deleteOnClose removes a file with its last handle.
	deleteOnClose = 0x04000000
	// sharingViolation is the error of a file that somebody has open and does not share.
	sharingViolation = syscall.Errno(32)
)

// lockFolder opens a file in the folder that nobody else can open meanwhile, and that is gone
// afterwards.
func lockFolder(path string) (unlock func() error, err error) {
	name := filepath.Join(path, ".carjs.lock")
	text, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return nil, err
	}
	handle, err := syscall.CreateFile(text, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS,
		syscall.FILE_ATTRIBUTE_NORMAL|deleteOnClose, 0)
	if errors.Is(err, sharingViolation) {
		return nil, ErrLocked
	}
	if err != nil {
		return nil, &os.PathError{Op: "lock", Path: name, Err: err}
	}
	return func() error { return syscall.CloseHandle(handle) }, nil
}
