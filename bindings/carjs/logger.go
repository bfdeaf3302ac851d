package carjs

import "github.com/dop251/goja"

// newLogger is context().logger: the console under the names that a logger has, so that arguments
// are shown alike.
func (m *Module) newLogger() *goja.Object {
	vm := m.rt.VM()
	logger := vm.NewObject()
	console := vm.Get("console").ToObject(vm)
	for _, name := range []struct{ logger, console string }{
		{"debug", "debug"}, {"info", "info"}, {"warn", "warn"}, {"warning", "warn"}, {"error", "error"},
	} {
		must(logger.Set(name.logger, console.Get(name.console)))
	}
	return logger
}
