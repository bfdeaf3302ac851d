package image

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/opencontainers/go-digest"
)

// sbomMediaType is CycloneDX in JSON.
const sbomMediaType = "application/vnd.cyclonedx+json"

// Package is an npm package in an artifact.
type Package struct {
	Name    string
	Version string // empty when it is not known
}

// The parts of a CycloneDX document that are used here.
type (
	bill struct {
		Format       string          `json:"bomFormat"`
		SpecVersion  string          `json:"specVersion"`
		Serial       string          `json:"serialNumber"`
		Version      int             `json:"version"`
		Metadata     billMetadata    `json:"metadata"`
		Components   []component     `json:"components"`
		Dependencies []dependencyRow `json:"dependencies"`
	}
	billMetadata struct {
		Tools     map[string][]component `json:"tools"`
		Component component              `json:"component"`
	}
	component struct {
		Type    string     `json:"type"`
		Ref     string     `json:"bom-ref,omitempty"`
		Name    string     `json:"name"`
		Version string     `json:"version,omitempty"`
		Hashes  []billHash `json:"hashes,omitempty"`
		PURL    string     `json:"purl,omitempty"`
	}
	billHash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	dependencyRow struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn,omitempty"`
	}
)

// billOfMaterials says what is in the image: carjs with its Go modules, the connector with its npm
// packages, and the base. The same image of the same packages has the same bill.
func (i *Image) billOfMaterials(modules []module) ([]byte, error) {
	root := component{
		Type: "container", Ref: "image", Name: i.Repository(), Version: i.spec.Version,
		Hashes: []billHash{{"SHA-256", i.root.Digest.Encoded()}},
		PURL:   "pkg:oci/" + i.Repository() + "@" + url.QueryEscape(i.root.Digest.String()),
	}
	connector := component{
		Type: "application", Ref: "connector", Name: i.spec.Name, Version: i.spec.Version,
		Hashes: []billHash{{"SHA-256", digest.FromBytes(i.spec.Artifact).Encoded()}},
	}
	carjs := component{Type: "application", Ref: "carjs", Name: "carjs", Version: i.spec.Carjs}
	tool := component{Type: "application", Name: "carjs", Version: i.spec.Carjs}
	b := bill{
		Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Serial:     "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceOID, []byte(i.root.Digest)).String(),
		Metadata:   billMetadata{Tools: map[string][]component{"components": {tool}}, Component: root},
		Components: []component{carjs, connector},
	}
	ofCarjs, ofConnector := dependencyRow{Ref: carjs.Ref}, dependencyRow{Ref: connector.Ref}
	ofImage := dependencyRow{Ref: root.Ref, DependsOn: []string{carjs.Ref, connector.Ref}}
	use := func(row *dependencyRow, c component) {
		if !slices.Contains(row.DependsOn, c.Ref) {
			b.Components = append(b.Components, c)
			row.DependsOn = append(row.DependsOn, c.Ref)
		}
	}
	for _, m := range modules {
		if m.path != "carjs" {
			use(&ofCarjs, library("golang", m.path, m.version))
		}
	}
	for _, p := range i.spec.Packages {
		use(&ofConnector, library("npm", p.Name, p.Version))
	}
	if i.base != nil {
		use(&ofImage, component{
			Type: "container", Ref: "base", Name: i.base.name, Version: i.base.root.Digest.String(),
			Hashes: []billHash{{"SHA-256", i.base.root.Digest.Encoded()}},
		})
	}
	b.Dependencies = []dependencyRow{ofImage, ofCarjs, ofConnector}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(b); err != nil {
		return nil, fmt.Errorf("write the bill of materials: %w", err)
	}
	return out.Bytes(), nil
}

// library is a library of a registry; its package URL is its name in the bill, too.
func library(kind, name, version string) component {
	purl := "pkg:" + kind + "/" + strings.Replace(name, "@", "%40", 1)
	if version != "" {
		purl += "@" + strings.ReplaceAll(version, "+", "%2B")
	}
	return component{Type: "library", Ref: purl, Name: name, Version: version, PURL: purl}
}

// Packages finds the npm packages of a bundle by its source map. Their versions are read below the
// connector's folder dir; they stay empty where that is empty, or has the packages no more. An
// unreadable map has none.
func Packages(sourceMap []byte, dir string) []Package {
	var read struct {
		Sources []string `json:"sources"`
	}
	if json.Unmarshal(sourceMap, &read) != nil {
		return nil
	}
	const folder = "node_modules/"
	var out []Package
	for _, source := range read.Sources {
		at := strings.LastIndex(source, folder)
		if at < 0 {
			continue
		}
		parts := strings.SplitN(source[at+len(folder):], "/", 3)
		name := parts[0]
		if strings.HasPrefix(name, "@") && len(parts) > 1 {
			name += "/" + parts[1]
		}
		p := Package{Name: name}
		if dir != "" {
			p.Version = versionIn(filepath.Join(dir, filepath.FromSlash(source[:at]+folder+name), "package.json"))
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Package) int { return strings.Compare(a.Name+"@"+a.Version, b.Name+"@"+b.Version) })
	return out
}

func versionIn(path string) string {
	var read struct {
		Version string `json:"version"`
	}
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &read) != nil {
		return ""
	}
	return read.Version
}
