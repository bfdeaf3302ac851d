package lower

import "github.com/dop251/goja/ast"

// loop rewrites a loop over a list:
//
//	for (const x of list) body
//
// becomes
//
//	for (const x of %each(list)) body
//
// %each returns what it is given, but for an ordinary array: that comes as something that iterates
// alike and makes no object at each step, as the engine's own iterator does. The rest of the loop
// is the engine's in either case, down to what a break or an error in the body means for the
// iterator.
func loop(s *ast.ForOfStatement) {
	at := s.Source
	s.Source = &ast.CallExpression{
		Callee: named(Each, at), LeftParenthesis: at.Idx0(), ArgumentList: []ast.Expression{at}, RightParenthesis: at.Idx0(),
	}
}
