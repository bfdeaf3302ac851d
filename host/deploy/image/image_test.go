package image

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/deploy/image/imagetest"
)

const (
	amd64 Platform = "linux/amd64"
	arm64 Platform = "linux/arm64"
)

// read reads a layout strictly.
func read(t *testing.T, files fs.FS, root ocispec.Descriptor) map[string]imagetest.Image {
	t.Helper()
	source, listed, err := imagetest.Layout(files)
	if err != nil {
		t.Fatal(err)
	}
	if len(listed) != 1 || listed[0].Digest != root.Digest {
		t.Fatalf("the index lists %+v", listed)
	}
	images, err := imagetest.Read(source, listed[0])
	if err != nil {
		t.Fatal(err)
	}
	return images
}

func TestImage(t *testing.T) {
	i := build(t, demo(arm64, amd64))
	dir := filepath.Join(t.TempDir(), "layout")
	if err := i.WriteLayout(t.Context(), dir, i.Name()); err != nil {
		t.Fatal(err)
	}
	images := read(t, os.DirFS(dir), i.root)
	if len(images) != 2 {
		t.Fatalf("%d images", len(images))
	}
	for platform, image := range images {
		want := ocispec.ImageConfig{
			User:       "1001:0",
			Env:        []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/usr/src/app", "CARJS_CAR=required", "CONNECTOR_VERSION=1.4.0"},
			Entrypoint: []string{"/usr/local/bin/carjs", "run", "/connector/demo.carjs"}, WorkingDir: "/usr/src/app",
			Labels: map[string]string{
				"name": "isc-car-connector-demo", "version": "1.4.0", "release": "7", "vendor": "Example", "team": "assets",
				"org.opencontainers.image.title": "Demo Connector", "org.opencontainers.image.version": "1.4.0",
				"org.opencontainers.image.vendor": "Example",
			},
		}
		if diff := cmp.Diff(want, image.Config.Config); diff != "" {
			t.Errorf("%s: %s", platform, diff)
		}
		checkFiles(t, image, Platform(platform))
	}
}

// checkFiles looks at the files of an image, with owners and modes.
func checkFiles(t *testing.T, image imagetest.Image, platform Platform) {
	t.Helper()
	contents, heads := map[string][]byte{}, map[string]*tar.Header{}
	for _, layer := range image.Layers {
		for archive := tar.NewReader(bytes.NewReader(layer)); ; {
			h, err := archive.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if heads[h.Name] = h; h.Gid != 0 || !h.ModTime.Equal(time.Unix(0, 0)) {
				t.Errorf("%s: group %d, of %v", h.Name, h.Gid, h.ModTime)
			}
			contents[h.Name], _ = io.ReadAll(archive)
		}
	}
	for name, want := range map[string]struct {
		mode int64
		uid  int
	}{
		"usr/src/app/": {0o775, 1001}, "tmp/": {0o1777, 0}, "usr/local/bin/carjs": {0o755, 0}, "connector/demo.carjs": {0o644, 0},
		"usr/src/app/configurations/config.json": {0o664, 1001}, "etc/passwd": {0o644, 0},
	} {
		if h := heads[name]; h == nil || h.Mode != want.mode || h.Uid != want.uid {
			t.Errorf("%s: %+v", name, h)
		}
	}
	if binary, _ := os.ReadFile(programPath(platform.Architecture())); !bytes.Equal(contents["usr/local/bin/carjs"], binary) {
		t.Errorf("another binary for %s", platform)
	}
	if !bytes.Equal(contents["connector/demo.carjs"], []byte("an artifact")) {
		t.Errorf("another artifact")
	}
	block, rest := pem.Decode(contents["etc/ssl/certs/ca-certificates.crt"])
	if block == nil || len(rest) < 100_000 {
		t.Errorf("certificate authorities: %v and %d more bytes", block, len(rest))
	}
}

// The image is the same wherever its files are, whenever they were written, whatever the umask and the
// time zone of the process.
func TestSameFromAnywhere(t *testing.T) {
	var tars, layouts [][]byte
	for n, where := range []string{"a", "another/folder"} {
		dir := filepath.Join(t.TempDir(), filepath.FromSlash(where))
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		spec := demo(amd64, arm64)
		for platform, from := range spec.Binaries {
			data, err := os.ReadFile(from)
			to := filepath.Join(dir, "carjs-"+platform.Architecture())
			if err = errors.Join(err, os.WriteFile(to, data, []fs.FileMode{0o600, 0o777}[n])); err != nil {
				t.Fatal(err)
			}
			then := time.Date(2001+n, 1, 1, 0, 0, 0, 0, time.FixedZone("elsewhere", n*3600))
			if err := os.Chtimes(to, then, then); err != nil {
				t.Fatal(err)
			}
			spec.Binaries[platform] = to
		}
		i := build(t, spec)
		file, layout := filepath.Join(dir, "out.tar"), filepath.Join(dir, "out")
		if err := errors.Join(i.WriteTar(t.Context(), file, i.Name()), i.WriteLayout(t.Context(), layout, i.Name())); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tars, layouts = append(tars, data), append(layouts, append(flat(t, layout), i.SBOM()...))
	}
	if !bytes.Equal(tars[0], tars[1]) || !bytes.Equal(layouts[0], layouts[1]) {
		t.Error("the same connector is not the same image")
	}
	changed := demo(amd64, arm64)
	changed.Artifact = []byte("another artifact")
	if other := build(t, changed); strings.Contains(string(layouts[0]), other.Digest()) {
		t.Error("another artifact has the same digest")
	}
}

// flat are the names and contents of all files in a folder.
func flat(t *testing.T, dir string) []byte {
	t.Helper()
	var out []byte
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		out = append(append(out, name...), data...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// An archive is an OCI layout and what docker load reads: manifest.json leads to the same files.
func TestTar(t *testing.T) {
	for _, platforms := range [][]Platform{{amd64}, {amd64, arm64}} {
		i := build(t, demo(platforms...))
		path := filepath.Join(t.TempDir(), "demo.tar")
		for range 2 { // it replaces itself
			if err := i.WriteTar(t.Context(), path, "registry.example:5000/team/demo:2"); err != nil {
				t.Fatal(err)
			}
		}
		files := fstest.MapFS{}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for archive := tar.NewReader(file); ; {
			h, err := archive.Next()
			if err != nil {
				break
			}
			data, _ := io.ReadAll(archive)
			files[h.Name] = &fstest.MapFile{Data: data}
		}
		images := read(t, files, i.root)
		var docker []dockerImage
		if err := json.Unmarshal(files["manifest.json"].Data, &docker); err != nil || len(docker) != len(platforms) {
			t.Fatalf("%v %s", err, files["manifest.json"].Data)
		}
		for n, d := range docker {
			want := "registry.example:5000/team/demo:2"
			if len(platforms) > 1 {
				want += "-" + platforms[n].Architecture()
			}
			m := images[string(platforms[n])].Manifest
			if !slices.Equal(d.RepoTags, []string{want}) || d.Config != blobPath(m.Config.Digest) || len(d.Layers) != len(m.Layers) ||
				files[d.Config] == nil || files[d.Layers[0]] == nil {
				t.Errorf("%+v", d)
			}
		}
		_, listed, _ := imagetest.Layout(files)
		if listed[0].Annotations[ocispec.AnnotationRefName] != "2" {
			t.Errorf("%+v", listed[0].Annotations)
		}
	}
}

// What is there and is no image of carjs stays.
func TestNothingElseIsReplaced(t *testing.T) {
	i := build(t, demo(amd64))
	dir := t.TempDir()
	letter, folder := filepath.Join(dir, "letter.tar"), filepath.Join(dir, "folder")
	err := errors.Join(os.WriteFile(letter, []byte("dear all"), 0o644), os.Mkdir(folder, 0o755),
		os.WriteFile(filepath.Join(folder, "letter"), []byte("dear all"), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	fails(t, i.WriteTar(t.Context(), letter, i.Name()), 2, "letter.tar exists and is not an image")
	fails(t, i.WriteTar(t.Context(), folder, i.Name()), 2, "folder is not a file")
	fails(t, i.WriteLayout(t.Context(), folder, i.Name()), 2, "exists and is not an image of carjs")
	fails(t, i.WriteLayout(t.Context(), letter, i.Name()), 2, "is a file")
	fails(t, i.WriteTar(t.Context(), filepath.Join(dir, "nowhere", "x.tar"), i.Name()), 2, "cannot write the image")
	if data, err := os.ReadFile(letter); string(data) != "dear all" {
		t.Errorf("%q %v", data, err)
	}
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, made := range []*Image{i, build(t, demo(arm64))} { // the second one in the place of the first
		if err := made.WriteLayout(t.Context(), empty, made.Name()); err != nil {
			t.Fatal(err)
		}
		read(t, os.DirFS(empty), made.root)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".carjs-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBinaries(t *testing.T) {
	text := filepath.Join(t.TempDir(), "carjs")
	if err := os.WriteFile(text, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, path string
		platform   Platform
		says       string
	}{
		{"another processor", programPath("amd64"), arm64, "is for linux/amd64, not for linux/arm64"},
		{"the other way round", programPath("arm64"), amd64, "is for linux/arm64, not for linux/amd64"},
		{"a script", text, amd64, "is not a Linux program"},
		{"another program", programPath("stranger"), amd64, "is not carjs"},
		{"linked dynamically", programPath("pie"), amd64, "is linked dynamically"},
		{"no file", text + "s", amd64, "cannot read the carjs binary for linux/amd64"},
	} {
		t.Run(test.name, func(t *testing.T) {
			spec := demo()
			spec.Binaries[test.platform] = test.path
			_, err := Build(t.Context(), spec)
			fails(t, err, 2, test.says, "set -binary "+string(test.platform)+"=FILE")
		})
	}
	for _, name := range []string{"linux/sparc", "windows/amd64", "amd64", ""} {
		_, err := ParsePlatform(name)
		fails(t, err, 2, "unknown platform", "linux/arm64")
	}
}

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
	sources := `{"sources": ["src/main.ts", "node_modules/@scope/x/a.js", "node_modules/@scope/x/b/c.js", "node_modules/a/node_modules/b/i.js"]}`
	want := []Package{{"@scope/x", "2.0.1"}, {"b", ""}}
	if got := Packages([]byte(sources), dir); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := Packages([]byte("{"), dir); got != nil {
		t.Errorf("%v", got)
	}
}
