package check

import (
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"
)

// names are what a program binds to each of its variables, wherever they are declared: two
// variables of one name count as one, which makes what is said about a name true of both. A nil
// stands for a value of which nothing is known: that of a parameter, or a part of another value.
type names map[string][]ast.Expression

// readNames collects the names of a program.
func readNames(c *code) names {
	n := names{}
	c.visit(func(node ast.Node) {
		if parameters, ok := node.(*ast.ParameterList); ok {
			// A default says nothing about what else a parameter may be.
			for _, parameter := range parameters.List {
				n.bind(parameter.Target, nil)
			}
			n.bind(parameters.Rest, nil)
			return
		}
		n.note(node)
	})
	return n
}

// note notes what a node binds, parameters apart.
func (n names) note(node ast.Node) {
	switch node := node.(type) {
	case *ast.Binding:
		n.bind(node.Target, node.Initializer)
	case *ast.ForDeclaration:
		n.bind(node.Target, nil)
	case *ast.CatchStatement:
		n.bind(node.Parameter, nil)
	case *ast.AssignExpression:
		n.bind(node.Left, node.Right)
	}
}

// bind notes that a target, which may be none, has a value.
func (n names) bind(target, value ast.Expression) {
	switch t := target.(type) {
	case *ast.Identifier:
		n[t.Name.String()] = append(n[t.Name.String()], value)
	case *ast.ObjectPattern:
		for _, property := range t.Properties {
			switch p := property.(type) {
			case *ast.PropertyShort:
				n.bind(&p.Name, member(value, p.Name.Name.String()))
			case *ast.PropertyKeyed:
				n.bind(p.Value, nil)
			}
		}
		n.bind(t.Rest, nil)
	case *ast.ArrayPattern:
		for _, element := range t.Elements {
			n.bind(element, nil)
		}
		n.bind(t.Rest, nil)
	}
}

// member is the expression value.name, nil when the value is not known.
func member(value ast.Expression, name string) ast.Expression {
	if value == nil {
		return nil
	}
	dot := &ast.DotExpression{Left: value}
	dot.Identifier.Name = unistring.NewFromString(name)
	return dot
}

// always tells whether a name has values that fulfil a condition, and no others.
func (n names) always(name string, fulfils func(ast.Expression) bool) bool {
	values := n[name]
	return len(values) > 0 && !slices.ContainsFunc(values, func(value ast.Expression) bool { return value == nil || !fulfils(value) })
}

// ever tells whether one of a name's values fulfils a condition.
func (n names) ever(name string, fulfils func(ast.Expression) bool) bool {
	return slices.ContainsFunc(n[name], func(value ast.Expression) bool { return value != nil && fulfils(value) })
}

// calls tells whether an expression is a call of a function of a name, also when it is
// import_carjs.name, or (0, import_carjs.name).
func calls(e ast.Expression, name string) bool {
	call, ok := e.(*ast.CallExpression)
	return ok && named(call.Callee, name)
}

// named tells whether an expression is a name, or a member of that name.
func named(e ast.Expression, name string) bool {
	switch e := e.(type) {
	case *ast.Identifier:
		return e.Name.String() == name
	case *ast.DotExpression:
		return e.Identifier.Name.String() == name
	case *ast.SequenceExpression:
		return named(e.Sequence[len(e.Sequence)-1], name)
	}
	return false
}
