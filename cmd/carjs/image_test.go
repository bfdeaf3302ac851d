package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/deploy/image/imagetest"
)

// static is the binary for images: one with the race detector needs libraries, which an image from
// nothing does not have.
var static = sync.OnceValues(func() (string, error) {
	if len(raceFlag) == 0 && runtime.GOOS == "linux" {
		return binary, nil
	}
	path := filepath.Join(filepath.Dir(binary), "carjs-static")
	build := exec.Command("go", "build", "-tags", "urfave_cli_no_docs", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	out, err := build.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return path, err
})

const here = "linux/" + runtime.GOARCH

// image runs carjs image with a binary that can be in one.
func (d *desk) image(args ...string) result {
	d.Helper()
	path, err := static()
	if err != nil {
		d.Fatal(err)
	}
	if path != binary {
		args = append(args, "-binary", here+"="+path)
	}
	return d.run(append([]string{"image"}, args...)...)
}

// readTar reads an archive of an image strictly.
func readTar(t testing.TB, path string) map[string]imagetest.Image {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	files, err := imagetest.Archive(file)
	if err != nil {
		t.Fatal(err)
	}
	source, roots, err := imagetest.Layout(files)
	if err != nil {
		t.Fatal(err)
	}
	images, err := imagetest.Read(source, roots[0])
	if err != nil {
		t.Fatal(err)
	}
	return images
}

// The image of a folder and of its artifact are one, from whatever folder, in whatever time zone.
func TestImageIsReproducible(t *testing.T) {
	one, two := newAuthor(t), newAuthor(t)
	two.env = append(two.env, "TZ=Asia/Tokyo", "LANG=de_DE.UTF-8")
	if r := one.run("build", "mine"); r.code != 0 {
		t.Fatal(r)
	}
	var made [][]byte
	for _, test := range []struct {
		*author
		args []string
	}{
		{one, []string{"mine", "-o", "mine.tar"}}, {two, []string{"-o=mine.tar", "./mine", "-platform", here}}, {one, []string{"mine.carjs"}},
	} {
		r := test.image(test.args...)
		if r.code != 0 {
			t.Fatal(r)
		}
		contains(t, r.stdout, "mine.tar is written: isc-car-connector-mine:latest for "+here, "\ndigest sha256:", "next: docker load -i mine.tar")
		data, err := os.ReadFile(filepath.Join(test.dir, "mine.tar"))
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, data)
	}
	if !bytes.Equal(made[0], made[1]) || !bytes.Equal(made[0], made[2]) {
		t.Error("the same connector is not the same image")
	}
	t.Run("another user", func(t *testing.T) {
		out := filepath.Join(one.dir, "out")
		if err := errors.Join(os.Mkdir(out, 0o777), os.Chmod(out, 0o777)); err != nil {
			t.Fatal(err)
		}
		c := one.command(t.Context(), "image", "mine", "-o", "out/mine.tar")
		if len(raceFlag) > 0 || !stranger(t, c) {
			t.Skip("only root can run a program as somebody else")
		}
		if err := os.Chmod(out, 0o777); err != nil {
			t.Fatal(err)
		}
		if text, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		data, err := os.ReadFile(filepath.Join(out, "mine.tar"))
		if err != nil || !bytes.Equal(data, made[0]) {
			t.Errorf("%v: the image of another user is another one", err)
		}
	})
}

// The platform's operator finds the merged configuration in the working folder, with the built-in
// base or the one of the deployment; the version of config.json is the image's.
func TestImageConfigurations(t *testing.T) {
	d := newDeployed(t)
	d.write("base/config.json", `{"connection": {"schedule": {"type": "cron", "default": "1 * * * *"},
  "site": {"type": "text", "default": "{CONNECTOR}"}}}`)
	d.replace("connectors/harbour/configurations/config.json", `"group": "harbour"`, `"group": "harbour", "version": "2.5"`)
	for _, base := range [][]string{nil, {"-base-config", "base"}} {
		if r := d.run(append([]string{"config", "merge", "harbour", "-o", "merged"}, base...)...); r.code != 0 {
			t.Fatal(r)
		}
		if r := d.image(append([]string{"harbour", "-o", "harbour.tar"}, base...)...); r.code != 0 {
			t.Fatal(r)
		}
		made := readTar(t, filepath.Join(d.dir, "harbour.tar"))[here]
		if got := made.Config.Config.Labels["version"]; got != "2.5" {
			t.Errorf("version %q", got)
		}
		root := t.TempDir()
		if err := made.Unpack(root); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"config.json", "lang_en.json"} {
			want, err := os.ReadFile(filepath.Join(d.dir, "merged", name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(filepath.Join(root, "usr/src/app/configurations", name))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s with %v: %v\n%s\nwant\n%s", name, base, err, got, want)
			}
		}
	}
}

// What is in the image imports what the connector imports: carjs in it is run as the image says,
// with nothing else of this machine.
func TestImageRuns(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("images are for Linux")
	}
	a := newAuthor(t)
	a.env = append(a.env, "TZ=Asia/Tokyo")
	main, err := os.ReadFile(filepath.Join(a.dir, "mine", "src", "main.ts"))
	if err != nil {
		t.Fatal(err)
	}
	a.write("mine/src/main.ts", string(main)+"\nif (new Date(0).getHours() !== 9) throw new Error(\"there are no time zones\");\n")
	if r := a.image("mine", "-o", "mine.tar", "-version", "1.2.0"); r.code != 0 {
		t.Fatal(r)
	}
	image := readTar(t, filepath.Join(a.dir, "mine.tar"))[here]
	root := t.TempDir()
	if err := image.Unpack(root); err != nil {
		t.Fatal(err)
	}
	service, car := reachableCAR(t)
	run := func(want int, settings ...string) string {
		t.Helper()
		c := inImage(t, root, image.Config.Config)
		c.Env = append(c.Env, settings...)
		out, err := c.CombinedOutput()
		if got := c.ProcessState.ExitCode(); got != want {
			t.Fatalf("exit code %d, %v\n%s", got, err, out)
		}
		return string(out)
	}
	contains(t, run(2), "CAR_SERVICE_URL") // the embedded one is ruled out
	live := append(car, "CONNECTION_NAME=office", "TZ=Asia/Tokyo", "CONFIGURATION_AUTH_URL="+a.source.URL,
		"CONFIGURATION_AUTH_USERNAME=admin", "CONFIGURATION_AUTH_PASSWORD=admin")
	contains(t, run(0, live...), "The full import of office is complete")
	contains(t, run(0, live...), "The incremental import of office is complete")
	a.ok(host.ModeFull, "mine", "-url", a.source.URL, "-username", "admin", "-password", "admin", "-source", "office")
	got, err := service.Graph(t.Context(), "office")
	if err != nil {
		t.Fatal(err)
	}
	if want := a.graph("office"); !want.Equal(got) {
		t.Errorf("the graph is another one: %v", want.Diff(got))
	}
}

// reachableCAR serves a CAR, and returns the environment with which a program finds it.
func reachableCAR(t *testing.T) (*carserver.Server, []string) {
	t.Helper()
	service, err := carserver.Open(carserver.Config{Key: "k", Password: "p"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { service.Close() })
	server := httptest.NewServer(service.Handler())
	t.Cleanup(server.Close)
	return service, []string{"CAR_SERVICE_URL=" + server.URL + "/api/car/v2", "CAR_SERVICE_KEY=k", "CAR_SERVICE_PASSWORD=p",
		"CARJS_CAR_RETRY_WAIT=5ms", "CARJS_RETRY_WAIT=5ms"}
}

// A pushed image is what was made, under its tag, and the bill of materials refers to it.
func TestImagePush(t *testing.T) {
	a := newAuthor(t)
	registry := imagetest.NewRegistry(t, imagetest.Options{Users: map[string]string{"robot": "secret"}})
	a.write(".docker/config.json", `{"auths": {"`+registry.Host+`": {"auth": "cm9ib3Q6c2VjcmV0"}}}`)
	r := a.image("mine", "-push", registry.Host+"/team/mine:1.0", "-o", "mine.tar", "-sbom", "mine.cdx.json")
	if r.code != 0 {
		t.Fatal(r)
	}
	digest := registry.Tags("team/mine")["1.0"]
	contains(t, r.stdout, registry.Host+"/team/mine:1.0 is pushed: "+here, "mine.cdx.json is written", "\ndigest "+digest.String(),
		"next: carjs manifest mine -image "+registry.Host+"/team/mine:1.0@"+digest.String()+" -source NAME")
	data, err := registry.Source("team/mine")(digest)
	if err != nil {
		t.Fatal(err)
	}
	root := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageManifest, Digest: digest, Size: int64(len(data))}
	if _, err := imagetest.Read(registry.Source("team/mine"), root); err != nil {
		t.Error(err)
	}
	if n := len(registry.Referrers("team/mine", digest).Manifests); n != 1 {
		t.Errorf("%d bills of materials", n)
	}
	sbom, err := os.ReadFile(filepath.Join(a.dir, "mine.cdx.json"))
	if err != nil || !json.Valid(sbom) || !bytes.Contains(sbom, []byte("pkg:golang/github.com/dop251/goja@")) {
		t.Errorf("%v %s", err, sbom)
	}
}

// Without settings or without texts, a folder and its artifact have the base's.
func TestImageWithoutConfigurations(t *testing.T) {
	d := newDeployed(t)
	for _, name := range []string{"lang_en.json", "config.json"} {
		if err := os.Remove(filepath.Join(d.dir, "connectors/harbour/configurations", name)); err != nil {
			t.Fatal(err)
		}
		if r := d.run("build", "harbour"); r.code != 0 {
			t.Fatal(r)
		}
		var made [][]byte
		for _, connector := range []string{"harbour", "harbour.carjs"} {
			if r := d.image(connector, "-o", "harbour.tar"); r.code != 0 {
				t.Fatal(r)
			}
			root := t.TempDir()
			if err := readTar(t, filepath.Join(d.dir, "harbour.tar"))[here].Unpack(root); err != nil {
				t.Fatal(err)
			}
			for _, file := range []string{"config.json", "lang_en.json"} {
				data, err := os.ReadFile(filepath.Join(root, "usr/src/app/configurations", file))
				if err != nil || !json.Valid(data) {
					t.Errorf("%s of %s without %s: %v %s", file, connector, name, err, data)
				}
				made = append(made, data)
			}
		}
		if !bytes.Equal(made[0], made[2]) || !bytes.Equal(made[1], made[3]) {
			t.Errorf("without %s, the artifact has other configurations than the folder", name)
		}
	}
}
