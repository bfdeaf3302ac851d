package lower

import (
	"strings"

	"github.com/dop251/goja/ast"
)

const (
	// interop is the bundler's helper that makes a namespace of what a CommonJS module exports.
	interop = "__toESM"
	// own is how the names of the runtime's own modules begin.
	own = "carjs"
)

// direct takes the bundler's helper away from round the runtime's own modules:
//
//	__toESM(require("carjs/http"))
//
// It makes an object with a getter for each export, which is called at every use of it. What the
// runtime's modules export never changes, so that the exports themselves say the same.
func direct(call *ast.CallExpression) {
	helper, ok := call.Callee.(*ast.Identifier)
	if !ok || helper.Name != interop || len(call.ArgumentList) == 0 {
		return
	}
	inner, ok := call.ArgumentList[0].(*ast.CallExpression)
	if !ok || len(inner.ArgumentList) != 1 {
		return
	}
	function, ok := inner.Callee.(*ast.Identifier)
	name, isText := inner.ArgumentList[0].(*ast.StringLiteral)
	if !ok || function.Name != "require" || !isText {
		return
	}
	if module := name.Value.String(); module == own || strings.HasPrefix(module, own+"/") {
		call.Callee, call.ArgumentList = function, inner.ArgumentList
	}
}
