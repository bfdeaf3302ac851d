package lower

import "github.com/dop251/goja/ast"

func (w *walker) expressions(list []ast.Expression) {
	for _, e := range list {
		w.expression(e)
	}
}

// expression visits an expression. What is rewritten keeps its node, so that nothing has to be put
// in its place.
func (w *walker) expression(e ast.Expression) {
	switch e := e.(type) {
	case *ast.Identifier:
		w.mentioned(e)
	case *ast.ArrayLiteral:
		w.expressions(e.Value)
	case *ast.ArrayPattern:
		w.expressions(e.Elements)
		w.expression(e.Rest)
	case *ast.YieldExpression:
		w.awaits++
		w.expression(e.Argument)
	case *ast.AwaitExpression:
		w.awaits++
		w.expression(e.Argument)
	case *ast.AssignExpression:
		w.expression(e.Left)
		w.expression(e.Right)
		w.grow(e)
		w.bitsOf(e)
	case *ast.BinaryExpression:
		w.expression(e.Left)
		w.expression(e.Right)
		w.bits(e)
	case *ast.BracketExpression:
		w.expression(e.Left)
		w.expression(e.Member)
	case *ast.CallExpression:
		w.expression(e.Callee)
		w.expressions(e.ArgumentList)
		w.literal(e)
		direct(e)
		convert(e)
		convertEach(e)
		asyncGenerators(e)
	case *ast.ConditionalExpression:
		w.expression(e.Test)
		w.expression(e.Consequent)
		w.expression(e.Alternate)
	case *ast.DotExpression:
		w.expression(e.Left)
	case *ast.PrivateDotExpression:
		w.expression(e.Left)
	case *ast.OptionalChain:
		w.expression(e.Expression)
	case *ast.Optional:
		w.expression(e.Expression)
	case *ast.FunctionLiteral:
		w.function(e)
	case *ast.ArrowFunctionLiteral:
		w.arrow(e)
	case *ast.ClassLiteral:
		w.class(e)
	case *ast.NewExpression:
		w.expression(e.Callee)
		w.expressions(e.ArgumentList)
		executor(e)
	case *ast.ObjectLiteral:
		w.properties(e.Value)
	case *ast.ObjectPattern:
		w.properties(e.Properties)
		w.expression(e.Rest)
	case *ast.SpreadElement:
		w.expression(e.Expression)
	case *ast.SequenceExpression:
		w.expressions(e.Sequence)
	case *ast.RegExpLiteral:
		w.pattern(e)
	case *ast.TemplateLiteral:
		w.expression(e.Tag)
		w.expressions(e.Expressions)
	case *ast.UnaryExpression:
		w.expression(e.Operand)
		w.not(e)
	case *ast.Binding:
		if e != nil {
			w.bindings([]*ast.Binding{e})
		}
	}
}

func (w *walker) arrow(f *ast.ArrowFunctionLiteral) {
	defer w.apart()()
	defer w.round()()
	defer w.borrows()()
	w.parameters(f.ParameterList)
	switch body := f.Body.(type) {
	case *ast.BlockStatement:
		w.statement(body)
	case *ast.ExpressionBody:
		w.expression(body.Expression)
		body.Expression = w.returned(body.Expression)
	}
}

func (w *walker) properties(list []ast.Property) {
	for _, p := range list {
		switch p := p.(type) {
		case *ast.PropertyShort:
			w.mentioned(&p.Name)
			w.expression(p.Initializer)
		case *ast.PropertyKeyed:
			w.expression(p.Key)
			w.expression(p.Value)
			w.field(p.Key, p.Value)
		case *ast.SpreadElement:
			w.expression(p.Expression)
		}
	}
}
