package graphql

import (
	"fmt"
	"slices"
	"strings"

	"carjs/host/carserver/internal/tables"
)

// conjunction joins conditions with AND and drops empty ones.
func conjunction(conditions ...string) string {
	var all []string
	for _, condition := range conditions {
		if condition != "" {
			all = append(all, condition)
		}
	}
	return joined(all, " AND ")
}

// joined joins conditions as a balanced tree: SQLite limits the depth of expressions, and a chain
// is as deep as it is long.
func joined(conditions []string, operator string) string {
	switch len(conditions) {
	case 0:
		return "1"
	case 1:
		return "(" + conditions[0] + ")"
	}
	half := len(conditions) / 2
	return "(" + joined(conditions[:half], operator) + operator + joined(conditions[half:], operator) + ")"
}

// scope is the row that conditions apply to.
type scope struct {
	object *object
	alias  string
	// source is the only source whose rows can match, or empty. With it, a comparison of ids can
	// use an index.
	source string
	depth  int
}

// where compiles a condition on the rows of an object; "" if there is none.
func (c *compiler) where(o *object, alias string, given any, depth int) (string, error) {
	condition, ok := given.(entries)
	if !ok {
		return "", nil
	}
	return c.all(scope{object: o, alias: alias, depth: depth}, condition)
}

// all compiles the members of a condition, all of which must hold.
func (c *compiler) all(in scope, condition entries) (string, error) {
	if in.depth > maxDepth {
		return "", problem(codeNotSupported, "this service takes conditions nested up to %d deep", maxDepth)
	}
	in.depth++
	if source := onlySource(condition); source != "" && in.object.table != nil {
		in.source = source
	}
	conditions := make([]string, 0, len(condition))
	for _, e := range condition {
		one, err := c.condition(in, e)
		if err != nil {
			return "", at(e.name, err)
		}
		conditions = append(conditions, one)
	}
	return conjunction(conditions...), nil
}

// onlySource returns the source to which a condition, or one of its members, restricts rows; "" if
// there is none.
func onlySource(condition entries) string {
	for _, e := range condition {
		switch e.name {
		case "source":
			comparison, _ := e.value.(entries)
			if source, ok := comparison.get("_eq").(string); ok {
				return source
			}
		case "_and":
			list, _ := e.value.([]any)
			for _, item := range list {
				member, _ := item.(entries)
				if source := onlySource(member); source != "" {
					return source
				}
			}
		}
	}
	return ""
}

// condition compiles one member. null is no condition, except in place of a list of alternatives,
// none of which holds then.
func (c *compiler) condition(in scope, e entry) (string, error) {
	switch e.name {
	case "_and":
		return c.several(in, e.value, " AND ", "1")
	case "_or":
		condition, err := c.several(in, e.value, " OR ", "0")
		if key, ok := leastOf(e.value, in.object.keyed(), in.source); ok && err == nil {
			condition = conjunction(on(in.object.order[1], in.alias)+" >= "+c.bind(key), condition)
		}
		return condition, err
	}
	inner, _ := e.value.(entries)
	if e.name == "_not" {
		condition, err := c.all(in, inner)
		return "NOT " + condition, err
	}
	f := in.object.field(e.name)
	if f.target == nil {
		return c.compare(in, f, inner)
	}
	return c.related(in, f, inner)
}

// related compiles a condition on related rows. The related rows that match are selected first,
// which may use an index of their own; an empty condition looks for any related row of each row
// instead.
func (c *compiler) related(in scope, f *field, inner entries) (string, error) {
	target := c.alias()
	there := scope{object: f.target, alias: target, depth: in.depth}
	join := on(f.join(target), in.alias)
	if len(inner) == 0 {
		return "EXISTS (SELECT 1 FROM " + c.from(f.target, target, join) + " WHERE " + conjunction(join, c.current(f.target, target)) + ")", nil
	}
	sameSource := ""
	if f.byKeys() && in.source != "" {
		there.source = in.source
		sameSource = target + ".source = " + c.bind(in.source)
	}
	condition, err := c.all(there, inner)
	if err != nil {
		return "", err
	}
	theirs := strings.ReplaceAll(strings.Join(f.theirs, ", "), "#", target)
	return "(" + on(strings.Join(f.own, ", "), in.alias) + ") IN (SELECT " + theirs + " FROM " + c.from(f.target, target, "") +
		" WHERE " + conjunction(sameSource, condition, c.current(f.target, target)) + ")", nil
}

// indexedAlternatives is the maximum number of alternatives that may each use an index of current
// rows: SQLite considers it only if the alternative itself says that it is about current rows.
const indexedAlternatives = 8

// several compiles _and and _or.
func (c *compiler) several(in scope, given any, operator, neutral string) (string, error) {
	list, _ := given.([]any)
	if len(list) == 0 {
		return neutral, nil
	}
	conditions := make([]string, 0, len(list))
	for i, item := range list {
		inner, _ := item.(entries)
		condition, err := c.all(in, inner)
		if err != nil {
			return "", atIndex(i, err)
		}
		if operator == " OR " && len(list) <= indexedAlternatives {
			condition = conjunction(condition, c.current(in.object, in.alias))
		}
		conditions = append(conditions, condition)
	}
	return joined(conditions, operator), nil
}

// compare compiles the comparisons of one scalar field.
func (c *compiler) compare(in scope, f *field, comparisons entries) (string, error) {
	var conditions []string
	for _, e := range comparisons {
		if e.value == nil {
			continue
		}
		condition, err := c.operation(in, f, e)
		if err != nil {
			return "", at(e.name, err)
		}
		conditions = append(conditions, condition)
	}
	return conjunction(conditions...), nil
}

func (c *compiler) operation(in scope, f *field, e entry) (string, error) {
	if f.pair != nil {
		if condition, ok := c.idOperation(in, f, e); ok {
			return condition, nil
		}
	}
	op := operatorNamed(e.name)
	argument := e.value
	switch v := argument.(type) {
	case []any:
		argument = listOfValues(v)
	case document:
		argument = string(v)
	case string:
		if op.bind != nil {
			argument = op.bind(v)
		}
	}
	if op.check != nil {
		if err := op.check(argument); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf(op.sql, c.value(f, in.alias), c.bind(argument)), nil
}

// listOfValues returns the values of a list as JSON.
func listOfValues(values []any) string {
	plain := slices.Clone(values)
	for i, v := range plain {
		if text, ok := v.(document); ok { // JSON is compared as text
			plain[i] = string(text)
		}
	}
	return string(tables.AppendCanonical(nil, plain))
}
