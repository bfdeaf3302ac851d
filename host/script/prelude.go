package script

import (
	_ "embed"
	"fmt"
	"sync"

	"github.com/dop251/goja"
)

//go:embed prelude.js
var preludeSource string

// prelude is compiled once a process: programs are read-only.
var prelude = sync.OnceValues(func() (*goja.Program, error) {
	return goja.Compile(InternalPrefix+"prelude.js", preludeSource, true)
})

// runPrelude adds what the language has and the engine lacks, and takes what this package needs of the world.
func (rt *Runtime) runPrelude() error {
	program, err := prelude()
	if err != nil {
		return fmt.Errorf("compile the prelude: %w", err)
	}
	result, err := rt.vm.RunProgram(program)
	if err != nil {
		return fmt.Errorf("run the prelude: %w", err)
	}
	own := result.ToObject(rt.vm)
	function := func(name string) goja.Callable {
		f, ok := goja.AssertFunction(own.Get(name))
		if !ok && err == nil {
			err = fmt.Errorf("the prelude gives no function %s", name)
		}
		return f
	}
	rt.intrinsics = intrinsics{
		errorClass: rt.vm.GlobalObject().Get("Error").ToObject(rt.vm),
		rethrow:    function("rethrow"),
		define:     function("define"),
		link:       goja.NewSymbol("carjs"),
	}
	return err
}
