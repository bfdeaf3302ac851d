package served

import (
	"maps"
	"slices"
	"strings"

	"carjs/host/model"
)

// members checks the properties of an object: those that are named, those that match a pattern, and
// all others.
func (c *compiler) members(schema map[string]any) (check, error) {
	named, err := c.table(schema["properties"])
	if err != nil {
		return nil, err
	}
	patterns, err := c.table(schema["patternProperties"])
	if err != nil {
		return nil, err
	}
	matches := map[string]func(string) bool{}
	for pattern := range patterns {
		if matches[pattern], err = model.MatchPattern(pattern); err != nil {
			return nil, err
		}
	}
	others := &node{}
	if additional, there := schema["additionalProperties"]; there {
		if others, err = c.node(additional); err != nil {
			return nil, err
		}
	}
	return func(e *evaluation, v any, at []string) {
		object, _ := v.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			inner, known := append(slices.Clip(at), name), false
			if n, ok := named[name]; ok {
				known = true
				n.check(e, object[name], inner)
			}
			for pattern, n := range patterns {
				if matches[pattern](name) {
					known = true
					n.check(e, object[name], inner)
				}
			}
			if !known {
				others.check(e, object[name], inner)
			}
		}
	}, nil
}

// table compiles an object of schemas; there may be none.
func (c *compiler) table(argument any) (map[string]*node, error) {
	if argument == nil {
		return nil, nil
	}
	schemas, ok := argument.(map[string]any)
	if !ok {
		return nil, errArgument
	}
	nodes := make(map[string]*node, len(schemas))
	for name, schema := range schemas {
		var err error
		if nodes[name], err = c.node(schema); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// dependencies are what an object needs if it has a property: other properties, or a match of a
// schema.
func (c *compiler) dependencies(argument any, _ map[string]any) (check, error) {
	table, ok := argument.(map[string]any)
	if !ok {
		return nil, errArgument
	}
	needs, schemas := map[string][]string{}, map[string]*node{}
	for name, dependency := range table {
		var err error
		if names, ok := texts(dependency); ok {
			needs[name] = names
		} else if schemas[name], err = c.node(dependency); err != nil {
			return nil, err
		}
	}
	return func(e *evaluation, v any, at []string) {
		object, _ := v.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			missing := slices.DeleteFunc(slices.Clone(needs[name]), func(name string) bool { _, there := object[name]; return there })
			if len(missing) > 0 {
				e.fault(at, "needs %s beside %s", strings.Join(missing, " and "), name)
			}
			if n := schemas[name]; n != nil {
				n.check(e, v, at)
			}
		}
	}, nil
}

func (c *compiler) names(argument any, _ map[string]any) (check, error) {
	n, err := c.node(argument)
	if err != nil {
		return nil, err
	}
	return func(e *evaluation, v any, at []string) {
		object, _ := v.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(object)) {
			for _, f := range n.within(e, name, nil) {
				e.fault(at, "has a property whose name %s", f.text())
			}
		}
	}, nil
}

func (c *compiler) all(argument any, _ map[string]any) (check, error) {
	nodes, err := c.alternatives(argument)
	if err != nil {
		return nil, err
	}
	return func(e *evaluation, v any, at []string) {
		for _, n := range nodes {
			n.check(e, v, at)
		}
	}, nil
}

func (c *compiler) any(argument any, _ map[string]any) (check, error) {
	return c.choice(argument, false)
}

func (c *compiler) one(argument any, _ map[string]any) (check, error) {
	return c.choice(argument, true)
}

// choice checks that a value is valid by one of several schemas (anyOf), or by exactly one (oneOf).
func (c *compiler) choice(argument any, only bool) (check, error) {
	nodes, err := c.alternatives(argument)
	if err != nil {
		return nil, err
	}
	return func(e *evaluation, v any, at []string) {
		met := 0
		var broken []string
		for _, n := range nodes {
			found := n.within(e, v, at)
			if len(found) == 0 {
				met++
				continue
			}
			if text := joined(found, len(at)); !slices.Contains(broken, text) {
				broken = append(broken, text)
			}
		}
		switch {
		case met == 0:
			e.fault(at, "matches none of CAR's alternatives: %s", strings.Join(broken, ", or "))
		case met > 1 && only:
			e.fault(at, "matches more than one of CAR's alternatives")
		}
	}, nil
}

// joined joins the faults of a value, whose path has depth elements.
func joined(found []fault, depth int) string {
	texts := make([]string, len(found))
	for i, f := range found {
		f.at = f.at[min(depth, len(f.at)):]
		texts[i] = strings.TrimPrefix(f.text(), "is not valid at ")
	}
	return strings.Join(texts, " and ")
}

func (c *compiler) alternatives(argument any) ([]*node, error) {
	list, ok := argument.([]any)
	if !ok || len(list) == 0 {
		return nil, errArgument
	}
	return c.list(list)
}

func (c *compiler) not(argument any, _ map[string]any) (check, error) {
	n, err := c.node(argument)
	if err != nil {
		return nil, err
	}
	return func(e *evaluation, v any, at []string) {
		if len(n.within(e, v, at)) == 0 {
			e.fault(at, "is a value that CAR does not allow")
		}
	}, nil
}

func (c *compiler) condition(argument any, schema map[string]any) (check, error) {
	branches := [3]*node{}
	for i, name := range []string{"if", "then", "else"} {
		branch, there := schema[name]
		if !there {
			branch = true
		}
		var err error
		if branches[i], err = c.node(branch); err != nil {
			return nil, err
		}
	}
	return func(e *evaluation, v any, at []string) {
		if len(branches[0].within(e, v, at)) == 0 {
			branches[1].check(e, v, at)
		} else {
			branches[2].check(e, v, at)
		}
	}, nil
}
