// Package artifact keeps a built connector in one file: its bundle, the source map, its
// configurations, and a manifest that says what they are. Such a file is what is deployed; carjs
// runs it without the TypeScript and without bundling again.
//
// The file is a zip, so that anybody can look inside, with fixed times and a fixed order: the same
// connector built by the same carjs is the same file, byte for byte, from whatever folder, machine
// and time. Its first entry is the manifest, by which the file is known, whatever it is called.
// Every part is checked against the manifest before anything of it is used.
//
// How a bundle is made and how it is run is known elsewhere.
package artifact

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"carjs/host/bundle"
	"carjs/host/settings"
)

// Extension is how the names of artifacts end, unless somebody calls them otherwise.
const Extension = ".carjs"

// Format is the version of the files that this package writes. It reads no later one.
const Format = 1

// The parts of an artifact. Configurations that a connector does not have are no parts of it.
const (
	manifestPart = "carjs.json"
	codePart     = "connector.js"
	mapPart      = "connector.js.map"
)

// Manifest says what an artifact is.
type Manifest struct {
	// Format is the version of the file's form.
	Format int `json:"format"`
	// Connector is the connector's name, Entry the TypeScript file it starts from.
	Connector string `json:"connector"`
	Entry     string `json:"entry"`
	// Carjs is the version of the carjs that built it.
	Carjs string `json:"carjs"`
	// Hosts are where the connector connects, as its config.json has them; nil when it does not say.
	Hosts []string `json:"hosts"`
	// Parts are the other files in it, in their order.
	Parts []Part `json:"parts"`
}

// Part is one file in an artifact.
type Part struct {
	Name string `json:"name"`
	// Bytes is how long it is, uncompressed.
	Bytes int64 `json:"bytes"`
	// SHA256 is its checksum, in hex.
	SHA256 string `json:"sha256"`
}

// made is when every part was changed last, as far as the zip tells: the earliest time that it can.
var made = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Encode makes the artifact of a bundle, with the configurations that are among the connector's
// files.
func Encode(b *bundle.Bundle, connector fs.FS, carjs string) ([]byte, error) {
	apart, err := b.MapApart()
	if err != nil {
		return nil, err
	}
	contents := map[string][]byte{codePart: []byte(apart.Code), mapPart: apart.Map}
	order := []string{codePart, mapPart}
	for _, name := range []string{settings.ConfigFile, settings.LanguageFile} {
		data, err := fs.ReadFile(connector, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read a part of the artifact: %w", err)
		}
		contents[name] = data
		order = append(order, name)
	}
	hosts, err := hostsOf(connector)
	if err != nil {
		return nil, err
	}
	manifest := Manifest{Format: Format, Connector: b.Name, Entry: b.Entry, Carjs: carjs, Hosts: hosts}
	for _, name := range order {
		manifest.Parts = append(manifest.Parts, Part{Name: name, Bytes: int64(len(contents[name])), SHA256: Checksum(contents[name])})
	}
	encoded, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	contents[manifestPart] = append(encoded, '\n')
	return pack(append([]string{manifestPart}, order...), contents)
}

// hostsOf are the hosts that a connector declares.
func hostsOf(connector fs.FS) ([]string, error) {
	declaration, err := settings.ReadDeclaration(connector)
	if err != nil {
		return nil, err
	}
	return declaration.Hosts, nil
}

func pack(order []string, contents map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range order {
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: made})
		if err == nil {
			_, err = entry.Write(contents[name])
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("pack the artifact: %w", err)
	}
	return out.Bytes(), nil
}

// Checksum returns the SHA-256 of data, in hex.
func Checksum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
