package graphql

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// directions are the orders of a field. Nulls are the largest values where nothing is said, as in
// CAR's database.
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

// eachOrder walks through an order_by argument in the order in which it is written. What comes in a
// variable has none within an object and is taken by name.
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
