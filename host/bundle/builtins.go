package bundle

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// nodeNamespace is that of the files that no folder has.
const nodeNamespace = "carjs-node"

// nodeGlobals makes Node's globals, each from its module when it is first mentioned. They are
// members of one variable of the bundle, under which nodeDefines finds them. Files that esbuild
// injects would do it as well, but where several CommonJS files leave one unmentioned, esbuild 0.28
// names it in all of them at once: a data race, after which a bundle can differ from the one before.
const nodeGlobals = ` var carjsNode = Object.defineProperties({}, Object.fromEntries(Object.entries({` +
	`Buffer: () => require("node:buffer").Buffer, process: () => require("node:process"), ` +
	`setImmediate: () => require("node:timers").setImmediate, clearImmediate: () => require("node:timers").clearImmediate` +
	`}).map(([name, make]) => [name, {configurable: true, get() {` +
	`const value = make(); Object.defineProperty(this, name, {value}); return value; }}])));`

// nodeDefines is defines with Node's globals in it, however a package spells them.
var nodeDefines = sync.OnceValue(func() map[string]string {
	all := maps.Clone(defines)
	for _, name := range []string{"Buffer", "process", "setImmediate", "clearImmediate"} {
		for _, prefix := range []string{"", "globalThis.", "self.", "global."} {
			all[prefix+name] = "carjsNode." + name
		}
	}
	return all
})

// nodeFiles are the files that no folder has, by name.
var nodeFiles = map[string]string{
	"stream/promises": `module.exports = require("stream").promises;`,
}

// streamPackages have the module stream, best first.
var streamPackages = [...]string{"readable-stream", "stream-browserify"}

// hasNode tells whether there are modules of Node at run time.
func (j *job) hasNode() bool { return slices.Contains(j.Modules, nodePrefix+"buffer") }

// hasPackages tells whether packages of npm are in reach. A connector without any gets no globals of
// Node: it has those of carjs, and the bundler would take a millisecond longer at every start.
func (j *job) hasPackages() bool {
	for dir := j.root; ; dir = filepath.Dir(dir) {
		if info, err := os.Stat(filepath.Join(dir, "node_modules")); err == nil && info.IsDir() {
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// ownNames are the names of the modules but those of Node.
func (j *job) ownNames() []string {
	return slices.DeleteFunc(slices.Clone(j.Modules), func(name string) bool { return strings.HasPrefix(name, nodePrefix) })
}

// nodeModules is the plugin that leaves the modules of Node outside the bundle, under the names that
// they have at run time. A package that says what browsers get in their place gets that.
func (j *job) nodeModules() api.Plugin {
	names := []string{"stream", "stream/promises"}
	for _, module := range j.Modules {
		if name, ok := strings.CutPrefix(module, nodePrefix); ok {
			names = append(names, regexp.QuoteMeta(name))
		}
	}
	return api.Plugin{Name: pluginName, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: `^(node:)?(` + strings.Join(names, "|") + `)$`},
			func(args api.OnResolveArgs) (api.OnResolveResult, error) { return j.resolveNode(build, args), nil })
		build.OnResolve(api.OnResolveOptions{Filter: `^@azure/core-xml$`},
			func(args api.OnResolveArgs) (api.OnResolveResult, error) { return withoutDocument(build, args), nil })
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: nodeNamespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			contents := nodeFiles[args.Path]
			return api.OnLoadResult{Contents: &contents, ResolveDir: j.root, Loader: api.LoaderJS}, nil
		})
	}}
}

// resolveNode says what the import of a module of Node is. The zero result leaves it to esbuild.
func (j *job) resolveNode(build api.PluginBuild, args api.OnResolveArgs) api.OnResolveResult {
	name := strings.TrimPrefix(args.Path, nodePrefix)
	_, throws := absent[name]
	if instead, said := browserField(args); said {
		if _, isPath := instead.(string); isPath || throws {
			return api.OnResolveResult{}
		}
	}
	switch {
	case name == "stream":
		for _, candidate := range streamPackages {
			for _, dir := range []string{args.ResolveDir, j.root} {
				found := build.Resolve(candidate, api.ResolveOptions{ResolveDir: dir, Kind: api.ResolveJSRequireCall})
				if len(found.Errors) == 0 && !found.External {
					return api.OnResolveResult{Path: found.Path, Namespace: found.Namespace}
				}
			}
		}
		return api.OnResolveResult{}
	case name == "stream/promises":
		return api.OnResolveResult{Path: name, Namespace: nodeNamespace}
	case throws && !inPackage(filepath.ToSlash(args.Importer)):
		return api.OnResolveResult{}
	}
	return api.OnResolveResult{Path: nodePrefix + name, External: true, SideEffects: api.SideEffectsFalse}
}

// askedAgain marks a resolution that a plugin asks for itself.
type askedAgain struct{}

// withoutDocument says what the import of a package is whose files for browsers need a document, of
// which there is none: those that it has for another platform without Node's modules. The zero result
// leaves it to esbuild.
func withoutDocument(build api.PluginBuild, args api.OnResolveArgs) api.OnResolveResult {
	if _, own := args.PluginData.(askedAgain); own {
		return api.OnResolveResult{}
	}
	found := build.Resolve(args.Path, api.ResolveOptions{
		Importer: args.Importer, Namespace: args.Namespace, ResolveDir: args.ResolveDir, Kind: args.Kind, PluginData: askedAgain{},
	})
	if len(found.Errors) > 0 || found.External {
		return api.OnResolveResult{}
	}
	browser, native := filepath.FromSlash("/dist/browser/"), filepath.FromSlash("/dist/react-native/")
	instead := strings.Replace(found.Path, browser, native, 1)
	if _, err := os.Stat(instead); err != nil || instead == found.Path {
		return api.OnResolveResult{}
	}
	return api.OnResolveResult{Path: instead, Namespace: found.Namespace}
}

// browserField is what the package of an importing file says in its field browser of the module
// that the file imports.
func browserField(args api.OnResolveArgs) (instead any, said bool) {
	for dir := args.ResolveDir; inPackage(filepath.ToSlash(dir) + "/"); dir = filepath.Dir(dir) {
		text, err := os.ReadFile(filepath.Join(dir, "package.json"))
		if err != nil {
			continue
		}
		var about struct {
			Name    string `json:"name"`
			Browser any    `json:"browser"`
		}
		if json.Unmarshal(text, &about) != nil || about.Name == "" && about.Browser == nil {
			continue // says only how the files of a folder are read
		}
		fields, _ := about.Browser.(map[string]any)
		instead, said = fields[args.Path]
		return instead, said
	}
	return nil, false
}
