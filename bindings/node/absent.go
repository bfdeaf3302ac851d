package node

import (
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// absentModule is a module that can be imported and whose parts throw when they are called.
func absentModule(name, alternative string) script.Module {
	return script.Module{Name: Prefix + name, New: func(rt *script.Runtime) (goja.Value, error) {
		refuse := rt.VM().ToValue(func(call goja.FunctionCall) goja.Value {
			rt.Throw(failure.New(failure.General, "%s of Node's %q is not available in carjs: %s", call.Argument(0), name, alternative).
				WithHint("%s", "use a package that runs in browsers, or the alternative above"))
			return nil
		})
		return run(rt, "absent", rt.VM().ToValue(name), refuse)
	}}
}
