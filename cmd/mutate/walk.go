package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// walk collects the mutants in a node. What is not named below is looked through.
func (f *finder) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			f.function(n.Type, n.Body)
			return false
		case *ast.GenDecl:
			for _, s := range n.Specs {
				if v, ok := s.(*ast.ValueSpec); ok {
					f.values(v, n.Tok == token.CONST)
				}
			}
			return false
		case ast.Stmt:
			return f.statement(n)
		case ast.Expr:
			return f.expression(n)
		}
		return true
	})
}

// parts walks several nodes.
func (f *finder) parts(nodes ...ast.Node) {
	for _, n := range nodes {
		f.walk(n)
	}
}

// statement tells whether what is in it is still to be walked.
func (f *finder) statement(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.IfStmt:
		f.branch(s.Cond)
		f.header(s.Init)
		f.parts(s.Cond, s.Body)
		if s.Else != nil {
			f.walk(s.Else)
		}
		return false
	case *ast.ForStmt:
		f.header(s.Init)
		f.header(s.Post)
		if s.Cond != nil {
			f.add(s.Cond, condition, "false", "false", "")
			f.walk(s.Cond)
		}
		f.walk(s.Body)
		return false
	case *ast.SwitchStmt:
		f.header(s.Init)
		if s.Tag != nil {
			f.walk(s.Tag)
		} else {
			f.cases(s)
		}
		f.walk(s.Body)
		return false
	case *ast.TypeSwitchStmt:
		f.header(s.Init)
		f.typeCases(s)
		return false
	case *ast.CommClause:
		f.header(s.Comm)
		for _, inner := range s.Body {
			f.walk(inner)
		}
		return false
	case *ast.ExprStmt:
		if call, ok := s.X.(*ast.CallExpr); ok && !f.isPanic(call) && !f.isLog(call) {
			f.add(s, removal, "", "left out", "")
		}
		return !f.isLogStatement(s)
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE && !allBlank(s.Lhs) {
			f.add(s, removal, "", "left out", "")
		}
	case *ast.IncDecStmt, *ast.DeferStmt, *ast.SendStmt:
		f.add(s, removal, "", "left out", "")
	case *ast.BranchStmt:
		if s.Tok == token.BREAK || s.Tok == token.CONTINUE {
			f.add(s, removal, "", "left out", "")
		}
	case *ast.ReturnStmt:
		f.returned(s)
	}
	return true
}

// header walks a statement where the grammar has no room for an if.
func (f *finder) header(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		for _, e := range append(slices.Clone(s.Lhs), s.Rhs...) {
			f.walk(e)
		}
	case *ast.ExprStmt:
		f.walk(s.X)
	case *ast.SendStmt:
		f.parts(s.Chan, s.Value)
	}
}

// branch is a condition that decides between two ways: each of them always.
func (f *finder) branch(e ast.Expr) {
	f.add(e, condition, "true", "true", "")
	f.add(e, condition, "false", "false", "")
}

// cases are those of a switch without a value: conditions, as in a chain of ifs.
func (f *finder) cases(s *ast.SwitchStmt) {
	for _, clause := range s.Body.List {
		for _, e := range clause.(*ast.CaseClause).List {
			f.branch(e)
		}
	}
}

// typeCases walks the bodies of a switch by types alone.
func (f *finder) typeCases(s *ast.TypeSwitchStmt) {
	for _, clause := range s.Body.List {
		for _, inner := range clause.(*ast.CaseClause).Body {
			f.walk(inner)
		}
	}
}

func (f *finder) isPanic(call *ast.CallExpr) bool {
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == "panic"
}

// isLog tells calls of a logger: what is said to people is looked at by them.
func (f *finder) isLog(call *ast.CallExpr) bool {
	s, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	t := f.info.TypeOf(s.X)
	return t != nil && t.String() == "*log/slog.Logger"
}

func (f *finder) isLogStatement(s *ast.ExprStmt) bool {
	call, ok := s.X.(*ast.CallExpr)
	return ok && f.isLog(call)
}

func allBlank(exprs []ast.Expr) bool {
	return !slices.ContainsFunc(exprs, func(e ast.Expr) bool {
		id, ok := e.(*ast.Ident)
		return !ok || id.Name != "_"
	})
}

// returned is a return whose last result is an error: it returns none instead.
func (f *finder) returned(s *ast.ReturnStmt) {
	results := f.results[len(f.results)-1]
	if results == nil || len(s.Results) != results.Len() || len(s.Results) == 0 {
		return
	}
	last := s.Results[len(s.Results)-1]
	if id, ok := last.(*ast.Ident); ok && id.Name == "nil" || !isError(results.At(results.Len()-1).Type()) {
		return
	}
	text := "return "
	for _, e := range s.Results[:len(s.Results)-1] {
		text += f.source(e) + ", "
	}
	f.add(s, before, text+"nil", text+"nil", "")
}

// isError tells the interface and pointers that are one.
func isError(t types.Type) bool {
	errorType, _ := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
	if _, pointer := t.Underlying().(*types.Pointer); !pointer && !types.IsInterface(t) {
		return false
	}
	return types.Implements(t, errorType)
}

// boundaries are comparisons and what is one value off.
var boundaries = map[token.Token]string{
	token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">", token.EQL: "!=", token.NEQ: "==",
}

// arithmetic are operators and what could be meant.
var arithmetic = map[token.Token]string{
	token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*", token.REM: "*",
	token.SHL: ">>", token.SHR: "<<", token.AND: "|", token.OR: "&",
}

// expression tells whether what is in it is still to be walked.
func (f *finder) expression(e ast.Expr) bool {
	if n, ok := f.number(e); ok {
		// A name is mutated where it is declared.
		if _, name := e.(*ast.Ident); !name && !isSelector(e) {
			f.add(e, expression, "("+n+") + 1", n+" + 1", f.typeOf(e))
		}
		return false
	}
	switch e := e.(type) {
	case *ast.Ident:
		if v := f.info.Types[e].Value; v != nil && (e.Name == "true" || e.Name == "false") && f.info.Uses[e] != nil {
			f.add(e, condition, "!"+e.Name, "!"+e.Name, "")
		}
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			f.add(e, condition, f.source(e.X), f.source(e.X), "")
		}
	case *ast.BinaryExpr:
		f.binary(e)
	case *ast.CallExpr:
		return f.call(e)
	case *ast.CompositeLit:
		f.elements(e)
		return false
	case *ast.ArrayType, *ast.StructType, *ast.FuncType, *ast.InterfaceType, *ast.MapType:
		return false
	}
	return true
}

func isSelector(e ast.Expr) bool {
	_, ok := e.(*ast.SelectorExpr)
	return ok
}

// elements are the values of a literal; keys are names, or said elsewhere.
func (f *finder) elements(e *ast.CompositeLit) {
	for _, element := range e.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			f.parts(pair.Value)
		} else {
			f.parts(element)
		}
	}
}

// call walks the arguments. How much room is made beforehand changes nothing but the speed.
func (f *finder) call(e *ast.CallExpr) bool {
	id, ok := e.Fun.(*ast.Ident)
	if !ok || id.Name != "make" {
		return true
	}
	if _, ok := f.info.TypeOf(e).Underlying().(*types.Slice); ok && len(e.Args) > 1 {
		f.parts(e.Args[1])
	}
	return false
}

func (f *finder) binary(e *ast.BinaryExpr) {
	left, right := f.source(e.X), f.source(e.Y)
	switch e.Op {
	case token.LAND, token.LOR:
		f.add(e, condition, left, left, "")
		f.add(e, condition, right, right, "")
		return
	}
	if to, ok := boundaries[e.Op]; ok {
		f.add(e, condition, left+" "+to+" "+right, left+" "+to+" "+right, "")
		return
	}
	to, ok := arithmetic[e.Op]
	if basic, number := f.info.TypeOf(e).Underlying().(*types.Basic); ok && number && basic.Info()&types.IsNumeric != 0 {
		f.add(e, expression, left+" "+to+" "+right, left+" "+to+" "+right, f.typeOf(e))
	}
}
