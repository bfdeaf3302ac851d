package check

import (
	"fmt"
	"slices"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/token"

	"carjs/host/settings"
)

// localTime are the methods of Date that go by the time zone of the machine, which is another one
// in production.
var localTime = map[string]string{
	"getHours": "getUTCHours", "getMinutes": "getUTCMinutes", "getDate": "getUTCDate", "getDay": "getUTCDay", "getMonth": "getUTCMonth",
	"getFullYear": "getUTCFullYear", "setHours": "setUTCHours", "setMinutes": "setUTCMinutes", "setDate": "setUTCDate",
	"setMonth": "setUTCMonth", "setFullYear": "setUTCFullYear", "toDateString": "toISOString", "toTimeString": "toISOString",
}

// localeText are those that go by it unless their options name a time zone.
var localeText = map[string]bool{"toLocaleString": true, "toLocaleDateString": true, "toLocaleTimeString": true}

// removing are the calls that take away what is gone from the data source.
var removing = []string{"replaces", "delete", "edgePatch"}

// habits looks at the code.
func (c *code) habits(declaration *settings.Declaration) []Finding {
	h := &habits{code: c, declaration: declaration}
	c.visit(h.look)
	h.absent()
	h.forgotten()
	if h.incremental.own() && !h.removes {
		h.add(h.incremental, "call dataHandler.replaces(), or context().carService.delete() in deleteVertices()",
			"the incremental import never removes anything: objects deleted in the data source stay in CAR")
	}
	return h.findings
}

// habits are what is found on a way through the code.
type habits struct {
	*code
	declaration *settings.Declaration // nil when it is not known
	findings    []Finding
	incremental place // the class that imports incrementally, when there is one
	removes     bool  // something is removed somewhere
	globals     globals
}

func (h *habits) add(at place, hint, format string, args ...any) {
	if at.own() {
		h.findings = append(h.findings,
			Finding{Severity: Warning, File: at.file, Line: at.line, Column: at.column, Message: fmt.Sprintf(format, args...), Hint: hint})
	}
}

func (h *habits) look(n ast.Node) {
	h.global(n)
	switch n := n.(type) {
	case *ast.DotExpression:
		h.removes = h.removes || slices.Contains(removing, n.Identifier.Name.String())
	case *ast.ClassLiteral:
		if n.SuperClass != nil && named(n.SuperClass, "BaseIncrementalImport") {
			h.incremental = h.at(n)
		}
	case *ast.CallExpression:
		h.call(n)
	case *ast.NewExpression:
		h.made(n)
	}
}

// made looks at what new makes.
func (h *habits) made(n *ast.NewExpression) {
	callee, _ := n.Callee.(*ast.Identifier)
	switch {
	case callee == nil || len(n.ArgumentList) == 0:
	case callee.Name == "Date" && len(n.ArgumentList) > 1:
		h.add(h.at(n), "use new Date(Date.UTC(...))", "new Date() with a year and a month uses %s", zone)
	}
}

const zone = "the time zone of the machine, which differs from machine to machine"

// call looks at a call of a method.
func (h *habits) call(n *ast.CallExpression) {
	h.required(n)
	callee, ok := n.Callee.(*ast.DotExpression)
	if !ok {
		return
	}
	name := callee.Identifier.Name.String()
	if better, ok := localTime[name]; ok && h.isDate(callee.Left) {
		h.add(h.at(&callee.Identifier), "use "+better, "%s() uses %s", name, zone)
	}
	if localeText[name] && h.isDate(callee.Left) && !namesZone(n.ArgumentList) {
		h.add(h.at(&callee.Identifier), "use toISOString, or name the zone: "+name+`("en-US", { timeZone: "UTC" })`, "%s() uses %s", name, zone)
	}
	if h.declaration == nil || !isLog(callee.Left) {
		return
	}
	for _, argument := range n.ArgumentList {
		h.logged(argument)
	}
}

// namesZone tells whether the options of a locale may name a time zone: what is no literal may.
func namesZone(arguments []ast.Expression) bool {
	if len(arguments) < 2 {
		return false
	}
	options, ok := arguments[1].(*ast.ObjectLiteral)
	if !ok {
		return true
	}
	for _, property := range options.Value {
		switch property := property.(type) {
		case *ast.PropertyKeyed:
			if key, ok := property.Key.(*ast.StringLiteral); !ok || key.Value.String() == "timeZone" {
				return true
			}
		case *ast.PropertyShort:
			if property.Name.Name.String() == "timeZone" {
				return true
			}
		default: // it is spread
			return true
		}
	}
	return false
}

// isDate tells whether an expression is a Date for sure. Objects of other classes may have methods
// of these names.
func (h *habits) isDate(e ast.Expression) bool {
	if variable, ok := e.(*ast.Identifier); ok {
		return h.names.always(variable.Name.String(), isNewDate)
	}
	return isNewDate(e)
}

func isNewDate(e ast.Expression) bool {
	made, ok := e.(*ast.NewExpression)
	return ok && named(made.Callee, "Date")
}

// isLog tells whether an expression is what log lines are written with.
func isLog(e ast.Expression) bool { return named(e, "console") || named(e, "logger") }

// logged looks for secrets in what is logged: as they are, or in a text that is put together.
func (h *habits) logged(e ast.Expression) {
	switch e := e.(type) {
	case *ast.TemplateLiteral:
		for _, part := range e.Expressions {
			h.logged(part)
		}
	case *ast.BinaryExpression:
		if e.Operator == token.PLUS {
			h.logged(e.Left)
			h.logged(e.Right)
		}
	case *ast.DotExpression:
		if !h.isSettings(e.Left) {
			return
		}
		if field := readAs(h.declaration, e.Identifier.Name.String()); field != nil && field.Secret() {
			h.add(h.at(&e.Identifier), "log that it is set, not its value", "the secret %s is logged", field.Path)
		}
	}
}
