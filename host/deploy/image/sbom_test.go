package image

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestSBOM(t *testing.T) {
	i := build(t, demo(amd64, arm64))
	var b struct {
		BomFormat, SpecVersion, SerialNumber string
		Metadata                             struct {
			Component struct{ Hashes []struct{ Content string } }
		}
		Components []struct {
			Name, Version, PURL string
			Ref                 string `json:"bom-ref"`
		}
		Dependencies []struct {
			Ref       string
			DependsOn []string
		}
	}
	if err := json.Unmarshal(i.SBOM(), &b); err != nil {
		t.Fatal(err)
	}
	refs := map[string]string{"image": ""}
	for _, c := range b.Components {
		if _, twice := refs[c.Ref]; twice {
			t.Errorf("%s is there twice", c.Ref)
		}
		refs[c.Ref] = c.Version
	}
	for _, d := range b.Dependencies {
		for _, ref := range append(d.DependsOn, d.Ref) {
			if _, ok := refs[ref]; !ok {
				t.Errorf("%s is no component", ref)
			}
		}
	}
	if refs["pkg:npm/left-pad@1.3.0"] != "1.3.0" || refs["carjs"] != "0.1" || refs["connector"] != "1.4.0" {
		t.Errorf("%v", refs)
	}
	if _, ok := refs["pkg:npm/%40scope/x"]; !ok {
		t.Errorf("%v", refs)
	}
	if b.BomFormat != "CycloneDX" || "sha256:"+b.Metadata.Component.Hashes[0].Content != i.Digest() {
		t.Errorf("%+v", b)
	}
}

func TestPackages(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "node_modules", "@scope", "x", "package.json")
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(`{"version": "2.0.1"}`), 0o644)); err != nil {
		t.Fatal(err)
	}
	sources := `{"sources": ["src/main.ts", "node_modules/@scope/x/a.js", "node_modules/@scope/x/b/c.js",
		"node_modules/a/node_modules/b/i.js"]}`
	want := []Package{{"@scope/x", "2.0.1"}, {"b", ""}}
	if got := Packages([]byte(sources), dir); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := Packages([]byte("{"), dir); got != nil {
		t.Errorf("%v", got)
	}
}
