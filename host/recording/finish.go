package recording

import (
	"bytes"
	"carjs/host/files"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// rescrub looks for secrets in files that are written with all that is known now.
func (r *Recorder) rescrub(names []string) error {
	for _, name := range names {
		if name == ManifestFile {
			continue
		}
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
	}
	return nil
}

// replace puts the files in their place, numbered anew behind those of an earlier recording that stay.
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
	number := 0
	place := func(from string) error {
		number++
		_, rest, _ := strings.Cut(filepath.Base(from), "-")
		return os.Rename(from, filepath.Join(r.dir, fmt.Sprintf("%s%04d-%s", placed, number, rest)))
	}
	for _, name := range old {
		path := filepath.Join(r.target, name)
		stays := name != ManifestFile && !slices.Contains(slices.Collect(maps.Values(fresh)), before[name])
		if stays {
			err = place(path)
		} else {
			err = os.Remove(path)
		}
		if err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fresh)) {
		if err := place(filepath.Join(r.dir, name)); err != nil {
			return err
		}
	}
	return r.deliver()
}

// placed begins the names of files that have their number and are not in their folder yet.
const placed = "placed-"

// deliver moves what is ready into the folder, the manifest last.
func (r *Recorder) deliver() error {
	if err := os.MkdirAll(r.target, 0o755); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(r.dir, placed+"*"))
	if err != nil {
		return err
	}
	for _, file := range append(files, filepath.Join(r.dir, ManifestFile)) {
		if err := os.Rename(file, filepath.Join(r.target, strings.TrimPrefix(filepath.Base(file), placed))); err != nil {
			return err
		}
	}
	return nil
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
