// Command release makes all files of a release of carjs, with nothing but Go, and publishes none of
// them: static binaries in archives, with and without the TypeScript compiler, packages for Debian,
// Fedora, npm and Homebrew, a container image, a bill of materials, and checksums. The same commit
// makes the same files, byte for byte, on every machine with the same Go.
//
//   - build.go compiles; release.go says which files there are, and writes them.
//   - archive.go, linux.go, npm.go, brew.go, oci.go and bill.go each know one format.
//   - licenses.go collects the licenses of what is linked.
//
// It is a Go module of its own, so that carjs does not depend on the libraries that write packages.
// What a user can do with a release is in docs/releases.md.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		stop()
		os.Exit(1)
	}
}

const usage = `usage: release build [flags]    make all files of a release
       release licenses         write the licenses that are embedded in carjs
       release licenses -check  fail if they are not those of what is linked`

// run runs one command line, in any folder of the project.
func run(ctx context.Context, args []string) error {
	root, err := projectRoot()
	if err != nil {
		return err
	}
	switch {
	case len(args) > 0 && args[0] == "build":
		return build(ctx, root, args[1:])
	case len(args) > 0 && args[0] == "licenses":
		return embedLicenses(root, len(args) > 1 && args[1] == "-check")
	}
	return fmt.Errorf("no command\n%s", usage)
}

// projectRoot is the folder of the module carjs.
func projectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(data), "module carjs\n") {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("run this in the folder of carjs")
		}
		dir = filepath.Dir(dir)
	}
}

// build reads the flags of release build.
func build(ctx context.Context, root string, args []string) error {
	flags := flag.NewFlagSet("release build", flag.ContinueOnError)
	r := &release{root: root}
	flags.StringVar(&r.version, "version", "", "version, such as 1.0.0 (default: the tag of the commit, or 0.0.0-dev)")
	flags.StringVar(&r.out, "o", filepath.Join(root, "dist"), "folder for the files; what is in it is removed")
	flags.StringVar(&r.url, "url", "", "URL of the folder that the files will be downloaded from; without it there is no Homebrew formula")
	platforms := flags.String("platform", "", "platforms, separated by commas (default: all)")
	compiler := flags.String("typescript", "", "platforms of the archives with the TypeScript compiler, or none (default: those of -platform)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("release build takes flags only, but got %q", flags.Arg(0))
	}
	var err error
	if r.platforms, err = parsePlatforms(*platforms, allPlatforms()); err != nil {
		return err
	}
	if r.compilers, err = parsePlatforms(*compiler, r.platforms); err != nil {
		return err
	}
	return r.assemble(ctx)
}

// embedLicenses writes the file of licenses that carjs embeds, or compares.
func embedLicenses(root string, compare bool) error {
	found, err := collectLicenses(root, "./cmd/carjs", allPlatforms())
	if err != nil {
		return err
	}
	text := licenseText("carjs", found)
	path := filepath.Join(root, "cmd", "carjs", "internal", "licenses", "licenses.txt.gz")
	if !compare {
		data, err := compress(text)
		if err != nil {
			return err
		}
		return os.WriteFile(path, data, 0o644)
	}
	// Texts are compared, because another version of Go may compress them otherwise.
	if old, err := decompress(path); err != nil || old != text {
		return fmt.Errorf("the embedded licenses are not those of what is linked: run make licenses")
	}
	return nil
}
