package image

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/failure"
)

// Signer signs a text and returns the signature in base64.
type Signer interface {
	Sign(text []byte) (string, error)
}

// How cosign keeps signatures: as layers of an image whose tag is made of the digest that is signed.
const (
	signatureMediaType  = "application/vnd.dev.cosign.simplesigning.v1+json"
	signatureAnnotation = "dev.cosignproject.cosign/signature"
	signedType          = "cosign container image signature"
)

// signed is the text that is signed: it says of which repository and digest.
type signed struct {
	Critical struct {
		Identity struct {
			Reference string `json:"docker-reference"`
		} `json:"identity"`
		Image struct {
			Digest digest.Digest `json:"docker-manifest-digest"`
		} `json:"image"`
		Type string `json:"type"`
	} `json:"critical"`
	Optional map[string]string `json:"optional"`
}

// signatureTag is the tag of the signatures of a digest.
func signatureTag(d digest.Digest) string {
	return fmt.Sprintf("%s-%s.sig", d.Algorithm(), d.Encoded())
}

// sign signs the image and returns the reference of the signature. Signatures by others stay.
func (p *push) sign(ctx context.Context, key Signer) (string, error) {
	tag := signatureTag(p.root.Digest)
	name := (&Target{p.to}).at(tag)
	var text signed
	text.Critical.Identity.Reference = p.to.Reference.Registry + "/" + p.to.Reference.Repository
	text.Critical.Image.Digest, text.Critical.Type = p.root.Digest, signedType
	payload, err := json.Marshal(text)
	if err != nil {
		return "", err
	}
	signature, err := key.Sign(payload)
	if err != nil {
		return "", failure.New(failure.General, "cannot sign the image: %v", err).WithFault(failure.FaultSettings).WithCause(err)
	}
	layer := describe(signatureMediaType, payload)
	layer.Annotations = map[string]string{signatureAnnotation: signature}
	layers, err := p.signatures(ctx, tag)
	if err != nil {
		return "", err
	}
	same := func(l ocispec.Descriptor) bool {
		return l.Digest == layer.Digest && l.Annotations[signatureAnnotation] == signature
	}
	if slices.ContainsFunc(layers, same) {
		return name, nil
	}
	if err := p.sendBlob(ctx, blob{desc: layer, data: payload}); err != nil {
		return "", err
	}
	return name, p.sendSignatures(ctx, tag, append(layers, layer))
}

// signatures are those that the image has.
func (p *push) signatures(ctx context.Context, tag string) ([]ocispec.Descriptor, error) {
	target := &Target{p.to}
	there, err := target.find(ctx, tag)
	if err != nil || there == "" {
		return nil, err
	}
	desc, err := p.to.Resolve(ctx, tag)
	if err != nil {
		return nil, err
	}
	data, err := p.to.readAll(ctx, desc)
	if err != nil {
		return nil, err
	}
	var m ocispec.Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, failure.Usage("%s is no manifest: %v", target.at(tag), err).WithHint("remove that tag: it is where cosign keeps signatures")
	}
	return m.Layers, nil
}

// sendSignatures sends the image that signatures are layers of.
func (p *push) sendSignatures(ctx context.Context, tag string, layers []ocispec.Descriptor) error {
	config := ocispec.Image{Created: &time.Time{}, RootFS: ocispec.RootFS{Type: "layers"}}
	for _, l := range layers {
		config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, l.Digest)
		config.History = append(config.History, ocispec.History{Created: &time.Time{}})
	}
	configData, err := json.Marshal(config)
	if err != nil {
		return err
	}
	described := describe(ocispec.MediaTypeImageConfig, configData)
	if err := p.sendBlob(ctx, blob{desc: described, data: configData}); err != nil {
		return err
	}
	data, err := json.Marshal(ocispec.Manifest{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest, Config: described, Layers: layers,
	})
	if err != nil {
		return err
	}
	return p.to.PushReference(ctx, describe(ocispec.MediaTypeImageManifest, data), bytes.NewReader(data), tag)
}
