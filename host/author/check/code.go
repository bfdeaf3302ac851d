package check

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/go-sourcemap/sourcemap"

	"carjs/host/bundle"
	"carjs/host/script"
)

// code is a connector's program, and where in its TypeScript everything stands.
type code struct {
	program *ast.Program
	file    *file.File
	places  *sourcemap.Consumer
	names   names
}

// place is a place in a connector's source, from 1; no file stands for none.
type place struct {
	file         string
	line, column int
}

// readCode parses a bundle.
func readCode(b *bundle.Bundle) (*code, error) {
	// Without a map findings have no places; they count all the same.
	apart, mapErr := b.MapApart()
	if mapErr != nil {
		apart = b
	}
	program, _, err := script.Parse(b.Name, apart.Code)
	if err != nil {
		return nil, fmt.Errorf("the engine cannot read the bundle: %w", err)
	}
	c := &code{program: program, file: program.File}
	if mapErr == nil {
		c.places, _ = sourcemap.Parse("", apart.Map)
	}
	c.names = readNames(c)
	return c, nil
}

// at returns the place of a node in the TypeScript.
func (c *code) at(node ast.Node) place {
	if c.places == nil {
		return place{}
	}
	position := c.file.Position(int(node.Idx0()) - 1)
	source, _, line, column, ok := c.places.Source(position.Line, position.Column-1)
	if !ok {
		return place{}
	}
	return place{source, line, column + 1}
}

// own tells whether a place is in a file of the connector, not in a package.
func (p place) own() bool { return p.file != "" && !strings.Contains(p.file, "node_modules/") }

var nodeType = reflect.TypeFor[ast.Node]()

// visit calls f with every node of the program. The syntax tree has no walk of its own.
func (c *code) visit(f func(ast.Node)) {
	for _, statement := range c.program.Body {
		visit(reflect.ValueOf(statement), f)
	}
}

func visit(v reflect.Value, f func(ast.Node)) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			visit(v.Elem(), f)
		}
	case reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*file.File]() {
			return
		}
		if v.Type().Implements(nodeType) {
			f(v.Interface().(ast.Node))
		}
		visit(v.Elem(), f)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Name != "DeclarationList" {
				visit(v.Field(i), f)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), f)
		}
	}
}

// placeOf returns where a method of a name is, or the file to look into.
func (c *code) placeOf(method, otherwise string) place {
	found := place{file: otherwise, line: 1, column: 1}
	c.visit(func(n ast.Node) {
		if m, ok := n.(*ast.MethodDefinition); ok {
			if key, ok := m.Key.(*ast.StringLiteral); ok && key.Value.String() == method {
				if at := c.at(m); at.own() {
					found = at
				}
			}
		}
	})
	return found
}
