package graphql

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/ast"

	"carjs/host/model"
)

// The names of the root types.
const (
	queryRoot        = "query_root"
	mutationRoot     = "mutation_root"
	subscriptionRoot = "subscription_root"
)

// action is what a root field does.
type action int

const (
	selectList action = iota
	selectOne
	insertMany
	insertOne
	updateMany
	updateOne
	deleteMany
	deleteOne
)

// root is the meaning of a root field.
type root struct {
	action action
	object *object
}

// selectRoot is the root of queries, and of subscriptions, which have the same members.
func (s *Schema) selectRoot(name, description string) *definition {
	d := &definition{kind: ast.Object, name: name, description: description}
	for _, o := range s.objects {
		d.members = append(d.members,
			&member{
				name: o.name, description: fmt.Sprintf("fetch data from the table: %q", o.name),
				typ: nonNullList(o.name), args: o.arguments(), root: &root{selectList, o},
			},
			&member{
				name: o.name + "_by_pk", description: fmt.Sprintf("fetch data from the table: %q using primary key columns", o.name),
				typ: named(o.name), args: []*member{{name: primaryKey, typ: nonNull(scalarBigint)}}, root: &root{selectOne, o},
			})
	}
	sorted(d.members)
	return d
}

func (s *Schema) mutationRoot() *definition {
	d := &definition{kind: ast.Object, name: mutationRoot, description: "mutation root"}
	for _, o := range s.objects {
		response := named(o.name + "_mutation_response")
		conflict := &member{name: "on_conflict", description: "on conflict condition", typ: named(o.name + "_on_conflict")}
		d.members = append(d.members,
			&member{
				name: "insert_" + o.name, description: fmt.Sprintf("insert data into the table: %q", o.name), typ: response,
				args: []*member{{name: "objects", description: "the rows to be inserted", typ: nonNullList(o.name + "_insert_input")}, conflict},
				root: &root{insertMany, o},
			},
			&member{
				name: "insert_" + o.name + "_one", description: fmt.Sprintf("insert a single row into the table: %q", o.name), typ: named(o.name),
				args: []*member{{name: "object", description: "the row to be inserted", typ: nonNull(o.name + "_insert_input")}, conflict},
				root: &root{insertOne, o},
			},
			&member{
				name: "update_" + o.name, description: fmt.Sprintf("update data of the table: %q", o.name), typ: response,
				args: s.changes(o, &member{
					name: "where", description: "filter the rows which have to be updated", typ: nonNull(o.name + "_bool_exp"),
				}),
				root: &root{updateMany, o},
			},
			&member{
				name: "update_" + o.name + "_by_pk", description: fmt.Sprintf("update single row of the table: %q", o.name), typ: named(o.name),
				args: s.changes(o, &member{name: "pk_columns", typ: nonNull(o.name + "_pk_columns_input")}),
				root: &root{updateOne, o},
			})
		if o.table != nil && o.table.OfTags && o.table.Kind == model.Edge {
			d.members = append(d.members, deletions(o)...)
		}
	}
	sorted(d.members)
	return d
}

// deletions are the mutations that unlink tags. Clients of CAR use them, although its published
// introspection, which is that of one role, has none.
func deletions(o *object) []*member {
	return []*member{
		{
			name: "delete_" + o.name, typ: named(o.name + "_mutation_response"), unlisted: true, root: &root{deleteMany, o},
			args: []*member{{name: "where", typ: nonNull(o.name + "_bool_exp")}},
		},
		{
			name: "delete_" + o.name + "_by_pk", typ: named(o.name), unlisted: true, root: &root{deleteOne, o},
			args: []*member{{name: primaryKey, typ: nonNull(scalarBigint)}},
		},
	}
}

// changes returns the arguments of an update: the operators that apply to the object's columns, and
// the one that selects the rows.
func (s *Schema) changes(o *object, target *member) []*member {
	args := []*member{target}
	for _, change := range []struct{ name, suffix string }{
		{"_append", "_append_input"}, {"_delete_at_path", "_delete_at_path_input"}, {"_delete_elem", "_delete_elem_input"},
		{"_delete_key", "_delete_key_input"}, {"_inc", "_inc_input"}, {"_prepend", "_prepend_input"}, {"_set", "_set_input"},
	} {
		d := s.lookup(o.name + change.suffix)
		if d == nil {
			continue
		}
		description := d.description
		switch change.name {
		case "_inc":
			description = "increments the integer columns with given value of the filtered values"
		case "_set":
			description = "sets the columns of the filtered rows to the given values"
		}
		args = append(args, &member{name: change.name, description: description, typ: named(d.name)})
	}
	return sorted(args)
}

func directionEnum() *definition {
	return &definition{kind: ast.Enum, name: "order_by", description: "column ordering options", values: []value{
		{"asc", "in the ascending order, nulls last"}, {"asc_nulls_first", "in the ascending order, nulls first"},
		{"asc_nulls_last", "in the ascending order, nulls last"}, {"desc", "in the descending order, nulls first"},
		{"desc_nulls_first", "in the descending order, nulls first"}, {"desc_nulls_last", "in the descending order, nulls last"},
	}}
}

func comparison(scalar, name string) *definition {
	d := input(name, fmt.Sprintf("expression to compare columns of type %s. All fields are combined with logical 'AND'.", scalar))
	for _, op := range operators() {
		if op.takes(scalar) {
			d.members = append(d.members, &member{name: op.name, description: op.description, typ: op.argument(scalar)})
		}
	}
	sorted(d.members)
	return d
}
