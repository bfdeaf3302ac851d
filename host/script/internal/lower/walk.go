package lower

import "github.com/dop251/goja/ast"

func (w *walker) statements(list []ast.Statement) {
	for _, s := range list {
		w.statement(s)
	}
}

// statement visits a statement. What is rewritten keeps its node, as an expression does.
func (w *walker) statement(s ast.Statement) {
	switch s := s.(type) {
	case *ast.BlockStatement:
		end := w.scope()
		w.statements(s.List)
		end()
	case *ast.CaseStatement:
		w.expression(s.Test)
		w.statements(s.Consequent)
	case *ast.DoWhileStatement:
		w.expression(s.Test)
		w.repeated(s.Body)
	case *ast.ExpressionStatement:
		w.expression(s.Expression)
	case *ast.ForInStatement:
		w.into(s.Into)
		w.expression(s.Source)
		w.repeated(s.Body)
	case *ast.ForOfStatement:
		w.into(s.Into)
		w.expression(s.Source)
		w.repeated(s.Body)
		loop(s)
	case *ast.ForStatement:
		w.forLoop(s)
	case *ast.IfStatement:
		w.expression(s.Test)
		w.statement(s.Consequent)
		w.statement(s.Alternate)
	case *ast.LabelledStatement:
		w.statement(s.Statement)
	case *ast.ReturnStatement:
		w.expression(s.Argument)
		s.Argument = w.returned(s.Argument)
	case *ast.SwitchStatement:
		w.expression(s.Discriminant)
		for _, c := range s.Body {
			w.statement(c)
		}
	case *ast.ThrowStatement:
		w.expression(s.Argument)
		w.thrown(s)
	case *ast.TryStatement:
		w.try(s)
	case *ast.VariableStatement:
		w.bindings(s.List)
	case *ast.LexicalDeclaration:
		w.bindings(s.List)
	case *ast.WhileStatement:
		w.expression(s.Test)
		w.repeated(s.Body)
	case *ast.FunctionDeclaration:
		w.function(s.Function)
	case *ast.ClassDeclaration:
		w.class(s.Class)
	}
}

// repeated visits the body of a loop.
func (w *walker) repeated(body ast.Statement) {
	defer w.round()()
	w.statement(body)
}

func (w *walker) forLoop(s *ast.ForStatement) {
	defer w.scope()()
	switch init := s.Initializer.(type) {
	case *ast.ForLoopInitializerExpression:
		w.expression(init.Expression)
	case *ast.ForLoopInitializerVarDeclList:
		w.bindings(init.List)
	case *ast.ForLoopInitializerLexicalDecl:
		w.bindings(init.LexicalDeclaration.List)
	}
	w.expression(s.Test)
	before := w.awaits
	w.expression(s.Update)
	w.repeated(s.Body)
	if w.awaits == before {
		step(s)
	}
	fresh(s)
}

func (w *walker) try(s *ast.TryStatement) {
	w.statement(s.Body)
	if s.Catch != nil {
		w.target(s.Catch.Parameter)
		around := w.caught
		if name, ok := s.Catch.Parameter.(*ast.Identifier); ok {
			w.caught = append(w.caught, name.Name)
		}
		w.statement(s.Catch.Body)
		w.caught = around
	}
	if s.Finally != nil {
		w.statement(s.Finally)
	}
}

func (w *walker) into(into ast.ForInto) {
	switch into := into.(type) {
	case *ast.ForIntoVar:
		w.bindings([]*ast.Binding{into.Binding})
	case *ast.ForDeclaration:
		w.target(into.Target)
	case *ast.ForIntoExpression:
		w.expression(into.Expression)
	}
}

func (w *walker) bindings(list []*ast.Binding) {
	for _, b := range list {
		w.target(b.Target)
		w.expression(b.Initializer)
	}
	w.declare(list)
}

// target visits a pattern, in which expressions may stand as defaults and computed keys.
func (w *walker) target(target ast.BindingTarget) {
	if e, ok := target.(ast.Expression); ok {
		w.expression(e)
	}
}

func (w *walker) function(f *ast.FunctionLiteral) {
	if f == nil {
		return
	}
	defer w.apart()()
	defer w.round()()
	defer w.lends(f)()
	w.parameters(f.ParameterList)
	w.statement(f.Body)
}

// apart begins a function, which awaits for itself; what it returns is called behind it.
func (w *walker) apart() func() {
	around := w.awaits
	return func() { w.awaits = around }
}

func (w *walker) parameters(p *ast.ParameterList) {
	if p != nil {
		first := len(w.variables)
		w.bindings(p.List)
		for i := range w.variables[first:] {
			w.variables[first+i].parameter = true
		}
		w.expression(p.Rest)
	}
}

func (w *walker) class(c *ast.ClassLiteral) {
	w.expression(c.SuperClass)
	for _, element := range c.Body {
		switch e := element.(type) {
		case *ast.FieldDefinition:
			w.expression(e.Key)
			w.expression(e.Initializer)
			w.field(e.Key, e.Initializer)
		case *ast.MethodDefinition:
			w.expression(e.Key)
			w.function(e.Body)
		case *ast.ClassStaticBlock:
			w.statement(e.Block)
		}
	}
}
