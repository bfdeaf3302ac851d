package image

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/failure"
)

// base is an image in a registry to build on. Its layers stay there until they are needed.
type base struct {
	name       string // the reference as it was given
	repository *repository
	root       ocispec.Descriptor
	// candidates are the platforms of an index; one without a platform when the root is a manifest.
	candidates []ocispec.Descriptor
}

// below is a base for one platform.
type below struct {
	config ocispec.Image
	layers []ocispec.Descriptor
}

// Docker's media types and what OCI calls the same bytes.
const (
	dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
	dockerIndex    = "application/vnd.docker.distribution.manifest.list.v2+json"
)

var ociLayers = map[string]string{
	ocispec.MediaTypeImageLayer:                         ocispec.MediaTypeImageLayer,
	ocispec.MediaTypeImageLayerGzip:                     ocispec.MediaTypeImageLayerGzip,
	ocispec.MediaTypeImageLayerZstd:                     ocispec.MediaTypeImageLayerZstd,
	"application/vnd.docker.image.rootfs.diff.tar":      ocispec.MediaTypeImageLayer,
	"application/vnd.docker.image.rootfs.diff.tar.gzip": ocispec.MediaTypeImageLayerGzip,
	"application/vnd.docker.image.rootfs.diff.tar.zstd": ocispec.MediaTypeImageLayerZstd,
}

// openBase finds a base. From then on it is read by its digest: a tag may move meanwhile.
func openBase(ctx context.Context, name string) (*base, error) {
	reference, err := parseReference(name)
	if err != nil {
		return nil, err
	}
	if reference.Reference == "" {
		reference.Reference = "latest"
	}
	repository, err := openRepository(ctx, reference)
	if err != nil {
		return nil, err
	}
	b := &base{name: name, repository: repository}
	if b.root, err = repository.Resolve(ctx, reference.Reference); err != nil {
		return nil, b.failed(err)
	}
	switch b.root.MediaType {
	case ocispec.MediaTypeImageManifest, dockerManifest:
		b.candidates = []ocispec.Descriptor{b.root}
		return b, nil
	case ocispec.MediaTypeImageIndex, dockerIndex:
	default:
		return nil, b.unfit("it is %s, not an image", b.root.MediaType)
	}
	var index ocispec.Index
	if err := b.read(ctx, b.root, &index); err != nil {
		return nil, err
	}
	b.candidates = index.Manifests
	return b, nil
}

func (b *base) failed(err error) error {
	return b.repository.failed("read the base image "+b.name, err)
}

func (b *base) unfit(format string, args ...any) error {
	return failure.Usage("cannot use the base image %s: %s", b.name, fmt.Sprintf(format, args...)).
		WithHint("set -base to an image for Linux, or leave it out to build from nothing")
}

// read reads a document of the base.
func (b *base) read(ctx context.Context, desc ocispec.Descriptor, into any) error {
	data, err := b.repository.readAll(ctx, desc)
	if err != nil {
		return b.failed(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return b.unfit("%s is not valid: %v", desc.Digest, err)
	}
	return nil
}

// image reads the base for a platform.
func (b *base) image(ctx context.Context, platform Platform) (below, error) {
	var there []string
	for _, candidate := range b.candidates {
		if p := candidate.Platform; p != nil {
			if p.OS+"/"+p.Architecture != string(platform) {
				if p.OS != "unknown" { // attestations
					there = append(there, p.OS+"/"+p.Architecture)
				}
				continue
			}
		}
		out, err := b.imageOf(ctx, candidate)
		if err != nil {
			return below{}, err
		}
		if is := out.config.OS + "/" + out.config.Architecture; is != string(platform) {
			there = append(there, is)
			continue
		}
		return out, nil
	}
	if len(there) == 0 {
		there = []string{"no platform"}
	}
	return below{}, b.unfit("it is for %s, not for %s", strings.Join(there, ", "), platform)
}

func (b *base) imageOf(ctx context.Context, desc ocispec.Descriptor) (below, error) {
	var (
		m   ocispec.Manifest
		out below
	)
	if err := b.read(ctx, desc, &m); err != nil {
		return out, err
	}
	if err := b.read(ctx, m.Config, &out.config); err != nil {
		return out, err
	}
	if len(m.Layers) != len(out.config.RootFS.DiffIDs) {
		return out, b.unfit("%s has %d layers, but its configuration lists %d", desc.Digest, len(m.Layers), len(out.config.RootFS.DiffIDs))
	}
	for _, l := range m.Layers {
		mediaType, known := ociLayers[l.MediaType]
		if !known {
			return out, b.unfit("it has a layer of type %s", l.MediaType)
		}
		out.layers = append(out.layers, ocispec.Descriptor{MediaType: mediaType, Digest: l.Digest, Size: l.Size})
	}
	return out, nil
}
