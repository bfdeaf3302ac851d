package types

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"carjs/host/files"
)

// Written says what [Write] did, by the names of files.
type Written struct {
	// Changed files are new or have another content, Same have not. Foreign files have the name of
	// one that should be written and were written by somebody else: they are left as they are. Gone
	// were removed, because they belong to something that the connector no longer has.
	Changed, Same, Foreign, Gone []string
}

// Write brings the declarations in the connector's folder up to date. What was written there before
// and is not among the declarations goes, unless it is one of keep.
func Write(connector string, declarations map[string]string, keep ...string) (Written, error) {
	var w Written
	dir := filepath.Join(connector, Folder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return w, fmt.Errorf("write typings: %w", err)
	}
	// A connector of somebody else's must not have files written elsewhere.
	if err := files.Within(connector, Folder); err != nil {
		return w, fmt.Errorf("write typings: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(declarations)) {
		path := filepath.Join(dir, name)
		before, err := files.ReadOwn(path)
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return w, fmt.Errorf("write typings: %w", err)
		case err == nil && string(before) == declarations[name]:
			w.Same = append(w.Same, name)
			continue
		case err == nil && !Ours(before):
			w.Foreign = append(w.Foreign, name)
			continue
		}
		if err := files.Write(path, []byte(declarations[name])); err != nil {
			return w, fmt.Errorf("write typings: %w", err)
		}
		w.Changed = append(w.Changed, name)
	}
	return w, w.remove(dir, declarations, keep)
}

// remove takes away what was written here before and is no longer needed.
func (w *Written) remove(dir string, declarations map[string]string, keep []string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("write typings: %w", err)
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		content, err := files.ReadOwn(path)
		if _, needed := declarations[entry.Name()]; needed || err != nil || slices.Contains(keep, entry.Name()) || !Ours(content) {
			continue
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("write typings: %w", err)
		}
		w.Gone = append(w.Gone, entry.Name())
	}
	return nil
}
