package image

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/failure"
	"carjs/host/files"
)

// madeBy marks the index of a layout that carjs wrote, which may be replaced.
const madeBy = "carjs.image"

// writeFile takes one file of a layout.
type writeFile func(name string, size int64, content io.Reader) error

// layout hands out the files of an OCI layout, in an order that does not change. Of the three at
// its root, manifest.json is what docker load reads in an archive.
func (i *Image) layout(ctx context.Context, name string, write writeFile) error {
	root := i.root
	full := name
	if !strings.Contains(name, "/") {
		full = "docker.io/library/" + name // as docker save calls an image without a registry
	}
	root.Annotations = map[string]string{ocispec.AnnotationRefName: tagOf(name), "io.containerd.image.name": full}
	index := ocispec.Index{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex,
		Manifests: []ocispec.Descriptor{root}, Annotations: map[string]string{madeBy: i.spec.Name},
	}
	for _, file := range []struct {
		name  string
		value any
	}{
		{ocispec.ImageLayoutFile, ocispec.ImageLayout{Version: ocispec.ImageLayoutVersion}},
		{ocispec.ImageIndexFile, index},
		{"manifest.json", i.dockerManifest(name)},
	} {
		data, err := json.Marshal(file.value)
		if err == nil {
			err = write(file.name, int64(len(data)), bytes.NewReader(data))
		}
		if err != nil {
			return err
		}
	}
	for _, d := range i.sorted(func(blob) bool { return true }) {
		if err := i.writeBlob(ctx, i.blobs[d], write); err != nil {
			return err
		}
	}
	return nil
}

func (i *Image) writeBlob(ctx context.Context, b blob, write writeFile) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	content, err := b.open(ctx)
	if err != nil {
		return i.base.failed(err)
	}
	defer content.Close() //nolint:errcheck // it was read to its end, or failed
	read := &tellErrors{Reader: content}
	err = write(blobPath(b.desc.Digest), b.desc.Size, read)
	if b.from != nil && read.err != nil {
		return i.base.failed(read.err)
	}
	return err
}

// tellErrors keeps the error of a reader, so that it can be told from one of the writer.
type tellErrors struct {
	io.Reader
	err error
}

func (t *tellErrors) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		t.err = err
	}
	return n, err
}

func blobPath(d digest.Digest) string {
	return path.Join(ocispec.ImageBlobsDir, d.Algorithm().String(), d.Encoded())
}

// tagOf is what follows the last colon, unless that belongs to a registry's port.
func tagOf(name string) string {
	_, tag, _ := strings.Cut(name[strings.LastIndexByte(name, '/')+1:], ":")
	return tag
}

// dockerImage is an image in the manifest.json of an archive of docker save.
type dockerImage struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// dockerManifest lists the images by platform. A docker that does not know indexes loads each, so
// that each has a name of its own when there are several.
func (i *Image) dockerManifest(name string) []dockerImage {
	var out []dockerImage
	for _, m := range i.manifests {
		image := dockerImage{Config: blobPath(m.config.Digest), RepoTags: []string{name}}
		if len(i.manifests) > 1 {
			image.RepoTags[0] += "-" + m.platform.Architecture()
		}
		for _, l := range m.layers {
			image.Layers = append(image.Layers, blobPath(l.Digest))
		}
		out = append(out, image)
	}
	return out
}

// Name is what the image is called in a layout or an archive: isc-car-connector-NAME:TAG.
func (i *Image) Name() string { return i.Repository() + ":" + i.Tag() }

// WriteTar writes the image to a file that docker load reads, and everybody who reads OCI layouts
// in an archive; whole or not at all. A file that is there is replaced when it is such an archive.
// The name is one like that of [Image.Name], with a tag. The error is a [*failure.Failure].
func (i *Image) WriteTar(ctx context.Context, file, name string) error {
	if err := replaceableFile(file); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), ".carjs-*")
	if err != nil {
		return unwritten(err)
	}
	defer os.Remove(temporary.Name()) //nolint:errcheck // after the renaming there is none
	err = i.tar(ctx, temporary, name)
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Chmod(temporary.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	return unwritten(err)
}

// replaceableFile tells whether an archive may be written in the place of what is there.
func replaceableFile(file string) error {
	switch info, err := os.Stat(file); {
	case err == nil && !info.Mode().IsRegular():
		return failure.Usage("%s is not a file", file).WithHint("set another file with -o")
	case err == nil && !isArchive(file):
		return failure.Usage("%s exists and is not an image", file).WithHint("set another file with -o, or remove this one")
	}
	return nil
}

// IsArchiveName tells a path at which [Image.WriteTar] writes from one for [Image.WriteLayout].
func IsArchiveName(path string) bool { return strings.EqualFold(filepath.Ext(path), ".tar") }

// CheckOutput tells whether an image can be written to a path, before it is made. Nothing is left of
// the attempt. The error is a [*failure.Failure].
func CheckOutput(path string) error {
	check := replaceable
	if IsArchiveName(path) {
		check = replaceableFile
	}
	if err := check(path); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(filepath.Dir(filepath.Clean(path)), ".carjs-*")
	if err != nil {
		return unwritten(err)
	}
	return unwritten(os.Remove(temporary))
}

func (i *Image) tar(ctx context.Context, to io.Writer, name string) error {
	archive := tar.NewWriter(to)
	err := i.layout(ctx, name, func(name string, size int64, content io.Reader) error {
		header := &tar.Header{Name: name, Mode: 0o644, Size: size, Typeflag: tar.TypeReg, ModTime: time.Unix(0, 0)}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		_, err := io.Copy(archive, content)
		return err
	})
	if err != nil {
		return err
	}
	return archive.Close()
}

// isArchive tells an archive of an image by its first file.
func isArchive(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	header, err := tar.NewReader(file).Next()
	return err == nil && (header.Name == ocispec.ImageLayoutFile || header.Name == "manifest.json" || header.Name == "blobs/")
}

// WriteLayout writes the image to a folder as an OCI layout, whole or not at all. A folder that is
// there is replaced when it is empty or such a layout of carjs. The error is a [*failure.Failure].
func (i *Image) WriteLayout(ctx context.Context, dir, name string) error {
	if err := replaceable(dir); err != nil {
		return err
	}
	temporary, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), ".carjs-*")
	if err != nil {
		return unwritten(err)
	}
	defer os.RemoveAll(temporary) //nolint:errcheck // what is left is hidden, and named after carjs
	made := filepath.Join(temporary, "layout")
	err = i.layout(ctx, name, func(name string, _ int64, content io.Reader) error {
		if name == "manifest.json" {
			return nil // an archive's alone
		}
		return writeTo(filepath.Join(made, filepath.FromSlash(name)), content)
	})
	if err == nil {
		err = swap(dir, made, filepath.Join(temporary, "before"))
	}
	return unwritten(err)
}

func writeTo(path string, content io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}

// swap puts a folder in the place of another, which it moves away.
func swap(dir, made, before string) error {
	err := os.Rename(dir, before)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if moveErr := os.Rename(made, dir); moveErr != nil {
		if err == nil {
			_ = os.Rename(before, dir) // as it was
		}
		return moveErr
	}
	return nil
}

// replaceable tells whether a folder may be written in the place of what is there.
func replaceable(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return unwritten(err)
	}
	if !info.IsDir() {
		return failure.Usage("%s is a file", dir).WithHint("set -o to a folder, or to a file that ends with .tar")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return unwritten(err)
	}
	var index ocispec.Index
	data, err := os.ReadFile(filepath.Join(dir, ocispec.ImageIndexFile))
	if err != nil || json.Unmarshal(data, &index) != nil || index.Annotations[madeBy] == "" {
		return failure.Usage("the folder %s exists and is not an image of carjs", dir).
			WithHint("set another folder with -o, or remove this one")
	}
	return nil
}

// unwritten is the failure of an image that could not be written; nil stays nil.
func unwritten(err error) error {
	var known *failure.Failure
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled):
		return stopped(err)
	}
	return failure.Usage("cannot write the image: %s", files.Reason(err)).WithCause(fmt.Errorf("write the image: %w", err)).
		WithHint("set -o to a file or folder in a writable folder")
}
