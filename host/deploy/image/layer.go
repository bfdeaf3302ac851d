package image

import (
	"archive/tar"
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/deploy/image/internal/deflate"
)

// entry is a file or a folder in a layer.
type entry struct {
	name string // without a slash at its beginning; a folder has one at its end
	mode int64
	uid  int // the group is always 0
	data []byte
}

// layer is a layer as it is sent.
type layer struct {
	desc    ocispec.Descriptor
	diffID  digest.Digest // of the uncompressed tar
	history string
	data    []byte
}

// pack makes a layer of entries, in their order. Nothing in it depends on the machine.
func pack(history string, entries []entry) (layer, error) {
	var out bytes.Buffer
	size := 4 << 10
	for _, e := range entries {
		size += len(e.data) + 1<<10
	}
	out.Grow(size)
	archive := tar.NewWriter(&out)
	for _, e := range entries {
		header := &tar.Header{
			Name: e.name, Mode: e.mode, Uid: e.uid, Size: int64(len(e.data)), Typeflag: tar.TypeReg, ModTime: time.Unix(0, 0),
		}
		if strings.HasSuffix(e.name, "/") {
			header.Typeflag = tar.TypeDir
		}
		err := archive.WriteHeader(header)
		if err == nil {
			_, err = archive.Write(e.data)
		}
		if err != nil {
			return layer{}, fmt.Errorf("pack %s: %w", e.name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return layer{}, fmt.Errorf("pack a layer: %w", err)
	}
	packed := deflate.Gzip(out.Bytes())
	return layer{
		desc:    describe(ocispec.MediaTypeImageLayerGzip, packed),
		diffID:  digest.FromBytes(out.Bytes()),
		history: history,
		data:    packed,
	}, nil
}

// describe is the descriptor of content.
func describe(mediaType string, data []byte) ocispec.Descriptor {
	return ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(data), Size: int64(len(data))}
}
