package lower

import "github.com/dop251/goja/ast"

// borrowed is whether code is in an arrow function, and whether one mentions the arguments of the
// function around it.
type borrowed struct{ inArrow, found bool }

// lends begins a function that has arguments, of which the engine tells an arrow function in it
// nothing, or those of another function, where that alone mentions them, once:
//
//	function () { return run(() => f.apply(this, arguments)); }
//
// So the function mentions them itself, at its beginning.
func (w *walker) lends(f *ast.FunctionLiteral) func() {
	around := w.borrowed
	w.borrowed = borrowed{}
	return func() {
		if w.borrowed.found && f.Body != nil {
			at, first := f.Body.LeftBrace, directives(f.Body.List)
			mention := &ast.ExpressionStatement{Expression: &ast.Identifier{Name: "arguments", Idx: at}}
			list := append([]ast.Statement{}, f.Body.List[:first]...)
			f.Body.List = append(append(list, mention), f.Body.List[first:]...)
		}
		w.borrowed = around
	}
}

// borrows begins an arrow function.
func (w *walker) borrows() func() {
	around := w.borrowed.inArrow
	w.borrowed.inArrow = true
	return func() { w.borrowed.inArrow = around }
}

// mentioned notes a name that is read.
func (w *walker) mentioned(name *ast.Identifier) {
	if name.Name == "arguments" && w.borrowed.inArrow {
		w.borrowed.found = true
	}
}

// directives is how many statements of a function are such as "use strict".
func directives(list []ast.Statement) int {
	for i, s := range list {
		e, ok := s.(*ast.ExpressionStatement)
		if !ok {
			return i
		}
		if _, ok := e.Expression.(*ast.StringLiteral); !ok {
			return i
		}
	}
	return len(list)
}
