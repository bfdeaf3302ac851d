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

// executor rewrites the making of a promise:
//
//	new Promise((resolve, reject) => …)
//
// becomes new Promise(%executor(Promise, (resolve, reject) => …)), whose reject notes where it is
// called with a value that is no Error: the engine forgets that where somebody waits already.
func executor(e *ast.NewExpression) {
	class, ok := e.Callee.(*ast.Identifier)
	if !ok || class.Name != "Promise" || len(e.ArgumentList) == 0 {
		return
	}
	if _, spread := e.ArgumentList[0].(*ast.SpreadElement); spread {
		return
	}
	at := e.ArgumentList[0].Idx0()
	e.ArgumentList[0] = &ast.CallExpression{
		Callee: &ast.Identifier{Name: Executor, Idx: at}, LeftParenthesis: at,
		ArgumentList: []ast.Expression{class, e.ArgumentList[0]}, RightParenthesis: at,
	}
}
