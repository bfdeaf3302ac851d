package recording

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"carjs/host/files"
)

// rescrub looks for secrets in files that are written, and in their names, with all that is known
// now.
func (r *Recorder) rescrub(names []string) error {
	for _, name := range names {
		if name == ManifestFile {
			continue
		}
		if err := r.rescrubFile(name); err != nil {
			return err
		}
	}
	return nil
}

func (r *Recorder) rescrubFile(name string) error {
	path := filepath.Join(r.dir, name)
	before, err := files.ReadOwn(path)
	if err != nil {
		return err
	}
	var e exchange
	if err := decode(path, &e); err != nil {
		return err
	}
	after, err := encode(r.scrub.exchange(e))
	if err == nil && !bytes.Equal(before, after) {
		err = files.Write(path, after)
	}
	if err != nil {
		return err
	}
	at, err := url.Parse(e.Request.URL)
	if err != nil {
		return nil // it was not named by this one
	}
	if clean := r.scrub.text(at.Path); clean != at.Path {
		return os.Rename(path, filepath.Join(r.dir, fileName(last([]string{name}), e.Request.Method, clean)))
	}
	return nil
}

// replace puts the files in their place, behind those of an earlier recording, and removes those of
// which there is an answer anew. Whatever stops it, there is a recording in the folder, with all
// that was in it or all that is new.
func (r *Recorder) replace() error {
	old, err := replaceable(r.target)
	if err != nil {
		return err
	}
	fresh, err := identities(r.dir, r.ignore())
	if err != nil {
		return err
	}
	before, err := identities(r.target, r.ignore())
	if err != nil {
		return err
	}
	number := last(old)
	for _, name := range slices.Sorted(maps.Keys(fresh)) {
		for {
			number++
			err := place(filepath.Join(r.dir, name), filepath.Join(r.target, numbered(number, name)))
			if err == nil {
				break
			}
			if !errors.Is(err, fs.ErrExist) { // another run records here, too, and was faster
				return err
			}
		}
	}
	if err := os.Rename(filepath.Join(r.dir, ManifestFile), filepath.Join(r.target, ManifestFile)); err != nil {
		return err
	}
	anew := map[string]bool{}
	for _, known := range fresh {
		anew[known.identity] = true
	}
	stale := r.stale(fresh)
	for name, known := range before {
		if anew[known.identity] || stale(known) {
			err := os.Remove(filepath.Join(r.target, name))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return renumber(r.target)
}

// stale tells which requests of an earlier recording have no place beside new ones: all of a sample,
// and, unless the new ones go on with it, those that were made again at another time.
func (r *Recorder) stale(fresh map[string]*stored) func(*stored) bool {
	switch {
	case r.before == nil || len(fresh) == 0 || r.goesOn():
		return func(*stored) bool { return false }
	case r.before.Sample:
		return func(*stored) bool { return true }
	}
	shapes := map[string]bool{}
	of := func(s *stored, otherwise time.Time) moments {
		if !s.at.IsZero() {
			otherwise = s.at
		}
		return timesIn(s.method, s.url, s.sent, r.ignore(), otherwise)
	}
	for _, s := range fresh {
		shapes[of(s, r.manifest.Recorded).shape] = true
	}
	return func(s *stored) bool {
		m := of(s, r.before.Recorded)
		return len(m.times) > 0 && shapes[m.shape]
	}
}

// renumber closes the gaps in the numbers of a recording's files. Each goes to a number that is
// free and keeps the order.
func renumber(dir string) error {
	names, _, err := ours(dir)
	if err != nil {
		return err
	}
	number := 0
	for _, name := range names {
		if name == ManifestFile {
			continue
		}
		number++
		if to := numbered(number, name); to != name {
			// A gap is left where another run moves the same files.
			err := place(filepath.Join(dir, name), filepath.Join(dir, to))
			if err != nil && !errors.Is(err, fs.ErrExist) && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

// place moves a file to a name that no other file has: one that is there is not replaced, also when
// it was made by another process at the same moment.
func place(from, to string) error {
	err := os.Link(from, to)
	if err == nil {
		return os.Remove(from)
	}
	if errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// There are file systems without links.
	if _, err := os.Lstat(to); err == nil {
		return fs.ErrExist
	}
	return os.Rename(from, to)
}

// numbered is a file's name with another number.
func numbered(number int, name string) string {
	_, rest, _ := strings.Cut(name, "-")
	return fmt.Sprintf("%04d-%s", number, rest)
}

// last is the highest number of the files.
func last(names []string) int {
	highest := 0
	for _, name := range names {
		digits, _, _ := strings.Cut(name, "-")
		if number, err := strconv.Atoi(digits); err == nil {
			highest = max(highest, number)
		}
	}
	return highest
}

// identities tells what each file of a folder answers to: requests of the same identity are one.
func identities(dir string, ignore Ignore) (map[string]*stored, error) {
	files, _, err := ours(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	found := map[string]*stored{}
	for _, name := range files {
		if name == ManifestFile {
			continue
		}
		path := filepath.Join(dir, name)
		s, err := load(path, ignore)
		if _, gone := os.Lstat(path); err != nil && errors.Is(gone, fs.ErrNotExist) {
			continue // another run has moved it
		}
		if err != nil {
			return nil, err
		}
		found[name] = s
	}
	return found, nil
}
