package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"time"
)

// entry is a file in an archive.
type entry struct {
	name string
	mode int64 // 0o644 or 0o755
	data []byte
}

// documents are the files that go with carjs wherever it goes.
func (r *release) documents() ([]entry, error) {
	entries := []entry{{"LICENSES.txt", 0o644, r.licenses}}
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		data, err := os.ReadFile(filepath.Join(r.root, name))
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{name, 0o644, data})
	}
	return entries, nil
}

// archiveName is the name of an archive without what says its format.
func (r *release) archiveName(p platform, flavour string) string {
	return "carjs-" + r.version + "-" + p.name() + flavour
}

// archiveFile is the name of the archive for a platform: a zip for Windows, else a tar.
func (r *release) archiveFile(p platform, flavour string) string {
	if p.os == "windows" {
		return r.archiveName(p, flavour) + ".zip"
	}
	return r.archiveName(p, flavour) + ".tar.gz"
}

// makeArchives makes the archives of carjs, and those that have the TypeScript compiler beside it.
func (r *release) makeArchives(context.Context) error {
	documents, err := r.documents()
	if err != nil {
		return err
	}
	for _, p := range r.platforms {
		if err := r.makeArchive(p, "", documents, "carjs"); err != nil {
			return err
		}
	}
	if len(r.compilers) == 0 {
		return nil
	}
	found, err := collectLicenses(r.root, compiler, allPlatforms())
	if err != nil {
		return err
	}
	documents = append(documents, entry{"LICENSES-typescript.txt", 0o644, []byte(licenseText("the TypeScript compiler", found))})
	for _, p := range r.compilers {
		if r.compiled(p, "carjs") == "" {
			return fmt.Errorf("an archive with the TypeScript compiler for %s needs carjs for it: add it to -platform", p)
		}
		if err := r.makeArchive(p, "-typescript", documents, "carjs", "tsgo"); err != nil {
			return err
		}
	}
	return nil
}

func (r *release) makeArchive(p platform, flavour string, documents []entry, programs ...string) error {
	var entries []entry
	for _, name := range programs {
		data, err := os.ReadFile(r.compiled(p, name))
		if err != nil {
			return err
		}
		entries = append(entries, entry{p.program(name), 0o755, data})
	}
	entries = append(entries, documents...)
	for i := range entries {
		entries[i].name = path.Join(r.archiveName(p, flavour), entries[i].name)
	}
	pack := tarred
	if p.os == "windows" {
		pack = zipped
	}
	data, err := pack(r.time, entries)
	if err != nil {
		return err
	}
	return r.write(r.archiveFile(p, flavour), data)
}

// tarred makes a tar, compressed: everything belongs to nobody and is as old as the commit.
func tarred(at time.Time, entries []entry) ([]byte, error) {
	var out bytes.Buffer
	compressed, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	archive := tar.NewWriter(compressed)
	for _, e := range entries {
		header := &tar.Header{Name: e.name, Mode: e.mode, Size: int64(len(e.data)), ModTime: at, Typeflag: tar.TypeReg, Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := archive.Write(e.data); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	if err := compressed.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func zipped(at time.Time, entries []entry) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, e := range entries {
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: at}
		header.SetMode(os.FileMode(e.mode))
		w, err := archive.CreateHeader(header)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(e.data); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
