// Package connectors finds connectors: in a folder or a file, in the folder "connectors" below the
// working folder, built into carjs, or in artifacts. Other packages build and run them.
package connectors

import (
	"context"
	"crypto/ed25519"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"carjs/host/artifact"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/files"
)

// Folder is the folder, below the working folder, of connectors that are found by name.
const Folder = "connectors"

//go:embed reference/src reference/configurations reference/tests reference/tsconfig.json
var builtIn embed.FS

// builtInNames are the names of the connectors in builtIn.
var builtInNames = []string{"reference"}

// Connector is a connector's name and its files.
type Connector struct {
	// Name is its name.
	Name string
	// FS are its files: configurations/config.json and so on.
	FS fs.FS
	// Dir is its folder; empty for a built-in connector.
	Dir string
	// Entry is its entry file, relative to the folder, if the connector was named by that file;
	// else empty.
	Entry string
	// AllowRead are folders that its build may read besides Dir, see [bundle.Source].
	AllowRead []string

	artifact *artifact.Artifact // nil when it is still to be built
}

// Built tells whether the connector is an artifact, which has no TypeScript and cannot change.
func (c Connector) Built() bool { return c.artifact != nil }

// Artifact returns the file of an artifact, nil for any other connector.
func (c Connector) Artifact() []byte {
	if c.artifact == nil {
		return nil
	}
	return c.artifact.Data()
}

// Manifest says what an artifact is; nil for any other connector.
func (c Connector) Manifest() *artifact.Manifest {
	if c.artifact == nil {
		return nil
	}
	return &c.artifact.Manifest
}

// Verify makes sure that the connector is an artifact that one of the keys has signed. The word is how
// the user named it. The error is a [*failure.Failure].
func (c Connector) Verify(word string, keys []ed25519.PublicKey) error {
	if c.artifact == nil {
		return failure.Usage("%s is not an artifact, and -verify (CARJS_VERIFY) asks for a signed one", word).
			WithHint("build it with carjs build -sign, and run that file")
	}
	return c.artifact.Verify(word, keys)
}

// Build bundles the connector, using a cache, whose zero value caches nothing; an artifact contains
// its bundle. The modules are those of [bundle.Source], the errors those of [bundle.Build].
func (c Connector) Build(ctx context.Context, modules []string, cache bundle.Cache) (*bundle.Bundle, error) {
	if c.artifact != nil {
		return c.artifact.Bundle(), nil
	}
	source := c.Source()
	source.Modules = modules
	return cache.Build(ctx, source)
}

// Source is the connector as the bundler takes it, unless it is built.
func (c Connector) Source() bundle.Source {
	source := bundle.Source{Dir: c.Dir, Name: c.Name, Entry: c.Entry, AllowRead: c.AllowRead}
	if c.Dir == "" {
		source.FS = c.FS
	}
	return source
}

// NotFoundError is the error for a name without a connector. It lists the existing ones.
type NotFoundError struct {
	// Name is what was asked for.
	Name string
	// Names are the connectors that a name finds.
	Names []string
	// Folder tells that there is a folder of the name, but without a connector.
	Folder bool
}

// Error names the connectors that exist.
func (e *NotFoundError) Error() string {
	if e.Folder {
		return fmt.Sprintf("the folder %q contains no connector: src/main.ts is missing; connectors by name: %s",
			e.Name, strings.Join(e.Names, ", "))
	}
	if isPath(e.Name) {
		return fmt.Sprintf("there is no folder or file %q; connectors by name: %s", e.Name, strings.Join(e.Names, ", "))
	}
	if meant := failure.DidYouMean(e.Name, e.Names); meant != "" {
		return fmt.Sprintf("unknown connector %q%s", e.Name, meant)
	}
	return fmt.Sprintf("unknown connector %q; the connectors are: %s", e.Name, strings.Join(e.Names, ", "))
}

// Find finds a connector by what the user named, relative to the folder dir: a folder, a file, a
// folder below dir/connectors, or one that is built in, in this order. A bare name that is a folder
// without an entry file may still be one of the latter. The folder src of a connector is the
// connector, and NAME/src is a path below dir/connectors where it is none below dir. When nothing
// is found the error is a [*NotFoundError]; that of an artifact is one of [artifact.Open].
func Find(dir, name string) (Connector, error) {
	if name == "" {
		return Connector{}, &NotFoundError{Name: name, Names: Names(dir)}
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, name)
	}
	isFolder := false
	switch info, err := os.Stat(path); {
	case err == nil && !info.IsDir():
		if artifact.Recognize(path) || filepath.Ext(path) == artifact.Extension {
			return built(path)
		}
		if !slices.Contains(scripts, filepath.Ext(path)) {
			return Connector{}, fmt.Errorf("%s is not a connector: it is neither TypeScript nor an artifact of carjs build", name)
		}
		return file(path)
	case err == nil && (isPath(name) || isConnector(path)):
		if above := filepath.Dir(path); filepath.Base(path) == "src" && !hasConfiguration(path) && isConnector(above) {
			return folder(above)
		}
		if !isConnector(path) && !hasConfiguration(path) {
			return Connector{}, &NotFoundError{Name: name, Names: Names(dir), Folder: true}
		}
		return folder(path)
	case err == nil:
		isFolder = true
	case errors.Is(err, fs.ErrNotExist):
	default:
		return Connector{}, fmt.Errorf("look for the connector %q: %w", name, err)
	}
	if isPath(name) {
		// What shells complete below a name, or below the folder of one: NAME/src.
		below := filepath.Join(dir, Folder, name)
		if _, err := os.Stat(below); err == nil && !filepath.IsAbs(name) && filepath.IsLocal(name) {
			return Find(dir, filepath.Join(Folder, name))
		}
		return Connector{}, &NotFoundError{Name: name, Names: Names(dir)}
	}
	if below := filepath.Join(dir, Folder, name); isConnector(below) {
		return folder(below)
	}
	if slices.Contains(builtInNames, name) {
		embedded, err := fs.Sub(builtIn, name)
		if err != nil {
			return Connector{}, fmt.Errorf("open the built-in connector %q: %w", name, err)
		}
		return Connector{Name: name, FS: embedded}, nil
	}
	return Connector{}, &NotFoundError{Name: name, Names: Names(dir), Folder: isFolder}
}

// Names returns the names that Find finds without a path, sorted.
func Names(dir string) []string {
	names := slices.Clone(builtInNames)
	entries, _ := os.ReadDir(filepath.Join(dir, Folder)) // without the folder there are none
	for _, entry := range entries {
		if isConnector(filepath.Join(dir, Folder, entry.Name())) {
			names = append(names, entry.Name())
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// isPath tells whether a name can only be a path.
func isPath(name string) bool {
	return strings.ContainsRune(name, '/') || strings.ContainsRune(name, filepath.Separator) || name == "." || name == ".."
}

func isConnector(dir string) bool {
	_, err := bundle.Entry(os.DirFS(dir))
	return err == nil
}

// hasConfiguration tells whether a folder has the one with a connector's settings.
func hasConfiguration(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "configurations"))
	return err == nil && info.IsDir()
}

func folder(dir string) (Connector, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return Connector{}, fmt.Errorf("find the connector's folder: %w", err)
	}
	return Connector{Name: filepath.Base(absolute), FS: files.Folder(absolute), Dir: absolute}, nil
}

// built returns the connector in an artifact.
func built(path string) (Connector, error) {
	a, err := artifact.Open(path)
	if err != nil {
		return Connector{}, err
	}
	return Connector{Name: a.Connector, FS: a.FS(), artifact: a}, nil
}

// scripts are the extensions of files that may be an entry file: those of TypeScript and
// JavaScript.
var scripts = []string{".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"}

// file returns the connector that is named by its entry file. Its folder is that of the file, or
// the one above if that is called src, because configurations/ is next to src/.
func file(path string) (Connector, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return Connector{}, fmt.Errorf("find the connector's file: %w", err)
	}
	dir := filepath.Dir(absolute)
	if filepath.Base(dir) == "src" {
		dir = filepath.Dir(dir)
	}
	entry, err := filepath.Rel(dir, absolute)
	if err != nil {
		return Connector{}, fmt.Errorf("find the connector's file: %w", err)
	}
	name := filepath.Base(dir)
	if base := filepath.Base(absolute); filepath.Dir(absolute) == dir && !strings.HasPrefix(base, "main.") &&
		!strings.HasPrefix(base, "index.") {
		name = strings.TrimSuffix(base, filepath.Ext(base))
	}
	return Connector{Name: name, FS: files.Folder(dir), Dir: dir, Entry: filepath.ToSlash(entry)}, nil
}
