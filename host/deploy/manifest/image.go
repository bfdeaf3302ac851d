package manifest

import (
	"strings"

	"carjs/host/failure"
	"carjs/host/lazyregexp"
)

// Image names an image by its digest, so that what is deployed is what was tested: a tag can be
// moved to another image at any time.
type Image struct {
	// Repository is the registry and the path in it; Tag may be empty and is for people.
	Repository, Tag string
	// Digest is "sha256:" and 64 hexadecimal digits.
	Digest string
}

// String returns the image as a pod names it.
func (i Image) String() string {
	if i.Tag != "" {
		return i.Repository + ":" + i.Tag + "@" + i.Digest
	}
	return i.Repository + "@" + i.Digest
}

var (
	repositoryPattern = lazyregexp.New(`^([a-zA-Z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$`)
	tagPattern        = lazyregexp.New(`^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$`)
	digestPattern     = lazyregexp.New(`^sha256:[0-9a-f]{64}$`)
)

// ParseImage reads an image's name with its digest: REGISTRY/PATH@sha256:..., with or without a tag
// before it. Errors are [*failure.Failure]s; that for a tag alone tells how to get the digest.
func ParseImage(text string) (Image, error) {
	name, digest, hasDigest := strings.Cut(text, "@")
	image := Image{Repository: name, Digest: digest}
	if colon := strings.LastIndexByte(name, ':'); colon > strings.LastIndexByte(name, '/') {
		image.Repository, image.Tag = name[:colon], name[colon+1:]
	}
	switch {
	case text == "":
		return Image{}, failure.Usage("no image given").
			WithHint("set the image by its digest: REF@sha256:..., as carjs image -push prints it")
	case digestPattern().MatchString(text):
		return Image{}, failure.Usage("the image %s is a digest alone", text).WithHint("write REGISTRY/PATH@%s", text)
	case !repositoryPattern().MatchString(image.Repository) || image.Tag != "" && !tagPattern().MatchString(image.Tag):
		return Image{}, failure.Usage("invalid image name: %q", shown(text)).
			WithHint("write REGISTRY/PATH@sha256:..., the path in lower case and without https://")
	case !hasDigest:
		what := "the image %s is named by a tag, which can be moved to another image"
		if image.Tag == "" {
			what = "the image %s is named without a digest"
		}
		return Image{}, failure.Usage(what, text).
			WithHint("write %s@sha256:...; carjs image -push prints the digest, "+
				"and for an image in a registry: docker buildx imagetools inspect %s",
				text, text)
	case !digestPattern().MatchString(digest):
		return Image{}, failure.Usage("invalid digest of the image %s: it is sha256: and 64 hexadecimal digits, lower case", shown(name)).
			WithHint("copy it as the registry prints it")
	}
	return image, nil
}

// shown is a text cut short for a message.
func shown(text string) string {
	const most = 100
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
