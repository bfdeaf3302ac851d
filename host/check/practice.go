package check

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dop251/goja/ast"

	"carjs/host/settings"
)

// secretName is what settings are called that hold a secret.
var secretName = regexp.MustCompile(`(?i)(password|passwd|secret|token|api_?key|private_?key|credential)s?$`)

// localTime are the methods of Date that go by the time zone of the machine, which is another one in production.
var localTime = map[string]string{
	"getHours": "getUTCHours", "getMinutes": "getUTCMinutes", "getDate": "getUTCDate", "getDay": "getUTCDay", "getMonth": "getUTCMonth",
	"getFullYear": "getUTCFullYear", "setHours": "setUTCHours", "setMinutes": "setUTCMinutes", "setDate": "setUTCDate",
	"setMonth": "setUTCMonth", "setFullYear": "setUTCFullYear", "toDateString": "toISOString", "toTimeString": "toISOString",
	"toLocaleDateString": "toISOString", "toLocaleTimeString": "toISOString",
}

func checkPractice(_ context.Context, s *Subject) []Finding {
	var findings []Finding
	if s.declaration != nil {
		findings = declared(s.declaration)
	}
	if s.code != nil {
		findings = append(findings, s.code.habits(s.declaration)...)
	}
	return findings
}

// declared looks at how settings are declared.
func declared(declaration *settings.Declaration) []Finding {
	var findings []Finding
	for i := range declaration.Fields {
		f := &declaration.Fields[i]
		at := Finding{Severity: Warning, File: settings.ConfigFile, Line: f.Line, Column: f.Column}
		if f.Type == settings.Text && secretName.MatchString(f.Path) {
			at.Message = f.Path + " sounds like a secret, and is shown in logs"
			at.Hint = `declare it with the type "password"`
			findings = append(findings, at)
		}
		if f.Secret() && f.Default != nil {
			at.Message = f.Path + " is a secret with a default, which everybody can read in " + settings.ConfigFile
			at.Hint = "remove the default"
			findings = append(findings, at)
		}
		if text, ok := f.Default.(string); ok && strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "http://127.0.0.1") && !strings.HasPrefix(text, "http://localhost") {
			at.Message = f.Path + " goes over an unprotected connection by default"
			at.Hint = "use https:// in the default"
			findings = append(findings, at)
		}
	}
	return findings
}

// habits looks at the code.
func (c *code) habits(declaration *settings.Declaration) []Finding {
	var findings []Finding
	var incremental *place
	removes := false
	warn := func(n ast.Node, hint, format string, args ...any) {
		if at := c.at(n); at.own() {
			findings = append(findings, Finding{Severity: Warning, File: at.file, Line: at.line, Column: at.column, Message: fmt.Sprintf(format, args...), Hint: hint})
		}
	}
	c.visit(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.DotExpression:
			name := n.Identifier.Name.String()
			removes = removes || slices.Contains([]string{"replaces", "delete", "edgePatch"}, name)
		case *ast.CallExpression:
			c.call(n, declaration, warn)
		case *ast.ClassLiteral:
			if superName(n) == "BaseIncrementalImport" {
				if at := c.at(n); at.own() {
					incremental = &at
				}
			}
		case *ast.NewExpression:
			if name, ok := n.Callee.(*ast.Identifier); ok && name.Name == "RegExp" && len(n.ArgumentList) > 0 {
				if pattern, ok := n.ArgumentList[0].(*ast.StringLiteral); ok && strings.Contains(pattern.Value.String(), `\p{`) {
					warn(n, `list the characters, as in [A-Za-z]`, `the engine does not know \p{...}: this expression matches something else`)
				}
			}
		}
	})
	if incremental != nil && !removes {
		findings = append(findings, Finding{
			Severity: Warning, File: incremental.file, Line: incremental.line, Column: incremental.column,
			Message: "the incremental import never removes anything: what is gone from the data source stays in CAR",
			Hint:    "call dataHandler.replaces(), or context().carService.delete() in deleteVertices()",
		})
	}
	return findings
}

// call looks at a call.
func (c *code) call(n *ast.CallExpression, declaration *settings.Declaration, warn func(n ast.Node, hint, format string, args ...any)) {
	callee, ok := n.Callee.(*ast.DotExpression)
	if !ok {
		return
	}
	name := callee.Identifier.Name.String()
	if better, ok := localTime[name]; ok {
		warn(&callee.Identifier, "use "+better, "%s() goes by the time zone of the machine, which is another one where the connector will run", name)
	}
	if object, ok := callee.Left.(*ast.Identifier); !ok || object.Name != "console" || declaration == nil {
		return
	}
	for _, argument := range n.ArgumentList {
		dot, ok := argument.(*ast.DotExpression)
		if !ok || !isArgs(dot.Left) {
			continue
		}
		if field, ok := declaration.Field(dot.Identifier.Name.String()); ok && field.Secret() {
			warn(argument, "log that it is there, not what it is", "the secret %s is logged", field.Path)
		}
	}
}

// superName is what a class extends: BaseApp, also when it is import_carjs.BaseApp.
func superName(class *ast.ClassLiteral) string {
	switch e := class.SuperClass.(type) {
	case *ast.Identifier:
		return e.Name.String()
	case *ast.DotExpression:
		return e.Identifier.Name.String()
	}
	return ""
}
