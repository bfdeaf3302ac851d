package lower

import (
	"math"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// The engine makes 0 of a number from 2^63 where it wants 32 bits of it. The rest of a division by
// 2^32 has the same 32 bits, so that the rewritten code asks for them:
//
//	x | 0        becomes  x % 2**32 | 0
//	~~x          becomes  ~(typeof (%this = x) === "number" ? ~(%this % 2**32) : ~%this)
//	x >>>= 0     becomes  x = x % 2**32 >>> 0
//
// That is exact where the operand is a number for certain, and where the other one is written as a
// number: a BigInt is refused then in either case, and nothing runs between the two conversions.
// Of ~~x, an object that becomes such a number is left to the engine, as it may become a BigInt too.
// Operands that cannot be that large are left alone, and so are variables that are shifted by a
// constant, of which the code of hashes is full: such a value is rare there, and the division costs
// as much as the shift.
const (
	word = 1 << 32
	// wide is how many bits the engine understands, and unknown is what has no bound.
	wide    = 62
	unknown = math.MaxInt32
)

// bits rewrites an operation on bits, and bitsOf one that assigns.
func (w *walker) bits(e *ast.BinaryExpression) {
	if !onBits(e.Operator) {
		return
	}
	left, right := e.Left, e.Right
	if isNumber(left) || isLiteral(right) && !rotates(e.Operator, left, right) {
		e.Left = word32(left)
	}
	if isNumber(right) || isLiteral(left) && !shifts(e.Operator) {
		e.Right = word32(right)
	}
}

func (w *walker) bitsOf(e *ast.AssignExpression) {
	if !onBits(e.Operator) {
		return
	}
	if isNumber(e.Right) {
		e.Right = word32(e.Right)
	}
	if !isLiteral(e.Right) || rotates(e.Operator, e.Left, e.Right) {
		return
	}
	if old, ok := oldValue(e.Left); ok {
		e.Right = &ast.BinaryExpression{Operator: e.Operator, Left: word32(old), Right: e.Right}
		e.Operator = token.ASSIGN
	}
}

// not rewrites ~x and ~~x.
func (w *walker) not(e *ast.UnaryExpression) {
	if e.Operator != token.BITWISE_NOT {
		return
	}
	if isNumber(e.Operand) {
		e.Operand = word32(e.Operand)
		return
	}
	inner, ok := e.Operand.(*ast.UnaryExpression)
	if !ok || inner.Operator != token.BITWISE_NOT || width(inner.Operand) <= wide || isNumber(inner.Operand) {
		return
	}
	x := inner.Operand
	kept := named(temporary, x)
	converted := func(operand ast.Expression) ast.Expression {
		return &ast.UnaryExpression{Operator: token.BITWISE_NOT, Idx: inner.Idx, Operand: operand}
	}
	e.Operand = &ast.ConditionalExpression{
		Test: &ast.BinaryExpression{
			Operator: token.STRICT_EQUAL,
			Left: &ast.UnaryExpression{
				Operator: token.TYPEOF, Idx: inner.Idx,
				Operand: &ast.AssignExpression{Operator: token.ASSIGN, Left: kept, Right: x},
			},
			Right:      &ast.StringLiteral{Idx: inner.Idx, Literal: `"number"`, Value: "number"},
			Comparison: true,
		},
		Consequent: converted(word32(kept)),
		Alternate:  converted(kept),
	}
}

// word32 is an operand with no more bits than are wanted, itself if it has none.
func word32(e ast.Expression) ast.Expression {
	if width(e) <= wide {
		return e
	}
	return &ast.BinaryExpression{
		Operator: token.REMAINDER, Left: e, Right: &ast.NumberLiteral{Idx: e.Idx0(), Literal: "4294967296", Value: int64(word)},
	}
}

func onBits(operator token.Token) bool {
	switch operator {
	case token.AND, token.OR, token.EXCLUSIVE_OR:
		return true
	}
	return shifts(operator)
}

func shifts(operator token.Token) bool {
	return operator == token.SHIFT_LEFT || operator == token.SHIFT_RIGHT || operator == token.UNSIGNED_SHIFT_RIGHT
}

// rotates tells whether a variable is shifted by a constant; x << 0 and x >>> 0 are conversions.
func rotates(operator token.Token, left, right ast.Expression) bool {
	if !shifts(operator) || width(right) == 0 {
		return false
	}
	switch left.(type) {
	case *ast.Identifier, *ast.DotExpression, *ast.PrivateDotExpression, *ast.BracketExpression:
		return true
	}
	return false
}

// isLiteral tells whether an expression is written as a number, not as a BigInt.
func isLiteral(e ast.Expression) bool {
	literal, ok := e.(*ast.NumberLiteral)
	if !ok {
		return false
	}
	switch literal.Value.(type) {
	case int64, float64:
		return true
	}
	return false
}

// isNumber tells whether an expression is a number whenever it does not throw: what mixes numbers
// and BigInts does.
func isNumber(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.NumberLiteral:
		return isLiteral(e)
	case *ast.UnaryExpression:
		switch e.Operator {
		case token.PLUS:
			return true
		case token.MINUS, token.BITWISE_NOT:
			return isNumber(e.Operand)
		}
	case *ast.BinaryExpression:
		switch e.Operator {
		case token.UNSIGNED_SHIFT_RIGHT:
			return true
		case token.PLUS:
			return isNumber(e.Left) && isNumber(e.Right)
		case token.MINUS, token.MULTIPLY, token.SLASH, token.REMAINDER, token.EXPONENT,
			token.AND, token.OR, token.EXCLUSIVE_OR, token.SHIFT_LEFT, token.SHIFT_RIGHT:
			return isNumber(e.Left) || isNumber(e.Right)
		}
	case *ast.ConditionalExpression:
		return isNumber(e.Consequent) && isNumber(e.Alternate)
	}
	return false
}

// width is how many bits the whole part of a number has at most.
func width(e ast.Expression) int {
	switch e := e.(type) {
	case *ast.NumberLiteral:
		switch v := e.Value.(type) {
		case int64:
			return bitsIn(float64(v))
		case float64:
			return bitsIn(v)
		}
	case *ast.UnaryExpression:
		switch e.Operator {
		case token.BITWISE_NOT:
			return 32
		case token.PLUS, token.MINUS:
			return width(e.Operand)
		}
	case *ast.BinaryExpression:
		return widthOfBinary(e)
	case *ast.ConditionalExpression:
		return max(width(e.Consequent), width(e.Alternate))
	case *ast.CallExpression:
		if callee, ok := e.Callee.(*ast.DotExpression); ok && smallResults[callee.Identifier.Name] {
			return 53
		}
	case *ast.DotExpression:
		if e.Identifier.Name == "length" {
			return 53
		}
	}
	return unknown
}

func widthOfBinary(e *ast.BinaryExpression) int {
	if onBits(e.Operator) {
		return 32
	}
	left, right := width(e.Left), width(e.Right)
	switch e.Operator {
	case token.PLUS, token.MINUS:
		return min(max(left, right)+1, unknown)
	case token.MULTIPLY:
		return min(left, unknown/2) + min(right, unknown/2)
	case token.REMAINDER:
		return min(left, right)
	}
	return unknown
}

func bitsIn(v float64) int {
	if v == 0 {
		return 0
	}
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return unknown
	}
	_, exponent := math.Frexp(v)
	return max(exponent, 1)
}

// smallResults are methods of built-in objects that return small numbers.
var smallResults = map[unistring.String]bool{
	"charCodeAt": true, "codePointAt": true, "indexOf": true, "lastIndexOf": true, "findIndex": true, "search": true, "imul": true,
	"random": true, "getTime": true, "now": true,
}
