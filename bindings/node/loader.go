package node

import (
	"fmt"

	"carjs/host/script"

	"github.com/dop251/goja"
	"github.com/dop251/goja_nodejs/require"
)

// Loader makes a module of one that is written for goja_nodejs. While it loads, it finds the other
// modules of the table by require.Require.
func Loader(name string, load require.ModuleLoader) script.Module {
	return script.Module{Name: name, New: func(rt *script.Runtime) (goja.Value, error) {
		vm := rt.VM()
		module := vm.NewObject()
		if err := module.Set("exports", vm.NewObject()); err != nil {
			return nil, fmt.Errorf("make the module %s: %w", name, err)
		}
		restore, err := lendRequire(rt)
		if err != nil {
			return nil, fmt.Errorf("make the module %s: %w", name, err)
		}
		defer restore()
		load(vm, module)
		return module.Get("exports"), nil
	}}
}

// lendRequire makes require a global until the returned function is called: goja_nodejs looks for it
// there, and scripts must not find it.
func lendRequire(rt *script.Runtime) (restore func(), err error) {
	global := rt.VM().GlobalObject()
	before := global.Get("require")
	err = global.Set("require", func(call goja.FunctionCall) goja.Value {
		name := call.Argument(0).String()
		exports, err := rt.Require(name)
		if err != nil {
			exports, err = rt.Require(Prefix + name)
		}
		if err != nil {
			rt.Throw(err)
		}
		return exports
	})
	return func() {
		if before == nil {
			err = global.Delete("require")
		} else {
			err = global.Set("require", before)
		}
		if err != nil {
			rt.Throw(err)
		}
	}, err
}
