package check

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/dop251/goja/ast"

	"carjs/host/model"
)

func checkExtension(ctx context.Context, s *Subject) []Finding {
	if s.code == nil || s.declaration == nil {
		return nil
	}
	extension, err := s.schemaExtension(ctx)
	var mistakes model.ExtensionMistakes
	if err != nil && !errors.As(err, &mistakes) {
		return []Finding{s.notStarted(err)}
	}
	at := s.code.placeOf("getSchemaExtension", s.bundled.Entry)
	if err == nil && extension != nil {
		if _, err = model.CAR().Extend(*extension); err != nil && !errors.As(err, &mistakes) {
			return []Finding{{Severity: Error, File: at.file, Line: at.line, Column: at.column, Message: firstLine(err.Error())}}
		}
	}
	if len(mistakes) > 0 {
		return s.code.mistaken(mistakes, at)
	}
	if extension == nil {
		return nil
	}
	var findings []Finding
	for _, name := range repeated(model.CAR(), extension) {
		findings = append(findings, Finding{Severity: Warning, File: at.file, Line: at.line, Column: at.column,
			Message: name + " is already in CAR's data model", Hint: "remove it from the extension, or rename the property"})
	}
	return findings
}

// mistaken are the findings for the mistakes of an extension, each at its place in the source where
// that can be told, or else at otherwise.
func (c *code) mistaken(mistakes model.ExtensionMistakes, otherwise place) []Finding {
	literal := c.extensionLiteral()
	var findings []Finding
	for _, m := range mistakes {
		at := otherwise
		if literal != nil {
			if found := c.at(c.follow(literal, m.Path)); found.own() {
				at = found
			}
		}
		findings = append(findings, Finding{Severity: Error, File: at.file, Line: at.line, Column: at.column,
			Message: "schema extension: " + m.Message})
	}
	return findings
}

// extensionLiteral returns the object that an extension is made from; nil when there is none to be
// seen, or more than one.
func (c *code) extensionLiteral() (found *ast.ObjectLiteral) {
	count := 0
	c.visit(func(n ast.Node) {
		object, ok := n.(*ast.ObjectLiteral)
		if !ok {
			return
		}
		for _, key := range []string{"key", "owner", "version", "schema"} {
			if property, _ := propertyOf(object, key); property == nil {
				return
			}
		}
		found, count = object, count+1
	})
	if count != 1 {
		return nil
	}
	return found
}

// follow goes from an object along a path of keys and places in arrays, as far as the code says
// what is there, and returns the last property or element that it came to.
func (c *code) follow(object *ast.ObjectLiteral, path []string) ast.Node {
	var last ast.Node = object
	var value ast.Expression = object
	for _, step := range path {
		var node ast.Node
		switch v := c.resolve(value).(type) {
		case *ast.ObjectLiteral:
			node, value = propertyOf(v, step)
		case *ast.ArrayLiteral:
			i, err := strconv.Atoi(step)
			spread := slices.ContainsFunc(v.Value, func(e ast.Expression) bool { _, ok := e.(*ast.SpreadElement); return ok })
			if err == nil && i < len(v.Value) && !spread {
				node, value = v.Value[i], v.Value[i]
			}
		}
		if node == nil {
			break
		}
		last = node
	}
	return last
}

// resolve returns what a variable holds, where that is one thing.
func (c *code) resolve(value ast.Expression) ast.Expression {
	if name, ok := value.(*ast.Identifier); ok {
		if values := c.names[name.Name.String()]; len(values) == 1 {
			return values[0]
		}
	}
	return value
}

// propertyOf returns the property of an object that has a key, and its value.
func propertyOf(object *ast.ObjectLiteral, key string) (ast.Node, ast.Expression) {
	for _, property := range object.Value {
		switch p := property.(type) {
		case *ast.PropertyKeyed:
			if name, ok := p.Key.(*ast.StringLiteral); ok && name.Value.String() == key {
				return p, p.Value
			}
		case *ast.PropertyShort:
			if p.Name.Name.String() == key {
				return p, &p.Name
			}
		}
	}
	return nil, nil
}

// repeated lists the properties of an extension that CAR has without it.
func repeated(m *model.Model, extension *model.Extension) []string {
	var names []string
	note := func(collection string, properties map[string]model.ExtensionProperty) {
		c, ok := m.Collection(collection)
		if !ok {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			if _, there := c.Property(name); there {
				names = append(names, collection+"."+name)
			}
		}
	}
	for _, v := range extension.Schema.Vertices {
		note(v.Name, v.Properties)
	}
	for _, e := range extension.Schema.Edges {
		note(e.Collection(), e.Properties)
	}
	return names
}
