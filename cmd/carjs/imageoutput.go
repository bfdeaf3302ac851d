package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"carjs/host/deploy/image"
	"carjs/host/files"
	"carjs/host/settings"
)

// checkOutputs finds out before the work whether the files can be written, so that none is when
// another cannot be.
func checkOutputs(values settings.Values, name string) error {
	output, sbom := imageOutput(values, name), values.Text(settings.EnvImageSBOM)
	if output != "" {
		if err := image.CheckOutput(output); err != nil {
			return err
		}
	}
	if sbom == "" {
		return nil
	}
	if info, err := os.Stat(sbom); err == nil && info.IsDir() {
		return usage("cannot write the bill of materials: %s is a folder", sbom).WithHint("set -sbom to a file in a writable folder")
	}
	if output != "" && filepath.Clean(output) == filepath.Clean(sbom) {
		return usage("-o and -sbom are both %s", sbom).WithHint("set -sbom to another file")
	}
	if err := files.Writable(sbom); err != nil {
		return usage("cannot write the bill of materials: %s", files.Reason(err)).WithCause(err).
			WithHint("set -sbom to a file in a writable folder")
	}
	return nil
}

// imageOutput is where the image is written, "" when it is only pushed.
func imageOutput(values settings.Values, name string) string {
	output := values.Text(settings.EnvImageOutput)
	if output == "" && values.Text(settings.EnvImagePush) == "" {
		output = name + ".tar"
	}
	return output
}

// deliver writes and pushes an image, and says what became of it.
func (env environment) deliver(ctx context.Context, made *image.Image, target *image.Target, values settings.Values, name string) error {
	output, sbom := imageOutput(values, name), values.Text(settings.EnvImageSBOM)
	var platforms []string
	for _, p := range made.Platforms() {
		platforms = append(platforms, string(p))
	}
	what := fmt.Sprintf("%s, %.1f MB", strings.Join(platforms, " and "), float64(made.Size())/1e6)
	called := made.Name()
	if target != nil {
		called = target.Name(made)
	}
	if output != "" {
		if err := writeImage(ctx, made, output, called); err != nil {
			return err
		}
		fmt.Fprintf(env.Stdout, "%s is written: %s for %s\n", output, called, what)
	}
	if sbom != "" {
		if err := files.Write(sbom, made.SBOM()); err != nil {
			return usage("cannot write the bill of materials: %s", files.Reason(err)).WithCause(err).
				WithHint("set -sbom to a file in a writable folder")
		}
		fmt.Fprintf(env.Stdout, "%s is written: the bill of materials\n", sbom)
	}
	next := "docker load -i " + output
	if output != "" && !image.IsArchiveName(output) {
		next = "push it with a tool that reads OCI layouts, or with carjs image -push"
	}
	if target != nil {
		pushed, err := made.Push(ctx, target, sbom != "")
		if err != nil {
			return err
		}
		fmt.Fprintf(env.Stdout, "%s is pushed: %s\n", pushed.Tagged, what)
		if pushed.SBOM != "" {
			fmt.Fprintf(env.Stdout, "%s is pushed: the bill of materials\n", pushed.SBOM)
		}
		next = fmt.Sprintf("carjs manifest %s -image %s@%s -source NAME", name, pushed.Tagged, made.Digest())
	}
	fmt.Fprintf(env.Stdout, "digest %s\nnext: %s\n", made.Digest(), next)
	return nil
}

func writeImage(ctx context.Context, made *image.Image, path, called string) error {
	if image.IsArchiveName(path) {
		return made.WriteTar(ctx, path, called)
	}
	return made.WriteLayout(ctx, path, called)
}
