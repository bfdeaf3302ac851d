package image

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/deploy/image/imagetest"
	"carjs/host/deploy/signing"
)

// signingKey is a key in a file, and its public half.
func signingKey(t *testing.T) (*signing.Key, *ecdsa.PublicKey) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := signing.ReadKey(path, "")
	if err != nil {
		t.Fatal(err)
	}
	return key, &private.PublicKey
}

// candidate is an image to publish in team/demo of a registry.
func candidate(t *testing.T, r *imagetest.Registry, version string, platforms ...Platform) (*Image, *Target) {
	t.Helper()
	spec := demo(platforms...)
	spec.Version, spec.Index = version, true
	target, err := OpenTarget(t.Context(), r.Host+"/team/demo")
	if err != nil {
		t.Fatal(err)
	}
	return build(t, spec), target
}

// manifestOf reads a manifest of team/demo.
func manifestOf(t *testing.T, r *imagetest.Registry, d digest.Digest) ocispec.Manifest {
	t.Helper()
	var m ocispec.Manifest
	data, err := r.Source("team/demo")(d)
	if err != nil || json.Unmarshal(data, &m) != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return m
}

// verified counts the signatures of a digest that a public key made, as cosign's specification of
// signatures has it: https://github.com/sigstore/cosign, specs/SIGNATURE_SPEC.md.
func verifiedBy(t *testing.T, r *imagetest.Registry, d digest.Digest, key *ecdsa.PublicKey) int {
	t.Helper()
	m := manifestOf(t, r, r.Tags("team/demo")[digest.Digest("sha256-"+d.Encoded()+".sig").String()])
	if m.MediaType != ocispec.MediaTypeImageManifest || m.Config.MediaType != ocispec.MediaTypeImageConfig {
		t.Errorf("%+v", m)
	}
	n := 0
	for _, layer := range m.Layers {
		payload, err := r.Source("team/demo")(layer.Digest)
		if err != nil || layer.MediaType != "application/vnd.dev.cosign.simplesigning.v1+json" {
			t.Fatal(layer, err)
		}
		signature, err := base64.StdEncoding.DecodeString(layer.Annotations["dev.cosignproject.cosign/signature"])
		if err != nil {
			t.Fatal(err)
		}
		var text struct {
			Critical struct {
				Identity struct {
					Reference string `json:"docker-reference"`
				} `json:"identity"`
				Image struct {
					Digest digest.Digest `json:"docker-manifest-digest"`
				} `json:"image"`
				Type string `json:"type"`
			} `json:"critical"`
		}
		if err := json.Unmarshal(payload, &text); err != nil || text.Critical.Type != "cosign container image signature" ||
			text.Critical.Image.Digest != d || text.Critical.Identity.Reference != r.Host+"/team/demo" {
			t.Errorf("%v %s", err, payload)
		}
		if hash := sha256.Sum256(payload); ecdsa.VerifyASN1(key, hash[:], signature) {
			n++
		}
	}
	return n
}

// What is published is an index with its bill of materials, its artifact and its signature.
func TestPublish(t *testing.T) {
	for _, old := range []bool{false, true} {
		r := imagetest.NewRegistry(t, imagetest.Options{NoReferrers: old})
		dockerConfig(t, nil)
		key, public := signingKey(t)
		i, target := candidate(t, r, "1.4.0", amd64)
		for again := range 2 {
			out, err := i.Publish(t.Context(), target, Publication{Checked: "passed", Key: key})
			if err != nil {
				t.Fatal(err)
			}
			if out.Already != (again == 1) || out.Tagged != r.Host+"/team/demo:1.4.0" || out.Digest != r.Host+"/team/demo@"+i.Digest() {
				t.Errorf("%+v", out)
			}
			requests := r.Requests()
			if last := requests[len(requests)-1]; again == 0 && last != "PUT /v2/team/demo/manifests/1.4.0" {
				t.Errorf("the last request is %s", last)
			}
		}
		images, err := imagetest.Read(r.Source("team/demo"), i.root)
		if err != nil || len(images) != 1 || i.root.MediaType != ocispec.MediaTypeImageIndex {
			t.Errorf("%d images, %s, %v", len(images), i.root.MediaType, err)
		}
		kinds := map[string]ocispec.Manifest{}
		for _, d := range r.Referrers("team/demo", i.root.Digest).Manifests {
			kinds[d.ArtifactType] = manifestOf(t, r, d.Digest)
		}
		built := kinds[ArtifactMediaType]
		if len(kinds) != 2 || kinds[sbomMediaType].Layers == nil || built.Annotations[CheckedAnnotation] != "passed" {
			t.Fatalf("%+v", kinds)
		}
		data, err := r.Source("team/demo")(built.Layers[0].Digest)
		if err != nil || string(data) != "an artifact" || built.Layers[0].Annotations[ocispec.AnnotationTitle] != "demo.carjs" {
			t.Errorf("%v %s %+v", err, data, built)
		}
		if n := verifiedBy(t, r, i.root.Digest, public); n != 1 {
			t.Errorf("%d signatures", n)
		}
		// Somebody else's signature is added.
		other, otherPublic := signingKey(t)
		if _, err := i.Publish(t.Context(), target, Publication{Key: other}); err != nil {
			t.Fatal(err)
		}
		if verifiedBy(t, r, i.root.Digest, public) != 1 || verifiedBy(t, r, i.root.Digest, otherPublic) != 1 {
			t.Error("the signature of the one or the other is gone")
		}
	}
}

// A version stays what it is, whatever comes later, and also when two publish at the same time.
func TestPublishNeverReplaces(t *testing.T) {
	r := imagetest.NewRegistry(t, imagetest.Options{})
	dockerConfig(t, nil)
	i, target := candidate(t, r, "1.4.0", amd64)
	before := r.Put("team/demo", "1.4.0", ocispec.MediaTypeImageManifest, []byte(`{"mediaType": "before"}`)).Digest
	fails(t, i.CheckFree(t.Context(), target), 2, "1.4.0 is published already, with other content ("+before.String(), "raise the version")
	_, err := i.Publish(t.Context(), target, Publication{})
	fails(t, err, 2, "is published already")
	// The other one is there first while this one sends.
	i, target = candidate(t, r, "1.5.0", amd64)
	if err := i.CheckFree(t.Context(), target); err != nil {
		t.Fatal(err)
	}
	var once atomic.Bool
	r.Set(imagetest.Options{Before: func(_ http.ResponseWriter, q *http.Request) bool {
		if q.Method == http.MethodPut && once.CompareAndSwap(false, true) {
			r.Put("team/demo", "1.5.0", ocispec.MediaTypeImageManifest, []byte(`{"mediaType": "before"}`))
		}
		return false
	}})
	_, err = i.Publish(t.Context(), target, Publication{})
	fails(t, err, 2, "is published already")
	if tags := r.Tags("team/demo"); len(tags) != 2 || tags["1.4.0"] != before || tags["1.5.0"] != before {
		t.Error(tags)
	}
}

// Candidates are numbered by the registry, also when it lists tags page by page.
func TestCandidate(t *testing.T) {
	r := imagetest.NewRegistry(t, imagetest.Options{})
	dockerConfig(t, nil)
	_, target := candidate(t, r, "1", amd64)
	next := func(want string) {
		t.Helper()
		if got, err := target.Candidate(t.Context(), "2.0"); err != nil || got != want {
			t.Errorf("%q %v, want %q", got, err, want)
		}
	}
	next("2.0-rc.1")
	for _, tag := range []string{
		"2.0-rc.1", "2.0-rc.2", "2.0-rc.10", "2.0-rc.011", "2.0-rc.x", "2.0.1-rc.20", "1.9", "12.0-rc.30", "2.0-rc.9",
	} {
		r.Put("team/demo", tag, ocispec.MediaTypeImageManifest, []byte(`{"mediaType": "before"}`))
	}
	next("2.0-rc.11")
	r.Put("team/demo", "2.0", ocispec.MediaTypeImageManifest, []byte(`{"mediaType": "before"}`))
	_, err := target.Candidate(t.Context(), "2.0")
	fails(t, err, 2, "2.0 is published already", "raise the version")
	r.Set(imagetest.Options{Users: map[string]string{"robot": "secret"}})
	_, err = target.Candidate(t.Context(), "3.0")
	fails(t, err, 2, "cannot read the versions", "requires a login")
}

// Whenever the registry dies, no version is there that was not whole, and the same command
// succeeds when the registry is well again.
func TestPublishHalfway(t *testing.T) {
	dockerConfig(t, nil)
	key, public := signingKey(t)
	spec := demo(amd64, arm64)
	spec.Version, spec.Index = "1.4.0", true
	i := build(t, spec)
	publish := func(r *imagetest.Registry) error {
		target, err := OpenTarget(t.Context(), r.Host+"/team/demo")
		if err == nil {
			_, err = i.Publish(t.Context(), target, Publication{Key: key})
		}
		return err
	}
	r := imagetest.NewRegistry(t, imagetest.Options{})
	if err := publish(r); err != nil {
		t.Fatal(err)
	}
	writes := int64(0)
	for _, request := range r.Requests() {
		if !strings.HasPrefix(request, "GET ") && !strings.HasPrefix(request, "HEAD ") {
			writes++
		}
	}
	for n := int64(1); n <= writes; n++ {
		r := imagetest.NewRegistry(t, imagetest.Options{})
		var seen atomic.Int64
		r.Set(imagetest.Options{Before: func(w http.ResponseWriter, q *http.Request) bool {
			if q.Method != http.MethodGet && q.Method != http.MethodHead {
				seen.Add(1)
			}
			if seen.Load() < n {
				return false
			}
			w.WriteHeader(http.StatusBadRequest) // at once: a client does not try again
			return true
		}})
		if err := publish(r); err == nil {
			t.Fatalf("write %d failed, and nobody noticed", n)
		}
		if d, there := r.Tags("team/demo")["1.4.0"]; there {
			t.Errorf("dead at write %d, but the version is there: %s", n, d)
		}
		r.Set(imagetest.Options{})
		if err := publish(r); err != nil || r.Tags("team/demo")["1.4.0"] != i.root.Digest || verifiedBy(t, r, i.root.Digest, public) != 1 {
			t.Errorf("after write %d: %v", n, err)
		}
	}
}

func TestPublishFails(t *testing.T) {
	r := imagetest.NewRegistry(t, imagetest.Options{Users: map[string]string{"robot": "secret"}, Readers: []string{"robot"}})
	dockerConfig(t, map[string]string{r.Host: "robot:secret"})
	i, target := candidate(t, r, "1.4.0", amd64)
	_, err := i.Publish(t.Context(), target, Publication{})
	fails(t, err, 2, "cannot publish", "robot lacks permission", "the version was not published")
	r.Set(imagetest.Options{Before: func(w http.ResponseWriter, _ *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}})
	_, err = i.Publish(t.Context(), target, Publication{})
	fails(t, err, 10, "answered 503", "the version was not published", "try again later")
	r.Set(imagetest.Options{})
	key, _ := signingKey(t)
	r.Put("team/demo", signatureTag(i.root.Digest), ocispec.MediaTypeImageManifest, []byte(`no manifest`))
	_, err = i.Publish(t.Context(), target, Publication{Key: key})
	fails(t, err, 2, ".sig is no manifest", "remove that tag")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	_, err = i.Publish(ctx, target, Publication{})
	fails(t, err, 10, "was stopped")
	if tags := r.Tags("team/demo"); len(tags) != 1 {
		t.Error(tags)
	}
}

// An index of one platform is the same image under another name.
func TestIndexOfOne(t *testing.T) {
	spec := demo(amd64)
	one := build(t, spec)
	spec.Index = true
	index := build(t, spec)
	if index.root.MediaType != ocispec.MediaTypeImageIndex || index.manifests[0].desc.Digest != one.root.Digest ||
		!bytes.Contains(index.blobs[index.root.Digest].data, []byte(one.Digest())) {
		t.Errorf("%+v, %s", index.root, one.Digest())
	}
}
