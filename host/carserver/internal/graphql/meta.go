package graphql

import (
	"slices"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// metaSchema has the types of introspection, in the edition of the specification that CAR
// implements.
const metaSchema = `
"A schema: all types, the roots of its operations, and its directives."
type __Schema {
	description: String
	types: [__Type!]!
	queryType: __Type!
	mutationType: __Type
	subscriptionType: __Type
	directives: [__Directive!]!
}
"A type. Which of its fields are set depends on its kind."
type __Type {
	kind: __TypeKind!
	name: String
	description: String
	specifiedByUrl: String
	fields(includeDeprecated: Boolean = false): [__Field!]
	interfaces: [__Type!]
	possibleTypes: [__Type!]
	enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
	inputFields(includeDeprecated: Boolean = false): [__InputValue!]
	ofType: __Type
}
"The kinds of types."
enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
"A field of an object."
type __Field {
	name: String!
	description: String
	args(includeDeprecated: Boolean = false): [__InputValue!]!
	type: __Type!
	isDeprecated: Boolean!
	deprecationReason: String
}
"An argument of a field or a directive, or a field of an input object."
type __InputValue {
	name: String!
	description: String
	type: __Type!
	defaultValue: String
	isDeprecated: Boolean!
	deprecationReason: String
}
"A value of an enum."
type __EnumValue {
	name: String!
	description: String
	isDeprecated: Boolean!
	deprecationReason: String
}
"A directive."
type __Directive {
	name: String!
	description: String
	isRepeatable: Boolean!
	locations: [__DirectiveLocation!]!
	args: [__InputValue!]!
}
"The places where a directive can stand."
enum __DirectiveLocation {
	QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT VARIABLE_DEFINITION
	SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT INPUT_FIELD_DEFINITION
}`

// metaTypes returns the types of metaSchema by name. They are parsed on first use: most queries do
// not need them.
var metaTypes = sync.OnceValue(func() map[string]*definition {
	document, err := parser.ParseSchema(&ast.Source{Input: metaSchema})
	if err != nil {
		panic("the schema of schemas does not parse: " + err.Error()) // a mistake that every test would reveal
	}
	types := map[string]*definition{}
	for _, d := range document.Definitions {
		made := &definition{kind: d.Kind, name: d.Name, description: d.Description}
		for _, f := range d.Fields {
			m := &member{name: f.Name, typ: f.Type}
			for _, a := range f.Arguments {
				m.args = append(m.args, &member{name: a.Name, typ: a.Type, initial: a.DefaultValue.String()})
			}
			made.members = append(made.members, m)
		}
		for _, v := range d.EnumValues {
			made.values = append(made.values, value{name: v.Name})
		}
		sorted(made.members)
		slices.SortFunc(made.values, byValueName)
		types[d.Name] = made
	}
	return types
})

// directive is a directive of queries.
type directive struct {
	name string
	args []*member
}

// directives are those that queries can use.
func directives() []directive {
	condition := []*member{{name: "if", typ: nonNull(scalarBoolean)}}
	return []directive{{"include", condition}, {"skip", condition}}
}

// The introspection fields of every query root, and the one of every object.
func metaField(d *definition, name string) *member {
	switch {
	case name == "__typename" && d.kind == ast.Object:
		return &member{name: name, typ: nonNull(scalarString)}
	case d.name != queryRoot:
		return nil
	case name == "__schema":
		return &member{name: name, typ: nonNull("__Schema")}
	case name == "__type":
		return &member{name: name, typ: named("__Type"), args: []*member{{name: "name", typ: nonNull(scalarString)}}}
	}
	return nil
}
