package bundle

import (
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// virtualFiles is the plugin through which esbuild sees the files of FS as if they were in the root
// folder. It resolves relative imports between them; every other import goes esbuild's own way,
// from the folder on disk when there is one.
func (j *job) virtualFiles() api.Plugin {
	return api.Plugin{Name: pluginName, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `.*`}, j.resolve)
		below := "^" + regexp.QuoteMeta(j.root+string(filepath.Separator))
		build.OnLoad(api.OnLoadOptions{Filter: below, Namespace: "file"}, j.load)
	}}
}

func (j *job) resolve(args api.OnResolveArgs) (api.OnResolveResult, error) {
	var name string
	switch importer, ok := j.inFS(args.Importer); {
	case args.Kind == api.ResolveEntryPoint:
		name = path.Clean(args.Path)
	case ok && (strings.HasPrefix(args.Path, "./") || strings.HasPrefix(args.Path, "../") || args.Path == "." || args.Path == ".."):
		name = path.Join(path.Dir(importer), args.Path)
	default:
		return api.OnResolveResult{}, nil
	}
	found, ok := j.find(name)
	if !ok {
		return api.OnResolveResult{Errors: []api.Message{{Text: couldNotResolve(args.Path)}}}, nil
	}
	return api.OnResolveResult{Path: filepath.Join(j.root, filepath.FromSlash(found)), Namespace: "file"}, nil
}

// find returns the file of FS that an import of name means, by the rules that esbuild has for
// folders on disk: the name itself, with an extension, its TypeScript twin, an index file.
func (j *job) find(name string) (string, bool) {
	candidates := []string{name, name + ".ts", name + ".js", name + ".json"}
	if stem, ok := strings.CutSuffix(name, ".js"); ok {
		candidates = append(candidates, stem+".ts")
	}
	candidates = append(candidates, path.Join(name, "index.ts"), path.Join(name, "index.js"), path.Join(name, "index.json"))
	for _, candidate := range candidates {
		if !fs.ValidPath(candidate) {
			continue
		}
		if info, err := fs.Stat(j.FS, candidate); err == nil && info.Mode().IsRegular() {
			return candidate, true
		}
	}
	return "", false
}

func (j *job) load(args api.OnLoadArgs) (api.OnLoadResult, error) {
	name, ok := j.inFS(args.Path)
	if !ok {
		return api.OnLoadResult{}, nil
	}
	data, err := fs.ReadFile(j.FS, name)
	if err != nil {
		return api.OnLoadResult{}, err
	}
	contents := string(data)
	return api.OnLoadResult{Contents: &contents, Loader: api.LoaderDefault, ResolveDir: filepath.Dir(args.Path)}, nil
}

// inFS returns the name in FS of an absolute path below the root. A package on disk below the same
// root is no file of FS.
func (j *job) inFS(abs string) (string, bool) {
	if j.FS == nil {
		return "", false
	}
	rel, ok := strings.CutPrefix(abs, j.root+string(filepath.Separator))
	if !ok {
		return "", false
	}
	name := filepath.ToSlash(rel)
	if _, err := fs.Stat(j.FS, name); err != nil {
		return "", false
	}
	return name, true
}
