// Package cover rewrites the syntax tree of a script so that it counts which of its statements run.
//
// Before each statement that does something comes a call of a function that is a parameter of the
// module, under a name that no program can write, with the number of the statement. The body of an
// arrow function that is an expression, and the value that a class gives a field, count as
// statements. Declarations of functions and variables without a value do not: nothing runs there.
//
// Positions stay what they were. The package knows the tree; who counts, and where in which file a
// statement is, is the runtime's business.
package cover

import (
	"reflect"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/unistring"
)

// Count is the name of the function that counts.
const Count unistring.String = "%count"

// Program rewrites a tree in place. number tells the number of the statement at a place; it is not
// ok for one that is not to be counted.
func Program(tree *ast.Program, number func(at file.Idx) (n int, ok bool)) {
	r := &rewriter{number: number, seen: map[any]bool{}}
	tree.Body = r.list(tree.Body)
}

// rewriter walks a tree by reflection: there are some sixty kinds of nodes, and what matters is in
// four kinds of fields.
type rewriter struct {
	number func(file.Idx) (int, bool)
	seen   map[any]bool // nodes that stand in the tree twice, as declarations do
}

// list rewrites a list of statements. Directives such as "use strict" stay at its head, or they
// would mean nothing.
func (r *rewriter) list(statements []ast.Statement) []ast.Statement {
	var out []ast.Statement
	head := true
	for _, s := range statements {
		if head = head && isDirective(s); !head {
			if call := r.counter(s); call != nil {
				out = append(out, call)
			}
		}
		r.walk(reflect.ValueOf(s))
		out = append(out, s)
	}
	return out
}

func isDirective(s ast.Statement) bool {
	e, ok := s.(*ast.ExpressionStatement)
	if !ok {
		return false
	}
	_, ok = e.Expression.(*ast.StringLiteral)
	return ok
}

// counter is the statement that counts one; nil when there is nothing to count.
func (r *rewriter) counter(s ast.Statement) ast.Statement {
	switch s := s.(type) {
	case *ast.FunctionDeclaration, *ast.EmptyStatement, *ast.BlockStatement, *ast.CaseStatement, nil:
		return nil
	case *ast.VariableStatement:
		if !anyValue(s.List) {
			return nil
		}
	case *ast.LexicalDeclaration:
		if !anyValue(s.List) {
			return nil
		}
	}
	call := r.call(place(s))
	if call == nil {
		return nil
	}
	return &ast.ExpressionStatement{Expression: call}
}

// place is where a statement begins. The parser does not keep it of these three.
func place(s ast.Statement) file.Idx {
	switch s := s.(type) {
	case *ast.IfStatement:
		return s.Test.Idx0()
	case *ast.WhileStatement:
		return s.Test.Idx0()
	case *ast.DoWhileStatement:
		return s.Body.Idx0()
	}
	return s.Idx0()
}

func anyValue(list []*ast.Binding) bool {
	for _, b := range list {
		if b.Initializer != nil {
			return true
		}
	}
	return false
}

// call is the call that counts what is at a place; nil when it is not to be counted.
func (r *rewriter) call(at file.Idx) ast.Expression {
	n, ok := r.number(at)
	if !ok {
		return nil
	}
	return &ast.CallExpression{
		Callee: &ast.Identifier{Name: Count, Idx: at}, LeftParenthesis: at, RightParenthesis: at,
		ArgumentList: []ast.Expression{&ast.NumberLiteral{Idx: at, Value: int64(n)}},
	}
}

var (
	statementType  = reflect.TypeFor[ast.Statement]()
	statementsType = reflect.TypeFor[[]ast.Statement]()
)

// walk visits what a value leads to.
func (r *rewriter) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			r.walk(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			r.walk(v.Index(i))
		}
	case reflect.Pointer:
		if v.IsNil() || v.Elem().Kind() != reflect.Struct || r.seen[v.Interface()] {
			return
		}
		r.seen[v.Interface()] = true
		switch node := v.Interface().(type) {
		case *file.File:
			return
		case *ast.ExpressionBody:
			r.walk(reflect.ValueOf(node.Expression))
			node.Expression = r.counted(node.Expression)
			return
		case *ast.FieldDefinition:
			r.walk(reflect.ValueOf(node.Initializer))
			if node.Initializer != nil && !takesName(node.Initializer) {
				node.Initializer = r.counted(node.Initializer)
			}
			return
		}
		r.fields(v.Elem(), v.Interface())
	case reflect.Struct:
		r.fields(v, nil)
	}
}

func (r *rewriter) fields(v reflect.Value, node any) {
	for i := range v.NumField() {
		field := v.Field(i)
		switch {
		case !v.Type().Field(i).IsExported():
		case field.Type() == statementsType:
			field.Set(reflect.ValueOf(r.list(field.Interface().([]ast.Statement))))
		case field.Type() == statementType && !field.IsNil():
			r.single(field, node)
		default:
			r.walk(field)
		}
	}
}

// single rewrites a statement that stands alone, as that of an if may: it becomes a block. What has
// a label keeps it.
func (r *rewriter) single(field reflect.Value, node any) {
	s := field.Interface().(ast.Statement)
	r.walk(reflect.ValueOf(s))
	if _, labelled := node.(*ast.LabelledStatement); labelled {
		return
	}
	if call := r.counter(s); call != nil {
		field.Set(reflect.ValueOf(&ast.BlockStatement{LeftBrace: place(s), List: []ast.Statement{call, s}, RightBrace: place(s)}))
	}
}

// counted is an expression that is counted when it is evaluated.
func (r *rewriter) counted(e ast.Expression) ast.Expression {
	call := r.call(e.Idx0())
	if call == nil {
		return e
	}
	return &ast.SequenceExpression{Sequence: []ast.Expression{call, e}}
}

// takesName tells whether an expression is one that is named after the field that it is the value
// of.
func takesName(e ast.Expression) bool {
	switch e.(type) {
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral, *ast.ClassLiteral:
		return true
	}
	return false
}
