package graphql

import (
	"cmp"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// definition is a type of the schema. Objects and input objects have members, enums have values.
type definition struct {
	kind              ast.DefinitionKind
	name, description string
	members           []*member // sorted by name
	values            []value   // sorted by name
	object            *object   // the rows of an object type; nil for roots, mutation responses and introspection
}

// member is a field of an object type, a field of an input object or an argument.
type member struct {
	name, description string
	typ               *ast.Type
	args              []*member // sorted by name
	initial           string    // the default value as a GraphQL literal; "" is none
	field             *field    // the column or relation of an object's member
	root              *root     // the meaning of a root field
	strict            bool      // text is not accepted for a number
	unlisted          bool      // introspection leaves it out, as CAR's does
}

// value is a value of an enum, which is never deprecated.
type value struct{ name, description string }

func (d *definition) member(name string) *member { return find(d.members, name) }

func (d *definition) hasValue(name string) bool {
	_, ok := slices.BinarySearchFunc(d.values, name, func(v value, name string) int { return cmp.Compare(v.name, name) })
	return ok
}

func byValueName(a, b value) int { return cmp.Compare(a.name, b.name) }

func find(members []*member, name string) *member {
	i, ok := slices.BinarySearchFunc(members, name, func(m *member, name string) int { return cmp.Compare(m.name, name) })
	if !ok {
		return nil
	}
	return members[i]
}

func sorted(members []*member) []*member {
	slices.SortFunc(members, func(a, b *member) int { return cmp.Compare(a.name, b.name) })
	return members
}

// Short forms for types: x, x!, [x!], [x!]!.

func named(name string) *ast.Type       { return ast.NamedType(name, nil) }
func nonNull(name string) *ast.Type     { return ast.NonNullNamedType(name, nil) }
func listOf(name string) *ast.Type      { return ast.ListType(nonNull(name), nil) }
func nonNullList(name string) *ast.Type { return ast.NonNullListType(nonNull(name), nil) }

func input(name, description string, members ...*member) *definition {
	return &definition{kind: ast.InputObject, name: name, description: description, members: sorted(members)}
}

func scalar(name string) *definition { return &definition{kind: ast.Scalar, name: name} }
