package submit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"carjs/host/failure"
	"carjs/host/files"
	"carjs/host/lazyregexp"
	"carjs/host/model"
)

// keeper writes the posted pages to a folder, unchanged except for secrets:
// <dir>/<collection>/<n>.json.
type keeper struct {
	dir    string
	redact func([]byte) []byte // nil changes nothing
	// unlock gives the folder back.
	unlock func() error
}

// open locks the folder, so that the pages of two runs do not mix, and removes those of an earlier
// run.
func (k *keeper) open(m *model.Model) error {
	unlock, err := files.LockFolder(k.dir)
	if errors.Is(err, files.ErrLocked) {
		return failure.New(failure.Recoverable, "another run keeps its pages in %s", k.dir).WithFault(failure.FaultSettings).
			WithHint("wait until it ends, or set a folder of its own for each run with -export-data-dir").WithCause(err)
	}
	if err != nil {
		return diskFailure("cannot lock the folder for pages", err)
	}
	k.unlock = unlock
	if err := k.clear(m); err != nil {
		return errors.Join(err, k.close())
	}
	return nil
}

// close gives the folder back. There may be no keeper.
func (k *keeper) close() error {
	if k == nil || k.unlock == nil {
		return nil
	}
	if err := k.unlock(); err != nil {
		return diskFailure("cannot unlock the folder for pages", err)
	}
	return nil
}

// keptPage matches the names of the files that keep writes.
var keptPage = lazyregexp.New(`^[1-9][0-9]*\.json$`)

// clear removes the pages of an earlier run, so that they are not mistaken for this one's. It
// touches nothing else, and no collection for which this run has pages already.
func (k keeper) clear(m *model.Model, but ...*model.Model) error {
	for _, collections := range [][]*model.Collection{m.Vertices(), m.Edges()} {
		for _, c := range collections {
			if slices.ContainsFunc(but, func(m *model.Model) bool { _, ok := m.Collection(c.Name); return ok }) {
				continue
			}
			if err := k.clearFolder(filepath.Join(k.dir, c.Name)); err != nil {
				return diskFailure("cannot remove the pages of an earlier run", err)
			}
		}
	}
	return nil
}

func (k keeper) clearFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Type().IsRegular() && keptPage().MatchString(entry.Name()) {
			if err := os.Remove(filepath.Join(folder, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// keep writes one page. Several goroutines may call it, each with its own page.
func (k keeper) keep(p *page) error {
	folder := filepath.Join(k.dir, p.state.name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return diskFailure("cannot create the folder for pages", err)
	}
	body := p.body
	if k.redact != nil {
		body = k.redact(body)
	}
	if err := os.WriteFile(filepath.Join(folder, strconv.Itoa(p.number)+".json"), body, 0o600); err != nil {
		return diskFailure("cannot keep a page", err)
	}
	return nil
}
