package check

import (
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"
)

// flow is one value that a place has: of other places, all of which must hold a client.
type flow struct {
	client, unknown bool
	from            []string
}

// connect fills variables and parameters. Object literals count for a property that nothing else
// sets: those of the same name in other objects are many.
func (f *clients) connect() {
	for name, values := range f.literals {
		if place := "property " + name; len(f.flows[place]) == 0 {
			for _, value := range values {
				f.fill(place, value)
			}
		}
	}
	for name, values := range f.variables {
		for _, value := range values {
			f.flows["variable "+name] = append(f.flows["variable "+name], f.flowOf(value))
		}
	}
	for _, function := range f.functions {
		if function.called == "" {
			continue
		}
		for i, parameter := range function.parameters {
			name, ok := parameter.Target.(*ast.Identifier)
			if !ok {
				continue
			}
			place := parameterOf(function, name.Name.String())
			for _, arguments := range f.arguments[function.called] {
				f.flows[place] = append(f.flows[place], f.argument(arguments, i, parameter.Initializer))
			}
		}
	}
}

// argument is what the n-th parameter is at a call.
func (f *clients) argument(arguments []ast.Expression, n int, otherwise ast.Expression) flow {
	for _, argument := range arguments[:min(n+1, len(arguments))] {
		if _, ok := argument.(*ast.SpreadElement); ok {
			return flow{unknown: true}
		}
	}
	if n < len(arguments) {
		return f.flowOf(arguments[n])
	}
	if otherwise == nil {
		return flow{} // undefined
	}
	return f.flowOf(otherwise)
}

// parameterOf is the place of a parameter.
func parameterOf(function *function, name string) string {
	return "parameter " + function.called + " " + name
}

// flowOf tells what a value is.
func (f *clients) flowOf(value ast.Expression) flow {
	switch value := value.(type) {
	case *ast.NewExpression:
		return flow{client: isNewClient(value), unknown: !isNewClient(value)}
	case *ast.NullLiteral:
		return flow{} // until there is one
	case *ast.UnaryExpression:
		return flow{unknown: value.Operator != token.VOID}
	case *ast.AwaitExpression:
		return f.flowOf(value.Argument)
	case *ast.AssignExpression:
		return f.flowOf(value.Right)
	case *ast.ConditionalExpression:
		return both(f.flowOf(value.Consequent), f.flowOf(value.Alternate))
	case *ast.BinaryExpression:
		// Who takes a client where there is none has one otherwise, too.
		if logical(value.Operator) {
			return f.flowOf(value.Right)
		}
	case *ast.Identifier:
		return f.variable(value)
	case *ast.CallExpression:
		if called := f.calledBy(value); called != "" {
			return flow{from: []string{"result " + called}}
		}
	default:
		if name := memberOf(value); name != "" {
			return flow{from: []string{"property " + name}}
		}
	}
	return flow{unknown: true}
}

// variable is what a name stands for: the parameter of a function around it, or a variable.
func (f *clients) variable(name *ast.Identifier) flow {
	word := name.Name.String()
	if word == "undefined" {
		return flow{}
	}
	keyed := false // it is taken out of an object
	has := func(function *function) bool {
		return slices.ContainsFunc(function.parameters, func(parameter *ast.Binding) bool {
			switch target := parameter.Target.(type) {
			case *ast.Identifier:
				return target.Name == name.Name
			case *ast.ObjectPattern:
				keyed = slices.ContainsFunc(target.Properties, func(property ast.Property) bool {
					short, ok := property.(*ast.PropertyShort)
					return ok && short.Name.Name == name.Name
				})
				return keyed
			}
			return false
		})
	}
	switch function := f.around(name.Idx, has); {
	case function == nil:
		return flow{from: []string{"variable " + word}}
	case keyed:
		return flow{from: []string{"property " + word}}
	case function.called == "":
		return flow{unknown: true}
	default:
		return flow{from: []string{parameterOf(function, word)}}
	}
}

func both(a, b flow) flow {
	return flow{client: a.client || b.client, unknown: a.unknown || b.unknown, from: append(a.from, b.from...)}
}

// solve tells which places hold clients: those that hold nothing else, and one that was made.
func (f *clients) solve() map[string]bool {
	possible, proven := map[string]bool{}, map[string]bool{}
	for place := range f.flows {
		possible[place] = true
	}
	for changed := true; changed; {
		changed = false
		for place, flows := range f.flows {
			if possible[place] && slices.ContainsFunc(flows, func(v flow) bool { return !v.among(possible) }) {
				possible[place], changed = false, true
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for place, flows := range f.flows {
			if possible[place] && !proven[place] && slices.ContainsFunc(flows, func(v flow) bool { return v.provenBy(proven) }) {
				proven[place], changed = true, true
			}
		}
	}
	return proven
}

// among tells whether a value may be a client, given which places may hold one.
func (v flow) among(possible map[string]bool) bool {
	return !v.unknown && !slices.ContainsFunc(v.from, func(place string) bool { return !possible[place] })
}

// provenBy tells whether a value is a client, given which places hold one.
func (v flow) provenBy(proven map[string]bool) bool {
	return !v.unknown && (v.client || slices.ContainsFunc(v.from, func(place string) bool { return proven[place] }))
}

// is tells whether an expression is a client.
func (f *clients) is(e ast.Expression) bool {
	if f.holds == nil {
		return false
	}
	v := f.flowOf(e)
	return !v.unknown && (v.client || len(v.from) > 0) && !slices.ContainsFunc(v.from, func(place string) bool { return !f.holds[place] })
}
