package graphql

import "slices"

// directions are the orders of a field. Nulls are the largest values where nothing is said, as in
// CAR's database.
func directions() map[string]string {
	return map[string]string{
		"asc": " ASC NULLS LAST", "asc_nulls_first": " ASC NULLS FIRST", "asc_nulls_last": " ASC NULLS LAST",
		"desc": " DESC NULLS FIRST", "desc_nulls_first": " DESC NULLS FIRST", "desc_nulls_last": " DESC NULLS LAST",
	}
}

// order translates order_by into terms, and makes the order definite by the identity of rows. It
// also returns the names of the fields that were asked for.
func (c *compiler) order(o *object, alias string, given any) (terms, asked []string) {
	var known []string
	add := func(expression, direction string) {
		if !slices.Contains(known, expression) { // a second time it changes nothing, and hides the order from an index
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
			switch {
			case f.pair != nil:
				// Ids go by source, then by key: the order of an index, in which a client can page.
				for _, column := range f.pair {
					add(on(column, alias), plain(direction))
				}
			case f.required: // without nulls an index gives the order
				add(on(f.value, alias), plain(direction))
			default:
				add(c.value(f, alias), directions()[direction])
			}
		}
	}
	for _, column := range o.order {
		add(on(column, alias), "")
	}
	return terms, asked
}

// plain is a direction for what is never null.
func plain(direction string) string {
	if direction[0] == 'd' {
		return " DESC"
	}
	return ""
}
