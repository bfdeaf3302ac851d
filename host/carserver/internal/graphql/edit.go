package graphql

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"carjs/host/carserver/internal/tables"
	"carjs/host/esjson"
)

// edit changes one property of a document.
type edit struct {
	property, column string
	operation        string // the argument of the update, such as _set
	operand          any
}

// operations are the arguments of an update that change columns.
func operations() []string {
	return []string{"_set", "_inc", "_append", "_prepend", "_delete_key", "_delete_elem", "_delete_at_path"}
}

// edits reads the changes of columns from the arguments of an update.
func (c *Change) edits() ([]edit, error) {
	var edits []edit
	asked := false
	for _, operation := range operations() {
		columns, ok := c.field.args[operation].(entries)
		asked = asked || ok
		for _, e := range columns {
			f := c.object.field(e.name)
			if f.kept || f.property == "" {
				return nil, at(operation, at(e.name, problem(codeNotSupported, "this service fills %s itself", e.name)))
			}
			if slices.ContainsFunc(edits, func(other edit) bool { return other.column == e.name }) {
				return nil, invalid("column found in multiple operators: %q", e.name)
			}
			operand := e.value
			if text, ok := operand.(document); ok {
				var err error
				if operand, err = esjson.Decode([]byte(text)); err != nil {
					return nil, err
				}
			}
			edits = append(edits, edit{property: f.property, column: e.name, operation: operation, operand: operand})
		}
	}
	if !asked {
		return nil, invalid("atleast any one of _set, _inc, _append, _prepend, _delete_key, _delete_elem and " +
			"_delete_at_path operator is expected")
	}
	return edits, nil
}

// apply changes a document. null stays null, unless it is set.
func (e *edit) apply(object map[string]any) error {
	if e.operation == "_set" {
		object[e.property] = literal(e.operand)
		if e.operand == nil {
			delete(object, e.property)
		}
		return nil
	}
	value, there := object[e.property]
	if !there || value == nil || e.operand == nil {
		return nil
	}
	var err error
	switch e.operation {
	case "_inc":
		value, err = sum(value, e.operand)
		value = literal(value)
	case "_append":
		value = concatenated(value, e.operand)
	case "_prepend":
		value = concatenated(e.operand, value)
	case "_delete_key":
		value, err = withoutKey(value, e.operand.(string))
	case "_delete_elem":
		value, err = withoutElement(value, e.operand.(int64))
	case "_delete_at_path":
		var path []string
		for _, step := range e.operand.([]any) {
			text, _ := step.(string)
			path = append(path, text)
		}
		value = withoutPath(value, path)
	}
	object[e.property] = value
	return err
}

// sum adds numbers; whole ones stay whole.
func sum(value, increment any) (any, error) {
	literal, ok := value.(json.Number)
	if !ok {
		return nil, dataException("a value that is not a number cannot be incremented")
	}
	a, ok := plainNumber(string(literal))
	if !ok {
		return nil, dataException("value overflows numeric format")
	}
	x, wholeX := a.(int64)
	y, wholeY := increment.(int64)
	if result := x + y; wholeX && wholeY && (result > x) == (y > 0) {
		return result, nil
	}
	return asFloat(a) + asFloat(increment), nil
}

// literal turns a number from SQLite's form into that of documents.
func literal(v any) any {
	switch v.(type) {
	case int64, float64:
		return json.Number(tables.AppendCanonical(nil, v))
	}
	return v
}

func asFloat(n any) float64 {
	if whole, ok := n.(int64); ok {
		return float64(whole)
	}
	f, _ := n.(float64)
	return f
}

// concatenated joins JSON values like PostgreSQL's operator ||: objects by member, the later one
// winning, everything else as lists.
func concatenated(a, b any) any {
	left, okLeft := a.(map[string]any)
	right, okRight := b.(map[string]any)
	if okLeft && okRight {
		joined := maps.Clone(left)
		maps.Copy(joined, right)
		return joined
	}
	return slices.Concat(asList(a), asList(b))
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// withoutKey removes a member of an object, or the items of an array that equal a text.
func withoutKey(v any, key string) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, key)
		return v, nil
	case []any:
		return slices.DeleteFunc(v, func(item any) bool { return item == any(key) }), nil
	}
	return nil, dataException("cannot delete from scalar")
}

// withoutElement removes the item of an array at an index; negative ones count from the end.
func withoutElement(v any, index int64) (any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, dataException("cannot delete from object using integer index")
	}
	if index < 0 {
		index += int64(len(list))
	}
	if index < 0 || index >= int64(len(list)) {
		return list, nil
	}
	return slices.Delete(list, int(index), int(index)+1), nil
}

// withoutPath removes the value at a path of keys and indexes, if there is one.
func withoutPath(v any, path []string) any {
	if len(path) == 0 {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		inner, there := v[path[0]]
		switch {
		case there && len(path) == 1:
			delete(v, path[0])
		case there:
			v[path[0]] = withoutPath(inner, path[1:])
		}
	case []any:
		index, err := strconv.Atoi(path[0])
		if index < 0 {
			index += len(v)
		}
		if err != nil || index < 0 || index >= len(v) {
			return v
		}
		if len(path) == 1 {
			return slices.Delete(v, index, index+1)
		}
		v[index] = withoutPath(v[index], path[1:])
	}
	return v
}
