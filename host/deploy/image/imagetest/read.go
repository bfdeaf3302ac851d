package imagetest

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Source returns content by its digest.
type Source func(digest.Digest) ([]byte, error)

// Image is an image for one platform that was read and found in order.
type Image struct {
	Manifest ocispec.Manifest
	Config   ocispec.Image
	// Layers are the uncompressed layers.
	Layers [][]byte
}

// Archive returns the files of a tar archive, as -o FILE.tar writes it: for [Layout].
func Archive(r io.Reader) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	for archive := tar.NewReader(r); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(archive)
		if err != nil {
			return nil, err
		}
		files[h.Name] = &fstest.MapFile{Data: data}
	}
}

// Layout returns the source of an OCI layout and the descriptors that its index lists.
func Layout(files fs.FS) (Source, []ocispec.Descriptor, error) {
	var layout ocispec.ImageLayout
	data, err := fs.ReadFile(files, ocispec.ImageLayoutFile)
	if err == nil {
		err = strict(data, &layout)
	}
	if err != nil || layout.Version != ocispec.ImageLayoutVersion {
		return nil, nil, fmt.Errorf("oci-layout %q: %w", layout.Version, err)
	}
	var index ocispec.Index
	if data, err = fs.ReadFile(files, ocispec.ImageIndexFile); err == nil {
		err = strict(data, &index)
	}
	if err != nil || index.SchemaVersion != 2 {
		return nil, nil, fmt.Errorf("index.json of version %d: %w", index.SchemaVersion, err)
	}
	return func(d digest.Digest) ([]byte, error) {
		return fs.ReadFile(files, path.Join("blobs", d.Algorithm().String(), d.Encoded()))
	}, index.Manifests, nil
}

// strict decodes a document in which nothing may stand that the specification does not have.
func strict(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if decoder.More() {
		return errors.New("something follows the document")
	}
	return nil
}

// get returns content that is what its descriptor says.
func (s Source) get(desc ocispec.Descriptor) ([]byte, error) {
	data, err := s(desc.Digest)
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) != desc.Size || digest.FromBytes(data) != desc.Digest:
		return nil, fmt.Errorf("%s is not what its descriptor says", desc.Digest)
	}
	return data, nil
}

// Read reads all images that a descriptor leads to, by platform. An error is whatever does not keep
// to the image specification: digests, sizes, media types, fields, platforms, the checksums of
// uncompressed layers.
func Read(source Source, root ocispec.Descriptor) (map[string]Image, error) {
	data, err := source.get(root)
	if err != nil {
		return nil, err
	}
	switch root.MediaType {
	case ocispec.MediaTypeImageManifest:
		image, err := source.image(data)
		return map[string]Image{image.Config.OS + "/" + image.Config.Architecture: image}, err
	case ocispec.MediaTypeImageIndex:
	default:
		return nil, fmt.Errorf("media type %q", root.MediaType)
	}
	var index ocispec.Index
	if err := strict(data, &index); err != nil || index.SchemaVersion != 2 || index.MediaType != root.MediaType {
		return nil, fmt.Errorf("index %s: version %d, %q, %w", root.Digest, index.SchemaVersion, index.MediaType, err)
	}
	images := map[string]Image{}
	for _, desc := range index.Manifests {
		found, err := Read(source, desc)
		if err != nil {
			return nil, err
		}
		for platform, image := range found {
			if desc.Platform == nil || desc.Platform.OS+"/"+desc.Platform.Architecture != platform {
				return nil, fmt.Errorf("%s is for %s, but the index says %+v", desc.Digest, platform, desc.Platform)
			}
			images[platform] = image
		}
	}
	return images, nil
}

func (s Source) image(data []byte) (Image, error) {
	var image Image
	m := &image.Manifest
	if err := strict(data, m); err != nil || m.SchemaVersion != 2 || m.MediaType != ocispec.MediaTypeImageManifest {
		return image, fmt.Errorf("manifest: version %d, %q, %w", m.SchemaVersion, m.MediaType, err)
	}
	config, err := s.get(m.Config)
	if err == nil {
		err = strict(config, &image.Config)
	}
	if err != nil || m.Config.MediaType != ocispec.MediaTypeImageConfig {
		return image, fmt.Errorf("configuration %q: %w", m.Config.MediaType, err)
	}
	if c := image.Config; c.RootFS.Type != "layers" || len(c.RootFS.DiffIDs) != len(m.Layers) || c.OS == "" || c.Architecture == "" {
		return image, fmt.Errorf("configuration %+v does not fit %d layers", c, len(m.Layers))
	}
	for n, desc := range m.Layers {
		data, err := s.get(desc)
		if err != nil {
			return image, err
		}
		if desc.MediaType == ocispec.MediaTypeImageLayerGzip {
			unzipped, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return image, err
			}
			if data, err = io.ReadAll(unzipped); err != nil {
				return image, err
			}
		} else if desc.MediaType != ocispec.MediaTypeImageLayer {
			return image, fmt.Errorf("layer %q", desc.MediaType)
		}
		if digest.FromBytes(data) != image.Config.RootFS.DiffIDs[n] {
			return image, fmt.Errorf("layer %d is not the one that the configuration lists", n)
		}
		image.Layers = append(image.Layers, data)
	}
	return image, nil
}

// Unpack unpacks the layers into a folder, one over the other, as a container engine does: with
// modes, with owners when this process is root, and without what a later layer has removed. It
// writes nothing outside the folder.
func (image Image) Unpack(dir string) error {
	for _, layer := range image.Layers {
		archive := tar.NewReader(bytes.NewReader(layer))
		for {
			header, err := archive.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil {
				err = unpack(dir, header, archive)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func unpack(dir string, header *tar.Header, content io.Reader) error {
	name := filepath.FromSlash(path.Clean(header.Name))
	if !filepath.IsLocal(name) {
		return fmt.Errorf("%s leads out of the image", header.Name)
	}
	target := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if removed, ok := strings.CutPrefix(filepath.Base(target), ".wh."); ok {
		return os.RemoveAll(filepath.Join(filepath.Dir(target), removed))
	}
	switch header.Typeflag {
	case tar.TypeDir:
		if err := os.MkdirAll(target, 0o755); err != nil {
			return err
		}
	case tar.TypeReg:
		data, err := io.ReadAll(content)
		if err == nil {
			err = os.RemoveAll(target)
		}
		if err == nil {
			err = os.WriteFile(target, data, 0o600)
		}
		if err != nil {
			return err
		}
	case tar.TypeSymlink:
		_ = os.Remove(target)
		return os.Symlink(header.Linkname, target)
	default:
		return fmt.Errorf("%s is of type %q", header.Name, header.Typeflag)
	}
	if os.Getuid() == 0 {
		if err := os.Chown(target, header.Uid, header.Gid); err != nil {
			return err
		}
	}
	return os.Chmod(target, header.FileInfo().Mode())
}
