// Package graphql answers the queries of CAR's GraphQL interface, which has the dialect of Hasura:
// a field for every collection with where, order_by, limit and offset, edges nested in vertices and
// vertices in edges, and a count for every collection.
//
// A query is parsed and checked against a GraphQL schema that is made from the data model, and
// translated into one SQL statement for each of its top fields, nested lists included, which makes
// the JSON of the answer by itself. Values only ever reach SQL as bound parameters. The package
// runs nothing: that is up to its caller.
package graphql

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// aggregateSuffix makes the name of the field that counts a collection.
const aggregateSuffix = "_aggregate"

// Schema is what queries can ask for.
type Schema struct {
	objects map[string]*object
	ast     *ast.Schema
}

// New makes the schema of a model whose collections are kept in the given tables, by collection
// name.
func New(m *model.Model, byName map[string]*tables.Table) (*Schema, error) {
	s := &Schema{objects: map[string]*object{}}
	all := []*object{sourceObject()}
	for _, c := range m.Vertices() {
		all = append(all, vertexObject(byName[c.Name]))
	}
	for _, c := range m.Edges() {
		all = append(all, edgeObject(byName[c.Name]))
	}
	for _, o := range all {
		s.objects[o.name] = o
	}
	for _, c := range m.Edges() {
		relate(c, s.objects[c.Name], s.objects[c.From], s.objects[c.To])
	}
	var err error
	if s.ast, err = gqlparser.LoadSchema(&ast.Source{Name: "CAR", Input: definition(all)}); err != nil {
		return nil, fmt.Errorf("make GraphQL schema: %w", err)
	}
	return s, nil
}

// definition writes the schema in GraphQL's own language.
func definition(objects []*object) string {
	var b strings.Builder
	b.WriteString("schema { query: query_root }\n")
	b.WriteString("enum order_by { " + strings.Join(slices.Sorted(maps.Keys(directions())), " ") + " }\n")
	for _, scalar := range scalarNames() {
		if !slices.Contains([]string{scalarString, scalarInt, scalarBoolean}, scalar) {
			fmt.Fprintf(&b, "scalar %s\n", scalar)
		}
		fmt.Fprintf(&b, "input %s_comparison_exp {", scalar)
		for _, op := range operators() {
			if op.takes(scalar) {
				fmt.Fprintf(&b, " %s: %s", op.name, op.argument(scalar))
			}
		}
		b.WriteString(" }\n")
	}
	b.WriteString("type aggregate_fields { count: Int! }\n")
	b.WriteString("type query_root {\n")
	for _, o := range objects {
		fmt.Fprintf(&b, "  %s%s: [%s!]!\n", o.name, arguments(o), o.name)
		fmt.Fprintf(&b, "  %s%s%s: %s%s!\n", o.name, aggregateSuffix, arguments(o), o.name, aggregateSuffix)
	}
	b.WriteString("}\n")
	for _, o := range objects {
		o.define(&b)
	}
	return b.String()
}

func arguments(o *object) string {
	return fmt.Sprintf("(where: %s_bool_exp, order_by: [%s_order_by!], limit: Int, offset: Int)", o.name, o.name)
}

// define writes the types that belong to an object.
func (o *object) define(b *strings.Builder) {
	var fields, conditions, orders strings.Builder
	for _, f := range o.fields {
		if f.target != nil {
			fmt.Fprintf(&fields, " %s%s: [%s!]!\n", f.name, arguments(f.target), f.target.name)
			fmt.Fprintf(&conditions, " %s: %s_bool_exp", f.name, f.target.name)
			continue
		}
		required := ""
		if f.required {
			required = "!"
		}
		fmt.Fprintf(&fields, " %s: %s%s\n", f.name, f.scalar, required)
		fmt.Fprintf(&conditions, " %s: %s_comparison_exp", f.name, f.scalar)
		fmt.Fprintf(&orders, " %s: order_by", f.name)
	}
	name := o.name
	fmt.Fprintf(b, "type %s {\n%s}\n", name, fields.String())
	fmt.Fprintf(b, "type %s%s { aggregate: aggregate_fields! nodes: [%s!]! }\n", name, aggregateSuffix, name)
	fmt.Fprintf(b, "input %s_bool_exp { _and: [%s_bool_exp!] _or: [%s_bool_exp!] _not: %s_bool_exp%s }\n", name, name,
		name, name, conditions.String())
	fmt.Fprintf(b, "input %s_order_by {%s }\n", name, orders.String())
}

func scalarNames() []string {
	return []string{
		scalarString, scalarInt, scalarBoolean, scalarNumeric, scalarBigint, scalarFloat, scalarTimestamp, scalarJSON,
		scalarInet, scalarMac,
	}
}
