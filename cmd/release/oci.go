package main

import (
	"context"
	"path/filepath"

	"carjs/host/deploy/image"
)

// makeImage makes the image of carjs for all Linux platforms, as an archive that docker load reads
// and every tool for OCI layouts.
func (r *release) makeImage(ctx context.Context) error {
	spec := image.Spec{Name: "carjs", Title: "carjs", Version: r.version, Carjs: r.version, Index: true, Binaries: map[image.Platform]string{}}
	for _, p := range r.platforms {
		if p.os == "linux" {
			spec.Binaries[image.Platform(p.String())] = r.compiled(p, "carjs")
		}
	}
	if len(spec.Binaries) == 0 {
		return nil
	}
	made, err := image.Build(ctx, spec)
	if err != nil {
		return err
	}
	name := "carjs-" + r.version + "-oci.tar"
	if err := made.WriteTar(ctx, filepath.Join(r.made, name), made.Name()); err != nil {
		return err
	}
	return r.add(name)
}
