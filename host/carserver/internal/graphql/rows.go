package graphql

import (
	"strings"
)

// rows compiles the arguments of a list: which rows of an object's table, in what order. join is an
// additional condition; "" means none.
func (c *compiler) rows(o *object, alias string, args map[string]any, join string) (string, error) {
	return c.joined(o, alias, args, join, "")
}

// joined is rows with tables joined to that of the object.
func (c *compiler) joined(o *object, alias string, args map[string]any, join, tables string) (string, error) {
	where, err := c.where(o, alias, args["where"], 0)
	if err != nil {
		return "", at("args", at("where", err))
	}
	condition := conjunction(join, c.current(o, alias), where)
	text := " FROM " + c.from(o, alias, join) + tables + " WHERE " + condition
	order, asked := c.order(o, alias, args["order_by"])
	if distinct, ok := args["distinct_on"].([]any); ok && len(distinct) > 0 {
		if len(asked) > 0 && !beginsWith(asked, distinct) {
			return "", at("args", invalid(`"distinct_on" columns must match initial "order_by" columns`))
		}
		columns := make([]string, 0, len(distinct))
		for _, name := range distinct {
			columns = append(columns, c.value(o.field(name.(string)), alias))
		}
		if len(asked) == 0 {
			order = append(columns, order...)
		}
		text = " FROM (SELECT " + alias + ".*, row_number() OVER (PARTITION BY " + strings.Join(columns, ", ") +
			" ORDER BY " + strings.Join(order, ", ") + ") AS nth" + text + ") AS " + alias + " WHERE " + alias + ".nth = 1"
	}
	text += " ORDER BY " + strings.Join(order, ", ")
	return c.limited(text, args)
}

// beginsWith reports whether an order starts with the columns of distinct_on.
func beginsWith(order []string, distinct []any) bool {
	if len(order) < len(distinct) {
		return false
	}
	first := map[any]bool{}
	for _, name := range order[:len(distinct)] {
		first[name] = true
	}
	for _, name := range distinct {
		if !first[name] {
			return false
		}
	}
	return true
}

// limited adds limit and offset.
func (c *compiler) limited(text string, args map[string]any) (string, error) {
	limit, hasLimit := args["limit"].(int64)
	offset, hasOffset := args["offset"].(int64)
	switch {
	case hasLimit && limit < 0:
		return "", at("args", at("limit", problem(codeNotSupported, "unexpected negative value")))
	case hasOffset && offset < 0:
		return "", dataException("OFFSET must not be negative")
	case !hasLimit && !hasOffset:
		return text, nil
	case !hasLimit:
		limit = -1 // no limit
	}
	return text + " LIMIT " + c.bind(limit) + " OFFSET " + c.bind(offset), nil
}
