package main

import (
	"archive/zip"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/opencontainers/go-digest"

	"carjs/host"
	"carjs/host/deploy/image/imagetest"
)

// keys writes a pair of keys as openssl does: NAME.key and NAME.pub.
func (d *desk) keys(name string) {
	d.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		d.Fatal(err)
	}
	key, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		d.Fatal(err)
	}
	pub, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		d.Fatal(err)
	}
	d.write(name+".key", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})))
	d.write(name+".pub", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pub})))
}

// What carjs build signs runs where its key is asked for, and nothing else does.
func TestSignAndVerify(t *testing.T) {
	d := newDesk(t)
	d.small(addOne)
	d.keys("release")
	d.keys("other")
	r := d.run("build", "small", "-sign", "release.key", "-o", "signed.carjs")
	if r.code != 0 {
		t.Fatal(r)
	}
	contains(t, r.stdout, "signed.carjs is built and signed")
	if r := d.run("build", "small", "-o", "unsigned.carjs"); r.code != 0 {
		t.Fatal(r)
	}
	d.ok(host.ModeFull, "signed.carjs", "-source", "open")
	d.ok(host.ModeFull, "signed.carjs", "-source", "flag", "-verify", "release.pub")
	d.env = append(d.env, "CARJS_VERIFY=release.pub")
	d.ok(host.ModeFull, "signed.carjs", "-source", "variable")
	d.env = d.env[:len(d.env)-1]

	whole := d.read("signed.carjs")
	flip := func(at int) string { return whole[:at] + string(whole[at]^1) + whole[at+1:] }
	d.write("code.carjs", flip(strings.Index(whole, "connector.js")+30))
	d.write("time.carjs", flip(10)) // in the head of the first entry: no checksum covers it
	d.write("signature.carjs", flip(len(whole)-20))
	d.write("trailing.carjs", whole+"x")
	d.write("twice.carjs", whole+whole)
	d.write("none.pub", "no key")
	for _, test := range []struct {
		name, connector, key string
		says                 []string
	}{
		{"unsigned", "unsigned.carjs", "release.pub", []string{"unsigned.carjs is not signed", "carjs build -sign"}},
		{"a folder", "small", "release.pub", []string{"small is not an artifact", "-verify"}},
		{"a connector of carjs", "reference", "release.pub", []string{"reference is not an artifact"}},
		{"another key", "signed.carjs", "other.pub", []string{"signed.carjs is signed with another key"}},
		{"changed code", "code.carjs", "release.pub", []string{"code.carjs"}},
		{"changed times", "time.carjs", "release.pub", []string{"time.carjs was changed after it was signed"}},
		{"a changed signature", "signature.carjs", "release.pub", []string{"signature.carjs was changed after it was signed"}},
		{"trailing bytes", "trailing.carjs", "release.pub", []string{"trailing.carjs"}},
		{"two of them", "twice.carjs", "release.pub", []string{"twice.carjs"}},
		{"no key", "signed.carjs", "none.pub", []string{"cannot verify with none.pub: it holds no public key", "openssl pkey"}},
		{"no file", "signed.carjs", "nothing.pub", []string{"cannot read the public key"}},
		{"the private half", "signed.carjs", "release.key", []string{`it holds a block "PRIVATE KEY"`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := d.imports(test.connector, "-source", "refused", "-verify", test.key)
			if r.code != 2 || r.report.Failure == nil {
				t.Fatal(r)
			}
			contains(t, r.report.Failure.Message+"\n"+r.report.Failure.Hint, test.says...)
			d.env = append(d.env, "CARJS_VERIFY="+test.key)
			defer func() { d.env = d.env[:len(d.env)-1] }()
			if r := d.run("request", test.connector, "/"); r.code != 2 {
				t.Error(r)
			}
		})
	}
	for _, test := range []struct{ key, says string }{
		{"release.pub", `cannot sign with release.pub: it holds a block "PUBLIC KEY"`}, {"nothing.key", "cannot read the private key"},
		{"none.pub", "it holds no private key"},
	} {
		r := d.run("build", "small", "-o", "not.carjs", "-sign", test.key)
		if r.code != 2 || !strings.Contains(r.stderr, test.says) {
			t.Error(r)
		}
	}
	if _, err := os.Stat(filepath.Join(d.dir, "not.carjs")); !os.IsNotExist(err) {
		t.Error(err)
	}
	// Images keep the file as it is.
	if r := d.image("signed.carjs", "-o", "signed.tar"); r.code != 0 {
		t.Fatal(r)
	}
	root := t.TempDir()
	if err := readTar(t, filepath.Join(d.dir, "signed.tar"))[here].Unpack(root); err != nil {
		t.Fatal(err)
	}
	if kept, err := os.ReadFile(filepath.Join(root, "connector", "small.carjs")); err != nil || string(kept) != whole {
		t.Errorf("the image has another artifact than the one that was signed: %v", err)
	}
	registry := imagetest.NewRegistry(t, imagetest.Options{})
	r = d.publish("signed.carjs", "-to", registry.Host+"/team/small", "-version", "1.0.0", "-skip-tests", "before it was signed")
	if r.code != 0 {
		t.Fatal(r)
	}
	if kept, err := registry.Source("team/small")(digest.FromString(whole)); err != nil || string(kept) != whole {
		t.Errorf("another artifact was published than the one that was signed: %v", err)
	}
}

// openssl makes the keys that carjs takes, as docs/deploy.md has it.
func TestOpenSSLKeys(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not installed: ", err)
	}
	d := newDesk(t)
	d.small(addOne)
	for _, line := range []string{
		"genpkey -algorithm ed25519 -out release.key", "pkey -in release.key -pubout -out release.pub",
	} {
		c := exec.Command("openssl", strings.Fields(line)...)
		c.Dir = d.dir
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("openssl %s: %v\n%s", line, err, out)
		}
	}
	if r := d.run("build", "small", "-sign", "release.key"); r.code != 0 {
		t.Fatal(r)
	}
	d.ok(host.ModeFull, "small.carjs", "-source", "s", "-verify", "release.pub")
}

// The manifest in an artifact is what an operator reads before running it.
func TestArtifactManifest(t *testing.T) {
	d := newDesk(t)
	if r := d.run("init", "fresh"); r.code != 0 {
		t.Fatal(r)
	}
	if r := d.run("build", "fresh"); r.code != 0 {
		t.Fatal(r)
	}
	var m struct {
		Connector, Version, Digest, Carjs string
		Settings                          []struct {
			Env, Type string
			Required  bool
		}
	}
	archive, err := zip.OpenReader(filepath.Join(d.dir, "fresh.carjs"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	part, err := fs.ReadFile(archive, "carjs.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(part, &m); err != nil {
		t.Fatal(err)
	}
	if m.Connector != "fresh" || m.Version != "1.0.0" || !strings.HasPrefix(m.Digest, "sha256:") || m.Carjs == "" || len(m.Settings) != 2 ||
		m.Settings[1].Env != "CONFIGURATION_AUTH_TOKEN" || m.Settings[1].Type != "password" || !m.Settings[1].Required {
		t.Errorf("%+v", m)
	}
}
