package graphql

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// rows translates the arguments of a list: which rows of an object's table, in what order. The join is a condition
// in which # stands for the alias.
func (c *compiler) rows(o *object, alias string, field *ast.Field, join string) (string, error) {
	arguments := field.ArgumentMap(c.variables)
	var conditions []string
	if join != "" {
		conditions = append(conditions, strings.ReplaceAll(join, "#", alias))
	}
	if o.current != "" {
		conditions = append(conditions, on(o.current, alias))
	}
	if where, ok := arguments["where"].(map[string]any); ok {
		condition, err := c.where(o, alias, where, 0)
		if err != nil {
			return "", gqlerror.ErrorPosf(field.Position, "where: %v", err)
		}
		conditions = append(conditions, condition)
	}
	text := fmt.Sprintf(` FROM "%s" AS %s`, o.table, alias)
	if len(conditions) > 0 {
		text += " WHERE " + joined(conditions, " AND ")
	}
	order, err := c.order(o, alias, field)
	if err != nil {
		return "", gqlerror.ErrorPosf(field.Position, "order_by: %v", err)
	}
	text += " ORDER BY " + order
	return c.limited(text, field, arguments)
}

// limited adds limit and offset.
func (c *compiler) limited(text string, field *ast.Field, arguments map[string]any) (string, error) {
	limit, offset := arguments["limit"], arguments["offset"]
	if limit == nil && offset == nil {
		return text, nil
	}
	for i, v := range []any{limit, offset} {
		n := int64(-1) // no limit
		if v != nil {
			converted, err := convert(scalarInt, v)
			if f, ok := converted.(float64); ok {
				converted = int64(f)
			}
			var whole bool
			if n, whole = converted.(int64); err != nil || !whole || n < 0 {
				return "", gqlerror.ErrorPosf(field.Position, "limit and offset must be whole numbers from 0 on")
			}
		} else if i == 1 {
			n = 0
		}
		text += []string{" LIMIT ", " OFFSET "}[i] + c.bind(n)
	}
	return text, nil
}

// joined joins conditions as a balanced tree: SQLite bounds how deep an expression is nested, and takes a chain for as
// deep as it is long.
func joined(conditions []string, operator string) string {
	if len(conditions) == 1 {
		return "(" + conditions[0] + ")"
	}
	half := len(conditions) / 2
	return "(" + joined(conditions[:half], operator) + operator + joined(conditions[half:], operator) + ")"
}

// where translates a condition on the rows of an object.
func (c *compiler) where(o *object, alias string, where map[string]any, depth int) (string, error) {
	if depth > maxDepth {
		return "", fmt.Errorf("conditions are nested more than %d deep", maxDepth)
	}
	conditions := []string{"1"}
	for _, name := range slices.Sorted(maps.Keys(where)) {
		if where[name] == nil {
			return "", fmt.Errorf("%s must not be null", name)
		}
		condition, err := c.condition(o, alias, name, where[name], depth)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		conditions = append(conditions, condition)
	}
	return joined(conditions, " AND "), nil
}

func (c *compiler) condition(o *object, alias, name string, argument any, depth int) (string, error) {
	switch name {
	case "_and":
		return c.several(o, alias, argument, "1", " AND ", depth)
	case "_or":
		return c.several(o, alias, argument, "0", " OR ", depth)
	}
	inner, ok := argument.(map[string]any)
	if !ok {
		return "", fmt.Errorf("must be an object")
	}
	if name == "_not" {
		condition, err := c.where(o, alias, inner, depth+1)
		return "NOT " + condition, err
	}
	f, ok := o.byName[name]
	if !ok { // __typename in a variable, which the validator lets pass
		return "", fmt.Errorf("is no field of %s", o.name)
	}
	if f.target == nil {
		return c.compare(f, alias, inner)
	}
	target := c.alias()
	condition, err := c.where(f.target, target, inner, depth+1)
	if err != nil {
		return "", err
	}
	conditions := []string{strings.ReplaceAll(on(f.join, alias), "#", target), condition, on(f.target.current, target)}
	return fmt.Sprintf(`EXISTS (SELECT 1 FROM "%s" AS %s WHERE %s)`, f.target.table, target, joined(conditions, " AND ")), nil
}

// several translates _and and _or. A single condition stands for a list of one.
func (c *compiler) several(o *object, alias string, argument any, neutral, operator string, depth int) (string, error) {
	list, ok := argument.([]any)
	if !ok {
		list = []any{argument}
	}
	conditions := []string{neutral}
	for _, item := range list {
		inner, ok := item.(map[string]any)
		if !ok {
			return "", fmt.Errorf("must be a list of objects")
		}
		condition, err := c.where(o, alias, inner, depth+1)
		if err != nil {
			return "", err
		}
		conditions = append(conditions, condition)
	}
	return joined(conditions, operator), nil
}

// compare translates the comparisons of one scalar field.
func (c *compiler) compare(f *field, alias string, comparisons map[string]any) (string, error) {
	conditions := []string{"1"}
	for _, op := range operators() {
		argument, there := comparisons[op.name]
		if !there {
			continue
		}
		if argument == nil {
			return "", fmt.Errorf("%s must not be null: _is_null asks for that", op.name)
		}
		condition, err := c.operation(f, alias, op, argument)
		if err != nil {
			return "", fmt.Errorf("%s: %w", op.name, err)
		}
		conditions = append(conditions, condition)
	}
	return joined(conditions, " AND "), nil
}

func (c *compiler) operation(f *field, alias string, op operator, argument any) (string, error) {
	scalar := f.scalar
	if op.kind != "" {
		scalar = op.kind
	}
	if f.pair != nil {
		if condition, ok := c.idOperation(f, alias, op, argument); ok {
			return condition, nil
		}
	}
	if op.list {
		list, err := listed(scalar, argument)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf(op.sql, on(f.value, alias), c.bind(list)), nil
	}
	value, err := convert(scalar, argument)
	if err != nil {
		return "", err
	}
	if text, ok := value.(string); ok && op.bind != nil {
		value = op.bind(text)
	}
	return fmt.Sprintf(op.sql, on(f.value, alias), c.bind(value)), nil
}

// listed makes the JSON array of a list of arguments, bound as one parameter however long it is.
func listed(scalar string, argument any) (string, error) {
	items, ok := argument.([]any)
	if !ok {
		items = []any{argument}
	}
	values := make([]any, len(items))
	for i, item := range items {
		var err error
		if values[i], err = convert(scalar, item); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(values)
	return string(list), err
}

// idOperation compares an id by its two columns. A source's key has no slash, so an id splits at the first.
func (c *compiler) idOperation(f *field, alias string, op operator, argument any) (string, bool) {
	ids, ok := argument.([]any)
	if !ok {
		ids = []any{argument}
	}
	pairs := [][2]string{}
	for _, id := range ids {
		text, ok := id.(string)
		if !ok {
			return "", false
		}
		if source, key, ok := strings.Cut(text, "/"); ok {
			pairs = append(pairs, [2]string{source, key})
		}
	}
	not := ""
	switch op.name {
	case "_eq", "_in":
	case "_neq", "_nin":
		not = "NOT "
	default:
		return "", false
	}
	list, err := json.Marshal(pairs)
	if err != nil {
		return "", false
	}
	columns := on(strings.Join(f.pair, ", "), alias)
	return fmt.Sprintf("(%s) %sIN (SELECT value ->> 0, value ->> 1 FROM json_each(%s))", columns, not, c.bind(string(list))), true
}

// directions are the orders of a field. Nulls are the largest values where nothing is said, as in CAR's database.
func directions() map[string]string {
	return map[string]string{
		"asc": " ASC NULLS LAST", "asc_nulls_first": " ASC NULLS FIRST", "asc_nulls_last": " ASC NULLS LAST",
		"desc": " DESC NULLS FIRST", "desc_nulls_first": " DESC NULLS FIRST", "desc_nulls_last": " DESC NULLS LAST",
	}
}

// order translates order_by, and makes the order definite by the identity of rows.
func (c *compiler) order(o *object, alias string, field *ast.Field) (string, error) {
	var parts []string
	add := func(name string, direction any) error {
		f := o.byName[name]
		if direction == nil || f == nil || f.target != nil {
			return fmt.Errorf("%s needs a direction", name)
		}
		sql, ok := directions()[strings.ToLower(fmt.Sprint(direction))]
		if !ok {
			return fmt.Errorf("%s: %v is no direction", name, direction)
		}
		parts = append(parts, on(f.value, alias)+sql)
		return nil
	}
	if argument := field.Arguments.ForName("order_by"); argument != nil {
		if err := c.eachOrder(argument.Value, add); err != nil {
			return "", err
		}
	}
	for _, column := range o.order {
		parts = append(parts, on(column, alias))
	}
	return strings.Join(parts, ", "), nil
}

// eachOrder walks through an order_by argument in the order in which it is written. What comes in a variable has none
// within an object and is taken by name.
func (c *compiler) eachOrder(value *ast.Value, add func(name string, direction any) error) error {
	switch value.Kind {
	case ast.ListValue:
		for _, child := range value.Children {
			if err := c.eachOrder(child.Value, add); err != nil {
				return err
			}
		}
		return nil
	case ast.ObjectValue:
		for _, child := range value.Children {
			direction, err := child.Value.Value(c.variables)
			if err != nil {
				return err
			}
			if err := add(child.Name, direction); err != nil {
				return err
			}
		}
		return nil
	}
	given, err := value.Value(c.variables)
	if err != nil {
		return err
	}
	return eachGiven(given, add)
}

func eachGiven(given any, add func(name string, direction any) error) error {
	switch given := given.(type) {
	case []any:
		for _, item := range given {
			if err := eachGiven(item, add); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if err := add(name, given[name]); err != nil {
				return err
			}
		}
	}
	return nil
}
