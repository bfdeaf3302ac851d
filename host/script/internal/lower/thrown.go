package lower

import (
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
)

// thrown rewrites a throw:
//
//	throw value
//
// becomes throw %thrown(value), because a value that is no Error does not tell where it was thrown.
// What was caught and is thrown again keeps its first place.
func (w *walker) thrown(s *ast.ThrowStatement) {
	if name, ok := s.Argument.(*ast.Identifier); ok && slices.Contains(w.caught, name.Name) || ofLoop(s.Argument) {
		return
	}
	at := s.Idx0()
	s.Argument = &ast.CallExpression{
		Callee: named(Thrown, s), LeftParenthesis: at, ArgumentList: []ast.Expression{s.Argument}, RightParenthesis: at,
	}
}

// ofLoop tells whether an expression is error[0], which the bundler throws at the end of a loop with
// await: what the loop was left with.
func ofLoop(e ast.Expression) bool {
	element, ok := e.(*ast.BracketExpression)
	if !ok {
		return false
	}
	list, ok := element.Left.(*ast.Identifier)
	if !ok || strings.TrimRight(list.Name.String(), "0123456789") != "error" {
		return false
	}
	index, ok := element.Member.(*ast.NumberLiteral)
	return ok && index.Literal == "0"
}
