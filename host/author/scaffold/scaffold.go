// Package scaffold makes the folder of a new connector from a template. The templates are complete
// connectors, kept below templates/ as the files that they are, which the tests build, check, run
// and test like any other.
//
// It writes files and nothing else: what is in them is run elsewhere.
package scaffold

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"carjs/host/lazyregexp"
)

//go:embed templates
var files embed.FS

// Template is one kind of connector to begin with.
type Template struct {
	Name string
	// About says which data sources it is for.
	About string
}

// Templates returns the table of templates, the default first.
func Templates() []Template {
	return []Template{
		{"rest", "a paged REST API with a bearer token and a feed of changes"},
		{"graphql", "a GraphQL API with an API key and cursor paging"},
		{"xml", "an XML export with a key in a header"},
		{"minimal", "the smallest connector: one file that reads a JSON list"},
	}
}

// name is what a connector may be called: it names a folder, a source in CAR, and images.
var name = lazyregexp.New(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// NameError is a name that does not do.
type NameError struct {
	Name string
	// Better is one like it that does; empty when there is none. Dir is the folder that it was
	// meant for, when it was a path.
	Better, Dir string
}

// Error says which names do.
func (e *NameError) Error() string {
	return fmt.Sprintf("invalid connector name %q: use lower-case letters, digits and single hyphens between them, "+
		"starting with a letter", e.Name)
}

// CheckName returns a [*NameError] for a name that a connector may not have.
func CheckName(n string) error {
	if name().MatchString(n) && len(n) <= maxName {
		return nil
	}
	e := &NameError{Name: n, Better: suggest(path.Base(slashed(n)))}
	if dir := path.Dir(slashed(n)); e.Better != "" && dir != "." && dir != "/" {
		e.Dir = dir
	}
	return e
}

// maxName is how long a name may be.
const maxName = 60

// slashed is a path with slashes, whatever the system that it was written for.
func slashed(n string) string { return strings.ReplaceAll(n, `\`, "/") }

// notName is what a name has not.
var notName = lazyregexp.New(`[^a-z0-9]+`)

// suggest makes a name of one that does not do; "" when nothing of it can be used.
func suggest(n string) string {
	better := strings.TrimLeft(notName().ReplaceAllString(strings.ToLower(n), "-"), "-0123456789")
	better = strings.TrimRight(better[:min(len(better), maxName)], "-")
	if !name().MatchString(better) {
		return ""
	}
	return better
}

// ExistsError is a folder that is there already.
type ExistsError struct{ Dir string }

// Error names the folder.
func (e *ExistsError) Error() string { return e.Dir + " already exists" }

// What templates say in the place of the connector's own names.
const (
	templateName  = "connector-name"
	templateTitle = "Connector Title"
)

// Write makes the folder dir with a template's files and more, by their paths with slashes, for a
// connector of a name. The folder is there as a whole or not at all; one that exists is an
// [*ExistsError].
func Write(dir, template, name string, more map[string]string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if _, err := os.Lstat(dir); err == nil {
		return &ExistsError{Dir: dir}
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	temporary, err := os.MkdirTemp(parent, ".carjs-init-*")
	if err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	defer os.RemoveAll(temporary)
	content, err := Files(template, name)
	if err != nil {
		return err
	}
	for path, text := range more {
		content[path] = text
	}
	for path, text := range content {
		target := filepath.Join(temporary, filepath.FromSlash(path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(target), 0o755), os.WriteFile(target, []byte(text), 0o644)); err != nil {
			return fmt.Errorf("make %s: %w", dir, err)
		}
	}
	if err := os.Chmod(temporary, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	if err := os.Rename(temporary, dir); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	return nil
}

// FS are the files of a template as they are.
func FS(template string) (fs.FS, error) {
	var names []string
	for _, t := range Templates() {
		if t.Name == template {
			return fs.Sub(files, path.Join("templates", template))
		}
		names = append(names, t.Name)
	}
	return nil, fmt.Errorf("unknown template %q; the templates are: %s", template, strings.Join(names, ", "))
}

// Files returns the files of a template for a connector of a name, by their paths.
func Files(template, name string) (map[string]string, error) {
	root, err := FS(template)
	if err != nil {
		return nil, err
	}
	content := map[string]string{}
	replace := strings.NewReplacer(templateName, name, templateTitle, Title(name))
	err = fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, file)
		if file == "gitignore" { // under its own name it would hold for the template, too
			file = ".gitignore"
		}
		content[file] = replace.Replace(string(text))
		return err
	})
	return content, err
}

// Title is a name for people: "My scanner" of "my-scanner".
func Title(name string) string {
	words := strings.ReplaceAll(name, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}
