package kubetest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/validate"
	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
	"github.com/sigstore/sigstore/pkg/signature"
	"github.com/sigstore/sigstore/pkg/signature/payload"

	"carjs/host/deploy/image/imagetest"
)

// What others have written reads what carjs makes: images by the library of crane and ko, in a
// layout, in an archive and in a registry.
func TestForeignImages(t *testing.T) {
	d := newDeskWithoutCluster(t)
	d.must(0, []string{"init", "inventory"})
	r := imagetest.NewRegistry(t, imagetest.Options{})
	to := r.Host + "/team/inventory:1.0.0"
	d.must(0, []string{"image", "inventory", "-o", "inventory.tar"})
	d.must(0, []string{"image", "inventory", "-o", "layout", "-push", to})

	fromTar, err := tarball.ImageFromPath(filepath.Join(d.dir, "inventory.tar"), nil)
	if err != nil {
		t.Fatal(err)
	}
	index, err := layout.ImageIndexFromPath(filepath.Join(d.dir, "layout"))
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(index); err != nil {
		t.Errorf("the layout: %v", err)
	}
	reference, err := name.ParseReference(to)
	if err != nil {
		t.Fatal(err)
	}
	pulled, err := remote.Image(reference)
	if err != nil {
		t.Fatal(err)
	}
	var ids []v1.Hash
	for what, image := range map[string]v1.Image{"the archive": fromTar, "the registry": pulled} {
		if err := validate.Image(image); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		config, err := image.ConfigFile()
		if err != nil || config.Config.User != "1001:0" || config.Config.WorkingDir != "/usr/src/app" || config.Config.Labels["version"] != "1.0.0" {
			t.Errorf("%s: %v %+v", what, err, config.Config)
		}
		id, err := image.ConfigName()
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if ids[0] != ids[1] {
		t.Errorf("the archive and the registry have different images: %v", ids)
	}
}

// A key that the library of cosign encrypted signs, and the library of cosign verifies.
func TestForeignSignature(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	box, err := encrypted.Encrypt(der, []byte("a password"))
	if err != nil {
		t.Fatal(err)
	}
	d := newDeskWithoutCluster(t)
	d.write("cosign.key", string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED SIGSTORE PRIVATE KEY", Bytes: box})))
	d.must(0, []string{"init", "inventory"})
	r := imagetest.NewRegistry(t, imagetest.Options{})
	to := r.Host + "/team/inventory"
	publish := []string{"publish", "inventory", "-to", to, "-key", "cosign.key", "-skip-tests", "they are tested elsewhere"}
	d.must(2, publish, "COSIGN_PASSWORD")
	d.env = append(d.env, "COSIGN_PASSWORD=a password")
	d.must(0, publish, to+":1.0.0 is published")

	published := r.Tags("team/inventory")["1.0.0"]
	tag, err := name.ParseReference(to + ":" + strings.Replace(published.String(), ":", "-", 1) + ".sig")
	if err != nil {
		t.Fatal(err)
	}
	signatures, err := remote.Image(tag)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := signatures.Manifest()
	if err != nil || len(manifest.Layers) != 1 {
		t.Fatalf("%v %+v", err, manifest)
	}
	layer, err := signatures.LayerByDigest(manifest.Layers[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	text, err := layer.Uncompressed()
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	var signed bytes.Buffer
	if _, err := signed.ReadFrom(text); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(manifest.Layers[0].Annotations["dev.cosignproject.cosign/signature"])
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := signature.LoadVerifier(&key.PublicKey, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	if err := verifier.VerifySignature(bytes.NewReader(raw), bytes.NewReader(signed.Bytes())); err != nil {
		t.Error(err)
	}
	if err := verifier.VerifySignature(bytes.NewReader(raw), strings.NewReader(signed.String()+" ")); err == nil {
		t.Error("the verifier takes any text")
	}
	var says payload.Cosign
	if err := says.UnmarshalJSON(signed.Bytes()); err != nil || says.Image.String() != to+"@"+published.String() {
		t.Errorf("%v: signed for %s, published is %s@%s", err, says.Image, to, published)
	}
	verifyByCosign(t, d, to+"@"+published.String(), &key.PublicKey)
}

// verifyByCosign has cosign itself verify, where it is installed.
func verifyByCosign(t *testing.T, d *desk, reference string, key *ecdsa.PublicKey) {
	t.Helper()
	path, err := exec.LookPath("cosign")
	if err != nil {
		t.Log("cosign is not installed: its library has verified the signature")
		return
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	d.write("cosign.pub", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})))
	c := exec.CommandContext(t.Context(), path, "verify", "--key", "cosign.pub", "--insecure-ignore-tlog=true", "--private-infrastructure=true",
		"--allow-insecure-registry", "--allow-http-registry", reference)
	c.Dir = d.dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// kubectl itself applies what carjs manifest writes, Secrets too, to a cluster of Kubernetes' own
// code: in a dry run on its side, then on the server's, and then for good.
func TestForeignKubectl(t *testing.T) {
	path, err := exec.LookPath("kubectl")
	if err != nil {
		t.Skip("kubectl is not installed: ", err)
	}
	d := newDesk(t)
	fleet(d)
	d.must(0, []string{"manifest", "-connections", "fleet.yaml", "-with-secrets", "-o", "car.yaml"}, "5 objects")
	run := func(args ...string) string {
		t.Helper()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		c := exec.CommandContext(ctx, path, args...)
		c.Dir, c.Env = d.dir, []string{"HOME=" + d.dir, "PATH=" + filepath.Dir(path)}
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	for _, way := range [][]string{{"--dry-run=client"}, {"--server-side", "--dry-run=server"}, {"--server-side"}} {
		out := run(append([]string{"apply", "--validate=false", "-f", "car.yaml"}, way...)...)
		for _, name := range []string{"secret/car-service", "secret/car-north", "cronjob.batch/car-north", "secret/car-south", "cronjob.batch/car-south"} {
			if !strings.Contains(out, name) {
				t.Errorf("%v: no %s\n%s", way, name, out)
			}
		}
	}
}
