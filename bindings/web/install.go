package web

import (
	"errors"
	"fmt"
	"sync"

	"carjs/host/script"

	"github.com/dop251/goja"
)

// Program compiles a script of carjs when it is first asked for.
func Program(name string, source *string) func() *goja.Program {
	return sync.OnceValue(func() *goja.Program { return goja.MustCompile(script.InternalPrefix+name, *source, true) })
}

// Install makes globals of what a program returns, which is a function of its natives. They are not
// enumerable, as platforms have it.
//
// The program runs when a script first asks for one of the globals: most connectors need few of
// them, and making them takes a fifth of the time that carjs needs up to the first line of
// TypeScript. Until then a global is a property with a getter and a setter, as it is elsewhere,
// too.
func Install(rt *script.Runtime, names []string, program func() *goja.Program, natives *goja.Object) error {
	var made *goja.Object
	for _, name := range names {
		untouched := true // the script has not set the global
		define := func(v goja.Value) {
			err := rt.VM().GlobalObject().DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
			if err != nil {
				rt.Throw(fmt.Errorf("set %s: %w", name, err))
			}
		}
		getter := func(goja.FunctionCall) goja.Value {
			if made == nil {
				var err error
				if made, err = run(rt.VM(), program(), natives); err != nil {
					rt.Throw(err)
				}
			}
			if untouched { // who kept the getter asks for what stood here, and sets nothing
				define(made.Get(name))
			}
			return made.Get(name)
		}
		setter := func(call goja.FunctionCall) goja.Value {
			untouched = false
			define(call.Argument(0))
			return goja.Undefined()
		}
		vm := rt.VM()
		if err := vm.GlobalObject().DefineAccessorProperty(name, vm.ToValue(getter), vm.ToValue(setter), goja.FLAG_TRUE,
			goja.FLAG_FALSE); err != nil {
			return fmt.Errorf("set %s: %w", name, err)
		}
	}
	return nil
}

// run runs a program that is a function of its natives.
func run(vm *goja.Runtime, program *goja.Program, natives *goja.Object) (*goja.Object, error) {
	value, err := vm.RunProgram(program)
	if err != nil {
		return nil, err
	}
	body, ok := goja.AssertFunction(value)
	if !ok {
		return nil, errors.New("the program is not a function")
	}
	made, err := body(goja.Undefined(), natives)
	if err != nil {
		return nil, err
	}
	return made.ToObject(vm), nil
}
