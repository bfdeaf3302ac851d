package graphql

import (
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/vektah/gqlparser/v2/ast"
)

// describe writes what a query asks for of a thing of the schema's own description: the schema
// itself, a type (*definition or *ast.Type), a field or argument (*member), a value of an enum, a
// directive, or a list of these.
func (s *Schema) describe(dst []byte, thing any, fields []*selection) []byte {
	switch thing := thing.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		if thing {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case string:
		dst, _ = jsontext.AppendQuote(dst, thing) // names and texts of this package are UTF-8
		return dst
	case []any:
		dst = append(dst, '[')
		for i, item := range thing {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = s.describe(dst, item, fields)
		}
		return append(dst, ']')
	}
	dst = append(dst, '{')
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst, _ = jsontext.AppendQuote(dst, f.key)
		dst = append(dst, ':')
		if f.member.name == "__typename" {
			dst = s.describe(dst, f.parent.name, nil)
			continue
		}
		dst = s.describe(dst, s.attribute(thing, f.member.name), f.fields)
	}
	return append(dst, '}')
}

// attribute returns an attribute of a thing; nil where it has none.
func (s *Schema) attribute(thing any, name string) any {
	switch thing := thing.(type) {
	case *Schema:
		return s.schemaAttribute(name)
	case *definition:
		return thing.attribute(name)
	case *ast.Type:
		return s.typeAttribute(thing, name)
	case *member:
		return thing.attribute(name)
	case value:
		return common(thing.name, thing.description, name)
	case directive:
		switch name {
		case "args":
			return anyList(thing.args)
		case "locations":
			return []any{"FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"}
		case "isRepeatable":
			return false
		}
		return common(thing.name, "", name)
	}
	return nil
}

// common returns the attributes that values, members and directives share.
func common(name, description, attribute string) any {
	switch attribute {
	case "name":
		return name
	case "description":
		return text(description)
	case "isDeprecated":
		return false
	}
	return nil
}

// text is a text that may be missing.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func anyList[T any](list []T) []any {
	all := make([]any, len(list))
	for i, item := range list {
		all[i] = item
	}
	return all
}

// listed returns the members that introspection shows.
func listed(members []*member) []*member {
	return slices.DeleteFunc(slices.Clone(members), func(m *member) bool { return m.unlisted })
}

func (s *Schema) schemaAttribute(name string) any {
	switch name {
	case "types":
		return anyList(s.all())
	case "queryType":
		return s.lookup(queryRoot)
	case "mutationType":
		return s.lookup(mutationRoot)
	case "subscriptionType":
		return s.lookup(subscriptionRoot)
	case "directives":
		return anyList(directives())
	}
	return nil
}

func (d *definition) attribute(name string) any {
	switch name {
	case "kind":
		return string(d.kind)
	case "name":
		return d.name
	case "description":
		return text(d.description)
	case "fields":
		if d.kind == ast.Object {
			return anyList(listed(d.members))
		}
	case "interfaces":
		if d.kind == ast.Object {
			return []any{}
		}
	case "inputFields":
		if d.kind == ast.InputObject {
			return anyList(d.members)
		}
	case "enumValues":
		if d.kind == ast.Enum {
			return anyList(d.values)
		}
	}
	return nil
}

// typeAttribute describes a type as it is used: wrapped in lists and "not null", one layer at a
// time.
func (s *Schema) typeAttribute(t *ast.Type, name string) any {
	kind, inner := "LIST", t.Elem
	switch {
	case t.NonNull:
		kind, inner = "NON_NULL", &ast.Type{NamedType: t.NamedType, Elem: t.Elem}
	case t.Elem == nil:
		return s.lookup(t.NamedType).attribute(name)
	}
	switch name {
	case "kind":
		return kind
	case "ofType":
		return inner
	}
	return nil
}

func (m *member) attribute(name string) any {
	switch name {
	case "type":
		return m.typ
	case "args":
		return anyList(m.args)
	case "defaultValue":
		return text(m.initial)
	}
	return common(m.name, m.description, name)
}

// describedType answers __type: nil for a name that no type has.
func (s *Schema) describedType(name any) any {
	text, _ := name.(string)
	if d := s.lookup(text); d != nil {
		return d
	}
	return nil
}
