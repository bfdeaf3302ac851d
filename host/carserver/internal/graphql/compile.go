package graphql

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

const (
	// maxTokens bounds a query; a list of ids takes one for each.
	maxTokens = 200_000
	// maxDepth bounds how deep lists are nested, in the answer and in conditions.
	maxDepth = 10
	// maxFields bounds the fields of an object in the answer, which are parameters of one SQL
	// function, and the top fields, which are one statement each.
	maxFields = 400
)

// Request is a query as it is posted.
type Request struct {
	Query         string         `json:"query"`
	Variables     map[string]any `json:"variables"`
	OperationName string         `json:"operationName"`
}

// Field is one top field of the answer.
type Field struct {
	// Key is the name under which the answer has it.
	Key string
	// SQL yields rows of one column, each the JSON of an object. Empty: the value is Constant.
	SQL  string
	Args []any
	// List tells that the field is the list of all rows; otherwise it is the only row.
	List     bool
	Constant string
}

// Compile checks a query and translates it.
func (s *Schema) Compile(r Request) ([]Field, gqlerror.List) {
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: r.Query}, maxTokens)
	if err != nil {
		return nil, gqlerror.List{gqlerror.WrapIfUnwrapped(err)}
	}
	if errs := validator.ValidateWithRules(s.ast, document, rules.NewDefaultRules()); len(errs) > 0 {
		return nil, errs
	}
	operation := document.Operations.ForName(r.OperationName)
	if operation == nil {
		return nil, gqlerror.List{gqlerror.Errorf("there is no operation %q", r.OperationName)}
	}
	variables, err := validator.VariableValues(s.ast, operation, r.Variables)
	if err != nil {
		// Without the path in the message nobody who shows only that would know which variable is
		// meant.
		return nil, gqlerror.List{gqlerror.Errorf("%s", strings.TrimPrefix(err.Error(), "input: "))}
	}
	c := &compiler{schema: s, variables: variables}
	fields, err := c.top(operation)
	if err != nil {
		return nil, gqlerror.List{gqlerror.WrapIfUnwrapped(err)}
	}
	return fields, nil
}

// compiler translates one operation.
type compiler struct {
	schema    *Schema
	variables map[string]any
	args      []any // of the statement in hand
	aliases   int
}

func (c *compiler) bind(v any) string {
	c.args = append(c.args, v)
	return fmt.Sprintf("?%d", len(c.args))
}

func (c *compiler) alias() string {
	c.aliases++
	return fmt.Sprintf("t%d", c.aliases)
}

func (c *compiler) top(operation *ast.OperationDefinition) ([]Field, error) {
	selected, err := c.collect(operation.SelectionSet)
	if err != nil {
		return nil, err
	}
	fields := make([]Field, 0, len(selected))
	for _, chosen := range selected {
		c.args, c.aliases = nil, 0
		f := Field{Key: chosen.key}
		name, aggregate := strings.CutSuffix(chosen.field.Name, aggregateSuffix)
		switch o := c.schema.objects[name]; {
		case chosen.field.Name == "__typename":
			f.Constant = `"` + chosen.field.ObjectDefinition.Name + `"`
		case o == nil:
			return nil, gqlerror.ErrorPosf(chosen.field.Position, "%s is not offered: this service does not describe itself", chosen.field.Name)
		case aggregate:
			f.SQL, err = c.aggregate(o, chosen)
		default:
			f.List = true
			f.SQL, err = c.list(o, chosen, "", 0)
		}
		if err != nil {
			return nil, err
		}
		f.Args = c.args
		fields = append(fields, f)
	}
	return fields, nil
}

// selected is a field of the answer, with all its selections where a query names it several times.
type selected struct {
	key        string
	field      *ast.Field
	selections ast.SelectionSet
}

// collect resolves fragments and directives and merges fields of one key. Every object type is
// concrete, so a fragment that the validator let pass always applies.
func (c *compiler) collect(set ast.SelectionSet) ([]*selected, error) {
	var list []*selected
	byKey := map[string]*selected{}
	var walk func(set ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch selection := selection.(type) {
			case *ast.Field:
				if !c.included(selection.Directives) {
					continue
				}
				chosen := byKey[selection.Alias]
				if chosen == nil {
					chosen = &selected{key: selection.Alias, field: selection}
					byKey[selection.Alias] = chosen
					list = append(list, chosen)
				}
				chosen.selections = append(chosen.selections, selection.SelectionSet...)
			case *ast.InlineFragment:
				if c.included(selection.Directives) {
					walk(selection.SelectionSet)
				}
			case *ast.FragmentSpread:
				if c.included(selection.Directives) {
					walk(selection.Definition.SelectionSet)
				}
			}
		}
	}
	walk(set)
	if len(list) > maxFields {
		return nil, gqlerror.Errorf("more than %d fields of one object", maxFields)
	}
	return list, nil
}

// included tells what @include and @skip say.
func (c *compiler) included(directives ast.DirectiveList) bool {
	for _, d := range directives {
		if condition, ok := d.ArgumentMap(c.variables)["if"].(bool); ok && condition == (d.Name == "skip") {
			return false
		}
	}
	return true
}

// list translates a list: a SELECT with one column, the JSON of an object.
func (c *compiler) list(o *object, chosen *selected, join string, depth int) (string, error) {
	if depth > maxDepth {
		return "", gqlerror.ErrorPosf(chosen.field.Position, "lists are nested more than %d deep", maxDepth)
	}
	alias := c.alias()
	shown, err := c.object(o, alias, chosen, depth)
	if err != nil {
		return "", err
	}
	rows, err := c.rows(o, alias, chosen.field, join)
	if err != nil {
		return "", err
	}
	return "SELECT " + shown + " AS j" + rows, nil
}

// object is the expression for the JSON of one object.
func (c *compiler) object(o *object, alias string, chosen *selected, depth int) (string, error) {
	fields, err := c.collect(chosen.selections)
	if err != nil {
		return "", err
	}
	parts := make([]string, 0, len(fields))
	for _, field := range fields {
		key := c.bind(field.key)
		if field.field.Name == "__typename" {
			parts = append(parts, key+", '"+o.name+"'")
			continue
		}
		f := o.byName[field.field.Name]
		if f.target == nil {
			parts = append(parts, key+", "+on(f.json, alias))
			continue
		}
		list, err := c.list(f.target, field, on(f.join, alias), depth+1)
		if err != nil {
			return "", err
		}
		parts = append(parts, key+", json((SELECT json_group_array(json(j)) FROM ("+list+")))")
	}
	return "json_object(" + strings.Join(parts, ", ") + ")", nil
}

// on puts an alias into an expression.
func on(expression, alias string) string { return strings.ReplaceAll(expression, "@", alias) }

// aggregate translates the count of a collection, and the list of what is counted when it is asked
// for.
func (c *compiler) aggregate(o *object, chosen *selected) (string, error) {
	fields, err := c.collect(chosen.selections)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, field := range fields {
		part := ""
		switch field.field.Name {
		case "__typename":
			part = "'" + o.name + aggregateSuffix + "'"
		case "nodes":
			list, err := c.list(o, &selected{field: chosen.field, selections: field.selections}, "", 1)
			if err != nil {
				return "", err
			}
			part = "json((SELECT json_group_array(json(j)) FROM (" + list + ")))"
		case "aggregate":
			if part, err = c.count(o, chosen.field, field); err != nil {
				return "", err
			}
		}
		parts = append(parts, c.bind(field.key)+", "+part)
	}
	return "SELECT json_object(" + strings.Join(parts, ", ") + ")", nil
}

func (c *compiler) count(o *object, list *ast.Field, chosen *selected) (string, error) {
	fields, err := c.collect(chosen.selections)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, field := range fields {
		key, part := c.bind(field.key), "'aggregate_fields'"
		if field.field.Name == "count" {
			rows, err := c.rows(o, c.alias(), list, "")
			if err != nil {
				return "", err
			}
			part = "(SELECT count(*) FROM (SELECT 1" + rows + "))"
		}
		parts = append(parts, key+", "+part)
	}
	return "json_object(" + strings.Join(parts, ", ") + ")", nil
}
