package check

import (
	"reflect"
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/token"
)

// The methods of carjs that return a promise, by what they are methods of. A test compares them with
// the typings.
var (
	clientPromises  = []string{"get", "post", "put", "patch", "delete", "head", "request"}
	servicePromises = []string{
		"delete", "edgesAt", "searchCollection", "queryGraphql", "edgePatch", "databasePatchValue", "graphAttributeSearch", "getImportSchema",
		"getModelStateId", "saveModelStateId", "resetModelStateId", "createDatabase", "getExtension", "setExtension",
	}
	// Those of handlers and importers have names that nothing else has.
	importPromises = []string{"replaces", "sendCollections", "sendEdges", "sendData"}
)

// promiseMethods are those of a promise: who uses them knows that it is one.
var promiseMethods = []string{"then", "catch", "finally"}

// forgotten looks for an await that was forgotten: a call of carjs whose promise is thrown away, or
// taken for the value. Whatever may be meant, as promises that are collected for Promise.all, is
// left alone.
type forgotten struct {
	*habits
	clients    *clients
	own        map[string]bool // methods that the connector has itself
	functions  []ast.Node
	slots      []slot
	misuses    map[string]int // of a property
	properties map[string]int // how often one is read
}

// slot is a variable or a property that a promise is put into.
type slot struct {
	name     string
	property bool
	call     *ast.CallExpression
	what     string
}

// forgotten finds them.
func (h *habits) forgotten() {
	f := &forgotten{habits: h, clients: findClients(h.code), own: map[string]bool{}, misuses: map[string]int{}, properties: map[string]int{}}
	h.visit(f.learn)
	h.visit(f.look)
	for _, s := range f.slots {
		if f.misused(s) {
			f.tell(s.call, s.what)
		}
	}
}

// learn collects what the code consists of.
func (f *forgotten) learn(n ast.Node) {
	switch n := n.(type) {
	case *ast.FunctionLiteral, *ast.ArrowFunctionLiteral:
		f.functions = append(f.functions, n)
	case *ast.MethodDefinition:
		f.own[keyOf(n.Key)] = true
	}
}

func isNewClient(e ast.Expression) bool {
	made, ok := e.(*ast.NewExpression)
	return ok && named(made.Callee, "HttpClient")
}

// keyOf is the name of a member of a class.
func keyOf(key ast.Expression) string {
	switch key := key.(type) {
	case *ast.StringLiteral:
		return key.Value.String()
	case *ast.Identifier:
		return key.Name.String()
	case *ast.PrivateIdentifier:
		return "#" + key.Name.String()
	}
	return ""
}

// memberOf is the name of the property that an expression reads or writes, "" for others.
func memberOf(e ast.Expression) string {
	switch e := e.(type) {
	case *ast.DotExpression:
		return e.Identifier.Name.String()
	case *ast.PrivateDotExpression:
		return "#" + e.Identifier.Name.String()
	}
	return ""
}

// promise tells whether an expression is a call of carjs that returns a promise, and which.
func (f *forgotten) promise(e ast.Expression) (call *ast.CallExpression, what string) {
	switch chain := e.(type) {
	case *ast.OptionalChain:
		e = chain.Expression
	case *ast.Optional:
		e = chain.Expression
	}
	call, ok := e.(*ast.CallExpression)
	if !ok {
		return nil, ""
	}
	if name, ok := call.Callee.(*ast.Identifier); ok {
		if name.Name == "fetch" && len(f.names["fetch"]) == 0 {
			return call, "fetch()"
		}
		return nil, ""
	}
	callee, ok := call.Callee.(*ast.DotExpression)
	if !ok {
		return nil, ""
	}
	method := callee.Identifier.Name.String()
	switch {
	case slices.Contains(importPromises, method) && !f.own[method],
		slices.Contains(clientPromises, method) && f.clients.is(callee.Left),
		slices.Contains(servicePromises, method) && f.isService(callee.Left):
		return call, method + "()"
	}
	return nil, ""
}

func (f *forgotten) isService(e ast.Expression) bool {
	service := func(e ast.Expression) bool { return memberOf(e) == "carService" }
	if variable, ok := e.(*ast.Identifier); ok {
		return f.names.always(variable.Name.String(), service)
	}
	return service(e)
}

// look looks at what is done with promises.
func (f *forgotten) look(n ast.Node) {
	if name := memberRead(n); name != "" {
		f.properties[name]++
	}
	switch n := n.(type) {
	case *ast.PropertyShort: // as it is taken out of an object
		f.properties[n.Name.Name.String()]++
	case *ast.ExpressionStatement:
		f.dropped(n.Expression)
	case *ast.Binding:
		f.kept(n.Target, n.Initializer)
	case *ast.AssignExpression:
		f.properties[memberOf(n.Left)]-- // it is written
		f.kept(n.Left, n.Right)
	}
	for _, value := range valuesIn(n) {
		if call, what := f.promise(value); call != nil {
			f.tell(call, what)
		}
		if name := memberOf(value); name != "" {
			f.misuses[name]++
		}
	}
}

// memberRead is the name of the property that a node is, "" for others.
func memberRead(n ast.Node) string {
	if e, ok := n.(ast.Expression); ok {
		return memberOf(e)
	}
	return ""
}

// dropped looks at an expression whose value nobody takes.
func (f *forgotten) dropped(e ast.Expression) {
	switch e := e.(type) {
	case *ast.SequenceExpression:
		for _, part := range e.Sequence {
			f.dropped(part)
		}
	case *ast.ConditionalExpression:
		f.dropped(e.Consequent)
		f.dropped(e.Alternate)
	case *ast.BinaryExpression:
		if logical(e.Operator) {
			f.dropped(e.Right)
		}
	default:
		if call, what := f.promise(e); call != nil {
			f.tell(call, what)
		}
		f.droppedByList(e)
	}
}

// droppedByList looks at list.forEach(f), and at list.map(f) whose result nobody takes: the promises
// of f are gone.
func (f *forgotten) droppedByList(e ast.Expression) {
	call, ok := e.(*ast.CallExpression)
	if !ok || len(call.ArgumentList) == 0 {
		return
	}
	callee, ok := call.Callee.(*ast.DotExpression)
	if !ok || callee.Identifier.Name != "forEach" && callee.Identifier.Name != "map" {
		return
	}
	what := ""
	switch function := call.ArgumentList[0].(type) {
	case *ast.FunctionLiteral:
		if function.Async {
			what = "its async function"
		}
	case *ast.ArrowFunctionLiteral:
		if body, ok := function.Body.(*ast.ExpressionBody); ok {
			_, what = f.promise(body.Expression)
		}
		if function.Async {
			what = "its async function"
		}
	}
	if what != "" {
		f.add(f.at(&callee.Identifier), "use for...of and await in its body, or await Promise.all(list.map(...))",
			"%s() does not wait for %s", callee.Identifier.Name, what)
	}
}

func logical(operator token.Token) bool {
	return operator == token.LOGICAL_AND || operator == token.LOGICAL_OR || operator == token.COALESCE
}

// kept looks at a value that is put somewhere.
func (f *forgotten) kept(target, value ast.Expression) {
	call, what := f.promise(value)
	if call == nil {
		return
	}
	switch target := target.(type) {
	case *ast.Identifier:
		f.slots = append(f.slots, slot{name: target.Name.String(), call: call, what: what})
	case *ast.ObjectPattern, *ast.ArrayPattern:
		f.tell(call, what)
	default:
		if name := memberOf(target); name != "" {
			f.slots = append(f.slots, slot{name: name, property: true, call: call, what: what})
		}
	}
}

// misused tells whether a promise that was put somewhere is used as its value, or not at all, each
// time.
func (f *forgotten) misused(s slot) bool {
	if s.property {
		return f.properties[s.name] > 0 && f.properties[s.name] == f.misuses[s.name]
	}
	reads, misuses := 0, 0
	is := func(e ast.Expression) bool {
		name, ok := e.(*ast.Identifier)
		return ok && name.Name.String() == s.name
	}
	count := func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Identifier:
			if is(n) {
				reads++
			}
		case *ast.PropertyShort:
			if n.Name.Name.String() == s.name {
				reads++
			}
		case *ast.Binding:
			if target, ok := n.Target.(ast.Expression); ok && is(target) {
				reads--
			}
		case *ast.AssignExpression:
			if is(n.Left) {
				reads--
			}
		}
		for _, value := range valuesIn(n) {
			if is(value) {
				misuses++
			}
		}
	}
	around := f.around(s.call)
	if around == nil {
		f.visit(count)
	} else {
		visit(reflect.ValueOf(around), count)
	}
	return reads == misuses
}

// around is the innermost function that a call is in, nil for none.
func (f *forgotten) around(call *ast.CallExpression) ast.Node {
	var innermost ast.Node
	var width file.Idx
	for _, function := range f.functions {
		from, to := function.Idx0(), function.Idx1()
		if from <= call.Idx0() && call.Idx1() <= to && (innermost == nil || to-from < width) {
			innermost, width = function, to-from
		}
	}
	return innermost
}

func (f *forgotten) tell(call *ast.CallExpression, what string) {
	at := ast.Node(call.Callee)
	if callee, ok := call.Callee.(*ast.DotExpression); ok {
		at = &callee.Identifier
	}
	f.add(f.at(at), "write await before the call, or collect the promises and await Promise.all",
		"%s returns a promise, which is not awaited", what)
}
