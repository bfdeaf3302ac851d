// Package sbom writes bills of materials: what something is made of, as CycloneDX in JSON. It knows
// the format; what an image or a release is made of is known where they are made.
package sbom

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// MediaType is that of a bill.
const MediaType = "application/vnd.cyclonedx+json"

// Bill is a bill of materials.
type Bill struct {
	Format      string   `json:"bomFormat"`
	SpecVersion string   `json:"specVersion"`
	Serial      string   `json:"serialNumber"`
	Version     int      `json:"version"`
	Metadata    Metadata `json:"metadata"`
	Components  []Part   `json:"components"`
	Uses        []Edge   `json:"dependencies"`
}

// Metadata says what the bill is of, and who wrote it.
type Metadata struct {
	Tools map[string][]Part `json:"tools"`
	Of    Part              `json:"component"`
}

// Part is a component: a container, an application, a file, a library.
type Part struct {
	Type    string `json:"type"`
	Ref     string `json:"bom-ref,omitempty"` // by which the bill knows it
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Hashes  []Hash `json:"hashes,omitempty"`
	PURL    string `json:"purl,omitempty"`
}

// Hash is a checksum in hexadecimal.
type Hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

// Edge says what a component needs.
type Edge struct {
	Ref   string   `json:"ref"`
	Needs []string `json:"dependsOn,omitempty"`
}

// SHA256 is a checksum of a component.
func SHA256(hexadecimal string) []Hash { return []Hash{{"SHA-256", hexadecimal}} }

// New begins the bill of something, written by a version of carjs. The same seed, such as a digest,
// gives the bill the same serial number.
func New(of Part, carjs, seed string) *Bill {
	b := &Bill{
		Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Serial: "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceOID, []byte(seed)).String(),
		Metadata: Metadata{
			Tools: map[string][]Part{"components": {{Type: "application", Name: "carjs", Version: carjs}}}, Of: of,
		},
		Components: []Part{},
	}
	b.edge(of.Ref)
	return b
}

// Add adds a component that another one, or the whole, needs. One that is there is only noted as
// needed.
func (b *Bill) Add(by string, part Part) {
	e := b.edge(by)
	if !slices.Contains(e.Needs, part.Ref) {
		e.Needs = append(e.Needs, part.Ref)
	}
	if !slices.ContainsFunc(b.Components, func(p Part) bool { return p.Ref == part.Ref }) {
		b.Components = append(b.Components, part)
	}
	if part.Type != "library" {
		b.edge(part.Ref)
	}
}

// edge is the row of a component. It stays valid until the next call.
func (b *Bill) edge(ref string) *Edge {
	i := slices.IndexFunc(b.Uses, func(e Edge) bool { return e.Ref == ref })
	if i < 0 {
		i = len(b.Uses)
		b.Uses = append(b.Uses, Edge{Ref: ref})
	}
	return &b.Uses[i]
}

// JSON is the bill as a file.
func (b *Bill) JSON() ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(b); err != nil {
		return nil, fmt.Errorf("write the bill of materials: %w", err)
	}
	return out.Bytes(), nil
}

// Library is a library of a registry, such as "golang" or "npm"; its package URL is its name in the
// bill, too. The version may be empty.
func Library(registry, name, version string) Part {
	purl := "pkg:" + registry + "/" + strings.Replace(name, "@", "%40", 1)
	if version != "" {
		purl += "@" + strings.ReplaceAll(version, "+", "%2B")
	}
	return Part{Type: "library", Ref: purl, Name: name, Version: version, PURL: purl}
}
