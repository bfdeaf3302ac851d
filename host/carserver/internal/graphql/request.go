package graphql

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

const (
	// maxTokens limits a query. A list of ids takes one token per id.
	maxTokens = 200_000
	// maxValues is SQLite's limit for the parameters of a statement. A list is one parameter.
	maxValues = 32_766
)

// Request is a posted query.
type Request struct {
	Query         string         `json:"query"`
	Variables     map[string]any `json:"variables"`
	OperationName string         `json:"operationName"`
	// At asks for the graph at a time in epoch milliseconds; nil means now.
	At *int64 `json:"-"`
}

// Field is one root field of the response.
type Field struct {
	// Key is the field's name in the response.
	Key string
	// SQL selects the rows, of which Row makes JSON. Without Row, they have one column, the JSON of an
	// object. If SQL is empty, the value is Constant.
	SQL  string
	Args []any
	Row  *Row
	// List means that the field is the list of all rows; otherwise it is the only row, or null.
	List     bool
	Constant string
	// Change is set for a field of a mutation, which must run before there is a response.
	Change *Change
}

// Compile checks a query and compiles it to SQL. The error is a [*Problem].
func (s *Schema) Compile(r Request) ([]Field, error) {
	fields, err := s.compile(r)
	if p, ok := err.(*Problem); ok {
		p.Path = "$" + p.Path
	}
	return fields, err
}

func (s *Schema) compile(r Request) ([]Field, error) {
	query, restore := markHalves(r.Query)
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, maxTokens)
	if err != nil {
		return nil, at("query", invalid("not a valid graphql query"))
	}
	if restore != nil {
		restoreHalves(document, restore)
	}
	operation, err := choose(document.Operations, r.OperationName)
	if err != nil {
		return nil, err
	}
	c := &checker{schema: s, fragments: document.Fragments}
	if err := c.readVariables(operation.VariableDefinitions, r.Variables); err != nil {
		return nil, at("variableValues", err)
	}
	if err := c.checkFragments(); err != nil {
		return nil, err
	}
	root := s.root(operation.Operation)
	selected, err := c.selections(root, operation.SelectionSet, nil)
	if err != nil {
		return nil, err
	}
	if operation.Operation == ast.Subscription {
		return nil, problem(codeNotSupported, "this service offers no subscriptions")
	}
	return s.translate(selected, r.At)
}

// choose selects the requested operation.
func choose(operations ast.OperationList, name string) (*ast.OperationDefinition, error) {
	anonymous := slices.ContainsFunc(operations, func(o *ast.OperationDefinition) bool { return o.Name == "" })
	switch {
	case name == "" && len(operations) == 1:
		return operations[0], nil
	case name == "":
		return nil, invalid("exactly one operation has to be present in the document when operationName is not specified")
	case anonymous:
		return nil, invalid("operationName cannot be used when an anonymous operation exists in the document")
	}
	for _, o := range operations {
		if o.Name == name {
			return o, nil
		}
	}
	return nil, invalid("no such operation found in the document: %q", name)
}

// translate compiles a checked operation.
func (s *Schema) translate(selected []*selection, moment *int64) ([]Field, error) {
	fields := make([]Field, 0, len(selected))
	for _, top := range selected {
		c := &compiler{at: moment}
		f := Field{Key: top.key}
		var err error
		switch name := top.member.name; {
		case name == "__typename":
			f.Constant = `"` + top.parent.name + `"`
		case name == "__schema":
			f.Constant = string(s.describe(nil, s, top.fields))
		case name == "__type":
			f.Constant = string(s.describe(nil, s.describedType(top.args["name"]), top.fields))
		case top.member.root.action == selectList:
			f.List = true
			var flat bool
			if f.SQL, f.Row, flat, err = c.flat(top.member.root.object, top); !flat && err == nil {
				f.SQL, err = c.list(top.member.root.object, top, nil, 0)
			}
		case top.member.root.action == selectOne:
			f.SQL, err = c.single(top.member.root.object, top)
		default:
			f.Change, err = change(top)
		}
		if err != nil {
			return nil, at("selectionSet", at(top.member.name, err))
		}
		if len(c.args) > maxValues {
			err := problem(codeNotSupported, "this service takes up to %d values outside of lists", maxValues)
			return nil, at("selectionSet", at(top.member.name, err))
		}
		f.Args = c.args
		fields = append(fields, f)
	}
	return fields, nil
}
