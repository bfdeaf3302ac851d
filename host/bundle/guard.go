package bundle

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evanw/esbuild/pkg/api"
)

// guard keeps a build within the walls of its connector. esbuild asks it for every file that it
// loads, by whatever way an import led there; what esbuild reads on its own account (tsconfig.json,
// package.json, source maps) is looked at before.
type guard struct {
	walls  *walls
	loaded atomic.Int64 // files of this build
	full   sync.Once    // tells once that there are too many
	known  sync.Map     // path -> stamp: files whose source maps were looked at and are right
	seen   sync.Map     // packages whose folders were looked at in this build
}

// stamp tells one version of a file from another.
type stamp struct {
	size int64
	time time.Time
}

// begin makes ready for a build.
func (g *guard) begin() {
	g.walls.forget()
	g.seen.Clear()
	g.loaded.Store(0)
	g.full = sync.Once{}
}

// plugin is the guard as esbuild takes it. It comes after all others, which know files that are on
// no disk.
func (g *guard) plugin() api.Plugin {
	return api.Plugin{Name: pluginName, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: packageFilter}, g.resolve)
		build.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "file"}, g.load)
	}}
}

// packageFilter is the pattern of imports that lead into node_modules.
const packageFilter = `^[^./#]`

// resolve looks at the package that an import names before esbuild reads its package.json.
func (g *guard) resolve(args api.OnResolveArgs) (api.OnResolveResult, error) {
	if args.Kind == api.ResolveEntryPoint || args.ResolveDir == "" || filepath.IsAbs(args.Path) {
		return api.OnResolveResult{}, nil
	}
	name := filepath.FromSlash(packageName(args.Path))
	err := g.modules(args.ResolveDir, name)
	for dir := range above(args.ResolveDir) {
		if err != nil {
			break
		}
		err = g.modules(dir, name)
	}
	return api.OnResolveResult{}, err
}

// modules looks at a package in the node_modules of a folder, if it is there.
func (g *guard) modules(dir, name string) error {
	folder := filepath.Join(dir, modulesFolder, name)
	if known, ok := g.seen.Load(folder); ok {
		err, _ := known.(error)
		return err
	}
	_, err := g.walls.check(folder)
	if err == nil {
		_, err = g.walls.check(filepath.Join(folder, "package.json"))
	}
	if !refused(err) {
		err = nil // what is not there is for esbuild to tell
	}
	g.seen.Store(folder, err)
	return err
}

// load looks at a file before esbuild reads it. The zero result has esbuild read it.
func (g *guard) load(args api.OnLoadArgs) (api.OnLoadResult, error) {
	empty := ""
	if g.loaded.Add(1) > maxBuildFiles {
		var err error
		g.full.Do(func() { err = errTooMany })
		return api.OnLoadResult{Contents: &empty}, err
	}
	info, err := g.walls.check(args.Path)
	if refused(err) {
		return api.OnLoadResult{}, err
	}
	if err != nil || info.IsDir() {
		return api.OnLoadResult{}, nil // esbuild says better what is wrong
	}
	now := stamp{info.Size(), info.ModTime()}
	if known, ok := g.known.Load(args.Path); ok && known == now {
		return api.OnLoadResult{}, nil
	}
	if !hasSourceMaps(args.Path) {
		return api.OnLoadResult{}, nil
	}
	text, err := os.ReadFile(args.Path)
	if err != nil {
		return api.OnLoadResult{}, nil
	}
	if err := g.patterns(args.Path, text); err != nil {
		return api.OnLoadResult{}, err
	}
	if err := g.sourceMaps(args.Path, text); err != nil {
		return api.OnLoadResult{}, err
	}
	g.known.Store(args.Path, now)
	return api.OnLoadResult{}, nil
}

var errTooMany = errors.New("the connector imports more than 20000 files, which is the limit of a build: " +
	"load such data while the connector runs")

// hasSourceMaps tells whether esbuild looks for a source map in a file.
func hasSourceMaps(path string) bool {
	switch filepath.Ext(path) {
	case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".css":
		return true
	}
	return false
}

// survey looks at what esbuild reads of the connector's folder on its own account, before it does.
func (g *guard) survey(ctx context.Context) (file string, err error) {
	root := g.walls.root
	if modules, err := g.walls.check(filepath.Join(root, modulesFolder)); refused(err) {
		return modulesFolder, err
	} else if err == nil && !modules.IsDir() {
		return modulesFolder, &unfitError{modulesFolder, "is a file: remove it, and run npm install"}
	}
	count, at := 0, root
	failed := filepath.WalkDir(root, func(path string, entry fs.DirEntry, walkErr error) error {
		if walkErr != nil {
			return nil // esbuild does without what cannot be read, or says that it is missing
		}
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		name := entry.Name()
		if entry.IsDir() && path != root && (name == modulesFolder || name == ".git") {
			return fs.SkipDir
		}
		if count++; count > maxFolderSize {
			return &unfitError{"the connector's folder", "contains more than 50000 files: keep other data outside it"}
		}
		at = path
		switch name {
		case "package.json":
			if _, err := g.walls.check(path); refused(err) {
				return err
			}
		case "tsconfig.json", "jsconfig.json":
			return g.config(path, 0)
		}
		return nil
	})
	if failed != nil {
		file = g.walls.shown(at)
	}
	return file, failed
}
