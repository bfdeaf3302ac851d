// Package reference makes the reference of carjs's modules, for docs/reference and for carjs
// describe, out of their typings: what is written there once, for the editor, is what people read.
//
// The reader understands the declarations as they are written in package typings: one declare
// module at most to a file, a doc comment before each declaration, two blanks for each level. It is
// no parser of TypeScript.
package reference

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"carjs/host/failure"
	"carjs/typings"
)

// Module is what one file declares.
type Module struct {
	// Name is what scripts import, "carjs/http"; of the globals, "globals".
	Name string `json:"name"`
	// Doc says what it is for.
	Doc          string        `json:"doc"`
	Declarations []Declaration `json:"declarations"`
}

// Declaration is something with a name: a function, a class, an interface, a type, a variable, or a
// member of one.
type Declaration struct {
	// Kind is "function", "class", "interface", "type", "const" and so on; empty for a member.
	Kind string `json:"kind,omitempty"`
	Name string `json:"name"`
	// Signature is the declaration itself, without what is between its braces when that is in
	// Members.
	Signature string        `json:"signature"`
	Doc       string        `json:"doc"`
	Members   []Declaration `json:"members,omitempty"`
}

// order is that of the documentation; what is not named here comes behind it, by name.
var order = []string{"carjs", "http", "crypto", "encoding", "csv", "xml", "test", "globals"}

// Modules reads all typings but those of the data model, which has a documentation of its own.
func Modules() ([]Module, error) {
	names, err := fs.Glob(typings.Files, "*.d.ts")
	if err != nil {
		return nil, err
	}
	var modules []Module
	take := func(file string) error {
		text, err := typings.Files.ReadFile(file)
		if err == nil {
			modules = append(modules, read(strings.TrimSuffix(file, ".d.ts"), string(text)))
		}
		return err
	}
	known := map[string]bool{"model.d.ts": true}
	for _, name := range order {
		file := name + ".d.ts"
		if slices.Contains(names, file) {
			known[file] = true
			if err := take(file); err != nil {
				return nil, err
			}
		}
	}
	for _, file := range names {
		if !known[path.Base(file)] {
			if err := take(file); err != nil {
				return nil, err
			}
		}
	}
	return modules, nil
}

// read reads one file.
func read(name, text string) Module {
	m := Module{Name: name}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	doc, rest := docBefore(lines)
	if len(rest) > 0 && strings.HasPrefix(rest[0], "declare module ") {
		m.Doc = doc
		m.Name = strings.Split(rest[0], `"`)[1]
		m.Declarations = declarations(rest[1:len(rest)-1], "  ")
		return m
	}
	m.Doc = doc
	m.Declarations = declarations(rest, "")
	return m
}

// docBefore takes the doc comment off the beginning of lines, and blank lines with it.
func docBefore(lines []string) (doc string, rest []string) {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(strings.TrimSpace(lines[0]), "/**") {
		return "", lines
	}
	var text []string
	for i, line := range lines {
		line = strings.TrimPrefix(strings.TrimSpace(line), "/**")
		body, ended := strings.CutSuffix(line, "*/")
		if i > 0 {
			body = strings.TrimPrefix(body, "*")
		}
		text = append(text, strings.TrimPrefix(strings.TrimRight(body, " "), " "))
		if ended {
			return strings.TrimSpace(strings.Join(text, "\n")), lines[i+1:]
		}
	}
	return "", nil
}

// declarations reads what stands at one level of indentation.
func declarations(lines []string, indent string) []Declaration {
	var list []Declaration
	for len(lines) > 0 {
		var doc string
		if doc, lines = docBefore(lines); len(lines) == 0 {
			break
		}
		if trimmed := strings.TrimSpace(lines[0]); strings.HasPrefix(trimmed, "//") || strings.HasPrefix(trimmed, "import ") {
			lines = lines[1:]
			continue
		}
		end := extent(lines, indent)
		list = append(list, declaration(doc, lines[:end], indent))
		lines = lines[end:]
	}
	return merge(list)
}

// extent is the number of lines of the declaration that begins them: up to the line that closes its
// braces, or that ends it.
func extent(lines []string, indent string) int {
	for i, line := range lines {
		if i == 0 && !strings.HasSuffix(line, "{") && strings.HasSuffix(line, ";") || i > 0 && strings.HasPrefix(line, indent+"}") {
			return i + 1
		}
		if i == 0 && strings.HasSuffix(line, "}") { // interface X {}
			return 1
		}
		if i > 0 && !strings.HasSuffix(lines[0], "{") && strings.HasSuffix(line, ";") {
			return i + 1
		}
	}
	return len(lines)
}

// declaration makes one of its lines.
func declaration(doc string, lines []string, indent string) Declaration {
	head := strings.TrimSpace(lines[0])
	d := Declaration{Doc: doc}
	words := strings.TrimPrefix(strings.TrimPrefix(head, "export "), "declare ")
	for _, kind := range []string{"abstract class", "class", "interface", "function", "type", "const", "var", "enum", "namespace"} {
		if rest, ok := strings.CutPrefix(words, kind+" "); ok {
			d.Kind, words = strings.TrimPrefix(kind, "abstract "), rest
			break
		}
	}
	d.Name = nameOf(words)
	if inner := len(lines) - 2; inner > 0 && strings.HasSuffix(head, "{") &&
		(d.Kind == "class" || d.Kind == "interface" || d.Kind == "enum" || d.Kind == "var") {
		d.Members = declarations(lines[1:len(lines)-1], indent+"  ")
		d.Signature = strings.TrimPrefix(strings.TrimSpace(strings.TrimSuffix(head, "{")), "export ")
		return d
	}
	for _, line := range lines {
		d.Signature += strings.TrimPrefix(line, indent) + "\n"
	}
	d.Signature = strings.TrimPrefix(strings.TrimRight(d.Signature, "\n"), "export ")
	return d
}

// nameOf is the name that a declaration begins with; of a call signature it is nothing.
func nameOf(text string) string {
	for _, word := range []string{"readonly ", "abstract ", "static ", "get ", "protected "} {
		text = strings.TrimPrefix(text, word)
	}
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '_' && r != '$' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
	if end < 0 {
		return text
	}
	return text[:end]
}

// merge puts the forms of an overloaded function, and of an interface with a variable of the same
// name, under one heading.
func merge(list []Declaration) []Declaration {
	var merged []Declaration
	for _, d := range list {
		last := len(merged) - 1
		if last >= 0 && merged[last].Name == d.Name && merged[last].Kind == "interface" && d.Kind == "var" {
			merged[last] = constructible(merged[last], d)
			continue
		}
		if last >= 0 && merged[last].Name == d.Name && d.Name != "" && merged[last].Members == nil && d.Members == nil {
			merged[last].Signature += "\n" + d.Signature
			if d.Doc != "" && merged[last].Doc != d.Doc {
				merged[last].Doc = strings.TrimSpace(merged[last].Doc + "\n\n" + d.Doc)
			}
			continue
		}
		merged = append(merged, d)
	}
	return merged
}

// constructible is an interface together with the variable of its name, which says how objects of
// it are made.
func constructible(object, maker Declaration) Declaration {
	made := object
	made.Members = nil
	for _, member := range append(slices.Clone(maker.Members), object.Members...) {
		if member.Name != "prototype" { // which nobody asks for
			made.Members = append(made.Members, member)
		}
	}
	if maker.Doc != "" && maker.Doc != object.Doc {
		made.Doc = strings.TrimSpace(object.Doc + "\n\n" + maker.Doc)
	}
	return made
}

// Summary is the first sentence of a doc comment.
func Summary(doc string) string {
	paragraph, _, _ := strings.Cut(doc, "\n\n")
	text := strings.Join(strings.Fields(paragraph), " ")
	if i := strings.Index(text, ". "); i >= 0 {
		text = text[:i+1]
	}
	return text
}

// Find returns the module that a person names, with "carjs/" or without.
func Find(modules []Module, name string) (*Module, error) {
	var names []string
	for i := range modules {
		if modules[i].Name == name || modules[i].Name == "carjs/"+name {
			return &modules[i], nil
		}
		names = append(names, modules[i].Name)
	}
	if meant := failure.DidYouMean(name, names); meant != "" {
		return nil, fmt.Errorf("unknown module %q%s", name, meant)
	}
	return nil, fmt.Errorf("unknown module %q; the modules are: %s", name, strings.Join(names, ", "))
}
