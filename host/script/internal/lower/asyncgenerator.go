package lower

import (
	"strings"

	"github.com/dop251/goja/ast"
)

// asyncGenerators rewrites how packages come by the prototype of async iterators:
//
//	Object.getPrototypeOf(async function* () {})
//
// The bundler has made an ordinary function of that, which returns __asyncGenerator(…). It becomes
// %generator(function), whose prototype is what the language has.
func asyncGenerators(call *ast.CallExpression) {
	callee, ok := call.Callee.(*ast.DotExpression)
	if !ok || callee.Identifier.Name != "getPrototypeOf" || len(call.ArgumentList) != 1 {
		return
	}
	function, ok := call.ArgumentList[0].(*ast.FunctionLiteral)
	if !ok || function.Body == nil || len(function.Body.List) != 1 {
		return
	}
	returned, ok := function.Body.List[0].(*ast.ReturnStatement)
	if !ok {
		return
	}
	made, ok := returned.Argument.(*ast.CallExpression)
	if !ok {
		return
	}
	if maker, ok := made.Callee.(*ast.Identifier); ok && strings.HasPrefix(maker.Name.String(), "__asyncGenerator") {
		at := function.Idx0()
		call.ArgumentList[0] = &ast.CallExpression{
			Callee: &ast.Identifier{Name: Generator, Idx: at}, LeftParenthesis: at, RightParenthesis: at,
			ArgumentList: []ast.Expression{function},
		}
	}
}
