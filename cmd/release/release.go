package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// release is a release in the making.
type release struct {
	root      string // the folder of the module carjs
	out       string // where the files go
	version   string // as in 1.0.0-rc.1
	url       string // of the folder for downloads; may be empty
	platforms []platform
	compilers []platform // of the archives with the TypeScript compiler

	commit string // empty where there is no git
	dirty  bool
	time   time.Time // of the commit: that of everything in the files

	// build compiles a program of the module; in tests something quicker does.
	build func(ctx context.Context, p platform, to, program string, flags ...string) error

	work     string // a folder for what is no file of the release
	made     string // the folder that becomes out when all is well
	licenses []byte // of carjs
	programs []program
	files    []file // of the release
}

// program is what was compiled for a platform.
type program struct {
	platform
	name string // carjs, tsgo
	path string
}

// file is a file of the release.
type file struct{ name, hash string }

// semanticVersion fits versions of semver.org. What follows a + is left out, because a tag of an
// image cannot have it.
var semanticVersion = regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`)

// assemble makes all files; the folder is there whole, or as it was before.
func (r *release) assemble(ctx context.Context) error {
	if r.build == nil {
		r.build = r.goBuild
	}
	if err := r.inspect(ctx); err != nil {
		return err
	}
	if !semanticVersion.MatchString(r.version) {
		return fmt.Errorf("invalid version %q: write it as in 1.0.0 or 1.0.0-rc.1", r.version)
	}
	if err := replaceable(r.out); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(filepath.Dir(r.out), ".release-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary) //nolint:errcheck // what is left is hidden, and named
	r.work, r.made = filepath.Join(temporary, "work"), filepath.Join(temporary, "made")
	if err := errors.Join(os.Mkdir(r.work, 0o755), os.Mkdir(r.made, 0o755)); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{
		r.makeLicenses, r.makePrograms, r.makeArchives, r.makeLinuxPackages, r.makeNPM, r.makeFormula, r.makeImage, r.makeBill, r.makeSums,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(r.out); err != nil {
		return err
	}
	if err := os.Rename(r.made, r.out); err != nil {
		return err
	}
	fmt.Printf("carjs %s is in %s: %d files\n", r.version, r.out, len(r.files))
	return nil
}

// sumsFile lists the checksums of a release, and marks its folder.
const sumsFile = "SHA256SUMS"

// replaceable tells whether a folder may be replaced: it is not there, empty, or a release.
func replaceable(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, sumsFile))
	}
	if err != nil {
		return fmt.Errorf("%s is there and is no release: set -o to another folder, or remove it", dir)
	}
	return nil
}

func (r *release) makeLicenses(context.Context) error {
	found, err := collectLicenses(r.root, "./cmd/carjs", allPlatforms())
	r.licenses = []byte(licenseText("carjs", found))
	return err
}

// makePrograms compiles.
func (r *release) makePrograms(ctx context.Context) error {
	for _, p := range r.platforms {
		c := program{p, "carjs", filepath.Join(r.work, p.name(), p.program("carjs"))}
		shared, err := buildFlags(r.root)
		if err != nil {
			return err
		}
		flags := []string{"-s", "-w", "-X main.released=" + r.version, "-X main.commit=" + r.commit}
		if r.dirty {
			flags = append(flags, "-X main.modified=true")
		}
		if err := r.build(ctx, p, c.path, "./cmd/carjs", append(shared, "-ldflags", strings.Join(flags, " "))...); err != nil {
			return err
		}
		r.programs = append(r.programs, c)
	}
	for _, p := range r.compilers {
		c := program{p, "tsgo", filepath.Join(r.work, p.name(), p.program("tsgo"))}
		if err := r.build(ctx, p, c.path, compiler, "-ldflags", "-s -w"); err != nil {
			return err
		}
		r.programs = append(r.programs, c)
	}
	return nil
}

// compiled is the path of a program for a platform, "" when it was not made.
func (r *release) compiled(p platform, name string) string {
	for _, c := range r.programs {
		if c.platform == p && c.name == name {
			return c.path
		}
	}
	return ""
}

// write writes a file of the release.
func (r *release) write(name string, data []byte) error {
	path := filepath.Join(r.made, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	return r.add(name)
}

// add lists a file that is there.
func (r *release) add(name string) error {
	data, err := os.ReadFile(filepath.Join(r.made, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	hash := sha256.Sum256(data)
	r.files = append(r.files, file{name, hex.EncodeToString(hash[:])})
	return nil
}

// hashOf is the checksum of a file of the release, "" when it was not made.
func (r *release) hashOf(name string) string {
	for _, f := range r.files {
		if f.name == name {
			return f.hash
		}
	}
	return ""
}

// makeSums writes the checksums as sha256sum -c reads them.
func (r *release) makeSums(context.Context) error {
	slices.SortFunc(r.files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	var text strings.Builder
	for _, f := range r.files {
		fmt.Fprintf(&text, "%s  %s\n", f.hash, f.name)
	}
	return r.write(sumsFile, []byte(text.String()))
}
