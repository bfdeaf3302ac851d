package lower

import (
	"strconv"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// literal rewrites a call of one of the methods with one object literal among its arguments.
//
// The receiver is evaluated once and the method is looked up before the arguments, as in a call
// that was not rewritten.
func (w *walker) literal(call *ast.CallExpression) {
	callee, ok := call.Callee.(*ast.DotExpression)
	if !ok || !w.methods[callee.Identifier.Name] {
		return
	}
	at := -1
	for i, argument := range call.ArgumentList {
		switch argument.(type) {
		case *ast.SpreadElement:
			return // how many arguments there are is known at run time only
		case *ast.ObjectLiteral:
			if at >= 0 {
				return
			}
			at = i
		}
	}
	if at < 0 {
		return
	}
	names, values, ok := properties(call.ArgumentList[at].(*ast.ObjectLiteral))
	if !ok {
		return
	}
	this, method, ok := detached(callee)
	if !ok {
		return
	}
	arguments := []ast.Expression{this, method, number(len(w.shapes), callee)}
	arguments = append(arguments, call.ArgumentList[:at]...)
	arguments = append(arguments, values...)
	arguments = append(arguments, call.ArgumentList[at+1:]...)
	w.shapes = append(w.shapes, Shape{Method: callee.Identifier.Name.String(), At: at, Names: names})
	call.Callee = &ast.Identifier{Name: Literal, Idx: callee.Identifier.Idx}
	call.ArgumentList = arguments
}

// properties returns the names and values of an object literal that has nothing but those, each
// name once. Names that are indexes would come first in an object, and __proto__ is none.
func properties(literal *ast.ObjectLiteral) (names []string, values []ast.Expression, ok bool) {
	seen := map[string]bool{}
	for _, property := range literal.Value {
		var name string
		var value ast.Expression
		switch p := property.(type) {
		case *ast.PropertyShort:
			if p.Initializer != nil {
				return nil, nil, false
			}
			name, value = p.Name.Name.String(), &p.Name
		case *ast.PropertyKeyed:
			key, isText := p.Key.(*ast.StringLiteral)
			if p.Computed || p.Kind != ast.PropertyKindValue || !isText {
				return nil, nil, false
			}
			name, value = key.Value.String(), p.Value
		default:
			return nil, nil, false
		}
		switch value.(type) {
		case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral, *ast.ClassLiteral:
			return nil, nil, false // would take its name from the property
		}
		if _, err := strconv.ParseUint(name, 10, 64); err == nil || name == "__proto__" || seen[name] {
			return nil, nil, false
		}
		seen[name] = true
		names, values = append(names, name), append(values, value)
	}
	return names, values, true
}

// detached makes of the callee o.m of a call what evaluates o, once, and then reads its method, for a
// native that gets both as arguments.
func detached(callee *ast.DotExpression) (this ast.Expression, method *ast.DotExpression, ok bool) {
	this, again, ok := twice(callee.Left)
	if !ok {
		return nil, nil, false
	}
	read := *callee
	read.Left = again
	return this, &read, true
}

// twice makes two expressions for the value of one that is evaluated once, by the first.
func twice(e ast.Expression) (first, second ast.Expression, ok bool) {
	switch e := e.(type) {
	case *ast.ThisExpression:
		return e, e, true
	case *ast.Identifier:
		return e, e, true
	case *ast.SuperExpression:
		return nil, nil, false
	}
	if optional(e) {
		return nil, nil, false
	}
	// Between the two nothing runs, so that one variable serves all calls, also those within the
	// arguments.
	kept := &ast.Identifier{Name: temporary, Idx: e.Idx0()}
	return &ast.AssignExpression{Operator: token.ASSIGN, Left: kept, Right: e}, kept, true
}

// optional tells whether a receiver has a ?. in it that may skip the whole call. The engine leaves
// by a jump, over what is in the making.
func optional(e ast.Expression) bool {
	for {
		switch part := e.(type) {
		case *ast.Optional, *ast.OptionalChain:
			return true
		case *ast.DotExpression:
			e = part.Left
		case *ast.PrivateDotExpression:
			e = part.Left
		case *ast.BracketExpression:
			e = part.Left
		case *ast.CallExpression:
			e = part.Callee
		default:
			return false
		}
	}
}

func number(n int, at ast.Node) ast.Expression {
	return &ast.NumberLiteral{Idx: at.Idx0(), Literal: strconv.Itoa(n), Value: int64(n)}
}

func named(name unistring.String, at ast.Node) *ast.Identifier {
	return &ast.Identifier{Name: name, Idx: at.Idx0()}
}
