package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// varying are the calls whose message is not a constant, with the reason.
var varying = map[string]string{
	"cmd/carjs/output.go": "the last line of a failed run is its failure",
	"host/script/warn.go": "passes on what it is given; its callers are looked at",
}

// loggers are the expressions that log.
var loggers = regexp.MustCompile(`(?i)(^|\.)(log|logger)(\(\))?$`)

// fieldName is the form of the name of a field.
var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// What a line says each time is its message, and what changes are its fields: else nobody can
// search for a message, or filter by a value. The names of fields are not the platform's.
func TestLogCallsHaveConstantMessages(t *testing.T) {
	found := 0
	for _, root := range []string{"bindings", "cmd/carjs", "connectors", "host"} {
		err := filepath.WalkDir(filepath.Join("..", "..", filepath.FromSlash(root)), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
			ast.Inspect(file, func(node ast.Node) bool {
				if call, ok := node.(*ast.CallExpr); ok {
					if mistake, logs := logCall(call); logs {
						found++
						if _, may := varying[name]; mistake != "" && !may {
							t.Errorf("%s: %s", files.Position(call.Pos()), mistake)
						}
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 80 {
		t.Errorf("only %d calls were found: does the test still look for the right ones?", found)
	}
}

// logCall tells whether a call logs, and what is wrong with it.
func logCall(call *ast.CallExpr) (mistake string, logs bool) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	first := 0
	switch method.Sel.Name {
	case "Trace", "Debug", "Info", "Warn", "Error":
		if !loggers.MatchString(expression(method.X)) {
			return "", false
		}
	case "WarnOnce":
		first = 1
	default:
		return "", false
	}
	if len(call.Args) <= first || !constant(call.Args[first]) {
		return "the message is no constant", true
	}
	pairs := call.Args[first+1:]
	if call.Ellipsis.IsValid() {
		return "", true
	}
	if len(pairs)%2 != 0 {
		return "a field has no value", true
	}
	for i := 0; i < len(pairs); i += 2 {
		literal, ok := pairs[i].(*ast.BasicLit)
		if !ok {
			return "the name of a field is no constant", true
		}
		name, _ := strconv.Unquote(literal.Value)
		if !fieldName.MatchString(name) {
			return "the name of a field is not lower case: " + name, true
		}
		if slices.Contains([]string{"ibm_datetime", "level", "label", "message", "connector", "source", "version"}, name) {
			return "the platform has a field " + name, true
		}
	}
	return "", true
}

// expression is the text of a selector such as s.log or m.rt.Logger().
func expression(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return expression(e.X) + "." + e.Sel.Name
	case *ast.CallExpr:
		return expression(e.Fun) + "()"
	}
	return ""
}

// constant tells whether an expression is a text that stands there.
func constant(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.BinaryExpr:
		return e.Op == token.ADD && constant(e.X) && constant(e.Y)
	case *ast.ParenExpr:
		return constant(e.X)
	}
	return false
}
