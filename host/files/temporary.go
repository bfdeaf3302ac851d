package files

import (
	"errors"
	"os"
)

// Temporary is a file for the work of one process. Where an open file can be removed it has no
// name: nothing is left of it, whatever ends the process, and a process that is killed cannot tidy
// up. Elsewhere Close removes it.
type Temporary struct {
	*os.File
	named bool
}

// NewTemporary makes a file in dir (empty: the system's temporary folder), for nobody else to read.
// Its name, where it has one, begins with prefix.
func NewTemporary(dir, prefix string) (*Temporary, error) {
	file, err := os.CreateTemp(dir, prefix)
	if err != nil {
		return nil, err
	}
	return &Temporary{File: file, named: os.Remove(file.Name()) != nil}, nil
}

// Close gives the file up.
func (t *Temporary) Close() error {
	err := t.File.Close()
	if t.named {
		err = errors.Join(err, os.Remove(t.Name()))
	}
	return err
}
