package served

import (
	"slices"
	"strconv"
)

// elements checks the elements of an array: the first ones each by its own schema, and the rest. In
// older drafts items can be the list for the first ones.
func (c *compiler) elements(schema map[string]any) (check, error) {
	prefix, isList := schema["prefixItems"].([]any)
	rest, hasRest := schema["items"]
	if list, old := rest.([]any); old {
		prefix, isList, hasRest = list, true, false
	}
	if _, there := schema["prefixItems"]; there && !isList {
		return nil, errArgument
	}
	first, err := c.list(prefix)
	if err != nil {
		return nil, err
	}
	others := &node{}
	if hasRest {
		if others, err = c.node(rest); err != nil {
			return nil, err
		}
	}
	return func(e *evaluation, v any, at []string) {
		list, _ := v.([]any)
		for i, element := range list {
			n := others
			if i < len(first) {
				n = first[i]
			}
			n.check(e, element, append(slices.Clip(at), strconv.Itoa(i)))
		}
	}, nil
}

func (c *compiler) list(schemas []any) ([]*node, error) {
	nodes := make([]*node, len(schemas))
	for i, schema := range schemas {
		var err error
		if nodes[i], err = c.node(schema); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

func (c *compiler) contains(argument any, schema map[string]any) (check, error) {
	n, err := c.node(argument)
	if err != nil {
		return nil, err
	}
	least, most := int64(1), int64(-1)
	for name, to := range map[string]*int64{"minContains": &least, "maxContains": &most} {
		limit, there := schema[name]
		r, ok := rational(limit)
		if there && (!ok || !r.IsInt() || !r.Num().IsInt64()) {
			return nil, errArgument
		}
		if there {
			*to = r.Num().Int64()
		}
	}
	return func(e *evaluation, v any, at []string) {
		list, ok := v.([]any)
		if !ok {
			return
		}
		found := int64(0)
		for _, element := range list {
			if len(n.within(e, element, at)) == 0 {
				found++
			}
		}
		if found < least || most >= 0 && found > most {
			e.fault(at, "must have %s elements that match CAR's rule, has %d", numberOf(least, most), found)
		}
	}, nil
}

// numberOf is a range of numbers in words; a negative most is no limit.
func numberOf(least, most int64) string {
	switch {
	case most < 0:
		return "at least " + strconv.FormatInt(least, 10)
	case most == least:
		return "exactly " + strconv.FormatInt(least, 10)
	case least <= 0:
		return "at most " + strconv.FormatInt(most, 10)
	}
	return strconv.FormatInt(least, 10) + " to " + strconv.FormatInt(most, 10)
}

func (c *compiler) unique(argument any, _ map[string]any) (check, error) {
	wanted, ok := argument.(bool)
	if !ok {
		return nil, errArgument
	}
	return func(e *evaluation, v any, at []string) {
		list, _ := v.([]any)
		seen := make(map[string]int, len(list))
		for i, element := range list {
			text := canonical(element)
			if first, twice := seen[text]; twice && wanted {
				e.fault(at, "has the same element twice, at %d and %d", first, i)
				return
			}
			seen[text] = i
		}
	}, nil
}
