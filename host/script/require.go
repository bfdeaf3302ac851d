package script

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dop251/goja"
)

// modules is the table of native modules with what has been made of it.
type modules struct {
	table  []Module
	loaded map[string]loadedModule
}

type loadedModule struct {
	exports goja.Value
	err     error
}

func (m *modules) init(table []Module) {
	m.table = table
	m.loaded = make(map[string]loadedModule, len(table))
}

// require is the function of that name that a bundle sees. It knows the table and nothing else:
// whatever else a connector imports is in the bundle.
func (rt *Runtime) require(call goja.FunctionCall) goja.Value {
	exports, err := rt.Require(call.Argument(0).String())
	if err != nil {
		rt.Throw(err)
	}
	return exports
}

func (rt *Runtime) loadModule(name string) loadedModule {
	names := make([]string, 0, len(rt.modules.table))
	for _, module := range rt.modules.table {
		if module.Name == name {
			var exports goja.Value
			var err error
			if exception := rt.vm.Try(func() { exports, err = module.New(rt) }); exception != nil {
				err = exception
			}
			if err != nil {
				return loadedModule{err: fmt.Errorf("load the module %s: %w", name, err)}
			}
			return loadedModule{exports: exports, err: addDefault(exports)}
		}
		names = append(names, module.Name)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(name, "node:") })
	return loadedModule{err: fmt.Errorf("unknown module %q; the modules of carjs are %s", name, strings.Join(names, ", "))}
}

// addDefault gives a module the default export that every CommonJS module has for who imports it as
// a whole: itself. It is not among the names that a script finds by looking.
func addDefault(exports goja.Value) error {
	object, ok := exports.(*goja.Object)
	if !ok || object.Get("default") != nil {
		return nil
	}
	return object.DefineDataProperty("default", object, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// Require returns the exports of a module of the table, as an import by the script does.
func (rt *Runtime) Require(name string) (goja.Value, error) {
	module, ok := rt.modules.loaded[name]
	if !ok {
		module = rt.loadModule(name)
		rt.modules.loaded[name] = module
	}
	return module.exports, module.err
}
