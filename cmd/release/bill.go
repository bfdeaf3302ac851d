package main

import (
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"fmt"
	"os"

	"carjs/host/deploy/sbom"
)

// makeBill writes the bill of materials: each program with its checksum, and the modules that are
// linked into it, as the program itself says.
func (r *release) makeBill(context.Context) error {
	whole := sbom.Part{Type: "application", Ref: "carjs", Name: "carjs", Version: r.version, PURL: "pkg:generic/carjs@" + r.version}
	b := sbom.New(whole, r.version, "carjs "+r.version+" "+r.commit)
	for _, p := range r.programs {
		data, err := os.ReadFile(p.path)
		if err != nil {
			return err
		}
		info, err := buildinfo.ReadFile(p.path)
		if err != nil {
			return fmt.Errorf("read what %s for %s is built of: %w", p.name, p.platform, err)
		}
		hash := sha256.Sum256(data)
		part := sbom.Part{Type: "application", Ref: p.name + "-" + p.platform.name(), Name: p.name + " for " + p.String(),
			Version: r.version, Hashes: sbom.SHA256(hex.EncodeToString(hash[:]))}
		if p.name != "carjs" {
			part.Version = versionIn(info, compiler)
		}
		b.Add(whole.Ref, part)
		b.Add(part.Ref, sbom.Library("golang", "stdlib", info.GoVersion))
		for _, m := range info.Deps {
			if m.Replace != nil {
				m = m.Replace
			}
			b.Add(part.Ref, sbom.Library("golang", m.Path, m.Version))
		}
	}
	data, err := b.JSON()
	if err != nil {
		return err
	}
	return r.write("carjs-"+r.version+".cdx.json", data)
}

// versionIn is the version of the module that a program belongs to.
func versionIn(info *buildinfo.BuildInfo, program string) string {
	if info.Path == program {
		return info.Main.Version
	}
	return ""
}
