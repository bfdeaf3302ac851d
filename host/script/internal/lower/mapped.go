package lower

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/unistring"
)

// calling are the methods of arrays, and of Array, that call what they are given and do nothing else
// with it.
var calling = map[unistring.String]bool{"map": true, "from": true}

// convertEach rewrites a call that has all of a list converted:
//
//	list.map(Number)
//
// becomes %mapped(list, list.map, Number), which passes something else for Number where the method
// is the built-in one.
func convertEach(call *ast.CallExpression) {
	callee, ok := call.Callee.(*ast.DotExpression)
	if !ok || !calling[callee.Identifier.Name] {
		return
	}
	found := false
	for _, argument := range call.ArgumentList {
		switch argument := argument.(type) {
		case *ast.SpreadElement:
			return
		case *ast.Identifier:
			found = found || argument.Name == "Number"
		}
	}
	if !found {
		return
	}
	this, method, ok := detached(callee)
	if !ok {
		return
	}
	call.Callee = &ast.Identifier{Name: Mapped, Idx: callee.Identifier.Idx}
	call.ArgumentList = append([]ast.Expression{this, method}, call.ArgumentList...)
}
