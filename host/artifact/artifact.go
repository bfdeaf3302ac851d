// Package artifact keeps a built connector in one file: its bundle, the source map, its
// configurations, and a manifest that says what they are. Such a file is what is deployed; carjs
// runs it without the TypeScript and without bundling again.
//
// The file is a zip, so that anybody can look inside, with fixed times and a fixed order: the same
// connector built by the same carjs is the same file, byte for byte, from whatever folder, machine
// and time. Its first entry is the manifest, by which the file is known, whatever it is called.
// Every part is checked against the manifest before anything of it is used. An artifact may be
// signed; whoever has a public key can demand that ([Artifact.Verify]).
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
	// Version is the version of the connector; empty when its config.json has none.
	Version string `json:"version,omitempty"`
	// Digest is "sha256:" and the checksum of the names and checksums of all parts: two artifacts
	// with the same one run the same code with the same configurations.
	Digest string `json:"digest,omitempty"`
	// Settings are those that a run needs or knows, in the order of config.json.
	Settings []Setting `json:"settings,omitempty"`
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

// Setting is a setting of the connector.
type Setting struct {
	// Env is its environment variable, Type its type in config.json.
	Env  string        `json:"env"`
	Type settings.Type `json:"type"`
	// Required tells that a run needs a value.
	Required bool `json:"required,omitempty"`
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
	manifest := Manifest{Format: Format, Connector: b.Name, Entry: b.Entry, Carjs: carjs}
	for _, name := range order {
		manifest.Parts = append(manifest.Parts, Part{Name: name, Bytes: int64(len(contents[name])), SHA256: Checksum(contents[name])})
	}
	manifest.Digest = digestOf(manifest.Parts)
	if err := manifest.declare(contents[settings.ConfigFile]); err != nil {
		return nil, err
	}
	encoded, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	contents[manifestPart] = append(encoded, '\n')
	return pack(append([]string{manifestPart}, order...), contents)
}

// digestOf is the digest of parts.
func digestOf(parts []Part) string {
	var lines bytes.Buffer
	for _, part := range parts {
		fmt.Fprintf(&lines, "%s  %s\n", part.SHA256, part.Name)
	}
	return "sha256:" + Checksum(lines.Bytes())
}

// declare takes over what a config.json says of the connector, for those who look at the artifact
// before they run it.
func (m *Manifest) declare(config []byte) error {
	if config == nil {
		return nil
	}
	declaration, err := settings.ParseConfig(settings.ConfigFile, config)
	if err != nil {
		return err
	}
	m.Version = declaration.Version
	for _, f := range declaration.Fields {
		m.Settings = append(m.Settings, Setting{Env: f.Env, Type: f.Type, Required: f.Required()})
	}
	m.Hosts = declaration.Hosts
	return nil
}

// hostsOf are the hosts that the config.json of a connector names.
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
