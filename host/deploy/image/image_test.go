package image

import (
	"archive/tar"
	"bytes"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
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

// The image is the same wherever its files are, whenever they were written, whatever the umask and
// the time zone of the process.
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
		{"a script", text, amd64, "is not a 64-bit Linux program"},
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

// Without an artifact it is an image of carjs alone.
func TestImageOfCarjs(t *testing.T) {
	spec := Spec{Name: "carjs", Version: "1.0.0", Carjs: "1.0.0", Index: true, Binaries: demo(amd64, arm64).Binaries}
	i := build(t, spec)
	dir := filepath.Join(t.TempDir(), "layout")
	if err := i.WriteLayout(t.Context(), dir, i.Name()); err != nil {
		t.Fatal(err)
	}
	config := read(t, os.DirFS(dir), i.root)[string(amd64)].Config.Config
	entry := strings.Join(config.Entrypoint, " ")
	if i.Name() != "carjs:1.0.0" || len(i.manifests[0].layers) != 2 || entry != "/usr/local/bin/carjs" {
		t.Errorf("%s %+v", i.Name(), config)
	}
	for _, part := range []string{"CARJS_CAR=", "CONNECTOR_VERSION="} {
		if strings.Contains(strings.Join(config.Env, " "), part) {
			t.Errorf("%s is set: %v", part, config.Env)
		}
	}
	if bytes.Contains(i.SBOM(), []byte(`"connector"`)) {
		t.Errorf("a connector in %s", i.SBOM())
	}
}
