package lower

import (
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// asyncLoop is the bundler's helper that gives the iterator of a loop with await.
const asyncLoop = "__forAwait"

// step rewrites a loop over an async iterator. The engine knows no such loops, so the bundler has
// made one of
//
//	for await (const x of records) body
//
// that begins with
//
//	for (var iter = __forAwait(records), more, temp, error; more = !(temp = await iter.next()).done; more = false)
//
// of which the condition becomes
//
//	more = !(temp = %step(iter) || await iter.next()).done
//
// %step knows whether awaiting would let anything else run. For that, it has to see all that the
// script does between two records, so the caller sees to it that the body awaits nothing itself.
// The names are the bundler's and unknown to the body, so that the result may be the same object
// each time.
func step(s *ast.ForStatement) {
	variables := asyncVariables(s)
	if variables == nil {
		return
	}
	iterator, ok := variables.List[0].Target.(*ast.Identifier)
	if !ok {
		return
	}
	more, ok := s.Test.(*ast.AssignExpression)
	if !ok {
		return
	}
	not, ok := more.Right.(*ast.UnaryExpression)
	if !ok || not.Operator != token.NOT {
		return
	}
	done, ok := not.Operand.(*ast.DotExpression)
	if !ok || done.Identifier.Name != "done" {
		return
	}
	result, ok := done.Left.(*ast.AssignExpression)
	if !ok || result.Operator != token.ASSIGN {
		return
	}
	if awaited, ok := result.Right.(*ast.AwaitExpression); ok {
		result.Right = &ast.BinaryExpression{
			Operator: token.LOGICAL_OR,
			Left: &ast.CallExpression{
				Callee: named(Step, awaited), LeftParenthesis: awaited.Idx0(),
				ArgumentList: []ast.Expression{named(iterator.Name, awaited)}, RightParenthesis: awaited.Idx0(),
			},
			Right: awaited,
		}
	}
}

// asyncVariables are the variables of a loop over an async iterator, the iterator first; nil for any
// other loop.
func asyncVariables(s *ast.ForStatement) *ast.ForLoopInitializerVarDeclList {
	variables, ok := s.Initializer.(*ast.ForLoopInitializerVarDeclList)
	if !ok || len(variables.List) == 0 || !callOf(variables.List[0].Initializer, asyncLoop) {
		return nil
	}
	return variables
}

// fresh has a loop over an async iterator begin without what an earlier round of it has left: the
// bundler declares its variables with var and gives only the iterator a value. Without this, a loop
// that failed once, and stands in another loop that catches that, would throw the same error at the
// end of each later round.
//
//	for (var more = false, temp = false, error = false, iter = __forAwait(records); …)
func fresh(s *ast.ForStatement) {
	variables := asyncVariables(s)
	if variables == nil {
		return
	}
	iterator := variables.List[0]
	for _, b := range variables.List[1:] {
		if b.Initializer == nil {
			b.Initializer = &ast.BooleanLiteral{Idx: b.Idx0(), Literal: "false"}
		}
	}
	variables.List = append(slices.Clone(variables.List[1:]), iterator)
}

// callOf tells whether an expression is a call of a helper; a bundle with several copies of one
// numbers them.
func callOf(e ast.Expression, helper string) bool {
	call, ok := e.(*ast.CallExpression)
	if !ok {
		return false
	}
	name, ok := call.Callee.(*ast.Identifier)
	return ok && strings.TrimRight(name.Name.String(), "0123456789") == helper
}
