package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// CONTRIBUTING.md lists what a Go program may rely on, and what is for carjs itself although it
// cannot be internal. A package must be in one list; one that only host imports must be internal.
func TestPublicRooms(t *testing.T) {
	public, own := publicRooms(t)
	packages := listPackages(t)
	importers := map[string][]string{}
	for _, p := range packages {
		for _, path := range p.Imports {
			importers[path] = append(importers[path], strings.TrimPrefix(p.ImportPath, "carjs/"))
		}
	}
	listed := map[string]bool{}
	for _, p := range packages {
		room := strings.TrimPrefix(p.ImportPath, "carjs/")
		if strings.Contains(room, "/internal/") || strings.HasPrefix(room, "cmd/") || len(p.GoFiles) == 0 {
			continue
		}
		lists := 0
		for _, pattern := range slices.Concat(public, own) {
			if pattern == room || matches(pattern, room) {
				listed[pattern] = true
				lists++
			}
		}
		if lists != 1 {
			t.Errorf("%s is in %d lists of CONTRIBUTING.md, want 1: "+
				"decide whether Go programs may rely on it, or move it to an internal folder", room, lists)
		}
		if users := importers[p.ImportPath]; !slices.Contains(public, room) && strings.HasPrefix(room, "host/") &&
			len(users) > 0 && !slices.ContainsFunc(users, func(user string) bool { return user != "host" }) {
			t.Errorf("only host imports %s: move it to host/internal", room)
		}
		if room == "host" || room == "bindings" {
			for shown := range maps.Keys(apiPackages(t, p)) {
				if !slices.Contains(public, shown) {
					t.Errorf("the API of %s shows types of %s, which CONTRIBUTING.md does not list as public", room, shown)
				}
			}
		}
	}
	for _, pattern := range slices.Concat(public, own) {
		if !listed[pattern] {
			t.Errorf("CONTRIBUTING.md lists %s, which is no package", pattern)
		}
	}
}

// publicRooms reads both lists of the section "What a Go program may rely on": the first column of
// its table, and the paragraph of those that cannot be internal.
func publicRooms(t *testing.T) (public, own []string) {
	text := section(t, "What a Go program may rely on")
	for line := range strings.Lines(text) {
		if cells := strings.Split(line, "|"); len(cells) > 3 && inBackquotes.MatchString(cells[1]) {
			public = append(public, inBackquotes.FindStringSubmatch(cells[1])[1])
		}
	}
	_, list, found := strings.Cut(text, "share them:")
	list, _, ended := strings.Cut(list, "\n\n")
	if len(public) == 0 || !found || !ended {
		t.Fatal("CONTRIBUTING.md does not list the packages that are public and those that are not")
	}
	for _, m := range inBackquotes.FindAllStringSubmatch(list, -1) {
		own = append(own, m[1])
	}
	return public, own
}

// apiPackages returns the packages of this module whose types the exported declarations of a
// package name: in signatures, fields, and types of constants and variables.
func apiPackages(t *testing.T, p goPackage) map[string]bool {
	shown := map[string]bool{}
	for _, name := range p.GoFiles {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		imported := map[string]string{}
		for _, i := range file.Imports {
			path := strings.Trim(i.Path.Value, `"`)
			name := path[strings.LastIndex(path, "/")+1:]
			if i.Name != nil {
				name = i.Name.Name
			}
			imported[name] = path
		}
		for _, decl := range file.Decls {
			inAPI(decl, func(x *ast.SelectorExpr) {
				if name, ok := x.X.(*ast.Ident); ok {
					if room, ours := strings.CutPrefix(imported[name.Name], "carjs/"); ours {
						shown[room] = true
					}
				}
			})
		}
	}
	return shown
}

// inAPI calls visit with every qualified name in the exported part of a declaration.
func inAPI(decl ast.Decl, visit func(*ast.SelectorExpr)) {
	var look func(n ast.Node)
	look = func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.StructType:
				for _, field := range n.Fields.List {
					if len(field.Names) == 0 || slices.ContainsFunc(field.Names, (*ast.Ident).IsExported) {
						look(field.Type)
					}
				}
				return false
			case *ast.SelectorExpr:
				visit(n)
			}
			return true
		})
	}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() || d.Recv != nil && !exportedReceiver(d.Recv.List[0].Type) {
			return
		}
		for _, list := range []*ast.FieldList{d.Type.Params, d.Type.Results} {
			if list == nil {
				continue
			}
			for _, field := range list.List {
				look(field.Type)
			}
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.IsExported() {
					look(s.Type)
				}
			case *ast.ValueSpec:
				if s.Type != nil && slices.ContainsFunc(s.Names, (*ast.Ident).IsExported) {
					look(s.Type)
				}
			}
		}
	}
}

// exportedReceiver tells whether the type of a method is exported.
func exportedReceiver(t ast.Expr) bool {
	if pointer, ok := t.(*ast.StarExpr); ok {
		t = pointer.X
	}
	name, ok := t.(*ast.Ident)
	return ok && name.IsExported()
}
