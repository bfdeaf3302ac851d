package node_test

import (
	"testing"

	"carjs/bindings"
	"carjs/bindings/carjs"
	"carjs/host/script"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/require"
)

// A module that is written for goja_nodejs is one of carjs, finds the others while it loads, and
// leaves no require behind.
func TestLoader(t *testing.T) {
	shout := bindings.NodeModule("acme/shout", func(vm *goja.Runtime, module *goja.Object) {
		format, _ := goja.AssertFunction(require.Require(vm, "util").ToObject(vm).Get("format"))
		shout := func(call goja.FunctionCall) goja.Value {
			text, err := format(goja.Undefined(), vm.ToValue("%s!"), call.Argument(0))
			if err != nil {
				panic(err)
			}
			return text
		}
		if err := module.Get("exports").(*goja.Object).Set("shout", shout); err != nil {
			t.Error(err)
		}
	})
	rt, err := bindings.NewRuntime(carjs.New(nil), bindings.Options{Modules: []bindings.Module{shout}})
	if err != nil {
		t.Fatal(err)
	}
	defer rt.Close()
	program, err := script.Compile("main.js", `exports.got = require("acme/shout").shout("hi") + typeof globalThis.require`)
	if err != nil {
		t.Fatal(err)
	}
	exports, err := rt.Load(t.Context(), program)
	if err != nil {
		t.Fatal(err)
	}
	if got := exports.Get("got").String(); got != "hi!undefined" {
		t.Errorf("got %s", got)
	}
}
