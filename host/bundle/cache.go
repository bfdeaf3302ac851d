package bundle

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
)

// Cache keeps bundles in files, so that a connector that has not changed need not be bundled again:
// that is nearly half of the time that carjs needs up to the first line of TypeScript.
//
// A bundle is known by a fingerprint of all that it may depend on, see fingerprint.go, and is made
// anew when that cannot be said. A file that is damaged counts as none, and one that cannot be
// written is not missed.
type Cache struct {
	// Dir is the folder for the files, made when it is needed. There is one file for each
	// connector, which its next bundle replaces.
	Dir string
	// Version tells this carjs from others, which may bundle in another way. Without one, and
	// without Dir, nothing is cached.
	Version string
	// Private, when set, tells of a text whether there is something in it that must not be written,
	// a secret above all. A bundle of such texts is not cached.
	Private func(text []byte) bool
	// Later, when set, is given the work of keeping a bundle, so that nobody waits for it who wants
	// to run the bundle. Who sets it sees to it that the work ends before the process does.
	Later func(keep func())
}

// Build is [Build] with the cache. What it returns is the same, whether it comes from the cache or
// not.
func (c Cache) Build(ctx context.Context, src Source) (*Bundle, error) {
	known, err := c.fingerprint(src)
	if err != nil || known == nil {
		return Build(ctx, src) // which says better what is wrong
	}
	file := filepath.Join(c.Dir, known.name())
	if bundle := load(file, known.sum); bundle != nil {
		return bundle, nil
	}
	bundle, err := Build(ctx, src)
	if err == nil && known.covers(bundle.Inputs) {
		c.later(func() {
			if !c.private(bundle) {
				_ = save(file, known.sum, bundle) // the next run makes the bundle anew
			}
		})
	}
	return bundle, err
}

func (c Cache) later(keep func()) {
	if c.Later == nil {
		keep()
		return
	}
	c.Later(keep)
}

// private tells whether something must not be written of a bundle: of its code, or of the sources
// in its map.
func (c Cache) private(b *Bundle) bool {
	if c.Private == nil {
		return false
	}
	apart, err := b.MapApart()
	return err != nil || c.Private([]byte(apart.Code)) || c.Private(apart.Map)
}

// head is the first part of a cached bundle: all but the code, which follows.
type head struct {
	Fingerprint []byte
	Name, Entry string
	Inputs      []string
	Warnings    []Message
}

// save writes a bundle, whole or not at all: the checksum of what follows, the head, the code.
func save(file string, fingerprint []byte, b *Bundle) error {
	encoded, err := json.Marshal(head{fingerprint, b.Name, b.Entry, b.Inputs, b.Warnings})
	if err != nil {
		return err
	}
	content := append(append(encoded, '\n'), b.Code...)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), ".bundle-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(append([]byte(checksum(content)+"\n"), content...))
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		_ = os.Remove(temporary.Name()) // the first error says more
	}
	return err
}

// load reads a bundle, nil when there is none, or it is another, or it is damaged.
func load(file string, fingerprint []byte) *Bundle {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	return decode(text, fingerprint)
}

// decode reads the text of a cached bundle, as load does.
func decode(text, fingerprint []byte) *Bundle {
	sum, content, _ := bytes.Cut(text, []byte("\n"))
	if string(sum) != checksum(content) {
		return nil
	}
	encoded, code, _ := bytes.Cut(content, []byte("\n"))
	var h head
	if json.Unmarshal(encoded, &h) != nil || !bytes.Equal(h.Fingerprint, fingerprint) {
		return nil
	}
	return &Bundle{Name: h.Name, Entry: h.Entry, Code: string(code), Inputs: h.Inputs, Warnings: h.Warnings}
}

func checksum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
