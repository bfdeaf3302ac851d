package graphql

import (
	"slices"

	"carjs/host/model"
)

// directions maps the values of order_by to SQL. By default nulls sort as the largest values, as in
// PostgreSQL.
func directions() map[string]string {
	return map[string]string{
		"asc": " ASC NULLS LAST", "asc_nulls_first": " ASC NULLS FIRST", "asc_nulls_last": " ASC NULLS LAST",
		"desc": " DESC NULLS FIRST", "desc_nulls_first": " DESC NULLS FIRST", "desc_nulls_last": " DESC NULLS LAST",
	}
}

// order compiles order_by, completed to a total order. It also returns the names of the requested
// fields.
func (c *compiler) order(o *object, alias string, given any) (terms, asked []string) {
	var known []string
	last := ""
	add := func(expression, direction string) {
		if !slices.Contains(known, expression) { // a repetition changes nothing and keeps SQLite from using an index
			terms, known = append(terms, expression+direction), append(known, expression)
		}
	}
	list, _ := given.([]any)
	for _, item := range list {
		object, _ := item.(entries)
		for _, e := range object {
			direction, ok := e.value.(string)
			if !ok {
				continue // null: no order
			}
			f := o.field(e.name)
			asked = append(asked, e.name)
			last = plain(direction)
			switch {
			case f.pair != nil:
				// Ids are ordered by source, then key: the order of an index, so that clients can
				// page.
				for _, column := range f.pair {
					add(on(column, alias), plain(direction))
				}
			case f.required: // without nulls an index has this order
				add(on(f.value, alias), plain(direction))
			default:
				add(c.value(f, alias), directions()[direction])
			}
		}
	}
	for _, column := range o.completion(asked) {
		add(on(column, alias), last)
	}
	return terms, asked
}

// completion returns what makes an order total, in the direction of its last term: an index that
// serves the order then also serves the whole of it. An index of a property has the numbers of rows
// behind its values, all others have the columns of the default order.
func (o *object) completion(asked []string) []string {
	if len(asked) != 1 || o.table == nil {
		return o.order
	}
	f := o.field(asked[0])
	if p, ok := o.table.Property(f.property); ok && p.Indexed && o.table.Kind == model.Vertex {
		return []string{"@.n"}
	}
	return o.order
}

// plain returns the direction of a column that is never null.
func plain(direction string) string {
	if direction[0] == 'd' {
		return " DESC"
	}
	return ""
}
