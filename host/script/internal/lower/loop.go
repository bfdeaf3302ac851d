package lower

import (
	"fmt"
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// maxCopied is how many nodes the body of a loop may have: it is in the code twice, and within a loop that is rewritten as well
// four times.
const maxCopied = 2000

// loop rewrites a loop over a list:
//
//	for (const x of list) body
//
// becomes
//
//	{
//	  const %list = list;
//	  if (%isList(%list)) for (let %i = 0; %i < %list.length; %i++) { const x = %list[%i]; body }
//	  else for (const x of %list) body
//	}
//
// An array's iterator asks for the length at each step and reads by index too, so a list that is changed meanwhile is read alike.
func (w *walker) loop(s *ast.ForOfStatement, nodes int) ast.Statement {
	declared, ok := s.Into.(*ast.ForDeclaration)
	if !ok || nodes > maxCopied || mentions(s.Source, declared.Target) {
		return s
	}
	w.nodes += nodes
	w.loops++
	at := s.Source
	list := unistring.String(fmt.Sprintf("%%list%d", w.loops))
	index := unistring.String(fmt.Sprintf("%%index%d", w.loops))
	kind := token.LET
	if declared.IsConst {
		kind = token.CONST
	}
	fast := &ast.ForStatement{
		For: s.For,
		Initializer: &ast.ForLoopInitializerLexicalDecl{LexicalDeclaration: ast.LexicalDeclaration{
			Idx: s.For, Token: token.LET, List: []*ast.Binding{{Target: named(index, at), Initializer: number(0, at)}},
		}},
		Test: &ast.BinaryExpression{
			Operator: token.LESS, Comparison: true, Left: named(index, at),
			Right: &ast.DotExpression{Left: named(list, at), Identifier: ast.Identifier{Name: "length", Idx: at.Idx0()}},
		},
		Update: &ast.UnaryExpression{Operator: token.INCREMENT, Idx: at.Idx0(), Operand: named(index, at), Postfix: true},
		Body: block(s,
			&ast.LexicalDeclaration{Idx: declared.Idx, Token: kind, List: []*ast.Binding{{
				Target:      declared.Target,
				Initializer: &ast.BracketExpression{Left: named(list, at), Member: named(index, at), LeftBracket: at.Idx0(), RightBracket: at.Idx0()},
			}}},
			s.Body,
		),
	}
	slow := *s
	slow.Source = named(list, at)
	return block(s,
		&ast.LexicalDeclaration{Idx: s.For, Token: token.CONST, List: []*ast.Binding{{Target: named(list, at), Initializer: s.Source}}},
		&ast.IfStatement{
			If: s.For,
			Test: &ast.CallExpression{
				Callee: named(IsList, at), LeftParenthesis: at.Idx0(), ArgumentList: []ast.Expression{named(list, at)}, RightParenthesis: at.Idx0(),
			},
			Consequent: fast,
			Alternate:  &slow,
		},
	)
}

func block(at ast.Node, list ...ast.Statement) *ast.BlockStatement {
	return &ast.BlockStatement{LeftBrace: at.Idx0(), List: list, RightBrace: at.Idx0()}
}

// mentions tells whether an expression may name a variable of the loop, which it must not see: there it is an error to use it.
// Anything that is not plainly other names counts as one.
func mentions(e ast.Expression, target ast.BindingTarget) bool {
	name, ok := target.(*ast.Identifier)
	if !ok {
		return !simple(e, nil)
	}
	return !simple(e, name)
}

// simple tells whether an expression is a path of names, or a call of one, in which no variable is except.
func simple(e ast.Expression, except *ast.Identifier) bool {
	switch e := e.(type) {
	case *ast.Identifier:
		return except != nil && e.Name != except.Name
	case *ast.ThisExpression, *ast.StringLiteral, *ast.NumberLiteral, *ast.NullLiteral, *ast.BooleanLiteral:
		return true
	case *ast.DotExpression:
		return simple(e.Left, except)
	case *ast.PrivateDotExpression:
		return simple(e.Left, except)
	case *ast.BracketExpression:
		return simple(e.Left, except) && simple(e.Member, except)
	case *ast.BinaryExpression:
		return simple(e.Left, except) && simple(e.Right, except)
	case *ast.ConditionalExpression:
		return simple(e.Test, except) && simple(e.Consequent, except) && simple(e.Alternate, except)
	case *ast.CallExpression:
		return simple(e.Callee, except) && allSimple(e.ArgumentList, except)
	case *ast.ArrayLiteral:
		return allSimple(e.Value, except)
	case *ast.SequenceExpression:
		return allSimple(e.Sequence, except)
	case *ast.UnaryExpression:
		return simple(e.Operand, except)
	case *ast.AwaitExpression:
		return simple(e.Argument, except)
	}
	return false
}

func allSimple(list []ast.Expression, except *ast.Identifier) bool {
	return !slices.ContainsFunc(list, func(e ast.Expression) bool { return !simple(e, except) })
}
