package check

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
)

// clients finds out which variables, properties, parameters and results hold an HttpClient. The
// bundle has no types any more, but all of the program: a client goes from where it is made through
// assignments, arguments of calls and constructors, and returns. What may be anything else as well
// is no client.
type clients struct {
	functions []*function // in the order of the text
	places    map[[2]file.Idx]*function
	variables names
	literals  map[string][]ast.Expression // properties of object literals
	arguments map[string][][]ast.Expression
	parents   map[string]string // classes by the name of what extends them
	builders  map[string]bool   // classes with a constructor of their own
	// flows is what each place is filled with; a place is a kind and a name, as "property client".
	flows map[string][]flow
	holds map[string]bool
}

// function is one with what of its parameters matters here.
type function struct {
	from, to   file.Idx
	called     string // by what calls name it: "f", ".method", "new Class", "" for no name
	parameters []*ast.Binding
	outer      *function
}

// findClients follows the clients of a program.
func findClients(c *code) *clients {
	f := &clients{
		places: map[[2]file.Idx]*function{}, variables: names{},
		literals: map[string][]ast.Expression{}, arguments: map[string][][]ast.Expression{},
		parents: map[string]string{}, builders: map[string]bool{}, flows: map[string][]flow{},
	}
	made := false
	c.visit(func(n ast.Node) {
		e, ok := n.(ast.Expression)
		made = made || ok && isNewClient(e)
	})
	if !made {
		return f
	}
	c.visit(f.functionsOf)
	f.nest()
	ofParameters := map[*ast.Binding]bool{}
	for _, function := range f.functions {
		for _, parameter := range function.parameters {
			ofParameters[parameter] = true
		}
	}
	c.visit(func(n ast.Node) {
		if binding, ok := n.(*ast.Binding); !ok || !ofParameters[binding] {
			f.variables.note(n)
			f.valuesOf(n)
		}
	})
	f.connect()
	f.holds = f.solve()
	return f
}

// functionsOf notes the functions of a node, by the names that they are called by.
func (f *clients) functionsOf(n ast.Node) {
	switch n := n.(type) {
	case *ast.Binding:
		if name, ok := n.Target.(*ast.Identifier); ok {
			f.named(name.Name.String(), n.Initializer)
		}
	case *ast.FunctionDeclaration:
		f.named(n.Function.Name.Name.String(), n.Function)
	case *ast.ClassDeclaration:
		f.named(n.Class.Name.Name.String(), n.Class)
	case *ast.FieldDefinition:
		f.named("."+keyOf(n.Key), n.Initializer)
	case *ast.PropertyKeyed:
		f.named("."+keyOf(n.Key), n.Value)
	case *ast.MethodDefinition:
		if keyOf(n.Key) != "constructor" { // those are their class's
			f.named("."+keyOf(n.Key), n.Body)
		}
	case *ast.FunctionLiteral:
		f.add("", n, n.ParameterList)
	case *ast.ArrowFunctionLiteral:
		f.add("", n, n.ParameterList)
	}
}

// named notes a function or a class that has a name.
func (f *clients) named(name string, value ast.Expression) {
	switch value := value.(type) {
	case *ast.FunctionLiteral:
		f.add(name, value, value.ParameterList)
	case *ast.ArrowFunctionLiteral:
		f.add(name, value, value.ParameterList)
	case *ast.ClassLiteral:
		if parent, ok := value.SuperClass.(*ast.Identifier); ok {
			f.parents[name] = parent.Name.String()
		}
		for _, element := range value.Body {
			if method, ok := element.(*ast.MethodDefinition); ok && keyOf(method.Key) == "constructor" {
				f.builders[name] = true
				f.add("new "+name, method.Body, method.Body.ParameterList)
			}
		}
	case *ast.Identifier: // another name of the same
		f.parents[name] = value.Name.String()
	}
}

// add notes a function. One with a name is met without it, too, inside of what names it.
func (f *clients) add(called string, node ast.Node, parameters *ast.ParameterList) {
	made := &function{from: node.Idx0(), to: node.Idx1(), called: called}
	if parameters != nil {
		made.parameters = parameters.List
	}
	if at := [2]file.Idx{made.from, made.to}; called != "" || f.places[at] == nil {
		f.places[at] = made
	}
}

// nest sorts the functions, and tells each which one it is in.
func (f *clients) nest() {
	f.functions = slices.SortedFunc(maps.Values(f.places), func(a, b *function) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	var outer *function
	for _, function := range f.functions {
		for outer != nil && outer.to <= function.from {
			outer = outer.outer
		}
		function.outer = outer
		outer = function
	}
}

// around is the innermost function that a place is in and that fulfils a condition, nil for none.
func (f *clients) around(at file.Idx, fulfils func(*function) bool) *function {
	behind, _ := slices.BinarySearchFunc(f.functions, at, func(function *function, at file.Idx) int {
		if function.from <= at {
			return -1
		}
		return 1
	})
	if behind == 0 {
		return nil
	}
	function := f.functions[behind-1]
	for function != nil && (at >= function.to || !fulfils(function)) {
		function = function.outer
	}
	return function
}

func anyFunction(*function) bool { return true }

// valuesOf notes what a node puts into properties, passes to functions and returns.
func (f *clients) valuesOf(n ast.Node) {
	switch n := n.(type) {
	case *ast.FieldDefinition:
		f.fill("property "+keyOf(n.Key), n.Initializer)
	case *ast.AssignExpression:
		f.fill("property "+memberOf(n.Left), n.Right)
	case *ast.ObjectLiteral:
		for _, property := range n.Value {
			switch p := property.(type) {
			case *ast.PropertyKeyed:
				f.literals[keyOf(p.Key)] = append(f.literals[keyOf(p.Key)], p.Value)
			case *ast.PropertyShort:
				f.literals[p.Name.Name.String()] = append(f.literals[p.Name.Name.String()], &p.Name)
			}
		}
	case *ast.NewExpression:
		if class, ok := n.Callee.(*ast.Identifier); ok {
			f.pass("new "+f.builder(class.Name.String()), n.ArgumentList)
		}
	case *ast.CallExpression:
		f.pass(f.calledBy(n), n.ArgumentList)
	case *ast.MethodDefinition:
		if n.Kind == ast.PropertyKindGet {
			f.flows["property "+keyOf(n.Key)] = append(f.flows["property "+keyOf(n.Key)], flow{from: []string{"result ." + keyOf(n.Key)}})
		}
	case *ast.ReturnStatement:
		if function := f.around(n.Return, anyFunction); function != nil && function.called != "" {
			f.fill("result "+function.called, n.Argument)
		}
	case *ast.ArrowFunctionLiteral:
		if body, ok := n.Body.(*ast.ExpressionBody); ok {
			if function := f.around(n.Start, anyFunction); function != nil && function.called != "" {
				f.fill("result "+function.called, body.Expression)
			}
		}
	}
}

// calledBy is the name of what a call calls, as functions have it.
func (f *clients) calledBy(call *ast.CallExpression) string {
	switch callee := call.Callee.(type) {
	case *ast.Identifier:
		return callee.Name.String()
	case *ast.SuperExpression:
		in := f.around(callee.Idx, func(function *function) bool { return strings.HasPrefix(function.called, "new ") })
		if in != nil {
			return "new " + f.builder(f.parents[strings.TrimPrefix(in.called, "new ")])
		}
	default:
		if name := memberOf(callee); name != "" {
			return "." + name
		}
	}
	return ""
}

// builder is the class whose constructor makes the objects of a class.
func (f *clients) builder(class string) string {
	for range len(f.parents) {
		parent, ok := f.parents[class]
		if !ok || f.builders[class] {
			break
		}
		class = parent
	}
	return class
}

func (f *clients) pass(called string, arguments []ast.Expression) {
	f.arguments[called] = append(f.arguments[called], arguments)
}

// fill notes that a place has a value.
func (f *clients) fill(place string, value ast.Expression) {
	if value != nil { // a field that is declared and no more
		f.flows[place] = append(f.flows[place], f.flowOf(value))
	}
}
