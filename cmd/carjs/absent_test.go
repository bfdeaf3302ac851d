package main

import (
	"testing"

	"carjs/bindings"
	"carjs/bindings/carjs"
	"carjs/host/author/check"

	"github.com/dop251/goja"
)

// What carjs check says is not there is not.
func TestAbsentGlobals(t *testing.T) {
	rt, err := bindings.NewRuntime(carjs.New(nil), bindings.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	there := []string{"fetch", "URL", "console", "globalThis", "structuredClone"}
	kind := func(name string) string {
		value, err := rt.Do(t.Context(), func(vm *goja.Runtime) (goja.Value, error) { return vm.RunString("typeof " + name) })
		if err != nil {
			t.Fatal(err)
		}
		return value.String()
	}
	for _, name := range there {
		if kind(name) == "undefined" {
			t.Errorf("%s is not there", name)
		}
	}
	for name := range check.AbsentGlobals() {
		if is := kind(name); is != "undefined" {
			t.Errorf("%s is a %s", name, is)
		}
	}
}
