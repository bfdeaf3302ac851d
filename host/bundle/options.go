package bundle

import (
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// strictBanner opens every bundle; see code.
const strictBanner = `"use strict";`

// The engine speaks ES2023 but for these, which esbuild lowers (async generators, for await) or
// reports; regular expressions are host/script's own, which has all of them. A plain older target
// would lower a lot more, and slow the script down for nothing.
var engineLacks = map[string]bool{
	"async-generator":                 false,
	"dynamic-import":                  false,
	"for-await":                       false,
	"regexp-match-indices":            true,
	"regexp-set-notation":             true,
	"regexp-unicode-property-escapes": true,
	// The engine's parser panics at a text with \u{10000}, so pairs of surrogates are written.
	"unicode-escapes": false,
}

// What esbuild lets pass and the engine does not: some regular expressions throw when they are made,
// import.meta is empty, and an import of a name made up at run time has nothing to import from. sortOut
// raises them to errors, the last two only in the connector's own files: packages carry them along for
// other platforms.
var levels = map[string]api.LogLevel{
	unsupportedRegExp: api.LogLevelWarning,
	emptyImportMeta:   api.LogLevelWarning,
	dynamicImport:     api.LogLevelWarning,
}

// defines are the names of other platforms that stand for something else. That of the environment
// is for packages that have a second, slower form for development.
var defines = map[string]string{
	"process.env.NODE_ENV": `"production"`,
	"global":               "globalThis",
	"self":                 "globalThis",
	"global.process":       "process",
	"global.Buffer":        "Buffer",
	"globalThis.process":   "process",
	"globalThis.Buffer":    "Buffer",
}

const (
	dynamicImport     = "unsupported-dynamic-import"
	unsupportedRegExp = "unsupported-regexp"
	emptyImportMeta   = "empty-import-meta"
)

// options are the settings of a build; one-off builds and watching use the same.
func (j *job) options() api.BuildOptions {
	options := api.BuildOptions{
		EntryPoints:   []string{j.entry},
		AbsWorkingDir: j.root,
		Bundle:        true,
		Write:         false,
		Format:        api.FormatCommonJS,
		Target:        api.ES2023,
		Supported:     engineLacks,
		// What packages keep for browsers needs the least that is not there. The object form of the
		// field browser takes effect on this platform alone.
		Platform:       api.PlatformBrowser,
		MainFields:     []string{"browser", "module", "main"},
		Conditions:     []string{"module"},
		Define:         defines,
		Sourcemap:      api.SourceMapInline,
		SourcesContent: api.SourcesContentInclude,
		// The engine counts columns in bytes and a source map in UTF-16: in ASCII they agree.
		Charset:       api.CharsetASCII,
		LegalComments: api.LegalCommentsNone,
		Banner:        map[string]string{"js": strictBanner},
		Metafile:      true,
		LogLevel:      api.LogLevelSilent,
		LogLimit:      20,
		LogOverride:   levels,
	}
	options.Plugins = []api.Plugin{j.ownModules()}
	if j.hasNode() {
		options.Plugins = append(options.Plugins, j.nodeModules())
		if j.hasPackages() {
			options.Banner, options.Define = map[string]string{"js": strictBanner + nodeGlobals}, nodeDefines()
		}
	}
	if j.FS != nil {
		options.Plugins = append(options.Plugins, j.virtualFiles())
	}
	if j.FS == nil || j.Dir != "" {
		options.Plugins = append(options.Plugins, j.guard.plugin())
	}
	return options
}

// ownModules is the plugin that leaves the modules of carjs outside the bundle. esbuild's list of
// externals would do it but for one thing: a name on it stands for everything below it too, so
// "carjs/typo" would only be missed when it runs.
func (j *job) ownModules() api.Plugin {
	return api.Plugin{Name: pluginName, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: j.moduleFilter()}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if args.Kind == api.ResolveEntryPoint {
				return api.OnResolveResult{}, nil
			}
			if len(j.Modules) > 0 && !slices.Contains(j.Modules, args.Path) {
				return api.OnResolveResult{Errors: []api.Message{{Text: couldNotResolve(args.Path)}}}, nil
			}
			return api.OnResolveResult{Path: args.Path, External: true}, nil
		})
	}}
}

// moduleFilter is the pattern of the names that are no package: those of carjs, and those of
// modules that a program added under other names.
func (j *job) moduleFilter() string {
	filter := `^carjs(/|$)`
	for _, name := range j.Modules {
		if strings.HasPrefix(name, nodePrefix) {
			continue
		}
		if name != "carjs" && !strings.HasPrefix(name, "carjs/") {
			filter += "|^" + regexp.QuoteMeta(name) + "$"
		}
	}
	return filter
}

// pluginName is the name under which esbuild knows what is ours.
const pluginName = "carjs"
