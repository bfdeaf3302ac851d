// Package argstest runs scripts against the functions of native modules in tests.
package argstest

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"

	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Script is a runtime with modules, whose exports are global under the last part of the module's
// name.
type Script struct {
	t  testing.TB
	rt *script.Runtime
}

// New makes a runtime.
func New(t testing.TB, modules ...script.Module) *Script {
	t.Helper()
	rt, err := script.New(script.Options{Modules: modules})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rt.Close)
	s := &Script{t: t, rt: rt}
	var code strings.Builder
	for _, m := range modules {
		fmt.Fprintf(&code, "globalThis[%q] = require(%q);\n", m.Name[strings.LastIndex(m.Name, "/")+1:], m.Name)
	}
	if _, err := s.load(code.String()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Set makes a Go value global.
func (s *Script) Set(name string, value any) {
	s.t.Helper()
	if err := s.rt.VM().Set(name, value); err != nil {
		s.t.Fatal(err)
	}
}

// Buffer makes bytes global, as an ArrayBuffer.
func (s *Script) Buffer(name string, data []byte) {
	s.t.Helper()
	s.Set(name, s.rt.VM().NewArrayBuffer(data))
}

func (s *Script) load(code string) (*goja.Object, error) {
	program, err := script.Compile("test.js", code)
	if err != nil {
		return nil, err
	}
	return s.rt.Load(s.t.Context(), program)
}

// Eval evaluates an expression and returns its value as JSON, typed arrays as arrays, or what it
// throws.
func (s *Script) Eval(expression string) (string, error) {
	s.t.Helper()
	exports, err := s.load(`
const plain = (key, value) => ArrayBuffer.isView(value) ? [...value] : value;
exports.result = JSON.stringify((` + expression + `), plain);`)
	if err != nil {
		return "", err
	}
	return exports.Get("result").String(), nil
}

// Equal checks the value of an expression, as JSON.
func (s *Script) Equal(expression, want string) {
	s.t.Helper()
	got, err := s.Eval(expression)
	if err != nil {
		s.t.Errorf("%s: %v", expression, err)
	} else if got != want {
		s.t.Errorf("%s\n got %s\nwant %s", expression, got, want)
	}
}

// Throws checks that an expression throws a certain message, and returns the failure that it is;
// nil when it is none.
func (s *Script) Throws(expression, want string) *failure.Failure {
	s.t.Helper()
	got, err := s.Eval(expression)
	if err == nil {
		s.t.Errorf("%s\n got %s\nwant the error %s", expression, got, want)
		return nil
	}
	if err.Error() != want {
		s.t.Errorf("%s\n got the error %s\nwant the error %s", expression, err, want)
	}
	var f *failure.Failure
	errors.As(err, &f)
	return f
}

// Malformed is Throws for failures of the data source.
func (s *Script) Malformed(expression, want string) {
	s.t.Helper()
	f := s.Throws(expression, "Error: "+want)
	if f != nil && (f.Kind != failure.Datasource || f.Code != failure.CodeDatasourceDataProcess) || f == nil && !s.t.Failed() {
		s.t.Errorf("%s: is no failure of the data source: %+v", expression, f)
	}
}

// Exports checks that a module exports what its typings declare, and nothing else.
func (s *Script) Exports(module string, typings string) {
	s.t.Helper()
	exports := s.rt.VM().Get(module).ToObject(s.rt.VM()).Keys()
	var declared []string
	for line := range strings.Lines(typings) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "export function "); ok {
			name := rest[:strings.IndexAny(rest, "(<")]
			if len(declared) == 0 || declared[len(declared)-1] != name { // overloads stand together
				declared = append(declared, name)
			}
		}
	}
	sort.Strings(exports)
	sort.Strings(declared)
	if got, want := strings.Join(exports, " "), strings.Join(declared, " "); got != want {
		s.t.Errorf("%s exports %s\n  its typings declare %s", module, got, want)
	}
}
