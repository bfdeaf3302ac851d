package image

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/errdef"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"carjs/host/artifact"
	"carjs/host/failure"
)

// ArtifactMediaType is the type of a built connector in a registry, a file of carjs build.
const ArtifactMediaType = "application/vnd.carjs.connector.v1"

// CheckedAnnotation says of a published connector what came of its checks and tests.
const CheckedAnnotation = "carjs.checked"

// Publication is what goes with an image that is published. Its version is that of the [Spec].
type Publication struct {
	// Checked says what came of the checks and tests of the connector.
	Checked string
	// Key signs the image; nil leaves it unsigned.
	Key Signer
}

// Published is a version in a registry.
type Published struct {
	Pushed
	// Artifact is the reference of the built connector, Signature that of the signature; empty for
	// none.
	Artifact, Signature string
	// Already tells that the version was there before, with the same content.
	Already bool
}

// Publish sends the image with its bill of materials, the built connector and a signature, all of
// which refer to it, and then sets the tag: the version. What fails before leaves no version. A
// version that is there with other content is never replaced. The error is a [*failure.Failure].
func (i *Image) Publish(ctx context.Context, target *Target, with Publication) (Published, error) {
	version := i.spec.Version
	p := &push{Image: i, to: target.repository, tag: version}
	out := Published{Pushed: Pushed{Tagged: target.at(version), Digest: p.at(i.root.Digest)}}
	failed := func(err error, became string) error {
		if known := (*failure.Failure)(nil); errors.As(err, &known) {
			return known
		}
		f := *target.repository.failed("publish "+out.Tagged, err)
		f.Message += "; " + became
		return &f
	}
	const nothing = "the version was not published"
	already, err := i.published(ctx, target)
	if err != nil {
		return Published{}, failed(err, nothing)
	}
	sbom, err := p.beforeTag(ctx, true)
	if err != nil {
		return Published{}, failed(err, nothing)
	}
	built, err := p.sendArtifact(ctx, with.Checked)
	if err != nil {
		return Published{}, failed(err, nothing)
	}
	out.SBOM, out.Artifact = p.at(sbom), p.at(built)
	if with.Key != nil {
		if out.Signature, err = p.sign(ctx, with.Key); err != nil {
			return Published{}, failed(err, nothing)
		}
	}
	// Once more, because sending takes time in which somebody else may have published.
	if !already {
		if already, err = i.published(ctx, target); err != nil {
			return Published{}, failed(err, nothing)
		}
	}
	if out.Already = already; already {
		return out, nil
	}
	root := i.blobs[i.root.Digest]
	if err := p.to.PushReference(ctx, i.root, bytes.NewReader(root.data), version); err != nil {
		return Published{}, failed(err, "run the same command again: it changes nothing if the version is there")
	}
	return out, nil
}

// published tells whether the version is there with this content; with other content it is an
// error.
func (i *Image) published(ctx context.Context, target *Target) (bool, error) {
	there, err := target.find(ctx, i.spec.Version)
	switch {
	case err != nil:
		return false, err
	case there == "":
		return false, nil
	case there == i.root.Digest:
		return true, nil
	}
	return false, taken(target.at(i.spec.Version), there)
}

func taken(name string, d digest.Digest) error {
	return failure.Usage("%s is published already, with other content (%s): a version is never replaced", name, d).
		WithHint("raise the version in config.json, or set -version")
}

// sendArtifact sends the built connector, with the image as its subject.
func (p *push) sendArtifact(ctx context.Context, checked string) (digest.Digest, error) {
	return p.refer(ctx, ArtifactMediaType, p.spec.Name+artifact.Extension, p.spec.Artifact,
		map[string]string{ocispec.AnnotationVersion: p.spec.Version, CheckedAnnotation: checked})
}

// at is the reference of a tag there.
func (t *Target) at(tag string) string {
	reference := t.repository.Reference
	reference.Reference = tag
	return reference.String()
}

// find returns the digest of a tag, "" when there is none.
func (t *Target) find(ctx context.Context, tag string) (digest.Digest, error) {
	desc, err := t.repository.Resolve(ctx, tag)
	if errors.Is(err, errdef.ErrNotFound) {
		return "", nil
	}
	return desc.Digest, err
}

// Candidate returns the name of the next candidate of a version, VERSION-rc.N: the numbers are those
// of the registry. A version that is published already needs no candidate. The error is a
// [*failure.Failure].
func (t *Target) Candidate(ctx context.Context, version string) (string, error) {
	failed := func(err error) error {
		return t.repository.failed("read the versions of "+t.at(""), err)
	}
	if there, err := t.find(ctx, version); err != nil {
		return "", failed(err)
	} else if there != "" {
		return "", failure.Usage("%s is published already: there is nothing to be a candidate for", t.at(version)).
			WithHint("raise the version in config.json, or set -version")
	}
	last := 0
	err := t.repository.Tags(ctx, "", func(tags []string) error {
		for _, tag := range tags {
			number, ok := strings.CutPrefix(tag, version+"-rc.")
			if n, err := strconv.Atoi(number); ok && err == nil && strconv.Itoa(n) == number {
				last = max(last, n)
			}
		}
		return nil
	})
	var answer *errcode.ErrorResponse
	if errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound {
		err = nil // nothing was ever pushed there
	}
	if err != nil {
		return "", failed(err)
	}
	return fmt.Sprintf("%s-rc.%d", version, last+1), nil
}

// CheckFree tells whether the version of the image may be published, so that it is known before
// other work is done: it is not there, or with the same content. The error is a
// [*failure.Failure].
func (i *Image) CheckFree(ctx context.Context, target *Target) error {
	if _, err := i.published(ctx, target); err != nil {
		return target.repository.failed("publish "+target.at(i.spec.Version), err)
	}
	return nil
}
