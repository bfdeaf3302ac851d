package graphql

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// rows translates the arguments of a list: which rows of an object's table, in what order. The join
// is a condition in which # stands for the alias.
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
