package graphql

import (
	"slices"
	"strings"
)

// A client that pages through edges asks for those after the last one: the first end is greater, or
// it is equal and the second end is greater. No index serves such alternatives, but all of them
// have a lower bound for the first end, and an index serves that. So the least key that any
// alternative allows becomes an additional condition.

// leastOf returns the least key that a list of alternatives allows in a field of ids, for rows of
// one source. It returns false if an alternative has no lower bound.
func leastOf(alternatives any, f *field, source string) (string, bool) {
	list, _ := alternatives.([]any)
	if f == nil || source == "" || len(list) == 0 {
		return "", false
	}
	var keys []string
	for _, item := range list {
		condition, _ := item.(entries)
		key, ok := leastIn(condition, f, source)
		if !ok {
			return "", false
		}
		keys = append(keys, key)
	}
	return slices.Min(keys), true
}

// leastIn returns the least key that a condition allows: the greatest lower bound of its members.
func leastIn(condition entries, f *field, source string) (string, bool) {
	var keys []string
	for _, e := range condition {
		switch e.name {
		case f.name:
			comparisons, _ := e.value.(entries)
			for _, comparison := range comparisons {
				id, _ := comparison.value.(string)
				s, key, ok := strings.Cut(id, "/")
				if ok && s == source && slices.Contains([]string{"_eq", "_gt", "_gte"}, comparison.name) {
					keys = append(keys, key)
				}
			}
		case "_and":
			list, _ := e.value.([]any)
			for _, item := range list {
				member, _ := item.(entries)
				if key, ok := leastIn(member, f, source); ok {
					keys = append(keys, key)
				}
			}
		case "_or":
			if key, ok := leastOf(e.value, f, source); ok {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) == 0 {
		return "", false
	}
	return slices.Max(keys), true
}
