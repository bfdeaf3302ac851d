package image

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"

	"carjs/host/deploy/sbom"
)

// sbomMediaType is CycloneDX in JSON.
const sbomMediaType = sbom.MediaType

// Package is an npm package in an artifact.
type Package struct {
	Name    string
	Version string // empty when it is not known
}

// billOfMaterials says what is in the image: carjs with its Go modules, the connector with its npm
// packages, and the base. The same image of the same packages has the same bill.
func (i *Image) billOfMaterials(modules []module) ([]byte, error) {
	root := sbom.Part{
		Type: "container", Ref: "image", Name: i.Repository(), Version: i.spec.Version, Hashes: sbom.SHA256(i.root.Digest.Encoded()),
		PURL: "pkg:oci/" + i.Repository() + "@" + url.QueryEscape(i.root.Digest.String()),
	}
	carjs := sbom.Part{Type: "application", Ref: "carjs", Name: "carjs", Version: i.spec.Carjs}
	b := sbom.New(root, i.spec.Carjs, i.root.Digest.String())
	b.Add(root.Ref, carjs)
	if i.spec.Artifact != nil {
		connector := sbom.Part{
			Type: "application", Ref: "connector", Name: i.spec.Name, Version: i.spec.Version,
			Hashes: sbom.SHA256(digest.FromBytes(i.spec.Artifact).Encoded()),
		}
		b.Add(root.Ref, connector)
		for _, p := range i.spec.Packages {
			b.Add(connector.Ref, sbom.Library("npm", p.Name, p.Version))
		}
	}
	for _, m := range modules {
		if m.path != "carjs" {
			b.Add(carjs.Ref, sbom.Library("golang", m.path, m.version))
		}
	}
	if i.base != nil {
		b.Add(root.Ref, sbom.Part{
			Type: "container", Ref: "base", Name: i.base.name, Version: i.base.root.Digest.String(),
			Hashes: sbom.SHA256(i.base.root.Digest.Encoded()),
		})
	}
	return b.JSON()
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
