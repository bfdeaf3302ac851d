package graphql

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// derivation is a kind of type that every object has, named after the object.
type derivation struct {
	suffix string
	// make returns nil if the object has no such type.
	make func(o *object, name string) *definition
}

// derivations is the table of the types that an object has besides its own.
func derivations() []derivation {
	return []derivation{
		{"_append_input", jsonInput("append existing jsonb value of filtered columns with new jsonb value", named(scalarJSON))},
		{"_arr_rel_insert_input", relationInput("array", func(o *object) *ast.Type { return nonNullList(o.name + "_insert_input") })},
		{"_bool_exp", boolExp},
		{"_constraint", constraintEnum},
		{"_delete_at_path_input", jsonInput("delete the field or element with specified path "+
			"(for JSON arrays, negative integers count from the end)", ast.ListType(named(scalarString), nil))},
		{"_delete_elem_input", jsonInput("delete the array element with specified index (negative integers count from the end). "+
			"throws an error if top level container is not an array", named(scalarInt))},
		{"_delete_key_input", jsonInput("delete key/value pair or string element. "+
			"key/value pairs are matched based on their key value", named(scalarString))},
		{"_inc_input", incInput},
		{"_insert_input", insertInput},
		{"_mutation_response", mutationResponse},
		{"_obj_rel_insert_input", relationInput("object", func(o *object) *ast.Type { return nonNull(o.name + "_insert_input") })},
		{"_on_conflict", onConflict},
		{"_order_by", orderInput},
		{"_pk_columns_input", func(o *object, name string) *definition {
			return input(name, fmt.Sprintf("primary key columns input for table: %q", o.name),
				&member{name: primaryKey, typ: nonNull(scalarBigint)})
		}},
		{"_prepend_input", jsonInput("prepend existing jsonb value of filtered columns with new jsonb value", named(scalarJSON))},
		{"_select_column", columnEnum("select", func(*field) bool { return true })},
		{"_set_input", setInput},
		{"_update_column", columnEnum("update", func(f *field) bool { return !f.fixed })},
	}
}

// primaryKey is the argument that selects a single row by its number.
const primaryKey = "_pk"

func objectType(o *object) *definition {
	d := &definition{kind: ast.Object, name: o.name, description: fmt.Sprintf("columns and relationships of %q", o.name), object: o}
	for _, f := range o.fields {
		m := &member{name: f.name, field: f}
		switch {
		case f.target != nil:
			m.typ, m.description, m.args = nonNullList(f.target.name), "An array relationship", f.target.arguments()
		case f.scalar == scalarJSON:
			m.typ = named(f.scalar)
			m.args = []*member{{name: "path", description: "JSON select path", typ: named(scalarString)}}
		default:
			m.typ = &ast.Type{NamedType: f.scalar, NonNull: f.required}
		}
		d.members = append(d.members, m)
	}
	return d
}

// arguments are those of a list of rows.
func (o *object) arguments() []*member {
	return []*member{
		{name: "distinct_on", description: "distinct select on columns", typ: listOf(o.name + "_select_column")},
		{name: "limit", description: "limit the number of rows returned", typ: named(scalarInt), strict: true},
		{name: "offset", description: "skip the first n rows. Use only with order_by", typ: named(scalarInt)},
		{name: "order_by", description: "sort the rows by one or more columns", typ: listOf(o.name + "_order_by")},
		{name: "where", description: "filter the rows returned", typ: named(o.name + "_bool_exp")},
	}
}

func boolExp(o *object, name string) *definition {
	all := []*member{
		{name: "_and", typ: ast.ListType(named(name), nil)}, {name: "_not", typ: named(name)},
		{name: "_or", typ: ast.ListType(named(name), nil)},
	}
	for _, f := range o.fields {
		typ := f.scalar + "_comparison_exp"
		if f.target != nil {
			typ = f.target.name + "_bool_exp"
		}
		all = append(all, &member{name: f.name, typ: named(typ), field: f})
	}
	const description = "Boolean expression to filter rows from the table %q. All fields are combined with a logical 'AND'."
	return input(name, fmt.Sprintf(description, o.name), all...)
}

// columnInput returns an input object with a member for each wanted column.
func columnInput(o *object, name, description string, wanted func(f *field) *ast.Type) *definition {
	d := input(name, description)
	for _, f := range o.fields {
		if f.target != nil {
			continue
		}
		if typ := wanted(f); typ != nil {
			d.members = append(d.members, &member{name: f.name, typ: typ, field: f})
		}
	}
	if len(d.members) == 0 {
		return nil
	}
	return d
}

func jsonInput(description string, typ *ast.Type) func(*object, string) *definition {
	return func(o *object, name string) *definition {
		return columnInput(o, name, description, func(f *field) *ast.Type {
			if f.fixed || f.scalar != scalarJSON {
				return nil
			}
			return typ
		})
	}
}

func incInput(o *object, name string) *definition {
	numbers := []string{scalarInt, scalarBigint, scalarNumeric, scalarFloat}
	return columnInput(o, name, fmt.Sprintf("input type for incrementing integer column in table %q", o.name), func(f *field) *ast.Type {
		if f.fixed || !slices.Contains(numbers, f.scalar) {
			return nil
		}
		return named(f.scalar)
	})
}

func setInput(o *object, name string) *definition {
	return columnInput(o, name, fmt.Sprintf("input type for updating data in table %q", o.name), func(f *field) *ast.Type {
		if f.fixed {
			return nil
		}
		return named(f.scalar)
	})
}

func orderInput(o *object, name string) *definition {
	return columnInput(o, name, fmt.Sprintf("ordering options when selecting data from %q", o.name),
		func(*field) *ast.Type { return named("order_by") })
}

func insertInput(o *object, name string) *definition {
	d := input(name, fmt.Sprintf("input type for inserting data into table %q", o.name))
	for _, f := range o.fields {
		typ := f.scalar
		if f.target != nil {
			typ = f.target.name + "_arr_rel_insert_input"
		}
		d.members = append(d.members, &member{name: f.name, typ: named(typ), field: f})
	}
	return d
}

func relationInput(kind string, data func(*object) *ast.Type) func(*object, string) *definition {
	return func(o *object, name string) *definition {
		return input(name, fmt.Sprintf("input type for inserting %s relation for remote table %q", kind, o.name),
			&member{name: "data", typ: data(o)}, &member{name: "on_conflict", typ: named(o.name + "_on_conflict")})
	}
}

func onConflict(o *object, name string) *definition {
	return input(name, fmt.Sprintf("on conflict condition type for table %q", o.name),
		&member{name: "constraint", typ: nonNull(o.name + "_constraint")},
		&member{name: "update_columns", typ: nonNullList(o.name + "_update_column")},
		&member{name: "where", typ: named(o.name + "_bool_exp")})
}

func mutationResponse(o *object, name string) *definition {
	return &definition{kind: ast.Object, name: name, description: fmt.Sprintf("response of any mutation on the table %q", o.name),
		members: []*member{
			{name: "affected_rows", description: "number of affected rows by the mutation", typ: nonNull(scalarInt)},
			{name: "returning", description: "data of the affected rows by the mutation", typ: nonNullList(o.name)},
		}}
}

func constraintEnum(o *object, name string) *definition {
	d := &definition{kind: ast.Enum, name: name, description: fmt.Sprintf("unique or primary key constraints on table %q", o.name)}
	for _, constraint := range o.constraints {
		d.values = append(d.values, value{o.name + constraint, "unique or primary key constraint"})
	}
	return d
}

func columnEnum(use string, wanted func(*field) bool) func(*object, string) *definition {
	return func(o *object, name string) *definition {
		d := &definition{kind: ast.Enum, name: name, description: fmt.Sprintf("%s columns of table %q", use, o.name)}
		for _, f := range o.fields {
			if f.target == nil && wanted(f) {
				d.values = append(d.values, value{f.name, "column name"})
			}
		}
		return d
	}
}
