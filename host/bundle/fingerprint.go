package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"carjs/host/lazyregexp"
)

// fingerprint stands for all that a bundle may depend on: this carjs, the connector's files, and
// the configuration above its folder.
type fingerprint struct {
	sum   []byte
	where string          // name, entry and folder
	files map[string]bool // the files that are in it, as Inputs names them
}

// What a fingerprint may cost: beyond that, bundling is not dearer.
const (
	maxFiles = 500
	maxBytes = 8 << 20
)

// errUncertain says that a bundle may depend on something that a fingerprint does not take in.
var errUncertain = errors.New("what the bundle depends on cannot be said")

// fingerprint makes the fingerprint of a connector. It is nil for one that is not cached: one that
// has npm packages in reach, a folder that is a link, a tsconfig.json that extends what is not
// plainly one other file, or very much in its folder.
func (c Cache) fingerprint(src Source) (*fingerprint, error) {
	if c.Dir == "" || c.Version == "" {
		return nil, nil
	}
	j, err := newJob(src)
	if err != nil {
		return nil, err
	}
	p := &printer{hash: sha256.New(), files: map[string]bool{}}
	p.add(c.Version, j.name, j.entry, j.root, strconv.FormatBool(j.FS != nil), strings.Join(j.Modules, "\x00"))
	if j.FS != nil {
		err = p.tree(j.FS, func(path string) string { return path })
	} else {
		err = p.tree(os.DirFS(j.root), func(path string) string { return filepath.Join(j.root, filepath.FromSlash(path)) })
	}
	if err == nil {
		err = p.above(j.root)
	}
	if errors.Is(err, errUncertain) {
		return nil, nil
	}
	return &fingerprint{sum: p.hash.Sum(nil), where: strings.Join([]string{j.name, j.entry, j.root}, "\x00"), files: p.files}, err
}

// name is that of the connector's file in the cache.
func (p *fingerprint) name() string {
	sum := sha256.Sum256([]byte(p.where))
	return hex.EncodeToString(sum[:12])
}

// covers tells whether all inputs of a bundle are in the fingerprint.
func (p *fingerprint) covers(inputs []string) bool {
	return !slices.ContainsFunc(inputs, func(name string) bool { return !p.files[name] })
}

// printer makes a fingerprint.
type printer struct {
	hash  hash.Hash
	files map[string]bool
	count int // of all files
	bytes int
}

// add takes in texts, each with its length, so that they cannot run into each other.
func (p *printer) add(texts ...string) {
	for _, text := range texts {
		p.hash.Write([]byte(strconv.Itoa(len(text)) + ":" + text)) //nolint:errcheck // a hash takes everything
	}
}

// tree takes in the connector's files but those in hidden folders, in which no sources are: carjs
// keeps its state in one.
func (p *printer) tree(files fs.FS, name func(string) string) error {
	return fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.Name() == "node_modules":
			return errUncertain
		case entry.IsDir():
			return nil
		case !entry.Type().IsRegular():
			return errUncertain
		}
		if info, err := entry.Info(); err != nil || info.Size() > maxBytes {
			return errUncertain
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		p.files[name(path)] = true
		return p.file(name(path), text)
	})
}

// file takes in a file, and the one that it extends when it is a configuration on disk: those in an
// FS are not read by anyone.
func (p *printer) file(path string, text []byte) error {
	p.count++
	p.bytes += len(text)
	if p.count > maxFiles || p.bytes > maxBytes {
		return errUncertain
	}
	p.add(path, string(text))
	if !filepath.IsAbs(path) || !isConfig(path) || !bytes.Contains(text, []byte("extends")) {
		return nil
	}
	plain := extends().FindSubmatch(text)
	if plain == nil || bytes.Count(text, []byte("extends")) > 1 {
		return errUncertain
	}
	path = filepath.Join(filepath.Dir(path), filepath.FromSlash(string(plain[1])))
	if text = smallFile(path); text == nil {
		return errUncertain
	}
	return p.file(path, text)
}

// extends is the name of another file in a tsconfig.json.
var extends = lazyregexp.New(`"extends"\s*:\s*"(\.[^"\\]*\.json)"`)

// isConfig tells whether esbuild takes options off a file, or may do so because another extends it.
func isConfig(path string) bool {
	name := filepath.Base(path)
	return strings.HasSuffix(name, ".json") && name != "package.json"
}

// above takes in what esbuild heeds of the folders above the connector's.
func (p *printer) above(root string) error {
	for dir := filepath.Dir(root); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, "node_modules")); !errors.Is(err, fs.ErrNotExist) {
			return errUncertain
		}
		for _, name := range []string{"package.json", "tsconfig.json", "jsconfig.json"} {
			path := filepath.Join(dir, name)
			if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
				continue
			}
			text := smallFile(path)
			if text == nil {
				return errUncertain
			}
			if err := p.file(path, text); err != nil {
				return err
			}
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}
