package image

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/sync/errgroup"

	"carjs/host/failure"
)

// Pushed is an image in a registry.
type Pushed struct {
	// Tagged is its reference with the tag, Digest that with the digest: what to deploy.
	Tagged, Digest string
	// SBOM is the reference of the bill of materials that refers to the image; empty when none was
	// asked for.
	SBOM string
}

// parallel is how many blobs are sent at the same time.
const parallel = 4

// Target is where an image is to be pushed.
type Target struct{ repository *repository }

// OpenTarget reads a reference and the login for its registry, so that mistakes are found before an
// image is built. The error is a [*failure.Failure].
func OpenTarget(ctx context.Context, reference string) (*Target, error) {
	parsed, err := parseReference(reference)
	if err != nil {
		return nil, err
	}
	if parsed.Reference != "" && parsed.ValidateReferenceAsDigest() == nil {
		return nil, failure.Usage("cannot push to a digest: %s", reference).WithHint("give the image a tag: REGISTRY/REPOSITORY:TAG")
	}
	repository, err := openRepository(ctx, parsed)
	if err != nil {
		return nil, err
	}
	return &Target{repository}, nil
}

// Name is the reference of an image there, with its tag: REGISTRY/REPOSITORY:TAG.
func (t *Target) Name(i *Image) string {
	reference := t.repository.Reference
	if reference.Reference == "" {
		reference.Reference = i.Tag()
	}
	return reference.String()
}

// Push sends the image, and with withSBOM a bill of materials that refers to it. A target without a
// tag gets that of [Image.Tag]. What is there already is not sent again. The tag is set last, in
// one step: until then nobody who pulls it sees anything new. The error is a [*failure.Failure].
func (i *Image) Push(ctx context.Context, target *Target, withSBOM bool) (Pushed, error) {
	name := target.Name(i)
	p := &push{Image: i, to: target.repository, tag: tagOf(name)}
	out := Pushed{Tagged: name, Digest: p.at(i.root.Digest)}
	failed := func(err error, tagged string) error {
		f := *target.repository.failed("push "+out.Tagged, err)
		f.Message += "; " + tagged
		return &f
	}
	sbom, err := p.beforeTag(ctx, withSBOM)
	if err != nil {
		return Pushed{}, failed(err, "the tag "+p.tag+" was not changed")
	}
	root := i.blobs[i.root.Digest]
	if err := p.to.PushReference(ctx, i.root, bytes.NewReader(root.data), p.tag); err != nil {
		return Pushed{}, failed(err, "the tag "+p.tag+" may or may not be set")
	}
	if withSBOM {
		out.SBOM = p.at(sbom)
	}
	return out, nil
}

// push is an image on its way.
type push struct {
	*Image
	to  *repository
	tag string
}

func (p *push) at(d digest.Digest) string {
	return fmt.Sprintf("%s/%s@%s", p.to.Reference.Registry, p.to.Reference.Repository, d)
}

// beforeTag sends everything that only digests lead to: first what manifests refer to, then those
// of the platforms, then the bill of materials, whose digest it returns.
func (p *push) beforeTag(ctx context.Context, withSBOM bool) (digest.Digest, error) {
	blobs := p.sorted(func(b blob) bool { return !isManifest(b) })
	group, groupContext := errgroup.WithContext(ctx)
	group.SetLimit(parallel)
	for _, d := range blobs {
		group.Go(func() error { return p.sendBlob(groupContext, p.blobs[d]) })
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	for _, d := range p.sorted(isManifest) {
		if d == p.root.Digest {
			continue
		}
		if err := p.to.Manifests().Push(ctx, p.blobs[d].desc, bytes.NewReader(p.blobs[d].data)); err != nil {
			return "", err
		}
	}
	if !withSBOM {
		return "", nil
	}
	return p.sendSBOM(ctx)
}

// sendBlob sends content that is not there yet. A layer of a base in the same registry is mounted.
func (p *push) sendBlob(ctx context.Context, b blob) error {
	there, err := p.to.Blobs().Exists(ctx, b.desc)
	if err != nil || there {
		return err
	}
	if b.from == nil {
		return p.to.Blobs().Push(ctx, b.desc, bytes.NewReader(b.data)) // a reader that a retry can read again
	}
	open := func() (io.ReadCloser, error) { return b.open(ctx) }
	if b.from.Reference.Registry == p.to.Reference.Registry {
		return p.to.Mount(ctx, b.desc, b.from.Reference.Repository, open)
	}
	content, err := open()
	if err != nil {
		return b.from.failed("read the base image "+p.base.name, err)
	}
	defer content.Close() //nolint:errcheck // it was read to its end, or failed
	return p.to.Blobs().Push(ctx, b.desc, content)
}

// sendSBOM sends the bill of materials, with the image as its subject.
func (p *push) sendSBOM(ctx context.Context) (digest.Digest, error) {
	return p.refer(ctx, sbomMediaType, p.Repository()+".cdx.json", p.sbom, nil)
}

// refer sends a file as an artifact with the image as its subject, which a registry takes before
// the image is there.
func (p *push) refer(
	ctx context.Context, mediaType, title string, file []byte, annotations map[string]string,
) (digest.Digest, error) {
	document := describe(mediaType, file)
	document.Annotations = map[string]string{ocispec.AnnotationTitle: title}
	empty := ocispec.DescriptorEmptyJSON
	for _, b := range []blob{{desc: empty, data: empty.Data}, {desc: document, data: file}} {
		b.desc.Data = nil
		if err := p.sendBlob(ctx, b); err != nil {
			return "", err
		}
	}
	empty.Data = nil
	data, err := json.Marshal(ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, ArtifactType: mediaType,
		Config: empty, Layers: []ocispec.Descriptor{document}, Annotations: annotations,
		Subject: &ocispec.Descriptor{MediaType: p.root.MediaType, Digest: p.root.Digest, Size: p.root.Size},
	})
	if err != nil {
		return "", err
	}
	desc := describe(ocispec.MediaTypeImageManifest, data)
	return desc.Digest, p.to.Manifests().Push(ctx, desc, bytes.NewReader(data))
}

// Tagged tells whether the reference of the target names a tag.
func (t *Target) Tagged() bool { return t.repository.Reference.Reference != "" }
