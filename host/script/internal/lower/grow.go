package lower

import (
	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
	"github.com/dop251/goja/unistring"
)

// variable is a name that was declared, as far as the code was visited.
type variable struct {
	name unistring.String
	// rounds is in how many loops and functions the declaration is.
	rounds int
	// text says that it was given a text, number that it began as a number, and parameter that it is
	// one of a function.
	text, number, parameter bool
}

// grow rewrites an addition to something that is likely to be a text and to grow:
//
//	text += piece
//	text = text + piece
//	this.text += piece
//
// become
//
//	text = %plus(text, piece)
//	this.text = %plus(this.text, piece)
//
// %plus adds any two values. What is likely to be a text is guessed, as an addition of other values
// is only slower by the call: a variable counts that was declared with a text, outside the loop or
// function in which the addition stands, and a property to which a text was assigned. In place of
// either, what is added may be a text for certain.
//
// As in an addition that was not rewritten, the object is evaluated once, and the old value is read
// before the piece is evaluated.
func (w *walker) grow(e *ast.AssignExpression) {
	switch e.Operator {
	case token.PLUS:
		if !w.guessed(e) {
			w.growBy(e)
		}
	case token.ASSIGN:
		if w.guessed(e) {
			return
		}
		if target, ok := e.Left.(*ast.Identifier); ok {
			if sum, ok := e.Right.(*ast.BinaryExpression); ok && startsWith(sum, target.Name) {
				if w.grows(target, nil) {
					e.Right = sums(sum)
				}
				return
			}
		}
		if isText(e.Right) {
			w.given(e.Left)
		}
	}
}

func (w *walker) growBy(e *ast.AssignExpression) {
	if !w.grows(e.Left, e.Right) {
		return
	}
	old, ok := oldValue(e.Left)
	if !ok {
		return
	}
	e.Operator = token.ASSIGN
	e.Right = plus(old, e.Right)
}

// oldValue makes of the target of an assignment one that is evaluated before its old value, which
// it returns.
func oldValue(target ast.Expression) (old ast.Expression, ok bool) {
	switch target := target.(type) {
	case *ast.Identifier:
		return target, true
	case *ast.DotExpression:
		first, second, ok := twice(target.Left)
		if !ok {
			return nil, false
		}
		old := *target
		target.Left, old.Left = first, second
		return &old, true
	case *ast.PrivateDotExpression:
		first, second, ok := twice(target.Left)
		if !ok {
			return nil, false
		}
		old := *target
		target.Left, old.Left = first, second
		return &old, true
	case *ast.BracketExpression:
		// A key that is an object is made a text of twice; nobody has such keys.
		if parts(target.Member) != 1 {
			return nil, false
		}
		first, second, ok := twice(target.Left)
		if !ok {
			return nil, false
		}
		old := *target
		target.Left, old.Left = first, second
		return &old, true
	}
	return nil, false
}

// grows tells whether a target is likely to be a text that grows when something is added, which is
// nil if that does not matter.
func (w *walker) grows(target, piece ast.Expression) bool {
	certain := piece != nil && isText(piece)
	switch target := target.(type) {
	case *ast.Identifier:
		v := w.declared(target.Name)
		if v == nil {
			return certain
		}
		return (v.text || certain) && w.rounds > v.rounds
	case *ast.DotExpression:
		return certain || w.texts[target.Identifier.Name]
	case *ast.PrivateDotExpression:
		return certain || w.texts[private(target.Identifier.Name)]
	case *ast.BracketExpression:
		return certain
	}
	return false
}

// startsWith tells whether the first operand of a sum is a variable.
func startsWith(sum *ast.BinaryExpression, name unistring.String) bool {
	for sum.Operator == token.PLUS {
		switch left := sum.Left.(type) {
		case *ast.BinaryExpression:
			sum = left
			continue
		case *ast.Identifier:
			return left.Name == name
		}
		break
	}
	return false
}

// sums adds what a sum adds, one after the other.
func sums(sum *ast.BinaryExpression) ast.Expression {
	if left, ok := sum.Left.(*ast.BinaryExpression); ok {
		return plus(sums(left), sum.Right)
	}
	return plus(sum.Left, sum.Right)
}

// plus is a call in the place of the second operand: there the engine says an addition is.
func plus(left, right ast.Expression) ast.Expression {
	return &ast.CallExpression{
		Callee: named(Plus, right), LeftParenthesis: right.Idx0(), ArgumentList: []ast.Expression{left, right}, RightParenthesis: right.Idx1(),
	}
}

// textMethods are methods of built-in objects that return texts, and of nothing else as a rule.
var textMethods = map[unistring.String]bool{
	"toString": true, "join": true, "toUpperCase": true, "toLowerCase": true, "padStart": true, "padEnd": true, "repeat": true,
	"trim": true, "toFixed": true, "charAt": true, "substring": true, "substr": true, "fromCharCode": true, "stringify": true,
}

// isText tells whether an expression is a text, as far as that can be seen of it.
func isText(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.StringLiteral:
		return true
	case *ast.TemplateLiteral:
		return e.Tag == nil
	case *ast.BinaryExpression:
		return e.Operator == token.PLUS && (isText(e.Left) || isText(e.Right))
	case *ast.ConditionalExpression:
		return isText(e.Consequent) && isText(e.Alternate)
	case *ast.CallExpression:
		switch callee := e.Callee.(type) {
		case *ast.Identifier:
			return callee.Name == "String"
		case *ast.DotExpression:
			return textMethods[callee.Identifier.Name]
		}
	}
	return false
}

// declare notes variables with what they are given first.
func (w *walker) declare(list []*ast.Binding) {
	for _, b := range list {
		if name, ok := b.Target.(*ast.Identifier); ok {
			w.variables = append(w.variables, variable{
				name: name.Name, rounds: w.rounds, text: isText(b.Initializer), number: b.Initializer != nil && isNumber(b.Initializer),
			})
		}
	}
}

// declared finds the variable of a name; nil when it was not seen.
func (w *walker) declared(name unistring.String) *variable {
	for i := len(w.variables) - 1; i >= 0; i-- {
		if w.variables[i].name == name {
			return &w.variables[i]
		}
	}
	return nil
}

// given notes that a variable or a property was given a text.
func (w *walker) given(target ast.Expression) {
	switch target := target.(type) {
	case *ast.Identifier:
		if v := w.declared(target.Name); v != nil {
			v.text = true
		}
	case *ast.DotExpression:
		w.note(target.Identifier.Name)
	case *ast.PrivateDotExpression:
		w.note(private(target.Identifier.Name))
	}
}

// field notes a field or a property that begins as a text.
func (w *walker) field(key, value ast.Expression) {
	if !isText(value) {
		return
	}
	switch key := key.(type) {
	case *ast.StringLiteral:
		w.note(key.Value)
	case *ast.PrivateIdentifier:
		w.note(private(key.Name))
	}
}

func (w *walker) note(property unistring.String) {
	if w.texts == nil {
		w.texts = map[unistring.String]bool{}
	}
	w.texts[property] = true
}

// private is how a private name is told from a property.
func private(name unistring.String) unistring.String { return "#" + name }

// scope begins a scope of variables, round one that may run many times; what each returns ends it.
func (w *walker) scope() func() {
	variables := len(w.variables)
	return func() { w.variables = w.variables[:variables] }
}

func (w *walker) round() func() {
	end := w.scope()
	w.rounds++
	return func() { w.rounds--; end() }
}
