package image

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/deploy/image/imagetest"
)

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
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		files, err := imagetest.Archive(file)
		if err != nil {
			t.Fatal(err)
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

// Programs that others wrote read the image, where they are installed.
func TestForeignReaders(t *testing.T) {
	i := build(t, demo(amd64))
	dir := t.TempDir()
	layout, archive := filepath.Join(dir, "layout"), filepath.Join(dir, "demo.tar")
	if err := errors.Join(i.WriteLayout(t.Context(), layout, i.Name()), i.WriteTar(t.Context(), archive, i.Name())); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"umoci", "unpack", "--rootless", "--image", layout + ":1.4.0", filepath.Join(dir, "bundle")},
		{"skopeo", "inspect", "oci:" + layout + ":1.4.0"},
		{"skopeo", "inspect", "docker-archive:" + archive},
		{"crane", "validate", "--tarball", archive},
	} {
		t.Run(args[0]+" "+args[1], func(t *testing.T) {
			path, err := exec.LookPath(args[0])
			if err != nil {
				t.Skipf("%s is not installed", args[0])
			}
			if out, err := exec.CommandContext(t.Context(), path, args[1:]...).CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
