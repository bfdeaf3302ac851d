package graphql

import (
	"encoding/json"
	"strings"

	"carjs/host/carserver/internal/tables"
)

// Change is one field of a mutation: an update of rows, the insertion of tags and links to them, or the
// deletion of links.
// The caller runs it and then compiles the response with [Change.Answer].
type Change struct {
	// Table is the table whose rows change.
	Table *tables.Table
	// Find selects the number and document of each row to update or delete; FindArgs are its
	// parameters.
	Find     string
	FindArgs []any
	// Apply changes the document of one row, if it is an update.
	Apply func(document map[string]any) error
	// Delete reports whether the rows are deleted.
	Delete bool
	// Insertions are the rows to insert, if it is an insertion.
	Insertions []Insertion

	object *object
	field  *selection
}

// change compiles a field of a mutation.
func change(top *selection) (*Change, error) {
	o := top.member.root.object
	change := &Change{Table: o.table, object: o, field: top}
	var err error
	switch top.member.root.action {
	case updateMany, updateOne:
		if o.table == nil {
			return nil, notOffered(top)
		}
		err = change.update()
	case deleteMany, deleteOne:
		change.Delete = true
		err = change.find()
	default:
		err = change.insert()
	}
	if err != nil {
		return nil, err
	}
	_, err = change.Answer(nil, 0) // finds errors in the response before anything changes
	return change, err
}

func notOffered(top *selection) error {
	return problem(codeNotSupported, "this service does not offer %s", top.member.name)
}

// one reports whether the mutation is about a single row, which it then returns.
func (c *Change) one() bool {
	action := c.field.member.root.action
	return action == insertOne || action == updateOne || action == deleteOne
}

// update reads the arguments of an update.
func (c *Change) update() error {
	edits, err := c.edits()
	if err != nil {
		return at("args", err)
	}
	c.Apply = func(document map[string]any) error {
		for _, e := range edits {
			if err := e.apply(document); err != nil {
				return err
			}
		}
		return nil
	}
	return c.find()
}

// find reads the argument that selects the rows of an update or a deletion.
func (c *Change) find() error {
	args := c.field.args
	statement := &compiler{}
	alias := statement.alias()
	var condition string
	var err error
	if keys, ok := args["pk_columns"].(entries); ok {
		condition = statement.keyed(c.object, alias, keys.get(primaryKey))
	} else if key, ok := args[primaryKey]; ok {
		condition = statement.keyed(c.object, alias, key)
	} else if condition, err = statement.where(c.object, alias, args["where"], 0); err != nil {
		return at("args", at("where", err))
	}
	c.Find = "SELECT " + alias + ".n, " + alias + ".doc FROM " + statement.from(c.object, alias, "") +
		" WHERE " + conjunction(condition, statement.current(c.object, alias)) + " ORDER BY " + alias + ".n"
	c.FindArgs = statement.args
	return nil
}

// Answer compiles the response of a mutation that has run: numbers are the rows that exist now, or
// that it deleted; affected is how many it changed.
func (c *Change) Answer(numbers []int64, affected int) (Field, error) {
	if numbers == nil {
		numbers = []int64{}
	}
	list, err := json.Marshal(numbers)
	if err != nil {
		return Field{}, err
	}
	statement := &compiler{}
	if c.one() {
		rows, err := c.returning(statement, c.field, list)
		return Field{SQL: rows, Args: statement.args}, err
	}
	var parts []string
	for _, s := range c.field.fields {
		shown := ""
		switch s.member.name {
		case "__typename":
			shown = statement.bind(s.parent.name)
		case "affected_rows":
			shown = statement.bind(affected)
		case "returning":
			rows, err := c.returning(statement, s, list)
			if err != nil {
				return Field{}, at("selectionSet", at(s.member.name, err))
			}
			shown = "json((SELECT json_group_array(json(j)) FROM (" + rows + ")))"
		}
		parts = append(parts, statement.bind(s.key)+", "+shown)
	}
	return Field{SQL: "SELECT json_object(" + strings.Join(parts, ", ") + ")", Args: statement.args}, nil
}

// returning selects the rows of a list of numbers.
func (c *Change) returning(statement *compiler, s *selection, numbers []byte) (string, error) {
	alias := statement.alias()
	shown, err := statement.object(c.object, alias, s.fields, 0)
	if err != nil {
		return "", err
	}
	return "SELECT " + shown + " AS j FROM " + statement.from(c.object, alias, "") + " WHERE " + alias +
		".n IN (SELECT value FROM json_each(" + statement.bind(string(numbers)) + ")) ORDER BY " + alias + ".n", nil
}
