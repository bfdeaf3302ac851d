package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// platform is an operating system and a processor, in Go's names.
type platform struct{ os, arch string }

func (p platform) String() string { return p.os + "/" + p.arch }

// name is the platform in the names of files.
func (p platform) name() string { return p.os + "-" + p.arch }

// program is the name of a program's file.
func (p platform) program(name string) string {
	if p.os == "windows" {
		return name + ".exe"
	}
	return name
}

// environment is that of a Go command for the platform: no C, and nothing of this machine's
// settings.
func (p platform) environment() []string {
	return append(os.Environ(), "GOOS="+p.os, "GOARCH="+p.arch, "GOAMD64=v1", "GOARM64=v8.0", "CGO_ENABLED=0", "GOWORK=off", "GOEXPERIMENT=")
}

// allPlatforms are those of a release.
func allPlatforms() []platform {
	return []platform{
		{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"},
	}
}

// parsePlatforms reads a list with commas; "" is the default, "none" is none.
func parsePlatforms(text string, byDefault []platform) ([]platform, error) {
	switch text {
	case "":
		return byDefault, nil
	case "none":
		return nil, nil
	}
	var out []platform
	for name := range strings.SplitSeq(text, ",") {
		i := slices.IndexFunc(allPlatforms(), func(p platform) bool { return p.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("unknown platform %q: the platforms are %v", name, allPlatforms())
		}
		out = append(out, allPlatforms()[i])
	}
	return out, nil
}

// buildTags are those of build.flags.
const buildTags = "urfave_cli_no_docs"

// buildFlags are the flags that carjs is built with everywhere.
func buildFlags(root string) ([]string, error) {
	data, err := os.ReadFile(filepath.Join(root, "cmd", "carjs", "build.flags"))
	return strings.Fields(string(data)), err
}

// compiler is the TypeScript compiler, a tool of the module.
const compiler = "github.com/microsoft/typescript-go/cmd/tsgo"

// goBuild compiles a program of the module. What it makes depends on the code and on Go alone.
func (r *release) goBuild(ctx context.Context, p platform, to, program string, flags ...string) error {
	began := time.Now()
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-o", to}, append(flags, program)...)
	c := exec.CommandContext(ctx, "go", args...)
	c.Dir, c.Env = r.root, p.environment()
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s for %s: %w\n%s", filepath.Base(program), p, err, out)
	}
	fmt.Fprintf(os.Stderr, "%s for %s: built in %s\n", filepath.Base(program), p, time.Since(began).Round(time.Second/10))
	return nil
}

// inspect asks git what is built. A folder without git is a release of nobody's: it needs -version.
func (r *release) inspect(ctx context.Context) error {
	commit, err := r.git(ctx, "rev-parse", "HEAD")
	if err != nil {
		if r.version == "" {
			return errors.New("there is no git here to ask for the version: set -version")
		}
		r.time = time.Unix(0, 0).UTC()
		return nil
	}
	r.commit = commit
	changed, err := r.git(ctx, "status", "--porcelain")
	if err != nil {
		return err
	}
	r.dirty = changed != ""
	text, err := r.git(ctx, "log", "-1", "--format=%ct")
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	r.time = time.Unix(seconds, 0).UTC()
	if r.version == "" {
		r.version = "0.0.0-dev"
		if tag, err := r.git(ctx, "describe", "--tags", "--exact-match", "--match", "v[0-9]*"); err == nil && !r.dirty {
			r.version = strings.TrimPrefix(tag, "v")
		}
	}
	return nil
}

func (r *release) git(ctx context.Context, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "git", args...)
	c.Dir = r.root
	out, err := c.Output()
	return strings.TrimSpace(string(out)), err
}
