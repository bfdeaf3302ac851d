package script

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/host/failure"

	"github.com/dop251/goja"
)

func TestModules(t *testing.T) {
	var made atomic.Int32
	rt, err := New(Options{Modules: []Module{
		{Name: "carjs/once", New: func(rt *Runtime) (goja.Value, error) { return rt.VM().ToValue(made.Add(1)), nil }},
		{Name: "carjs/bad", New: func(rt *Runtime) (goja.Value, error) { made.Add(10); return nil, errRefused }},
		{Name: "carjs/worse", New: func(rt *Runtime) (goja.Value, error) { panic(rt.VM().NewTypeError("worse")) }},
	}})
	if err != nil {
		t.Fatal(err)
	}
	program, err := Compile("plain.js", `exports.once = () => [require("carjs/once"), require("carjs/once")].join();
exports.bad = (name) => { try { require(name) } catch (e) { return e.message } };
exports.fail = () => require("carjs/bad");`)
	if err != nil {
		t.Fatal(err)
	}
	exports, err := rt.Load(t.Context(), program)
	if err != nil || made.Load() != 0 {
		t.Fatalf("%d made before the first import, %v", made.Load(), err)
	}
	if got, err := call(t.Context(), rt, exports, "once"); err != nil || got.String() != "1,1" {
		t.Errorf("once: %v, %v", got, err)
	}
	for name, want := range map[string]string{
		"carjs/bad":   "load the module carjs/bad: connection refused",
		"carjs/worse": "load the module carjs/worse: TypeError: worse",
		"fs":          `unknown module "fs"; the modules of carjs are carjs/once, carjs/bad, carjs/worse`,
	} {
		if got, err := call(t.Context(), rt, exports, "bad", rt.VM().ToValue(name)); err != nil || !strings.HasPrefix(got.String(), want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	_, err = call(t.Context(), rt, exports, "fail")
	var e *Error
	if !errors.Is(err, errRefused) || !errors.As(err, &e) || e.At() != (Position{"plain.js", 3, 29}) || made.Load() != 11 {
		t.Errorf("fail: %v at %v, %d made", err, e.At(), made.Load())
	}
}

func TestGlobals(t *testing.T) {
	rt, err := New(Options{Globals: []Global{
		{Name: "a", Install: func(rt *Runtime) error { return rt.VM().Set("a", 1) }},
		{Name: "b", Install: func(rt *Runtime) error { return rt.VM().Set("b", rt.VM().Get("a").ToInteger()+1) }},
	}})
	if err != nil || rt.VM().Get("b").ToInteger() != 2 {
		t.Fatalf("%v", err)
	}
	_, err = New(Options{Globals: []Global{{Name: "bad",
		Install: func(rt *Runtime) error { _, err := rt.VM().RunString("null.x"); return err }}}})
	if err == nil || !strings.HasPrefix(err.Error(), "install the global bad: TypeError") {
		t.Errorf("got %v", err)
	}
}

func TestMisuse(t *testing.T) {
	rt, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) {
		return rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) { return nil, nil })
	})
	if !errors.Is(err, errNested) {
		t.Errorf("nested: %v", err)
	}
	own := errors.New("own")
	if _, err := rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) { return nil, own }); err != own {
		t.Errorf("an error of Go code: %v", err)
	}
	if at := rt.Caller(); at != (Position{}) {
		t.Errorf("a caller outside: %v", at)
	}
	program, err := Compile("x", "module.exports = 5")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rt.Load(t.Context(), program); err == nil || !strings.Contains(err.Error(), "exports 5") {
		t.Errorf("exports that are no object: %v", err)
	}
	// A panic in Go code leaves nothing to go on with.
	_, err = rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) { panic("drawer") })
	if f := failure.From(err); f.Fault != failure.FaultCarjs || strings.Contains(err.Error(), "goroutine") {
		t.Errorf("a panic: %v", err)
	}
	if _, again := rt.Do(t.Context(), func(*goja.Runtime) (goja.Value, error) { return nil, nil }); again == nil {
		t.Error("a runtime that is broken runs")
	}
}

// A JavaScript author may import a module as a whole, as one does with CommonJS.
func TestDefaultImport(t *testing.T) {
	got := evaluate(t, `import whole, * as names from "carjs/test"; export default async function run() {
		return [typeof whole.later, whole === names.default, Object.keys(whole).includes("default")].join(); }`)
	if got != "function,true,false" {
		t.Error(got)
	}
}
