package graphql

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// joined joins conditions as a balanced tree: SQLite bounds how deep an expression is nested, and
// takes a chain for as deep as it is long.
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
		return "", errors.New("must be an object")
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
			return "", errors.New("must be a list of objects")
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

// idOperation compares an id by its two columns. A source's key has no slash, so an id splits at
// the first.
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
