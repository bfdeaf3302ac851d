package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
		if field, ok := s.declaration.Field(u.name); ok {
			used[field.Path] = true
		} else if u.sure && !slices.Contains(given, u.name) {
			findings = append(findings, Finding{
				Severity: Error, File: u.at.file, Line: u.at.line, Column: u.at.column,
				Message: fmt.Sprintf("the setting %s is used here and not declared", u.name),
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

// similar names a declared setting that may have been meant.
func similar(name string, declaration *settings.Declaration) string {
	for _, f := range declaration.Fields {
		for _, other := range f.Names() {
			if strings.EqualFold(strings.ReplaceAll(other, "-", "_"), strings.ReplaceAll(name, "-", "_")) ||
				strings.HasSuffix(f.Env, strings.ToUpper(name)) || strings.HasPrefix(name, f.Short) && f.Short != "" {
				return fmt.Sprintf(", or use %s", f.Env)
			}
		}
	}
	return ""
}

// uses finds the settings that are read: members of what is called args, by name or by taking it apart. everything tells that args is
// passed on as a whole, so that nobody can say which are used.
func (c *code) uses() (uses []use, everything bool) {
	known := map[ast.Expression]bool{} // occurrences of args that are understood
	var occurrences []ast.Expression
	add := func(of ast.Expression) func(string, ast.Node) {
		_, sure := of.(*ast.DotExpression)
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
				known[n.Left] = true
				add(n.Left)(n.Identifier.Name.String(), &n.Identifier)
			}
			if isArgs(n) {
				occurrences = append(occurrences, n)
			}
		case *ast.BracketExpression:
			if isArgs(n.Left) {
				if name, ok := n.Member.(*ast.StringLiteral); ok {
					known[n.Left] = true
					add(n.Left)(name.Value.String(), n.Member)
				}
			}
		case *ast.Binding:
			if pattern, ok := n.Target.(*ast.ObjectPattern); ok && n.Initializer != nil && isArgs(n.Initializer) && pattern.Rest == nil {
				known[n.Initializer] = true
				c.taken(pattern, add(n.Initializer))
			}
			if _, ok := n.Target.(*ast.Identifier); ok && n.Initializer != nil && isArgs(n.Initializer) {
				// const args = context().args: the members of args are found where they are read.
				known[n.Initializer] = n.Target.(*ast.Identifier).Name.String() == "args"
			}
		}
	})
	for _, occurrence := range occurrences {
		everything = everything || !known[occurrence]
	}
	return uses, everything
}

// taken finds the names that a pattern takes out of args.
func (c *code) taken(pattern *ast.ObjectPattern, add func(string, ast.Node)) {
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

// isArgs tells whether an expression is the settings: something.args, or a variable of that name.
func isArgs(e ast.Expression) bool {
	switch e := e.(type) {
	case *ast.DotExpression:
		return e.Identifier.Name == "args"
	case *ast.Identifier:
		return e.Name == "args"
	}
	return false
}
