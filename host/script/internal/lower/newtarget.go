package lower

import (
	"reflect"
	"strings"

	"github.com/dop251/goja/ast"
)

// newTargets rewrites new.target where the engine gets it wrong: a function that is called from within
// a constructor sees that of the constructor. In a function
//
//	new.target
//
// becomes %target(new.target, this), which compares the two, and what is never called with new sees
// nothing. Constructors of classes are left alone: they cannot be called without new, and have no this
// before super. Such code is rare, so it is looked for by reflection, in trees that have any.
func newTargets(tree *ast.Program) {
	if tree.File == nil || !strings.Contains(tree.File.Source(), "new.target") {
		return
	}
	t := &targets{seen: map[any]bool{}}
	t.visit(reflect.ValueOf(tree.Body), inMethod)
}

// within is what code is in.
type within int

const (
	inFunction within = iota
	inConstructor
	inMethod // or in what else is never called with new
)

type targets struct{ seen map[any]bool }

var expressionType = reflect.TypeFor[ast.Expression]()

func (t *targets) visit(v reflect.Value, where within) {
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			return
		}
		if found, ok := v.Interface().(*ast.MetaProperty); ok && v.Type() == expressionType {
			if where != inConstructor {
				v.Set(reflect.ValueOf(replacement(found, where)))
			}
			return
		}
		t.visit(v.Elem(), where)
	case reflect.Pointer:
		if v.IsNil() || t.seen[v.Interface()] {
			return
		}
		t.seen[v.Interface()] = true
		t.node(v, where)
	case reflect.Slice:
		for i := range v.Len() {
			t.visit(v.Index(i), where)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				t.visit(v.Field(i), where)
			}
		}
	}
}

// node visits a node, which may begin a function.
func (t *targets) node(v reflect.Value, where within) {
	switch node := v.Interface().(type) {
	case *ast.FunctionLiteral:
		where = inFunction
		if node.Async || node.Generator {
			where = inMethod
		}
	case *ast.MethodDefinition:
		t.visit(reflect.ValueOf(&node.Key).Elem(), where)
		where = inMethod
		if key, ok := node.Key.(*ast.StringLiteral); ok && key.Value == "constructor" && !node.Computed && !node.Static {
			where = inConstructor
		}
		t.visit(reflect.ValueOf(node.Body).Elem(), where)
		return
	case *ast.PropertyKeyed:
		if function, ok := node.Value.(*ast.FunctionLiteral); ok && node.Kind != ast.PropertyKindValue {
			t.visit(reflect.ValueOf(&node.Key).Elem(), where)
			t.visit(reflect.ValueOf(function).Elem(), inMethod)
			return
		}
	case *ast.FieldDefinition:
		t.visit(reflect.ValueOf(&node.Key).Elem(), where)
		t.visit(reflect.ValueOf(&node.Initializer).Elem(), inMethod)
		return
	case *ast.ClassStaticBlock:
		where = inMethod
	}
	t.visit(v.Elem(), where)
}

// replacement is what a new.target becomes.
func replacement(found *ast.MetaProperty, where within) ast.Expression {
	if where == inMethod {
		return &ast.CallExpression{Callee: &ast.Identifier{Name: Target, Idx: found.Idx}, LeftParenthesis: found.Idx, RightParenthesis: found.Idx}
	}
	return &ast.CallExpression{
		Callee: &ast.Identifier{Name: Target, Idx: found.Idx}, LeftParenthesis: found.Idx, RightParenthesis: found.Idx,
		ArgumentList: []ast.Expression{found, &ast.ThisExpression{Idx: found.Idx}},
	}
}
