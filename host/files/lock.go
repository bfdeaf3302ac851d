package files

import "errors"

// ErrLocked is why a folder cannot be locked: another process, or another part of this one, has it.
var ErrLocked = errors.New("the folder is in use")

// LockFolder keeps a folder for the caller until unlock is called or the process ends. It is
// [ErrLocked] when somebody else has it. On a file system that has no locks, nothing is locked.
func LockFolder(path string) (unlock func() error, err error) { return lockFolder(path) }
