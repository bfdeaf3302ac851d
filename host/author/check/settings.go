package check

import (
	"context"
	"fmt"
	"slices"

	"github.com/dop251/goja/ast"

	"carjs/host/settings"
)

// given are the settings that carjs puts among the connector's own.
var given = []string{"source", "name", "version", "debug", "CONNECTION_NAME", "CONNECTOR_NAME", "CONNECTOR_VERSION", "DEBUG"}

// use is a setting that the code reads.
type use struct {
	name string
	at   place
	// sure tells that it cannot be something else: a variable called args may hold anything.
	sure bool
}

func checkSettings(_ context.Context, s *Subject) []Finding {
	if s.code == nil || s.declaration == nil {
		return nil
	}
	uses, everything := s.code.uses()
	var findings []Finding
	used := map[string]bool{}
	for _, u := range uses {
		if field := readAs(s.declaration, u.name); field != nil {
			used[field.Path] = true
		} else if u.sure && !slices.Contains(given, u.name) {
			findings = append(findings, Finding{
				Severity: Error, File: u.at.file, Line: u.at.line, Column: u.at.column,
				Message: fmt.Sprintf("the setting %s is used here but not declared", u.name),
				Hint:    "declare it in " + settings.ConfigFile + similar(u.name, s.declaration),
			})
		}
	}
	if everything {
		return findings
	}
	for i := range s.declaration.Fields {
		f := &s.declaration.Fields[i]
		if !used[f.Path] && f.Type != settings.Cron && f.Type != settings.Link {
			findings = append(findings, Finding{
				Severity: Warning, File: settings.ConfigFile, Line: f.Line, Column: f.Column,
				Message: f.Path + " is declared, but the code does not use it",
				Hint:    fmt.Sprintf("read context().args.%s, or remove the setting", f.Env),
			})
		}
	}
	return findings
}

// readAs returns the setting that code reads by a name, nil when there is none. Code has the two
// names of a setting as they are, the command line has other spellings of them as well.
func readAs(declaration *settings.Declaration, name string) *settings.Field {
	for i := range declaration.Fields {
		if f := &declaration.Fields[i]; name == f.Env || name == f.Short {
			return f
		}
	}
	return nil
}

// similar names a declared setting that may have been meant.
func similar(name string, declaration *settings.Declaration) string {
	if meant := declaration.Similar(name); meant != "" {
		return ", or use " + meant
	}
	return ""
}

// uses finds the settings that are read: members of what is called args, by name or by taking it
// apart. everything tells that the settings are passed on as a whole, so that nobody can say which
// are used.
func (c *code) uses() (uses []use, everything bool) {
	understood := map[ast.Expression]bool{}
	var occurrences []ast.Expression
	note := func(of ast.Expression) func(string, ast.Node) {
		understood[of] = true
		sure := c.isSettings(of)
		return func(name string, n ast.Node) {
			if at := c.at(n); at.own() {
				uses = append(uses, use{name, at, sure})
			}
		}
	}
	c.visit(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.DotExpression:
			if isArgs(n.Left) {
				note(n.Left)(n.Identifier.Name.String(), &n.Identifier)
			}
			if isArgs(n) {
				occurrences = append(occurrences, n)
			}
		case *ast.BracketExpression:
			if name, ok := n.Member.(*ast.StringLiteral); ok && isArgs(n.Left) {
				note(n.Left)(name.Value.String(), n.Member)
			}
		case *ast.Identifier:
			if isArgs(n) {
				occurrences = append(occurrences, n)
			}
		case *ast.PropertyShort:
			if isArgs(&n.Name) {
				occurrences = append(occurrences, &n.Name)
			}
		case *ast.ObjectPattern:
			declares(n, understood)
		case *ast.ParameterList:
			understood[n.Rest] = true
		case *ast.Binding:
			understood[n.Target] = true
			c.bound(n, note, understood)
		}
	})
	for _, occurrence := range occurrences {
		everything = everything || !understood[occurrence] && c.maybeSettings(occurrence)
	}
	return uses, everything
}

// bound reads a variable that is made of the settings.
func (c *code) bound(n *ast.Binding, note func(ast.Expression) func(string, ast.Node), understood map[ast.Expression]bool) {
	if n.Initializer == nil || !isArgs(n.Initializer) {
		return
	}
	switch target := n.Target.(type) {
	case *ast.ObjectPattern:
		if target.Rest == nil {
			taken(target, note(n.Initializer))
		}
	case *ast.Identifier:
		// const args = context().args: what is read of args is found where it is read.
		understood[n.Initializer] = isArgs(target)
	}
}

// declares notes that the names in a pattern are new variables, and no uses.
func declares(pattern *ast.ObjectPattern, understood map[ast.Expression]bool) {
	for _, property := range pattern.Properties {
		switch p := property.(type) {
		case *ast.PropertyShort:
			understood[&p.Name] = true
		case *ast.PropertyKeyed:
			understood[p.Value] = true
		}
	}
}

// taken finds the names that a pattern takes out of args.
func taken(pattern *ast.ObjectPattern, add func(string, ast.Node)) {
	for _, property := range pattern.Properties {
		switch p := property.(type) {
		case *ast.PropertyShort:
			add(p.Name.Name.String(), &p.Name)
		case *ast.PropertyKeyed:
			if key, ok := p.Key.(*ast.StringLiteral); ok {
				add(key.Value.String(), p.Key)
			}
		}
	}
}

// isArgs tells whether an expression may be the settings: something.args, or a variable of that
// name.
func isArgs(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.DotExpression:
		return e.Identifier.Name == "args"
	case *ast.Identifier:
		return e.Name == "args"
	}
	return false
}

// isSettings tells whether an expression is the settings for sure: context().args, or a variable
// that is never anything else.
func (c *code) isSettings(e ast.Expression) bool {
	if variable, ok := e.(*ast.Identifier); ok {
		return c.names.always(variable.Name.String(), c.isContextArgs)
	}
	return c.isContextArgs(e)
}

// isContextArgs tells whether an expression is context().args, or the args of a variable that is
// context() and never anything else.
func (c *code) isContextArgs(e ast.Expression) bool {
	dot, ok := e.(*ast.DotExpression)
	if !ok || dot.Identifier.Name != "args" {
		return false
	}
	if variable, ok := dot.Left.(*ast.Identifier); ok {
		return c.names.always(variable.Name.String(), isContext)
	}
	return isContext(dot.Left)
}

// maybeSettings tells whether an expression that is called args can be the settings. A variable of
// that name that never had them is something else.
func (c *code) maybeSettings(e ast.Expression) bool {
	if variable, ok := e.(*ast.Identifier); ok {
		return c.names.ever(variable.Name.String(), isArgs)
	}
	return isArgs(e)
}

func isContext(e ast.Expression) bool { return calls(e, "context") }
