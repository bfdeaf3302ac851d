package lower

import (
	"fmt"

	"carjs/host/script/internal/patterns"

	"github.com/dop251/goja/ast"
)

// convert rewrites a conversion:
//
//	Number(value)
//
// becomes %number(Number, value). What Number is at that place is passed on, because a program may
// have another one.
func convert(call *ast.CallExpression) {
	callee, ok := call.Callee.(*ast.Identifier)
	if !ok || callee.Name != "Number" || len(call.ArgumentList) != 1 {
		return
	}
	if _, spread := call.ArgumentList[0].(*ast.SpreadElement); spread {
		return
	}
	call.Callee = named(Number, callee)
	call.ArgumentList = []ast.Expression{callee, call.ArgumentList[0]}
}

// pattern has a regular expression carried by one that the engine compiles in no time: it is read by
// package patterns when it is used.
func (w *walker) pattern(literal *ast.RegExpLiteral) {
	carrier, err := patterns.Carrier(literal.Pattern, literal.Flags)
	if err != nil {
		if w.wrong == nil {
			w.wrong = &Error{At: literal.Idx, Message: fmt.Sprintf("Invalid regular expression: %s: %v", literal.Literal, err)}
		}
		return
	}
	literal.Pattern, literal.Flags = carrier, ""
}
