// Package bundle turns a connector's TypeScript into one script with its source map, by esbuild.
//
// It knows which language the engine of carjs understands, which modules exist outside the
// connector, and how to tell an author what is wrong with an import. It does not run anything,
// watch anything or know what a connector does.
package bundle

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the names looked for, best first.
var entries = [...]string{
	"src/main.ts", "main.ts", "src/index.ts", "index.ts",
	"src/main.js", "main.js", "src/index.js", "index.js",
}

// Source is a connector's folder.
type Source struct {
	// FS holds the files when they are not on disk; nil means the folder Dir.
	FS fs.FS
	// Dir is the folder on disk. npm packages are looked up from there, also when the connector's
	// own files are in FS; without it a connector in FS has no npm packages.
	Dir string
	// Name is the connector's name, for messages. Empty means the folder's.
	Name string
	// Entry is the file to start from, relative to the folder and with slashes. Empty means what
	// [Entry] finds.
	Entry string
	// Modules are the names of the modules that are there when it runs, "carjs", "carjs/http" and
	// those that a program adds. An import of any other carjs module is a build error that lists
	// them. Empty means that every such name is
	// taken on trust.
	Modules []string
	// AllowRead are folders that the build may read besides Dir and the node_modules that Node looks
	// for packages in; those that do not exist add nothing.
	AllowRead []string
}

// Bundle is one script made of a connector's files.
type Bundle struct {
	// Name is the connector's name, Entry the file it starts from, relative to the connector's
	// folder.
	Name, Entry string
	// Code is CommonJS with an inline source map that holds the sources. Their names are relative
	// to the folder.
	Code string
	// Map is the source map when it is not in the code; see [Bundle.MapApart].
	Map []byte
	// Inputs are the files the bundle is made of, sorted: absolute paths of files on disk, paths in
	// FS otherwise.
	Inputs []string
	// Warnings are what is doubtful and does not keep the connector from running.
	Warnings []Message
	// Throws are imports of packages that build and throw when they are used. A bundle that was kept
	// in a file has none.
	Throws []Message
}

// Build bundles a connector. When the connector is at fault the error is a [*BuildError]; when ctx
// ends first it is ctx's cause, at once, whatever esbuild is waiting for.
//
// Only files in the connector's folder are read, in the folders node_modules in it and above it, in
// workspaces that a folder above names, and in [Source.AllowRead]: an import that leads elsewhere,
// over links too, is a fault of the connector.
func Build(ctx context.Context, src Source) (*Bundle, error) {
	builder := NewBuilder(src)
	defer builder.Close()
	return builder.Build(ctx)
}

// Entry returns the connector's entry file: the first that exists of src/main.ts, main.ts,
// src/index.ts, index.ts and then the same names in .js. When there is none the error is a
// [*BuildError] that says what was looked for.
func Entry(fsys fs.FS) (string, error) {
	for _, name := range entries {
		if info, err := fs.Stat(fsys, name); err == nil && info.Mode().IsRegular() {
			return name, nil
		}
	}
	text := "no entry file: looked for " + strings.Join(entries[:], ", ")
	return "", &BuildError{Messages: []Message{{Text: text, Frame: text}}}
}

// job is one connector on its way through esbuild. It lives as long as its source, so that a
// rebuild uses it again.
type job struct {
	Source
	name, entry string
	// root is the absolute folder that names in frames are relative to; it need not exist when the
	// files are in FS.
	root  string
	guard *guard
}

// virtualRoot is where the files of a connector in FS appear to be. No file is ever read from
// there.
const virtualRoot = "carjs-connector"

func newJob(src Source) (*job, error) {
	job := &job{Source: src, name: src.Name, entry: src.Entry}
	root := src.Dir
	if root == "" {
		if src.FS == nil {
			return nil, errors.New("bundle: neither a folder nor files given")
		}
		root = string(filepath.Separator) + virtualRoot
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("bundle %s: %w", src.Name, err)
	}
	job.root = root
	job.guard = &guard{walls: newWalls(root, src.AllowRead)}
	if job.name == "" {
		job.name = filepath.Base(root)
	}
	files := src.FS
	if files == nil {
		// esbuild reports a folder that is missing as an entry file that is, which sends an author
		// looking for the wrong thing.
		if _, err := os.Stat(root); err != nil {
			return nil, fmt.Errorf("bundle %s: %w", job.name, err)
		}
		files = os.DirFS(root)
	}
	if job.entry == "" {
		if job.entry, err = Entry(files); err != nil {
			return nil, err
		}
	}
	return job, nil
}

// hasEntry tells whether the entry file is there still.
func (j *job) hasEntry() bool {
	files := j.FS
	if files == nil {
		files = os.DirFS(j.root)
	}
	_, err := fs.Stat(files, j.entry)
	return err == nil
}

// finish makes the bundle, or the error, of what esbuild answered.
func (j *job) finish(result api.BuildResult) (*Bundle, error) {
	failures, warnings := sortOut(result)
	if len(failures) > 0 {
		return nil, newBuildError(j, failures)
	}
	graph, err := readGraph(result.Metafile)
	if err != nil {
		return nil, fmt.Errorf("bundle %s: %w", j.name, err)
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("bundle %s: esbuild made %d files instead of one", j.name, len(result.OutputFiles))
	}
	bundle := &Bundle{
		Name:   j.name,
		Entry:  j.entry,
		Code:   code(result.OutputFiles[0].Contents, graph),
		Inputs: j.inputs(graph),
	}
	bundle.Warnings = newMessages(warnings, api.WarningMessage, false)
	bundle.Throws = j.throwing(graph)
	for _, cycle := range graph.cycles() {
		bundle.Warnings = append(bundle.Warnings, j.circular(graph, cycle))
	}
	return bundle, nil
}

// code returns the script. TypeScript modules are strict code, and esbuild leaves that unsaid in
// CommonJS, so the banner says it; packages written as CommonJS may rely on the opposite, so where
// there is one the banner is blanked out, byte for byte, because the source map counts on its
// length.
func code(contents []byte, g *graph) string {
	script := string(contents)
	if g.hasCommonJS() && strings.HasPrefix(script, strictBanner) {
		script = strings.Repeat(" ", len(strictBanner)) + script[len(strictBanner):]
	}
	return script
}

// inputs returns the files of the bundle as the watcher needs them.
func (j *job) inputs(g *graph) []string {
	var files []string
	for _, name := range g.names() {
		path := filepath.FromSlash(name)
		if !filepath.IsAbs(path) {
			path = filepath.Join(j.root, path)
		}
		if inFS, ok := j.inFS(path); ok {
			path = inFS
		}
		files = append(files, path)
	}
	return files
}
