package image

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/deploy/image/imagetest"
)

// putImage puts an image into a registry and returns the descriptor of its manifest.
func putImage(t *testing.T, r *imagetest.Registry, name string, platform string, docker bool) ocispec.Descriptor {
	t.Helper()
	l, err := pack("base", []entry{
		{name: "etc/", mode: 0o755}, {name: "etc/os-release", mode: 0o644, data: []byte("NAME=Base for " + platform)},
	})
	if err != nil {
		t.Fatal(err)
	}
	system, architecture, _ := strings.Cut(platform, "/")
	config := ocispec.Image{
		Platform: ocispec.Platform{OS: system, Architecture: architecture},
		RootFS:   ocispec.RootFS{Type: "layers"},
		Config: ocispec.ImageConfig{
			User: "root", Env: []string{"PATH=/opt/bin:/bin", "LANG=C.UTF-8", "HOME=/root"}, Cmd: []string{"/bin/sh"},
			Labels: map[string]string{"vendor": "Base", "base": "yes"},
		},
	}
	config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, l.diffID)
	encoded, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	mediaType, layerType, configType := ocispec.MediaTypeImageManifest, ocispec.MediaTypeImageLayerGzip, ocispec.MediaTypeImageConfig
	if docker {
		mediaType, layerType = dockerManifest, "application/vnd.docker.image.rootfs.diff.tar.gzip"
		configType = "application/vnd.docker.container.image.v1+json"
	}
	m := ocispec.Manifest{
		MediaType: mediaType, Config: r.Put(name, "", configType, encoded),
		Layers: []ocispec.Descriptor{r.Put(name, "", layerType, l.data)},
	}
	m.SchemaVersion = 2
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	desc := r.Put(name, strings.ReplaceAll(platform, "/", "-"), mediaType, data)
	desc.Platform = &ocispec.Platform{OS: system, Architecture: architecture}
	return desc
}

func putIndex(t *testing.T, r *imagetest.Registry, name, tag, mediaType string, manifests ...ocispec.Descriptor) {
	t.Helper()
	index := ocispec.Index{MediaType: mediaType, Manifests: manifests}
	index.SchemaVersion = 2
	data, err := json.Marshal(index)
	if err != nil {
		t.Fatal(err)
	}
	r.Put(name, tag, mediaType, data)
}

// On a base the connector's layers come last, and what the base says stays unless the connector
// needs it otherwise.
func TestBase(t *testing.T) {
	dockerConfig(t, nil)
	r, other := imagetest.NewRegistry(t, imagetest.Options{}), imagetest.NewRegistry(t, imagetest.Options{})
	for _, docker := range []bool{false, true} {
		tag := map[bool]string{false: "oci", true: "docker"}[docker]
		mediaType := map[bool]string{false: ocispec.MediaTypeImageIndex, true: dockerIndex}[docker]
		putIndex(t, r, "base", tag, mediaType, putImage(t, r, "base", "linux/amd64", docker), putImage(t, r, "base", "linux/arm64", docker))
		spec := demo(amd64, arm64)
		spec.Base = r.Host + "/base:" + tag
		i := build(t, spec)
		for _, to := range []*imagetest.Registry{r, other} {
			if _, err := pushTo(t, i, to.Host+"/"+tag+":1", false); err != nil {
				t.Fatal(err)
			}
			images, err := imagetest.Read(to.Source(tag), i.root)
			if err != nil {
				t.Fatal(err)
			}
			checkBased(t, images)
		}
		path := filepath.Join(t.TempDir(), "demo.tar")
		if err := i.WriteTar(t.Context(), path, i.Name()); err != nil {
			t.Error(err)
		}
		if !strings.Contains(string(i.SBOM()), i.base.root.Digest.String()) {
			t.Error("the base is missing in the bill of materials")
		}
	}
	mounted := slices.ContainsFunc(other.Requests(), func(s string) bool { return strings.HasPrefix(s, "POST") })
	if !mounted {
		t.Error("the base was not sent to the other registry")
	}
}

func checkBased(t *testing.T, images map[string]imagetest.Image) {
	t.Helper()
	for platform, image := range images {
		c := image.Config.Config
		if c.User != "1001:0" || !slices.Contains(c.Env, "PATH=/opt/bin:/bin") || !slices.Contains(c.Env, "HOME=/usr/src/app") ||
			!slices.Contains(c.Env, "LANG=C.UTF-8") || c.Cmd != nil || c.Labels["vendor"] != "Example" || c.Labels["base"] != "yes" {
			t.Errorf("%+v", c)
		}
		dir := t.TempDir()
		if err := image.Unpack(dir); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"etc/os-release": "NAME=Base for " + platform, "connector/demo.carjs": "an artifact"} {
			if data, err := os.ReadFile(filepath.Join(dir, name)); string(data) != want {
				t.Errorf("%s: %q %v", name, data, err)
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "etc", "passwd")); err == nil {
			t.Error("the user list of the base was replaced")
		}
	}
}

func TestBaseFails(t *testing.T) {
	dockerConfig(t, nil)
	r := imagetest.NewRegistry(t, imagetest.Options{})
	good := putImage(t, r, "base", "linux/amd64", false)
	putIndex(t, r, "base", "index", ocispec.MediaTypeImageIndex, good)
	putImage(t, r, "base", "windows/amd64", false)
	r.Put("base", "text", ocispec.MediaTypeImageManifest, []byte("{"))
	lost := good
	lost.Digest = digest.FromString("lost")
	putIndex(t, r, "base", "lost", ocispec.MediaTypeImageIndex, lost)
	r.Put("base", "other", "application/vnd.example.manifest", []byte("{}"))
	for _, test := range []struct {
		base     string
		platform Platform
		says     string
	}{
		{"base:index", arm64, "it is for linux/amd64, not for linux/arm64"},
		{"base:linux-amd64", arm64, "it is for linux/amd64, not for linux/arm64"},
		{"base:windows-amd64", amd64, "it is for windows/amd64, not for linux/amd64"},
		{"base:text", amd64, "is not valid"},
		{"base:lost", amd64, "does not have it"},
		{"base:missing", amd64, "does not have it"},
		{"base:other", amd64, "it is application/vnd.example.manifest, not an image"},
	} {
		spec := demo(test.platform)
		spec.Base = r.Host + "/" + test.base
		_, err := Build(t.Context(), spec)
		fails(t, err, 2, "the base image "+r.Host+"/"+test.base, test.says)
	}
	// A layer that is lost after the manifest was read, or is another one.
	spec := demo(amd64)
	spec.Base = r.Host + "/base:index"
	i := build(t, spec)
	r.Set(imagetest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
		if strings.Contains(q.URL.Path, "/blobs/") {
			w.Header().Set("Content-Length", "10")
			w.Write([]byte("0123456789")) //nolint:errcheck // the test's
			return true
		}
		return false
	}})
	path := filepath.Join(t.TempDir(), "demo.tar")
	fails(t, i.WriteTar(t.Context(), path, i.Name()), 10, "cannot read the base image")
	if _, err := os.Stat(path); err == nil {
		t.Error("half an image was written")
	}
}
