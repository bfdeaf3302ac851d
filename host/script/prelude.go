package script

import (
	_ "embed"
	"errors"
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

// runPrelude adds what the language has and the engine lacks, and takes what this package needs of
// the world.
func (rt *Runtime) runPrelude() error {
	program, err := prelude()
	if err != nil {
		return fmt.Errorf("compile the prelude: %w", err)
	}
	result, err := rt.vm.RunProgram(program)
	if err != nil {
		return fmt.Errorf("run the prelude: %w", err)
	}
	rethrow, ok := goja.AssertFunction(result.ToObject(rt.vm).Get("rethrow"))
	if !ok {
		return errors.New("the prelude gives no function rethrow")
	}
	asyncIterator, ok := result.ToObject(rt.vm).Get("asyncIterator").(*goja.Symbol)
	if !ok {
		return errors.New("the prelude gives no symbol asyncIterator")
	}
	rt.intrinsics = intrinsics{
		asyncIterator: asyncIterator,
		errorClass:    rt.vm.GlobalObject().Get("Error").ToObject(rt.vm),
		rethrow:       rethrow,
		link:          goja.NewSymbol("carjs"),
	}
	in := &rt.intrinsics
	for name, f := range map[string]*goja.Callable{
		"define": &in.define, "get": &in.get, "names": &in.names, "put": &in.put, "text": &in.text,
		"primitive": &in.primitive, "class": &in.class, "add": &in.add, "species": &in.species, "getter": &in.getter,
	} {
		if *f, ok = goja.AssertFunction(result.ToObject(rt.vm).Get(name)); !ok {
			return fmt.Errorf("the prelude gives no function %s", name)
		}
	}
	rt.values.Define = func(object *goja.Object, name, value goja.Value) error {
		_, err := in.define(goja.Undefined(), object, name, value)
		return err
	}
	in.executor = result.ToObject(rt.vm).Get("executor")
	notes, ok := goja.AssertFunction(result.ToObject(rt.vm).Get("notes"))
	if !ok {
		return errors.New("the prelude gives no function notes")
	}
	if _, err := notes(goja.Undefined(), rt.vm.ToValue(rt.rejectedWith)); err != nil {
		return fmt.Errorf("have rejections noted: %w", err)
	}
	in.number = rt.vm.GlobalObject().Get("Number")
	in.objectPrototype = rt.vm.NewObject().Prototype()
	list := rt.vm.NewArray()
	in.arrayMap, in.arrayFrom = list.Get("map"), rt.vm.GlobalObject().Get("Array").ToObject(rt.vm).Get("from")
	in.arrayPrototype, in.arrayValues = list.Prototype(), list.GetSymbol(goja.SymIterator)
	values, ok := goja.AssertFunction(in.arrayValues)
	if !ok {
		return errors.New("arrays have no iterator")
	}
	iterator, err := values(list)
	if err != nil {
		return fmt.Errorf("iterate an array: %w", err)
	}
	in.iteratorPrototype = iterator.ToObject(rt.vm).Prototype()
	in.iteratorNext = in.iteratorPrototype.Get("next")
	return errors.Join(
		rt.installParse(), rt.installSizes(), rt.replaceLater("ArrayBuffer", rt.newArrayBuffer), rt.replaceLater("Date", rt.newDate),
		rt.installRegExp(), rt.installWellFormed(),
	)
}
