package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/deploy/image/imagetest"
)

// publish runs carjs publish with a binary that can be in an image.
func (d *desk) publish(args ...string) result {
	d.Helper()
	path, err := static()
	if err != nil {
		d.Fatal(err)
	}
	if path != binary || runtime.GOOS != "linux" {
		args = append(args, "-binary", here+"="+path)
	}
	return d.run(append([]string{"publish"}, args...)...)
}

// newPublisher is a desk with a connector that has tests, with a version in its config.json.
func newPublisher(t *testing.T, version string) *desk {
	t.Helper()
	d := newDesk(t)
	if r := d.run("init", "inventory"); r.code != 0 {
		t.Fatal(r)
	}
	d.replace("inventory/configurations/config.json", `"version": "1.0.0",`, `"version": "`+version+`",`)
	return d
}

// replace saves a file with a text in place of another.
func (d *desk) replace(name, old, text string) {
	d.Helper()
	before, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil || !strings.Contains(string(before), old) {
		d.Fatalf("%v: no %q in\n%s", err, old, before)
	}
	d.write(name, strings.Replace(string(before), old, text, 1))
}

// writeKey writes a private key, and returns its public half.
func (d *desk) writeKey(name string) *ecdsa.PublicKey {
	d.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		d.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		d.Fatal(err)
	}
	d.write(name, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	return &key.PublicKey
}

// A version is checked, tested, published whole, signed, and stays.
func TestPublish(t *testing.T) {
	d := newPublisher(t, "1.4.0")
	public := d.writeKey("release.key")
	r := imagetest.NewRegistry(t, imagetest.Options{})
	to := r.Host + "/team/inventory"
	d.env = []string{"CARJS_TEST_FILTER=none of the tests", "CARJS_TEST_COVERAGE=true"}
	first := d.publish("inventory", "-to", to, "-key", "release.key")
	if first.code != 0 {
		t.Fatal(first)
	}
	published := r.Tags("team/inventory")["1.4.0"]
	contains(t, first.stdout, "inventory: no problems found", "tests   12 passed", to+":1.4.0 is published: "+here,
		"\ndigest "+published.String()+"\n", "artifact           "+to+"@sha256:", "bill of materials  "+to+"@sha256:",
		"signature          "+to+":sha256-",
		"next: carjs manifest inventory -image "+to+":1.4.0@"+published.String())
	data, err := r.Source("team/inventory")(published)
	if err != nil {
		t.Fatal(err)
	}
	root := ocispec.Descriptor{MediaType: ocispec.MediaTypeImageIndex, Digest: published, Size: int64(len(data))}
	images, err := imagetest.Read(r.Source("team/inventory"), root)
	if err != nil || images[here].Config.Config.Labels["version"] != "1.4.0" {
		t.Errorf("%v %+v", err, images)
	}
	checkSignature(t, r, published, public)
	checkArtifact(t, d, r, published)

	again := d.publish("inventory", "-to", to)
	contains(t, again.stdout, "was published before, with the same content", "next: cosign sign --key cosign.key "+to+"@"+published.String())
	for _, want := range []string{"1.5.0-rc.1", "1.5.0-rc.2"} {
		if r := d.publish("inventory", "-to", to, "-version", "1.5.0", "-rc", "-skip-tests", "they ran just now"); r.code != 0 {
			t.Error(r)
		}
		if _, there := r.Tags("team/inventory")[want]; !there {
			t.Errorf("%s is not there: %v", want, r.Tags("team/inventory"))
		}
	}
	d.replace("inventory/src/main.ts", "import", "// another one\nimport")
	other := d.publish("inventory", "-to", to)
	contains(t, other.stderr, "1.4.0 is published already, with other content", "raise the version in config.json")
	if other.code != 2 || r.Tags("team/inventory")["1.4.0"] != published {
		t.Error(other)
	}
}

func checkSignature(t *testing.T, r *imagetest.Registry, published digest.Digest, public *ecdsa.PublicKey) {
	t.Helper()
	source := r.Source("team/inventory")
	data, err := source(r.Tags("team/inventory")["sha256-"+published.Encoded()+".sig"])
	var m ocispec.Manifest
	if err != nil || json.Unmarshal(data, &m) != nil || len(m.Layers) != 1 {
		t.Fatalf("%v %s", err, data)
	}
	payload, err := source(m.Layers[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(m.Layers[0].Annotations["dev.cosignproject.cosign/signature"])
	hash := sha256.Sum256(payload)
	if err != nil || !ecdsa.VerifyASN1(public, hash[:], signature) || !strings.Contains(string(payload), published.String()) {
		t.Errorf("%v %s", err, payload)
	}
}

// checkArtifact checks that what is published is what carjs build writes, with what is said of it.
func checkArtifact(t *testing.T, d *desk, r *imagetest.Registry, published digest.Digest) {
	t.Helper()
	if r := d.run("build", "inventory"); r.code != 0 {
		t.Fatal(r)
	}
	want, err := os.ReadFile(filepath.Join(d.dir, "inventory.carjs"))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, referring := range r.Referrers("team/inventory", published).Manifests {
		if referring.ArtifactType != "application/vnd.carjs.connector.v1" {
			continue
		}
		data, err := r.Source("team/inventory")(referring.Digest)
		var m ocispec.Manifest
		if err != nil || json.Unmarshal(data, &m) != nil {
			t.Fatal(err)
		}
		got, err := r.Source("team/inventory")(m.Layers[0].Digest)
		passed := strings.HasPrefix(m.Annotations["carjs.checked"], "passed carjs check and carjs test")
		found = found || err == nil && string(got) == string(want) && passed
	}
	if !found {
		t.Error("the artifact of carjs build is not published")
	}
}

// An artifact was tested elsewhere, which is said and published with it.
func TestPublishArtifact(t *testing.T) {
	d := newPublisher(t, "2.0")
	if r := d.run("build", "inventory"); r.code != 0 {
		t.Fatal(r)
	}
	r := imagetest.NewRegistry(t, imagetest.Options{})
	to := r.Host + "/team/inventory"
	refused := d.publish("inventory.carjs", "-to", to)
	contains(t, refused.stderr, "inventory is an artifact: its tests are not in it", "-skip-tests REASON")
	if refused.code != 2 || len(r.Requests()) != 0 {
		t.Error(refused)
	}
	if r := d.publish("inventory.carjs", "-to", to, "-skip-tests", "tested in the build"); r.code != 0 {
		t.Fatal(r)
	}
	published := r.Tags("team/inventory")["2.0"]
	for _, referring := range r.Referrers("team/inventory", published).Manifests {
		data, err := r.Source("team/inventory")(referring.Digest)
		said := strings.Contains(string(data), "not tested: tested in the build")
		if err != nil || said != (referring.ArtifactType == "application/vnd.carjs.connector.v1") {
			t.Errorf("%v %s", err, data)
		}
	}
	// The folder is the same version: the artifact is made of it.
	contains(t, d.publish("inventory", "-to", to).stdout, "was published before, with the same content")
}

func TestPublishRefuses(t *testing.T) {
	d := newPublisher(t, "1.0.0")
	d.small("")
	d.write("letter", "dear all")
	r := imagetest.NewRegistry(t, imagetest.Options{Users: map[string]string{"robot": "secret"}, Readers: []string{"robot"}})
	to := r.Host + "/team/inventory"
	for _, test := range []struct {
		name  string
		login bool
		args  []string
		code  int
		says  []string
	}{
		{"no connector", false, []string{"-to", to}, 2, []string{"publish: no connector given"}},
		{"no repository", false, []string{"inventory"}, 2, []string{"no repository given", "-to REGISTRY/REPOSITORY"}},
		{"a tag", false, []string{"inventory", "-to", to + ":1"}, 2, []string{"has a tag: the version is the tag"}},
		{"a digest", false, []string{"inventory", "-to", to + "@sha256:" + strings.Repeat("a", 64)}, 2, []string{"cannot push to a digest"}},
		{"no registry", false, []string{"inventory", "-to", "inventory"}, 2, []string{"name the registry"}},
		{"no version", false, []string{"small", "-to", to}, 2, []string{"the connector small has no version", `"version": "1.0.0"`}},
		{"a word", false, []string{"small", "-to", to, "-version", "latest"}, 2, []string{`invalid version "latest"`, "begin with a digit"}},
		{"no key", false, []string{"inventory", "-to", to, "-key", "none"}, 2, []string{"cannot read the key"}},
		{"a letter as key", false, []string{"inventory", "-to", to, "-key", "letter"}, 2, []string{"holds no private key"}},
		{"no login", false, []string{"inventory", "-to", to}, 2, []string{"requires a login"}},
		{"no right", true, []string{"inventory", "-to", to}, 2, []string{"robot lacks permission", "the version was not published"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			os.Remove(filepath.Join(d.dir, ".docker", "config.json"))
			if test.login {
				d.write(".docker/config.json", `{"auths": {"`+r.Host+`": {"auth": "cm9ib3Q6c2VjcmV0"}}}`)
			}
			got := d.publish(test.args...)
			if got.code != test.code {
				t.Error(got)
			}
			contains(t, got.stderr, test.says...)
		})
	}
	if tags := r.Tags("team/inventory"); len(tags) > 0 {
		t.Error(tags)
	}
}

// What is not clean is not published, and the registry has nothing of it.
func TestPublishOnlyClean(t *testing.T) {
	r := imagetest.NewRegistry(t, imagetest.Options{})
	to := r.Host + "/team/inventory"
	for _, test := range []struct {
		name, file, text string
		code             int
		says             string
	}{
		{"a test that fails", "tests/fails.test.ts",
			"import { test, expect } from \"carjs/test\";\ntest(\"one\", () => expect(1).toBe(2));\n", 1,
			"inventory was not published: its tests failed"},
		{"an error of carjs check", "src/nowhere.ts",
			"import { context } from \"carjs\";\nexport const nowhere = context().args.nowhere;\n", 2, "carjs check found errors"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := newPublisher(t, "1.0.0")
			d.write("inventory/"+test.file, test.text)
			if strings.HasPrefix(test.file, "src/") {
				d.replace("inventory/src/main.ts", "import", "import \"./nowhere\";\nimport")
			}
			got := d.publish("inventory", "-to", to)
			contains(t, got.stderr, test.says, "fix the ")
			if got.code != test.code {
				t.Error(got)
			}
			for _, request := range r.Requests() {
				if !strings.HasPrefix(request, "HEAD ") && !strings.HasPrefix(request, "GET ") {
					t.Errorf("sent: %s", request)
				}
			}
		})
	}
}

// The commands on publishing in docs/deploy.md run, and print what it shows, up to the digests.
func TestPublishPage(t *testing.T) {
	d := newPublisher(t, "1.4.0")
	d.writeKey("release.key")
	r := imagetest.NewRegistry(t, imagetest.Options{})
	commands := 0
	for _, b := range blocks(t, "../../docs/deploy.md") {
		command, shown, _ := strings.Cut(strings.ReplaceAll(b.text, "registry.example.com", r.Host), "\n")
		args, ok := strings.CutPrefix(command, "$ carjs publish ")
		if !ok {
			continue
		}
		got := d.publish(strings.Fields(args)...)
		if got.code != 0 {
			t.Fatal(got)
		}
		for line := range strings.Lines(strings.ReplaceAll(shown, "linux/amd64", here)) {
			line, _, _ = strings.Cut(strings.TrimSpace(line), "...")
			line, _, _ = strings.Cut(line, ", 1") // the size
			contains(t, got.stdout, line)
		}
		commands++
	}
	if commands != 2 {
		t.Errorf("%d commands", commands)
	}
}
