package graphql

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// entries are the members of an input object, in document order.
type entries []entry

type entry struct {
	name  string
	value any
}

func (e entries) get(name string) any {
	for _, one := range e {
		if one.name == name {
			return one.value
		}
	}
	return nil
}

// variable is a variable of an operation: its type and its value, as returned by input.
type variable struct {
	typ   *ast.Type
	value any
}

// readVariables checks the variables that an operation defines and the values given for them.
func (c *checker) readVariables(defined ast.VariableDefinitionList, given map[string]any) error {
	c.variables = make(map[string]variable, len(defined))
	for _, d := range defined {
		if _, twice := c.variables[d.Variable]; twice {
			return invalid("the following variables are defined more than once: %s", d.Variable)
		}
		c.variables[d.Variable] = variable{typ: d.Type}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, expected := c.variables[name]; !expected {
			return invalid("unexpected variables in variableValues: %s", name)
		}
	}
	for _, d := range defined {
		v, err := c.readVariable(d, given)
		if err != nil {
			return err
		}
		c.variables[d.Variable] = variable{d.Type, v}
	}
	return nil
}

func (c *checker) readVariable(d *ast.VariableDefinition, given map[string]any) (any, error) {
	base := c.schema.lookup(d.Type.Name())
	switch {
	case base == nil:
		return nil, invalid("no such type exists in the schema: '%s'", d.Type.Name())
	case base.kind == ast.Object:
		return nil, invalid("variables can only be defined on input types(enums, scalars, input objects), but '%s' is an object type", base.name)
	}
	var initial any
	if d.DefaultValue != nil {
		var err error
		if initial, err = c.input(d.Type, d.DefaultValue); err != nil {
			return nil, at("defaultValue", err)
		}
	}
	v, there := given[d.Variable]
	switch {
	case there:
		v, err := c.input(d.Type, v)
		return v, at(d.Variable, err)
	case d.DefaultValue == nil && d.Type.NonNull:
		return nil, invalid("expecting a value for non-nullable variable: %s of type: %s in variableValues", d.Variable, d.Type)
	}
	return initial, nil
}

// input checks a value, a literal of the query (*ast.Value) or JSON, against a type. It returns
// nil, the result of convert for a scalar, the name of an enum's value, []any or entries.
func (c *checker) input(t *ast.Type, v any) (any, error) {
	literal, isLiteral := v.(*ast.Value)
	if isLiteral && literal.Kind == ast.Variable {
		return c.use(t, literal.Raw)
	}
	if v == nil || isLiteral && literal.Kind == ast.NullValue {
		if t.NonNull {
			return nil, invalid("null value found for non-nullable type: %s", t)
		}
		return nil, nil
	}
	if t.Elem != nil {
		return c.list(t.Elem, v)
	}
	switch d := c.schema.lookup(t.NamedType); d.kind {
	case ast.InputObject:
		return c.object(d, v)
	case ast.Enum:
		return enumValue(d, v)
	}
	plain := v
	if isLiteral {
		if literal.Kind == ast.EnumValue {
			return nil, invalid("unexpected enum for a scalar")
		}
		var err error
		if plain, err = plainJSON(literal); err != nil {
			return nil, err
		}
	}
	return convert(t.NamedType, plain)
}

// use returns the value of a variable where a type is expected.
func (c *checker) use(t *ast.Type, name string) (any, error) {
	v, ok := c.variables[name]
	if !ok {
		return nil, invalid("no such variable defined in the operation: %q", name)
	}
	if !fits(v.typ, t) {
		return nil, invalid("variable %s of type %s is used in position expecting %s", name, v.typ, t)
	}
	return v.value, nil
}

// fits reports whether a type may stand where another is expected: it is the same, or only stricter
// about null.
func fits(t, expected *ast.Type) bool {
	if expected.NonNull && !t.NonNull {
		return false
	}
	if t.Elem == nil || expected.Elem == nil {
		return t.Elem == expected.Elem && t.NamedType == expected.NamedType
	}
	return fits(t.Elem, expected.Elem)
}

// list checks the items of a list; a single value stands for a list of one.
func (c *checker) list(t *ast.Type, v any) (any, error) {
	var items []any
	switch v := v.(type) {
	case []any:
		items = v
	case *ast.Value:
		if v.Kind != ast.ListValue {
			items = []any{v}
			break
		}
		for _, child := range v.Children {
			items = append(items, child.Value)
		}
	default:
		items = []any{v}
	}
	checked := make([]any, len(items))
	for i, item := range items {
		var err error
		if checked[i], err = c.input(t, item); err != nil {
			return nil, atIndex(i, err)
		}
	}
	return checked, nil
}

// object checks an input object.
func (c *checker) object(d *definition, v any) (any, error) {
	given, err := membersOf(d, v)
	if err != nil {
		return nil, err
	}
	for _, m := range d.members {
		if m.typ.NonNull && !slices.ContainsFunc(given, func(e entry) bool { return e.name == m.name }) {
			return nil, invalid("field %s of type %s is required, but not found", m.name, m.typ)
		}
	}
	for i, e := range given {
		m := d.member(e.name)
		if m == nil {
			return nil, at(e.name, invalid("field %q not found in type: '%s'", e.name, d.name))
		}
		if given[i].value, err = c.input(m.typ, e.value); err != nil {
			return nil, at(e.name, err)
		}
	}
	return given, nil
}

// membersOf returns the unchecked members of an object. Those of JSON are sorted by name, because
// their order is lost.
func membersOf(d *definition, v any) (entries, error) {
	literal, isLiteral := v.(*ast.Value)
	if !isLiteral {
		object, ok := v.(map[string]any)
		if !ok {
			return nil, invalid("expecting a JSON object")
		}
		given := make(entries, 0, len(object))
		for _, name := range slices.Sorted(maps.Keys(object)) {
			given = append(given, entry{name, object[name]})
		}
		return given, nil
	}
	if literal.Kind != ast.ObjectValue {
		return nil, invalid("expecting an object")
	}
	given := make(entries, 0, len(literal.Children))
	seen := make(map[string]bool, len(literal.Children))
	for _, child := range literal.Children {
		if seen[child.Name] {
			return nil, invalid("when parsing a value of type: '%s', the following fields are duplicated: %s", d.name, child.Name)
		}
		seen[child.Name] = true
		given = append(given, entry{child.Name, child.Value})
	}
	return given, nil
}

func enumValue(d *definition, v any) (any, error) {
	name, ok := v.(string)
	if literal, isLiteral := v.(*ast.Value); isLiteral {
		if literal.Kind != ast.EnumValue {
			return nil, invalid("expecting an enum")
		}
		name, ok = literal.Raw, true
	}
	if !ok {
		return nil, invalid("expecting a JSON string for Enum")
	}
	if !d.hasValue(name) {
		return nil, invalid("unexpected value %q for enum: '%s'", name, d.name)
	}
	return name, nil
}

// plainJSON converts a literal to JSON.
func plainJSON(v *ast.Value) (any, error) {
	switch v.Kind {
	case ast.Variable:
		return nil, invalid("variables are not allowed in scalars")
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw), nil
	case ast.BooleanValue:
		return v.Raw == "true", nil
	case ast.NullValue:
		return nil, nil
	case ast.ListValue:
		list := make([]any, len(v.Children))
		for i, child := range v.Children {
			var err error
			if list[i], err = plainJSON(child.Value); err != nil {
				return nil, err
			}
		}
		return list, nil
	case ast.ObjectValue:
		object := make(map[string]any, len(v.Children))
		for _, child := range v.Children {
			var err error
			if object[child.Name], err = plainJSON(child.Value); err != nil {
				return nil, err
			}
		}
		return object, nil
	}
	return v.Raw, nil
}
