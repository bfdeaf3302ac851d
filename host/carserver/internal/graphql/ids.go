package graphql

import (
	"fmt"
	"slices"
	"strings"

	"carjs/host/carserver/internal/tables"
)

// idOperation compares an id by its two columns, which are indexed. A source's key has no slash, so
// an id splits at the first one. Ids are ordered by source, then by key.
func (c *compiler) idOperation(in scope, f *field, e entry) (string, bool) {
	source, key := on(f.pair[0], in.alias), on(f.pair[1], in.alias)
	switch id := e.value.(type) {
	case []any:
		condition := c.idIn(source, key, id)
		if e.name == "_nin" {
			condition = "NOT " + condition
		}
		return condition, true
	case string:
		s, k, whole := strings.Cut(id, "/")
		sign := map[string]string{"_gt": ">", "_gte": ">=", "_lt": "<", "_lte": "<="}[e.name]
		switch {
		case e.name == "_eq" && !whole:
			return "0", true
		case e.name == "_eq":
			return fmt.Sprintf("(%s = %s AND %s = %s)", source, c.bind(s), key, c.bind(k)), true
		case e.name == "_neq":
			return fmt.Sprintf("NOT (%s = %s AND %s = %s)", source, c.bind(s), key, c.bind(k)), true
		case sign != "" && s == in.source:
			return fmt.Sprintf("%s %s %s", key, sign, c.bind(k)), true
		case sign != "":
			return fmt.Sprintf("(%s, %s) %s (%s, %s)", source, key, sign, c.bind(s), c.bind(k)), true
		}
	}
	return "", false
}

// idIn compares an id with a list. Ids of one source, the usual case, are compared by key: SQLite
// then uses an index even within an OR.
func (c *compiler) idIn(source, key string, ids []any) string {
	sources, keys, pairs := []string{}, []string{}, []any{}
	for _, id := range ids {
		if s, k, ok := strings.Cut(id.(string), "/"); ok {
			sources, keys, pairs = append(sources, s), append(keys, k), append(pairs, []any{s, k})
		}
	}
	if len(keys) == 1 { // then an index also has the order in which clients page
		return fmt.Sprintf("(%s = %s AND %s = %s)", source, c.bind(sources[0]), key, c.bind(keys[0]))
	}
	if len(sources) > 0 && !slices.ContainsFunc(sources, func(s string) bool { return s != sources[0] }) {
		return fmt.Sprintf("(%s = %s AND %s IN (SELECT value FROM json_each(%s)))", source, c.bind(sources[0]), key, c.bind(tables.List(keys)))
	}
	list := string(tables.AppendCanonical(nil, pairs))
	return fmt.Sprintf("((%s, %s) IN (SELECT value ->> 0, value ->> 1 FROM json_each(%s)))", source, key, c.bind(list))
}
