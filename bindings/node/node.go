// Package node has the modules of Node that npm packages import: buffer, util, events, crypto and
// so on, under the names "node:…" by which a bundle requires them.
//
// They are there for packages that were written for Node; a connector's own code has the modules of
// carjs. What needs a machine (files, sockets, processes) can be imported and throws when it is
// used. No module shows anything of the machine that carjs runs on, above all not its environment.
//
// The table is in this file. Most modules are JavaScript of our own in the folder js, in the form
// that the engine runs without a build; a file is compiled when a script first imports its module.
// Buffer, the part of util that formats, and their errors are those of goja_nodejs; what those lack
// is in the files of the same names. Loader takes modules that are written for goja_nodejs.
package node

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"sync"

	"carjs/bindings/args"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Prefix begins the name of every module.
const Prefix = "node:"

//go:embed js/*.js
var files embed.FS

// module is a row of the table.
type module struct {
	// name is without the prefix, file the name of its file in js without the ending.
	name, file string
	// natives are the functions that the file needs of Go.
	natives []args.Function
	// loader makes the object of natives with what goja_nodejs has.
	loader func(rt *script.Runtime) (*goja.Object, error)
}

// table is the table of modules that work.
var table = []module{
	{name: "assert", file: "assert"},
	{name: "assert/strict", file: "assert_strict"},
	{name: "buffer", file: "buffer", natives: codecs, loader: bufferNatives},
	{name: "console", file: "console"},
	{name: "constants", file: "constants"},
	{name: "crypto", file: "crypto", natives: keys},
	{name: "crypto/web", file: "webcrypto"}, // no module of Node: bundles that older versions built ask for it
	{name: "events", file: "events"},
	{name: "os", file: "os"},
	{name: "path", file: "path"},
	{name: "path/posix", file: "path"},
	{name: "path/win32", file: "path_win32"},
	{name: "perf_hooks", file: "perf_hooks"},
	{name: "process", file: "process"},
	{name: "punycode", file: "punycode"},
	{name: "querystring", file: "querystring"},
	{name: "stream/consumers", file: "stream_consumers"},
	{name: "stream/web", file: "stream_web"},
	{name: "string_decoder", file: "string_decoder"},
	{name: "sys", file: "util", loader: utilNatives},
	{name: "timers", file: "timers"},
	{name: "timers/promises", file: "timers_promises"},
	{name: "url", file: "url"},
	{name: "util", file: "util", loader: utilNatives},
	{name: "util/types", file: "util_types"},
	{name: "zlib", file: "zlib", natives: compression},
}

// Modules returns the modules: those that work, and those that throw when they are used. absent are
// the latter, without the prefix, each with what to do instead.
func Modules(absent map[string]string) []script.Module {
	modules := make([]script.Module, 0, len(table)+len(absent))
	for _, m := range table {
		modules = append(modules, script.Module{Name: Prefix + m.name, New: m.exports})
	}
	for _, name := range slices.Sorted(maps.Keys(absent)) {
		modules = append(modules, absentModule(name, absent[name]))
	}
	return modules
}

// programs are the compiled files, by name.
var programs = sync.OnceValue(func() *sync.Map { return new(sync.Map) })

// program compiles a file once a process: programs are read-only.
func program(file string) (*goja.Program, error) {
	if compiled, ok := programs().Load(file); ok {
		return compiled.(*goja.Program), nil
	}
	source, err := files.ReadFile("js/" + file + ".js")
	if err != nil {
		return nil, err
	}
	compiled, err := goja.Compile(script.InternalPrefix+file+".js", string(source), true)
	if err != nil {
		return nil, err
	}
	programs().Store(file, compiled)
	return compiled, nil
}

// exports runs the module's file.
func (m module) exports(rt *script.Runtime) (goja.Value, error) {
	natives, err := args.Module(m.name, m.natives).New(rt)
	if err == nil && m.loader != nil {
		var more *goja.Object
		if more, err = m.loader(rt); err == nil {
			for _, name := range more.Keys() {
				if err = script.SetProperty(natives.(*goja.Object), name, more.Get(name)); err != nil {
					break
				}
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("natives of %s: %w", m.name, err)
	}
	return run(rt, m.file, natives)
}

// run runs a file, which evaluates to a function of its natives and of require, and returns what
// that returns.
func run(rt *script.Runtime, file string, natives ...goja.Value) (goja.Value, error) {
	compiled, err := program(file)
	if err != nil {
		return nil, err
	}
	value, err := rt.VM().RunProgram(compiled)
	if err != nil {
		return nil, err
	}
	body, ok := goja.AssertFunction(value)
	if !ok {
		return nil, fmt.Errorf("%s.js is not a function", file)
	}
	require := rt.VM().ToValue(func(call goja.FunctionCall) goja.Value {
		exports, err := rt.Require(call.Argument(0).String())
		if err != nil {
			rt.Throw(err)
		}
		return exports
	})
	return body(goja.Undefined(), append(natives, require)...)
}
