package lower

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// Additions to what may be a text, of which nothing is known, are asked at run time:
//
//	total += piece           in a loop, where total is a parameter or had no value at first
//	(sum, x) => sum + x      and return sum + x, where sum is a parameter
//	s = `${s}, ${piece}`
//	s = s.concat(piece)
//
// become
//
//	total = typeof total === "string" ? %plus(total, piece) : total + piece
//
// That costs numbers less than a call does. The piece is written twice for it, so it has to be short.
const mostTwice = 12

// guessed rewrites an assignment, and tells whether it did.
func (w *walker) guessed(e *ast.AssignExpression) bool {
	target, ok := e.Left.(*ast.Identifier)
	if !ok {
		return false
	}
	switch e.Operator {
	case token.PLUS:
		v := w.declared(target.Name)
		if v == nil || v.text || v.number || w.rounds <= v.rounds || isNumber(e.Right) || !short(e.Right) {
			return false
		}
		e.Operator = token.ASSIGN
		e.Right = either(target, e.Right, &ast.BinaryExpression{Operator: token.PLUS, Left: target, Right: e.Right})
		return true
	case token.ASSIGN:
		piece, ok := behind(target, e.Right)
		if ok && short(e.Right) {
			e.Right = either(target, piece, e.Right)
			return true
		}
	}
	return false
}

// behind is what an expression other than a sum puts behind the text of a variable.
func behind(target *ast.Identifier, e ast.Expression) (piece ast.Expression, ok bool) {
	switch e := e.(type) {
	case *ast.TemplateLiteral:
		if e.Tag != nil || len(e.Expressions) == 0 || e.Elements[0].Parsed != "" || !isVariable(e.Expressions[0], target) {
			return nil, false
		}
		rest := *e
		rest.Elements, rest.Expressions = e.Elements[1:], e.Expressions[1:]
		return &rest, true
	case *ast.CallExpression:
		callee, ok := e.Callee.(*ast.DotExpression)
		if !ok || callee.Identifier.Name != "concat" || !isVariable(callee.Left, target) || len(e.ArgumentList) != 1 {
			return nil, false
		}
		if _, spread := e.ArgumentList[0].(*ast.SpreadElement); spread {
			return nil, false
		}
		// concat makes a text of its argument as a template does.
		return &ast.TemplateLiteral{
			OpenQuote: e.ArgumentList[0].Idx0(), CloseQuote: e.ArgumentList[0].Idx1(),
			Elements:    []*ast.TemplateElement{{Idx: e.Idx0(), Valid: true}, {Idx: e.Idx0(), Valid: true}},
			Expressions: []ast.Expression{e.ArgumentList[0]},
		}, true
	}
	return nil, false
}

// isVariable tells whether an expression is the variable of that name.
func isVariable(e ast.Expression, variable *ast.Identifier) bool {
	name, ok := e.(*ast.Identifier)
	return ok && name.Name == variable.Name
}

// returned rewrites what a function returns.
func (w *walker) returned(e ast.Expression) ast.Expression {
	sum, ok := e.(*ast.BinaryExpression)
	if !ok || sum.Operator != token.PLUS || isNumber(sum.Right) || !short(sum.Right) {
		return e
	}
	left, ok := sum.Left.(*ast.Identifier)
	if !ok {
		return e
	}
	if v := w.declared(left.Name); v == nil || !v.parameter {
		return e
	}
	return either(left, sum.Right, sum)
}

// either adds to a text, and does otherwise with anything else.
func either(text *ast.Identifier, piece, otherwise ast.Expression) ast.Expression {
	return &ast.ConditionalExpression{
		Test: &ast.BinaryExpression{
			Operator:   token.STRICT_EQUAL,
			Left:       &ast.UnaryExpression{Operator: token.TYPEOF, Idx: text.Idx, Operand: text},
			Right:      &ast.StringLiteral{Idx: text.Idx, Literal: `"string"`, Value: "string"},
			Comparison: true,
		},
		Consequent: plus(text, piece),
		Alternate:  otherwise,
	}
}

// short tells whether an expression may be written twice.
func short(e ast.Expression) bool {
	n := parts(e)
	return n > 0 && n <= mostTwice
}

// parts is how many expressions an expression has, 0 if it is of a kind that is not written twice.
func parts(list ...ast.Expression) int {
	total := 0
	for _, e := range list {
		n := 0
		switch e := e.(type) {
		case *ast.Identifier, *ast.ThisExpression, *ast.StringLiteral, *ast.NumberLiteral, *ast.BooleanLiteral, *ast.NullLiteral:
			n = 1
		case *ast.DotExpression:
			n = parts(e.Left)
		case *ast.PrivateDotExpression:
			n = parts(e.Left)
		case *ast.BracketExpression:
			n = parts(e.Left, e.Member)
		case *ast.CallExpression:
			n = parts(append([]ast.Expression{e.Callee}, e.ArgumentList...)...)
		case *ast.BinaryExpression:
			n = parts(e.Left, e.Right)
		case *ast.UnaryExpression:
			if e.Operator != token.INCREMENT && e.Operator != token.DECREMENT {
				n = parts(e.Operand)
			}
		case *ast.TemplateLiteral:
			if e.Tag == nil {
				n = 1 + partsOfMany(e.Expressions)
			}
		}
		if n == 0 {
			return 0
		}
		total += n
	}
	return total
}

// partsOfMany is parts, many for those that are not written twice.
func partsOfMany(list []ast.Expression) int {
	if len(list) == 0 {
		return 0
	}
	if n := parts(list...); n > 0 {
		return n
	}
	return mostTwice
}
