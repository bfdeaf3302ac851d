package check

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"

	"carjs/host/lazyregexp"
)

// getCompiler says how to get the compiler that is looked for.
const getCompiler = "install one: npm install -g typescript@7, or go install github.com/microsoft/typescript-go/cmd/tsgo@latest; " +
	"an npm project may also have it in its node_modules, and the archives of carjs with typescript in their name have it, too"

// compilers are the names of TypeScript compilers. tsgo is the native one of TypeScript 7 on its
// own; tsc may be any.
var compilers = []string{"tsgo", "tsc"}

// nativeSince is the first version of TypeScript whose compiler is native.
const nativeSince = 7

// compiler is a TypeScript compiler of this machine.
type compiler struct {
	path, version string
}

// native tells whether it is one of those that are compiled to machine code.
func (c *compiler) native() bool {
	match := version().FindStringSubmatch(c.version)
	if match == nil {
		return false
	}
	major, _ := strconv.Atoi(match[1]) // the expression lets digits pass alone
	return major >= nativeSince
}

// version is what a compiler says of itself: "Version 7.0.2".
var version = lazyregexp.New(`(\d+)\.\d+\.[\w.-]+`)

// findCompiler looks where npm installs for a project, from its folder upwards, then beside carjs
// itself, and then on the path. The first native one is taken, an older one when there is no other;
// nil is for none. An error is about one that is there and does not run.
func findCompiler(ctx context.Context, dir string) (*compiler, error) {
	var older *compiler
	var broken error
	for _, path := range candidates(dir) {
		out, err := exec.CommandContext(ctx, path, "--version").Output()
		if err != nil {
			broken = fmt.Errorf("%s --version: %w", path, err)
			continue
		}
		found := &compiler{path, version().FindString(string(out))}
		if found.native() {
			return found, nil
		}
		if older == nil && found.version != "" {
			older = found
		}
	}
	if older != nil {
		return older, nil
	}
	return nil, broken
}

// candidates are the files that may be compilers, the nearest first.
func candidates(dir string) []string {
	var paths []string
	for folder := dir; folder != ""; folder = filepath.Dir(folder) {
		for _, name := range compilers {
			if runtime.GOOS == "windows" {
				name += ".cmd"
			}
			path := filepath.Join(folder, "node_modules", ".bin", name)
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				paths = append(paths, path)
			}
		}
		if folder == filepath.Dir(folder) {
			break
		}
	}
	if path := besideCarjs(); path != "" {
		paths = append(paths, path)
	}
	for _, name := range compilers {
		if path, err := exec.LookPath(name); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// besideCarjs is the native compiler that lies beside this program, as in the archives of a release
// that have one; "" for none. A link to the program, such as package managers make, is followed.
func besideCarjs() string {
	program, err := os.Executable()
	if err == nil {
		program, err = filepath.EvalSymlinks(program)
	}
	if err != nil {
		return ""
	}
	path := filepath.Join(filepath.Dir(program), compilers[0])
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return path
}
