// Package image makes container images of connectors without a container engine: an OCI image with
// nothing in it but certificates, a user, carjs and an artifact, or the same on top of a base
// image.
//
//   - [Build] makes the image in memory: layers (layer.go, rootfs.go), configuration, manifest and
//     index (manifest.go), on a base (base.go), with a binary for each platform (binary.go).
//   - [Image.WriteTar] and [Image.WriteLayout] write it (layout.go), [Image.Push] sends it to a
//     registry (push.go, registry.go).
//   - [Image.Publish] sends it with all that belongs to it, under a version that stays (publish.go),
//     and signs it as cosign does (signature.go).
//   - [Image.SBOM] says what is in it (sbom.go).
//
// The same [Spec] is the same image, byte for byte, on every machine and at any time: times are
// zero, owners and modes are fixed, and nothing of the machine is looked at but the files that the
// spec names. How an artifact is made, and what becomes of an image in a cluster, is known
// elsewhere.
package image

import (
	"context"
	"maps"
	"slices"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/sync/errgroup"

	"carjs/host/failure"
)

// Spec is what an image is made of.
type Spec struct {
	// Name is the connector's name; the image is called isc-car-connector-NAME.
	Name string
	// Artifact is the built connector, a file of carjs build. Without one, the image is of carjs
	// alone: it is called NAME, and runs carjs with whatever arguments it is given.
	Artifact []byte
	// Configurations are the configurations of the deployment by their path below the working
	// folder, such as "configurations/config.json": the platform looks for them there.
	Configurations map[string][]byte
	// Binaries are the carjs binaries by platform, as paths. The image is for these platforms; for
	// more than one it is an index.
	Binaries map[Platform]string
	// Title is the display name. Version, Release and Vendor are labels, and Version is the tag
	// where none is given. Each may be empty.
	Title, Version, Release, Vendor string
	// Labels are further labels; they win over those that the image has anyway.
	Labels map[string]string
	// Authorities are certificate authorities in PEM form that the image trusts besides those of
	// Mozilla, or, on a base, of the base. May be empty.
	Authorities []byte
	// Base is the reference of an image to build on; empty to build on nothing.
	Base string
	// Carjs is the version of the carjs that builds the image, for the SBOM.
	Carjs string
	// Packages are the npm packages in the artifact, for the SBOM.
	Packages []Package
	// Index makes an index also for one platform.
	Index bool
}

// Image is an image in memory, except for the layers of its base, which are read when they are
// needed.
type Image struct {
	spec      Spec
	root      ocispec.Descriptor
	manifests []manifest
	blobs     map[digest.Digest]blob
	base      *base // nil for none
	sbom      []byte
}

// manifest is the image for one platform.
type manifest struct {
	platform Platform
	desc     ocispec.Descriptor
	config   ocispec.Descriptor
	layers   []ocispec.Descriptor
}

// Build makes an image. Errors are [*failure.Failure]: what a spec cannot be built of, or why the
// base could not be read.
func Build(ctx context.Context, spec Spec) (*Image, error) {
	if len(spec.Binaries) == 0 {
		return nil, failure.Usage("no platform is set for the image")
	}
	var under *base
	if spec.Base != "" {
		var err error
		if under, err = openBase(ctx, spec.Base); err != nil {
			return nil, err
		}
	}
	if err := checkAuthorities(spec.Authorities); err != nil {
		return nil, err
	}
	platforms := slices.Sorted(maps.Keys(spec.Binaries))
	i := &Image{spec: spec, base: under, blobs: map[digest.Digest]blob{}}
	first, last, err := i.sharedLayers()
	if err != nil {
		return nil, err
	}
	binaries, err := i.binaryLayers(platforms)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, stopped(ctx.Err())
	}
	var modules []module
	for n, platform := range platforms {
		layers := []layer{first, binaries[n].layer}
		if spec.Artifact != nil {
			layers = append(layers, last)
		}
		if err := i.addManifest(ctx, platform, layers); err != nil {
			return nil, err
		}
		modules = append(modules, binaries[n].modules...)
	}
	if err := i.addRoot(); err != nil {
		return nil, err
	}
	i.sbom, err = i.billOfMaterials(modules)
	return i, err
}

// packed is a binary in its layer, and what it is built of.
type packed struct {
	layer   layer
	modules []module
}

// binaryLayers packs the binaries side by side: compressing them is most of the work.
func (i *Image) binaryLayers(platforms []Platform) ([]packed, error) {
	out := make([]packed, len(platforms))
	var group errgroup.Group
	group.SetLimit(4)
	for n, platform := range platforms {
		group.Go(func() error {
			b, err := readBinary(i.spec.Binaries[platform], platform)
			if err != nil {
				return err
			}
			out[n].modules = b.modules
			out[n].layer, err = pack("carjs for "+string(platform), []entry{{name: binaryPath, mode: 0o755, data: b.data}})
			return err
		})
	}
	return out, group.Wait()
}

// Digest is the digest that the image is known by: that of the index, or of the manifest when there
// is one platform.
func (i *Image) Digest() string { return i.root.Digest.String() }

// Platforms are the platforms that the image is for, sorted.
func (i *Image) Platforms() []Platform {
	var out []Platform
	for _, m := range i.manifests {
		out = append(out, m.platform)
	}
	return out
}

// Size is how many bytes somebody loads who pulls the largest of the platforms.
func (i *Image) Size() int64 {
	var most int64
	for _, m := range i.manifests {
		size := m.desc.Size + m.config.Size
		for _, l := range m.layers {
			size += l.Size
		}
		most = max(most, size)
	}
	return most
}

// SBOM is the bill of materials: what is in the image, as CycloneDX in JSON.
func (i *Image) SBOM() []byte { return i.sbom }
