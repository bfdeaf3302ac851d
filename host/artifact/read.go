package artifact

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"carjs/host/bundle"
	"carjs/host/settings"
)

// Artifact is a file that was read and found in order.
type Artifact struct {
	Manifest
	data      []byte
	archive   *zip.Reader
	code      string
	sourceMap []byte
}

// DamagedError is a file that is no artifact any more, or one that somebody changed.
type DamagedError struct {
	// Path is the file, Reason what is wrong with it.
	Path, Reason string
}

// Error names the file and what is wrong.
func (e *DamagedError) Error() string { return e.Path + " is damaged: " + e.Reason }

// LaterError is an artifact of a form that this carjs does not know yet.
type LaterError struct {
	Path string
	// Format is the version of the file's form, Carjs the version of the carjs that built it.
	Format int
	Carjs  string
}

// Error says what the file is, and what can be read.
func (e *LaterError) Error() string {
	return fmt.Sprintf("%s is an artifact of format %d, built by carjs %s; this carjs reads format %d", e.Path, e.Format, e.Carjs, Format)
}

// Recognize tells whether a file is an artifact, or was one before it was damaged: by how it
// begins, so that its name does not matter and no other zip is taken for one.
func Recognize(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	// A zip begins with the head of its first entry: a mark, 26 bytes of numbers, and the name.
	head := make([]byte, 30+len(manifestPart))
	if _, err := io.ReadFull(file, head); err != nil {
		return false
	}
	return string(head[:4]) == "PK\x03\x04" && string(head[30:]) == manifestPart
}

// Open reads an artifact and checks all of it. The error is a [*DamagedError], a [*LaterError], or
// what the system says of the file.
func Open(path string) (*Artifact, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	a, err := decode(path, data)
	if err != nil {
		return nil, err
	}
	return a, nil
}

// readFile reads a file that can be an artifact. What is none is not read: a pipe would not answer,
// and a device not end.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, &DamagedError{path, "it is not a regular file"}
	case info.Size() > maxPart:
		return nil, &DamagedError{path, fmt.Sprintf("it is larger than %d MB, which no artifact is", maxPart>>20)}
	}
	return os.ReadFile(path)
}

// decode reads an artifact; the path is for messages. How much there is to unpack is known, and
// bounded, before anything is unpacked.
func decode(path string, data []byte) (*Artifact, error) {
	damaged := func(format string, args ...any) error {
		return &DamagedError{path, fmt.Sprintf(format, args...)}
	}
	if count := entries(data); count > maxParts {
		return nil, damaged("it lists more files than the %d that an artifact can have", maxParts)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, damaged("it is incomplete, or not an artifact of carjs (%v)", err)
	}
	a := &Artifact{data: data, archive: archive}
	manifest, err := read(archive, manifestPart, maxManifest)
	if err != nil {
		return nil, damaged("%v", err)
	}
	// What a later format adds is of no interest; that it is one is.
	if err := json.Unmarshal(manifest, &a.Manifest); err != nil {
		return nil, damaged("cannot read %s: %v", manifestPart, err)
	}
	switch {
	case a.Format > Format:
		return nil, &LaterError{path, a.Format, a.Carjs}
	case a.Format < 1:
		return nil, damaged("%s has no format", manifestPart)
	}
	if len(archive.File) != len(a.Parts)+1 {
		return nil, damaged("it contains %d files, but %s lists %d", len(archive.File)-1, manifestPart, len(a.Parts))
	}
	if err := a.bounded(); err != nil {
		return nil, damaged("%v", err)
	}
	if a.Digest != "" && a.Digest != digestOf(a.Parts) {
		return nil, damaged("%s has a wrong digest", manifestPart)
	}
	for _, part := range a.Parts {
		content, err := read(archive, part.Name, part.Bytes)
		if err != nil {
			return nil, damaged("%v", err)
		}
		if Checksum(content) != part.SHA256 {
			return nil, damaged("%s has a wrong checksum", part.Name)
		}
		switch part.Name {
		case codePart:
			a.code = string(content)
		case mapPart:
			a.sourceMap = content
		}
	}
	if a.code == "" || a.sourceMap == nil {
		return nil, damaged("%s or %s is missing", codePart, mapPart)
	}
	// What a config.json is that cannot be read is told by who reads it.
	if hosts, err := hostsOf(a.archive); err == nil && !slices.Equal(hosts, a.Hosts) {
		return nil, damaged("%s names other hosts than its %s", manifestPart, settings.ConfigFile)
	}
	return a, nil
}

// maxManifest bounds the manifest, maxPart any other part: more than any connector has, and less
// than would fill the memory.
const (
	maxManifest = 1 << 20
	maxPart     = 256 << 20 // all parts together, too
	maxParts    = 64
)

// entries is how many files a zip says that it has, by the record at its end, which is read before
// an index of that length is made. A zip with a comment there, unless it is a signature, is none of
// ours.
func entries(data []byte) int {
	data, _ = split(data)
	if len(data) < endLength {
		return 0 // which the reader of zips says better
	}
	end := data[len(data)-endLength:]
	if string(end[:4]) != endMark {
		if bytes.Contains(data[max(0, len(data)-endLength-1<<16):], []byte(endMark)) {
			return maxParts + 1
		}
		return 0
	}
	return int(binary.LittleEndian.Uint16(end[10:]))
}

// bounded checks what the manifest and the zip say of the parts: each is there once, as long as both
// say, and all together are no more than the memory has room for.
func (a *Artifact) bounded() error {
	var total int64
	listed := map[string]int64{manifestPart: -1}
	for _, part := range a.Parts {
		if _, twice := listed[part.Name]; twice {
			return fmt.Errorf("%s is listed twice", part.Name)
		}
		listed[part.Name] = part.Bytes
		if part.Bytes < 0 || part.Bytes > maxPart || total+part.Bytes > maxPart {
			return fmt.Errorf("its parts are longer than %d MB together", maxPart>>20)
		}
		total += part.Bytes
	}
	for _, file := range a.archive.File {
		bytes, ok := listed[file.Name]
		if !ok {
			return fmt.Errorf("%s is not listed in %s, or there twice", file.Name, manifestPart)
		}
		if bytes >= 0 && file.UncompressedSize64 != uint64(bytes) {
			return fmt.Errorf("%s in it has %d bytes, but %s says %d", file.Name, file.UncompressedSize64, manifestPart, bytes)
		}
		delete(listed, file.Name)
	}
	return nil
}

// read unpacks one part, of at most the bytes that it should have.
func read(archive *zip.Reader, name string, most int64) ([]byte, error) {
	i := slices.IndexFunc(archive.File, func(f *zip.File) bool { return f.Name == name })
	if i < 0 || !fs.ValidPath(name) {
		return nil, fmt.Errorf("it has no %s", name)
	}
	entry, err := archive.File[i].Open()
	if err != nil {
		return nil, fmt.Errorf("cannot read %s in it: %v", name, err)
	}
	defer entry.Close()
	content, err := io.ReadAll(io.LimitReader(entry, min(most, maxPart)+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot read %s in it: %v", name, err)
	case int64(len(content)) > min(most, maxPart):
		return nil, fmt.Errorf("%s in it is too long", name)
	}
	return content, nil
}

// Bundle returns the connector's bundle.
func (a *Artifact) Bundle() *bundle.Bundle {
	return &bundle.Bundle{Name: a.Connector, Entry: a.Entry, Code: a.code, Map: a.sourceMap}
}

// Data returns the file as it was read, which must not be changed.
func (a *Artifact) Data() []byte { return a.data }

// FS returns the parts by their names, among them the configurations where a connector's folder has
// them.
func (a *Artifact) FS() fs.FS { return a.archive }
