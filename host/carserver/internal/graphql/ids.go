package graphql

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// idOperation compares an id by its two columns, of which there is an index. A source's key has no
// slash, so an id splits at the first. Ids go by source, then by key.
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

// idIn compares an id with a list. Ids of one source, which is the rule, are compared by their keys:
// SQLite uses an index for that even if it is one alternative of several.
func (c *compiler) idIn(source, key string, ids []any) string {
	pairs, keys := [][2]string{}, []string{}
	for _, id := range ids {
		if s, k, ok := strings.Cut(id.(string), "/"); ok {
			pairs, keys = append(pairs, [2]string{s, k}), append(keys, k)
		}
	}
	list := func(v any) string {
		text, _ := json.Marshal(v) // texts always encode
		return c.bind(string(text))
	}
	if len(pairs) > 0 && !slices.ContainsFunc(pairs, func(p [2]string) bool { return p[0] != pairs[0][0] }) {
		return fmt.Sprintf("(%s = %s AND %s IN (SELECT value FROM json_each(%s)))", source, c.bind(pairs[0][0]), key, list(keys))
	}
	return fmt.Sprintf("((%s, %s) IN (SELECT value ->> 0, value ->> 1 FROM json_each(%s)))", source, key, list(pairs))
}
