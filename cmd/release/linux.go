package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	"github.com/goreleaser/nfpm/v2/rpm"
)

// What packages say of carjs.
const (
	summary    = "Write, try, test and run CAR connectors in TypeScript"
	maintainer = "The carjs authors <carjs@example.com>"
	licenseID  = "Apache-2.0"
)

// makeLinuxPackages makes a deb and an rpm for each Linux.
func (r *release) makeLinuxPackages(context.Context) error {
	for _, p := range r.platforms {
		if p.os != "linux" {
			continue
		}
		for _, packager := range []nfpm.Packager{deb.Default, rpm.DefaultRPM} {
			if err := r.makeLinuxPackage(p, packager); err != nil {
				return fmt.Errorf("package carjs for %s: %w", p, err)
			}
		}
	}
	return nil
}

// makeLinuxPackage makes one package. Everything in it is as old as the commit, and no host is
// named in it.
func (r *release) makeLinuxPackage(p platform, packager nfpm.Packager) error {
	licenses := filepath.Join(r.work, "licenses")
	if err := os.WriteFile(licenses, r.licenses, 0o644); err != nil {
		return err
	}
	item := func(source, target string, mode os.FileMode) *files.Content {
		return &files.Content{Source: source, Destination: target,
			FileInfo: &files.ContentFileInfo{Owner: "root", Group: "root", Mode: mode, MTime: r.time}}
	}
	info := nfpm.WithDefaults(&nfpm.Info{
		Name: "carjs", Arch: p.arch, Platform: "linux", Version: r.version, Release: "1", Section: "devel", Priority: "optional",
		Maintainer: maintainer, Description: summary, License: licenseID, MTime: r.time, DisableGlobbing: true,
		Overridables: nfpm.Overridables{
			Contents: files.Contents{
				item(r.compiled(p, "carjs"), "/usr/bin/carjs", 0o755),
				item(filepath.Join(r.root, "LICENSE"), "/usr/share/doc/carjs/copyright", 0o644),
				item(licenses, "/usr/share/doc/carjs/LICENSES.txt", 0o644),
				item(filepath.Join(r.root, "README.md"), "/usr/share/doc/carjs/README.md", 0o644),
			},
			RPM: nfpm.RPM{BuildHost: "localhost", Summary: summary},
		},
	})
	if err := nfpm.PrepareForPackager(info, packagerName(packager)); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := packager.Package(info, &out); err != nil {
		return err
	}
	return r.write(packager.ConventionalFileName(info), out.Bytes())
}

func packagerName(packager nfpm.Packager) string {
	if _, isDeb := packager.(*deb.Deb); isDeb {
		return "deb"
	}
	return "rpm"
}
