package carserver

import (
	"errors"
	"fmt"
	"syscall"

	"modernc.org/sqlite"

	"carjs/host/files"
)

// SQLite's primary result codes for a file that cannot be used and for one that is locked.
const (
	sqlitePerm     = 3
	sqliteBusy     = 5
	sqliteReadOnly = 8
	sqliteIOErr    = 10
	sqliteFull     = 13
	sqliteCantOpen = 14
)

// codeOf returns SQLite's primary result code, or 0 for any other error.
func codeOf(err error) int {
	var known *sqlite.Error
	if errors.As(err, &known) {
		return known.Code() & 0xff
	}
	return 0
}

// Explain adds to an error of SQLite why it could not use the file at a path or the files beside
// it: no permission, no space, no file descriptors. [files.TroubleOf] recognizes the result. Other
// errors are returned unchanged.
func Explain(path string, err error) error {
	switch codeOf(err) {
	case sqliteFull:
		return fmt.Errorf("%w: %w", err, syscall.ENOSPC)
	case sqlitePerm, sqliteReadOnly, sqliteIOErr, sqliteCantOpen:
		return files.Explain(path, err)
	}
	return err
}

// explain explains an error of the database, and calls Config.Broken if retrying cannot help.
func (s *store) explain(err error) error {
	if err == nil || s.path == "" {
		return err
	}
	err = Explain(s.path, err)
	if _, ok := files.TroubleOf(err); ok && s.broken != nil {
		s.broken(err)
	}
	return err
}
