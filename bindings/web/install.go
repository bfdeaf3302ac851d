package web

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"sync"

	"carjs/host/script"

	"github.com/dop251/goja"
)

// Program compiles a script of carjs when it is first asked for.
func Program(name string, source *string) func() *goja.Program {
	return sync.OnceValue(func() *goja.Program { return goja.MustCompile(script.InternalPrefix+name, *source, true) })
}

// Source is a set of programs that make globals. Each is a function of its natives that returns the
// globals, and what other programs need of it.
type Source struct {
	// Files has the programs.
	Files embed.FS
	// Parts is the table of the programs.
	Parts []Part

	compiled sync.Map // *goja.Program by name: they are read-only, and compiled once a process
}

// Part is a program.
type Part struct {
	// Name is that of its file without the ending, and the one by which other programs ask for it.
	Name string
	// Globals are the globals that it makes.
	Globals []string
}

// Library is the programs of one runtime.
//
// A program runs when a script first asks for one of its globals, or another program for it: most
// connectors need few of them, and making them all takes a fifth of the time that carjs needs up to
// the first line of TypeScript. Until then a global is a property with a getter and a setter, as it
// is elsewhere, too.
type Library struct {
	rt    *script.Runtime
	parts map[string]*part
}

// part is a program of a runtime.
type part struct {
	source  *Source
	natives func() (*goja.Object, error)
	made    *goja.Object
}

type libraryKey struct{}

// Of returns the library of a runtime, which is empty at first.
func Of(rt *script.Runtime) *Library {
	if library, ok := rt.Shared(libraryKey{}).(*Library); ok {
		return library
	}
	l := &Library{rt: rt, parts: map[string]*part{}}
	rt.Share(libraryKey{}, l)
	return l
}

// Add makes globals of the programs of a source. Their natives are made when the first of them runs.
func (l *Library) Add(source *Source, natives func() (map[string]any, error)) error {
	vm := l.rt.VM()
	object := sync.OnceValues(func() (*goja.Object, error) {
		object := vm.NewObject()
		values, err := natives()
		if err != nil {
			return nil, err
		}
		err = object.Set("part", func(call goja.FunctionCall) goja.Value { return l.mustGet(call.Argument(0).String()) })
		for name, value := range values {
			err = errors.Join(err, object.Set(name, value))
		}
		return object, err
	})
	for _, row := range source.Parts {
		l.parts[row.Name] = &part{source: source, natives: object}
		for _, name := range row.Globals {
			if err := l.define(name, row.Name); err != nil {
				return fmt.Errorf("set %s: %w", name, err)
			}
		}
	}
	return nil
}

// define makes a global of what a program makes. It is not enumerable, as platforms have it.
func (l *Library) define(name, part string) error {
	vm := l.rt.VM()
	global := vm.GlobalObject()
	untouched := true // the script has not set the global
	define := func(v goja.Value) {
		if err := global.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
			l.rt.Throw(fmt.Errorf("set %s: %w", name, err))
		}
	}
	// One function for both, as it takes a microsecond to make: a getter is called without arguments.
	access := vm.ToValue(func(call goja.FunctionCall) goja.Value {
		if len(call.Arguments) > 0 {
			untouched = false
			define(call.Argument(0))
			return goja.Undefined()
		}
		made := l.mustGet(part).Get(name)
		if untouched { // who kept the getter asks for what stood here, and sets nothing
			define(made)
		}
		return made
	})
	return global.DefineAccessorProperty(name, access, access, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// mustGet is Get for a native, which throws the error.
func (l *Library) mustGet(name string) *goja.Object {
	made, err := l.Get(name)
	if err != nil {
		l.rt.Throw(err)
	}
	return made
}

// Get returns what a program returns, and runs it if nobody has.
func (l *Library) Get(name string) (*goja.Object, error) {
	part, ok := l.parts[name]
	if !ok {
		return nil, fmt.Errorf("there is no program %s", name)
	}
	if part.made != nil {
		return part.made, nil
	}
	natives, err := part.natives()
	if err != nil {
		return nil, fmt.Errorf("make the natives of %s: %w", name, err)
	}
	program, err := part.source.program(name)
	if err != nil {
		return nil, err
	}
	value, err := l.rt.VM().RunProgram(program)
	if err != nil {
		return nil, err
	}
	body, ok := goja.AssertFunction(value)
	if !ok {
		return nil, fmt.Errorf("the program %s is not a function", name)
	}
	made, err := body(goja.Undefined(), natives)
	if err != nil {
		return nil, err
	}
	part.made = made.ToObject(l.rt.VM())
	return part.made, nil
}

// program compiles a program.
func (s *Source) program(name string) (*goja.Program, error) {
	if compiled, ok := s.compiled.Load(name); ok {
		return compiled.(*goja.Program), nil
	}
	text, err := s.Files.ReadFile(name + ".js")
	if err != nil {
		return nil, err
	}
	compiled, err := goja.Compile(script.InternalPrefix+path.Base(name)+".js", string(text), true)
	if err != nil {
		return nil, err
	}
	s.compiled.Store(name, compiled)
	return compiled, nil
}
