package check

import (
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// takers are functions that take a value for what it is, so that a promise among their arguments is
// a mistake.
var takers = []string{"String", "Number", "BigInt", "Boolean", "parseInt", "parseFloat"}

// methodTakers are such functions of the language's own objects.
var methodTakers = map[string][]string{
	"JSON": {"stringify"}, "Object": {"keys", "entries", "values"}, "Array": {"isArray"}, "Number": {"isInteger", "isNaN"},
}

// valuesIn are the parts of a node that are taken for values there: a promise in their place is a
// mistake. The parts of an await, of a return, of a list, and arguments in general are not among
// them: a promise may be meant.
func valuesIn(n ast.Node) []ast.Expression {
	switch n := n.(type) {
	case *ast.DotExpression:
		if !slices.Contains(promiseMethods, n.Identifier.Name.String()) {
			return []ast.Expression{n.Left}
		}
	case *ast.BracketExpression:
		return []ast.Expression{n.Left}
	case *ast.ForOfStatement:
		return []ast.Expression{n.Source}
	case *ast.ForInStatement:
		return []ast.Expression{n.Source}
	case *ast.SpreadElement:
		return []ast.Expression{n.Expression}
	case *ast.TemplateLiteral:
		return n.Expressions
	case *ast.IfStatement:
		return []ast.Expression{n.Test}
	case *ast.WhileStatement:
		return []ast.Expression{n.Test}
	case *ast.UnaryExpression:
		if n.Operator == token.NOT || n.Operator == token.MINUS || n.Operator == token.PLUS {
			return []ast.Expression{n.Operand}
		}
	case *ast.BinaryExpression:
		switch n.Operator {
		case token.PLUS, token.MINUS, token.MULTIPLY, token.SLASH, token.LESS, token.GREATER, token.LESS_OR_EQUAL, token.GREATER_OR_EQUAL:
			return []ast.Expression{n.Left, n.Right}
		}
	case *ast.CallExpression:
		if takesValues(n.Callee) {
			return n.ArgumentList
		}
	}
	return nil
}

// takesValues tells whether a function takes its arguments for what they are.
func takesValues(callee ast.Expression) bool {
	switch callee := callee.(type) {
	case *ast.Identifier:
		return slices.Contains(takers, callee.Name.String())
	case *ast.DotExpression:
		name := callee.Identifier.Name.String()
		if name == "addCollection" || name == "addEdge" {
			return true
		}
		class, ok := callee.Left.(*ast.Identifier)
		return ok && slices.Contains(methodTakers[class.Name.String()], name)
	}
	return false
}
