package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// code is one package with what is known of its types.
type code struct {
	path, name, dir string
	// root is the folder of the module, which names in reports are relative to.
	root  string
	fset  *token.FileSet
	files []*source
	info  *types.Info
	pkg   *types.Package
}

// source is one file of a package.
type source struct {
	path string // as the go command names it
	name string // relative to the root of the module
	text []byte
	tree *ast.File
}

// listed is what the go command says of a package.
type listed struct {
	ImportPath, Name, Dir, Export string
	GoFiles, CgoFiles             []string
	Module                        *struct{ Dir string }
	DepOnly                       bool
}

// load reads packages and their types. Those of other packages come from what the compiler exports.
func load(ctx context.Context, dir string, patterns []string) ([]*code, error) {
	args := append([]string{"list", "-deps", "-export", "-json=ImportPath,Name,Dir,Export,GoFiles,CgoFiles,Module,DepOnly"}, patterns...)
	out, err := command(ctx, dir, nil, "go", args...)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	var wanted []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		exports[p.ImportPath] = p.Export
		if !p.DepOnly {
			wanted = append(wanted, p)
		}
	}
	all := make([]*code, 0, len(wanted))
	for _, p := range wanted {
		c, err := p.check(exports)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

func (p listed) check(exports map[string]string) (*code, error) {
	if p.Module == nil || len(p.CgoFiles) > 0 {
		return nil, fmt.Errorf("%s: only packages of a module, without cgo, can be mutated", p.ImportPath)
	}
	c := &code{path: p.ImportPath, name: p.Name, dir: p.Dir, root: p.Module.Dir, fset: token.NewFileSet()}
	var trees []*ast.File
	for _, name := range p.GoFiles {
		path := filepath.Join(p.Dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(c.fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		relative, err := filepath.Rel(c.root, path)
		if err != nil {
			return nil, err
		}
		c.files = append(c.files, &source{path: path, name: filepath.ToSlash(relative), text: text, tree: tree})
		trees = append(trees, tree)
	}
	open := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	c.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(c.fset, "gc", open)}
	var err error
	c.pkg, err = config.Check(p.ImportPath, c.fset, trees, c.info)
	return c, err
}

// command runs a program and returns its output; its error has what it says.
func command(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args[:min(len(args), 2)], " "), err, &said)
	}
	return out.Bytes(), nil
}
