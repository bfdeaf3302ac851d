//go:build !windows

package files

import (
	"errors"
	"os"
	"syscall"
)

// lockFolder locks the folder itself, so that nothing is left in it.
func lockFolder(path string) (unlock func() error, err error) {
	folder, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errors.Join(ErrLocked, folder.Close())
	}
	return folder.Close, nil
}
