package image

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// blob is content by its digest: in memory, or in the repository of the base.
type blob struct {
	desc ocispec.Descriptor
	data []byte
	from *repository // when data is nil
}

// open returns the content. That of a base is checked while it is read.
func (b blob) open(ctx context.Context) (io.ReadCloser, error) {
	if b.from == nil {
		return io.NopCloser(bytes.NewReader(b.data)), nil
	}
	return b.from.open(ctx, b.desc)
}

// add keeps content.
func (i *Image) add(desc ocispec.Descriptor, data []byte) ocispec.Descriptor {
	i.blobs[desc.Digest] = blob{desc: desc, data: data}
	return desc
}

// addJSON keeps a document.
func (i *Image) addJSON(mediaType string, value any) (ocispec.Descriptor, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return ocispec.Descriptor{}, fmt.Errorf("write %s: %w", mediaType, err)
	}
	return i.add(describe(mediaType, data), data), nil
}

// addManifest makes the image for one platform of its layers, on top of the base's.
func (i *Image) addManifest(ctx context.Context, platform Platform, layers []layer) error {
	m := manifest{platform: platform}
	config := ocispec.Image{
		Created:  &time.Time{},
		Platform: ocispec.Platform{OS: "linux", Architecture: platform.Architecture()},
		RootFS:   ocispec.RootFS{Type: "layers"},
	}
	if i.base != nil {
		below, err := i.base.image(ctx, platform)
		if err != nil {
			return err
		}
		config = below.config
		m.layers = slices.Clone(below.layers)
		for _, l := range below.layers {
			i.blobs[l.Digest] = blob{desc: l, from: i.base.repository}
		}
	}
	epoch := time.Unix(0, 0).UTC()
	config.Created = &epoch
	for _, l := range layers {
		m.layers = append(m.layers, i.add(l.desc, l.data))
		config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, l.diffID)
		config.History = append(config.History, ocispec.History{Created: &epoch, CreatedBy: "carjs image", Comment: l.history})
	}
	config.Config = i.runConfig(config.Config)
	var err error
	if m.config, err = i.addJSON(ocispec.MediaTypeImageConfig, config); err != nil {
		return err
	}
	m.desc, err = i.addJSON(ocispec.MediaTypeImageManifest, ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest,
		Config: m.config, Layers: m.layers, Annotations: i.annotations(),
	})
	m.desc.Platform = &ocispec.Platform{OS: "linux", Architecture: platform.Architecture()}
	i.manifests = append(i.manifests, m)
	return err
}

// addRoot makes what the image is known by: an index of the platforms, or the manifest of the only
// one.
func (i *Image) addRoot() error {
	if len(i.manifests) == 1 && !i.spec.Index {
		i.root = i.manifests[0].desc
		i.root.Platform = nil
		return nil
	}
	index := ocispec.Index{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex, Annotations: i.annotations(),
	}
	for _, m := range i.manifests {
		index.Manifests = append(index.Manifests, m.desc)
	}
	var err error
	i.root, err = i.addJSON(ocispec.MediaTypeImageIndex, index)
	return err
}

// runConfig is how the image is run. What a base says stays, unless the connector needs it
// otherwise.
func (i *Image) runConfig(base ocispec.ImageConfig) ocispec.ImageConfig {
	env := newEnvironment(base.Env)
	env.setDefault("PATH", "/usr/local/bin:/usr/bin:/bin")
	env.set("HOME", WorkingFolder)
	if i.spec.Artifact != nil {
		env.set("CARJS_CAR", "required")
		if i.spec.Version != "" {
			env.set("CONNECTOR_VERSION", i.spec.Version)
		}
	}
	if i.base != nil && len(i.spec.Authorities) > 0 {
		env.set("REQUESTS_CA_BUNDLE", "/"+addedPath)
	}
	labels := maps.Clone(base.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	maps.Copy(labels, i.labels())
	config := base
	config.User = fmt.Sprintf("%d:0", user)
	config.Env = env
	config.Entrypoint = []string{"/" + binaryPath}
	if i.spec.Artifact != nil {
		config.Entrypoint = append(config.Entrypoint, "run", i.artifactPath())
	}
	config.Cmd = nil
	config.WorkingDir = WorkingFolder
	config.Labels = labels
	return config
}

// labels are those of the platform's images and those of OCI.
func (i *Image) labels() map[string]string {
	labels := i.annotations()
	for name, value := range map[string]string{
		"name": i.Repository(), "version": i.spec.Version, "release": i.spec.Release, "vendor": i.spec.Vendor,
	} {
		if value != "" {
			labels[name] = value
		}
	}
	maps.Copy(labels, i.spec.Labels)
	return labels
}

// annotations say the same of a manifest to those who do not read configurations.
func (i *Image) annotations() map[string]string {
	annotations := map[string]string{}
	title := i.spec.Title
	if title == "" {
		title = i.spec.Name
	}
	for name, value := range map[string]string{
		ocispec.AnnotationTitle: title, ocispec.AnnotationVersion: i.spec.Version, ocispec.AnnotationVendor: i.spec.Vendor,
	} {
		if value != "" {
			annotations[name] = value
		}
	}
	if i.base != nil {
		annotations[ocispec.AnnotationBaseImageName] = i.base.name
		annotations[ocispec.AnnotationBaseImageDigest] = i.base.root.Digest.String()
	}
	return annotations
}

// Repository is what the image is called where no registry is named: isc-car-connector-NAME.
func (i *Image) Repository() string {
	if i.spec.Artifact == nil {
		return i.spec.Name
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}, strings.ToLower(i.spec.Name))
	return "isc-car-connector-" + strings.Trim(name, ".-")
}

// Tag is the tag where none is given: the version, or "latest".
func (i *Image) Tag() string {
	if i.spec.Version != "" {
		return i.spec.Version
	}
	return "latest"
}

// environment is a list of NAME=VALUE.
type environment []string

func newEnvironment(list []string) environment { return slices.Clone(list) }

func (e *environment) set(name, value string) {
	*e = slices.DeleteFunc(*e, func(s string) bool { return strings.HasPrefix(s, name+"=") })
	*e = append(*e, name+"="+value)
}

func (e *environment) setDefault(name, value string) {
	if !slices.ContainsFunc(*e, func(s string) bool { return strings.HasPrefix(s, name+"=") }) {
		e.set(name, value)
	}
}

// sorted are the digests of the blobs that pass a test, in an order that does not change.
func (i *Image) sorted(pass func(blob) bool) []digest.Digest {
	var out []digest.Digest
	for d, b := range i.blobs {
		if pass(b) {
			out = append(out, d)
		}
	}
	slices.Sort(out)
	return out
}

// isManifest tells manifests and indexes from what they refer to.
func isManifest(b blob) bool {
	return b.desc.MediaType == ocispec.MediaTypeImageManifest || b.desc.MediaType == ocispec.MediaTypeImageIndex
}
