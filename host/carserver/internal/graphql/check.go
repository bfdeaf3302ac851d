package graphql

import (
	"reflect"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// maxSelections limits the fields of a query with its fragments expanded: a few fragments that
	// use each other twice expand to millions.
	maxSelections = 100_000
	// maxFields limits the fields of an object in the response, which are arguments of one SQL
	// function, and the root fields, which are one statement each.
	maxFields = 400
)

// selection is a checked field of the response, with fragments, variables and directives resolved.
type selection struct {
	key    string // its name in the response
	member *member
	parent *definition
	args   map[string]any
	fields []*selection
}

// checker checks and resolves an operation. It finds the errors that Hasura finds, in document
// order.
type checker struct {
	schema    *Schema
	fragments ast.FragmentDefinitionList
	variables map[string]variable
	spent     int
}

// selections checks a selection set. It must not use the fragments in within, of which it is part.
func (c *checker) selections(d *definition, set ast.SelectionSet, within []string) ([]*selection, error) {
	var all []*selection
	for _, s := range set {
		var found []*selection
		var err error
		switch s := s.(type) {
		case *ast.Field:
			var one *selection
			if one, err = c.field(d, s, within); one != nil {
				found = []*selection{one}
			}
			err = at(s.Name, err)
		case *ast.InlineFragment:
			found, err = c.inlineFragment(d, s, within)
			err = at("inlineFragment", err)
		case *ast.FragmentSpread:
			found, err = c.spread(d, s, within)
			err = at(s.Name, err)
		}
		if err != nil {
			return nil, at("selectionSet", err)
		}
		all = append(all, found...)
	}
	merged, err := merge(all)
	if err != nil {
		return nil, at("selectionSet", err)
	}
	return merged, nil
}

// field checks a field. It returns nil if a directive excludes it.
func (c *checker) field(d *definition, f *ast.Field, within []string) (*selection, error) {
	if c.spent++; c.spent > maxSelections {
		return nil, problem(codeNotSupported, "this service answers queries of up to %d fields", maxSelections)
	}
	m := metaField(d, f.Name)
	if m == nil {
		m = d.member(f.Name)
	}
	if m == nil {
		return nil, invalid("field %q not found in type: '%s'", f.Name, d.name)
	}
	args, err := c.arguments(m.args, f.Arguments)
	if err != nil {
		return nil, at("args", err)
	}
	s := &selection{key: f.Alias, member: m, parent: d, args: args}
	target := c.schema.lookup(m.typ.Name())
	switch isObject := target.kind == ast.Object; {
	case isObject && len(f.SelectionSet) == 0:
		return nil, invalid("field %q of type %s must have a selection of subfields", f.Name, m.typ)
	case !isObject && len(f.SelectionSet) > 0:
		return nil, invalid("field %q must not have a selection since type %s has no subfields", f.Name, m.typ)
	case isObject:
		if s.fields, err = c.selections(target, f.SelectionSet, within); err != nil {
			return nil, err
		}
	}
	included, err := c.included(f.Directives)
	if err != nil || !included {
		return nil, err
	}
	return s, nil
}

func (c *checker) inlineFragment(d *definition, f *ast.InlineFragment, within []string) ([]*selection, error) {
	if f.TypeCondition != "" && f.TypeCondition != d.name {
		if c.schema.lookup(f.TypeCondition) == nil {
			return nil, invalid("no such type exists in the schema: '%s'", f.TypeCondition)
		}
		return nil, invalid("inline fragment is expected on type '%s' but found '%s'", d.name, f.TypeCondition)
	}
	return c.unlessSkipped(f.Directives, func() ([]*selection, error) { return c.selections(d, f.SelectionSet, within) })
}

func (c *checker) spread(d *definition, f *ast.FragmentSpread, within []string) ([]*selection, error) {
	if slices.Contains(within, f.Name) {
		return nil, invalid("cannot spread fragment %q within itself via %s", f.Name, strings.Join(within, ","))
	}
	fragment := c.fragments.ForName(f.Name)
	if fragment == nil {
		return nil, invalid("fragment '%s' not found", f.Name)
	}
	if fragment.TypeCondition != d.name {
		return nil, invalid("cannot spread fragment %q defined on '%s' when selecting fields of type '%s'",
			f.Name, fragment.TypeCondition, d.name)
	}
	return c.unlessSkipped(f.Directives, func() ([]*selection, error) {
		return c.selections(d, fragment.SelectionSet, append([]string{f.Name}, within...))
	})
}

func (c *checker) unlessSkipped(list ast.DirectiveList, selections func() ([]*selection, error)) ([]*selection, error) {
	found, err := selections() // skipped fields are checked, too
	if err != nil {
		return nil, err
	}
	included, err := c.included(list)
	if err != nil || !included {
		return nil, err
	}
	return found, nil
}

// checkFragments checks all fragments of a document, used or not.
func (c *checker) checkFragments() error {
	var seen []string
	for _, f := range c.fragments {
		d := c.schema.lookup(f.TypeCondition)
		switch {
		case slices.Contains(seen, f.Name):
			return invalid("the following fragments are defined more than once: %s", f.Name)
		case len(f.Directives) > 0:
			return invalid("unexpected directives at fragment definition")
		case d == nil:
			return invalid("no such type exists in the schema: '%s'", f.TypeCondition)
		case d.kind != ast.Object:
			return invalid("fragments can only be defined on object types")
		}
		seen = append(seen, f.Name)
	}
	return nil
}

// included evaluates @include and @skip.
func (c *checker) included(list ast.DirectiveList) (bool, error) {
	included := true
	var seen []string
	for _, used := range list {
		if slices.Contains(seen, used.Name) {
			return false, at("directives", invalid("the following directives are used more than once: %s", used.Name))
		}
		seen = append(seen, used.Name)
		known := directives()
		i := slices.IndexFunc(known, func(d directive) bool { return d.name == used.Name })
		if i < 0 {
			return false, at("directives", at(used.Name, invalid("unexpected directive: %q", used.Name)))
		}
		args, err := c.arguments(known[i].args, used.Arguments)
		if err != nil {
			return false, at("directives", at(used.Name, at("args", err)))
		}
		if condition, _ := args["if"].(bool); condition == (used.Name == "skip") {
			included = false
		}
	}
	return included, nil
}

// arguments checks the given arguments against the known ones; nil if none is given.
func (c *checker) arguments(known []*member, given ast.ArgumentList) (map[string]any, error) {
	var args map[string]any
	for _, a := range given {
		if _, twice := args[a.Name]; twice {
			return nil, invalid("the following arguments are defined more than once: %s", a.Name)
		}
		m := find(known, a.Name)
		if m == nil {
			return nil, at(a.Name, invalid("no such argument %q is expected", a.Name))
		}
		v, err := c.input(m.typ, a.Value)
		if err == nil && m.strict && a.Value.Kind == ast.StringValue {
			err = invalid("expecting Integer value for %q", a.Name)
		}
		if err != nil {
			return nil, at(a.Name, err)
		}
		if args == nil {
			args = map[string]any{}
		}
		args[a.Name] = v
	}
	for _, m := range known {
		if _, there := args[m.name]; !there && m.typ.NonNull {
			return nil, invalid("the required argument %q is missing", m.name)
		}
	}
	return args, nil
}

// merge merges selections with the same key, at the place of the first.
func merge(all []*selection) ([]*selection, error) {
	merged := make([]*selection, 0, len(all))
	byKey := make(map[string]*selection, len(all))
	again := map[*selection]bool{}
	for _, s := range all {
		first := byKey[s.key]
		switch {
		case first == nil:
			byKey[s.key] = s
			merged = append(merged, s)
			continue
		case first.member.name != s.member.name:
			return nil, invalid("cannot merge different fields under the same alias (%q): %s, %s", s.key, first.member.name, s.member.name)
		case !reflect.DeepEqual(first.args, s.args):
			return nil, invalid("cannot merge fields with different arguments under the same alias: %q", s.key)
		}
		if !again[first] { // the list may be shared if it came from a fragment
			first.fields, again[first] = slices.Clone(first.fields), true
		}
		first.fields = append(first.fields, s.fields...)
	}
	for s := range again {
		var err error
		if s.fields, err = merge(s.fields); err != nil {
			return nil, err
		}
	}
	if len(merged) > maxFields {
		return nil, problem(codeNotSupported, "this service answers up to %d fields of one object", maxFields)
	}
	return merged, nil
}
