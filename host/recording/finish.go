package recording

import (
	"bytes"
	"carjs/host/files"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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
	before, err := os.ReadFile(path)
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
	fresh, err := identities(r.dir)
	if err != nil {
		return err
	}
	before, err := identities(r.target)
	if err != nil {
		return err
	}
	number := last(old)
	for _, name := range slices.Sorted(maps.Keys(fresh)) {
		number++
		if err := os.Rename(filepath.Join(r.dir, name), filepath.Join(r.target, numbered(number, name))); err != nil {
			return err
		}
	}
	if err := os.Rename(filepath.Join(r.dir, ManifestFile), filepath.Join(r.target, ManifestFile)); err != nil {
		return err
	}
	anew := map[string]bool{}
	for _, identity := range fresh {
		anew[identity] = true
	}
	for name, identity := range before {
		if anew[identity] {
			if err := os.Remove(filepath.Join(r.target, name)); err != nil {
				return err
			}
		}
	}
	return renumber(r.target)
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
			if err := os.Rename(filepath.Join(dir, name), filepath.Join(dir, to)); err != nil {
				return err
			}
		}
	}
	return nil
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

// identities tells by what each file of a folder answers to: requests of the same identity are one.
func identities(dir string) (map[string]string, error) {
	files, _, err := ours(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	found := map[string]string{}
	for _, name := range files {
		if name == ManifestFile {
			continue
		}
		s, err := load(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		found[name] = s.identity
	}
	return found, nil
}
