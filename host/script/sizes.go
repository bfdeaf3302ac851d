package script

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"runtime/metrics"

	"github.com/dop251/goja"
)

// The engine makes strings and buffers of any size that it is asked for, in one piece of native
// code, which an interrupt does not reach and which ends the process where the machine has less. So
// the natives that multiply what they are given are asked about the size first.
const (
	// maxString is the longest string of V8, in units of UTF-16.
	maxString = 1<<29 - 24
	// maxBuffer is the largest ArrayBuffer where memory has no limit; V8 has a little more.
	maxBuffer = 1 << 32
	// largeSize is from where the memory that is left is looked at: less is soon found to be too
	// much by who watches the heap.
	largeSize = 1 << 20

	longString = "Invalid string length"
	longArray  = "Invalid array length"
)

// sized are natives that make a string or a list, and how long it gets.
var sized = []struct {
	class, name string
	tooLong     string // what V8 says
	length      func(this goja.Value, arguments []goja.Value) float64
}{
	// Sorting makes a list of all places of an array, holes included.
	{"Array", "sort", longArray, func(this goja.Value, _ []goja.Value) float64 { return itemsOf(this) }},
	{"Array", "toSorted", longArray, func(this goja.Value, _ []goja.Value) float64 { return itemsOf(this) }},
	{"String", "repeat", longString, func(this goja.Value, arguments []goja.Value) float64 {
		return lengthOf(this) * numberOf(arguments, 0)
	}},
	{"String", "padStart", longString, func(_ goja.Value, arguments []goja.Value) float64 { return numberOf(arguments, 0) }},
	{"String", "padEnd", longString, func(_ goja.Value, arguments []goja.Value) float64 { return numberOf(arguments, 0) }},
	{"Array", "join", longString, func(this goja.Value, arguments []goja.Value) float64 {
		separator := 1.0
		if len(arguments) > 0 && !goja.IsUndefined(arguments[0]) {
			separator = lengthOf(arguments[0])
		}
		return separator * max(itemsOf(this)-1, 0)
	}},
}

// lengthOf is the length of a string; that of anything else is not known before it is made one, by
// the script's own code.
func lengthOf(v goja.Value) float64 {
	if text, ok := v.(goja.String); ok {
		return float64(text.Length())
	}
	return 0
}

// itemsOf is the length of an array.
func itemsOf(v goja.Value) float64 {
	list, ok := v.(*goja.Object)
	if !ok || list.ClassName() != "Array" {
		return 0
	}
	if length := list.Get("length"); length != nil && length.ExportType() == intType {
		return float64(length.ToInteger())
	}
	return 0
}

// numberOf is an argument that is a number.
func numberOf(arguments []goja.Value, n int) float64 {
	if n >= len(arguments) {
		return 0
	}
	switch arguments[n].ExportType() {
	case intType, floatType:
		return arguments[n].ToFloat()
	}
	return 0
}

// installSizes has the natives that make long strings ask first.
func (rt *Runtime) installSizes() error {
	for _, native := range sized {
		prototype := rt.vm.GlobalObject().Get(native.class).ToObject(rt.vm).Get("prototype").ToObject(rt.vm)
		own := prototype.Get(native.name).ToObject(rt.vm)
		apply, ok := goja.AssertFunction(own)
		if !ok {
			return fmt.Errorf("%s.prototype.%s is no function", native.class, native.name)
		}
		asks := rt.vm.ToValue(func(call goja.FunctionCall) goja.Value {
			if length := native.length(call.This, call.Arguments); length >= largeSize {
				rt.mayMake(length, native.tooLong)
			}
			made, err := apply(call.This, call.Arguments...)
			if err != nil {
				panic(err) // the script's own
			}
			return made
		}).ToObject(rt.vm)
		for _, property := range []string{"name", "length"} {
			if err := asks.DefineDataProperty(property, own.Get(property), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
				return err
			}
		}
		if err := prototype.DefineDataProperty(native.name, asks, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE); err != nil {
			return fmt.Errorf("replace %s: %w", native.name, err)
		}
	}
	return nil
}

// mayMake throws for what is too long, and ends the script for one that does not fit into
// what is left of the memory.
func (rt *Runtime) mayMake(length float64, tooLong string) {
	if length > maxString {
		panic(rt.rangeError(tooLong))
	}
	if !rt.fits(length) {
		rt.outOfMemory()
	}
}

// outOfMemory ends the script where it is.
func (rt *Runtime) outOfMemory() {
	reason := rt.guard.memoryError()
	rt.place(reason, rt.vm.CaptureCallStack(0, nil))
	rt.guard.mu.Lock()
	rt.guard.interrupt(reason)
	rt.guard.mu.Unlock()
	// What nobody will see: the interrupt comes with the next step of the script.
	panic(rt.rangeError(longString))
}

// fits tells whether so many bytes fit into what is left of the memory.
func (rt *Runtime) fits(size float64) bool { return Fits(rt.guard.maxMemory, size) }

// Fits tells whether so many bytes fit into what a process with this limit has left; 0 is no limit.
func Fits(most uint64, size float64) bool {
	if most == 0 {
		return true
	}
	heap := float64(most - most/memoryShare)
	if size > heap {
		return false
	}
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	if metrics.Read(sample); float64(sample[0].Value.Uint64())+size <= heap {
		return true
	}
	runtime.GC() // what grows leaves as much garbage behind
	metrics.Read(sample)
	return float64(sample[0].Value.Uint64())+size <= heap
}

func (rt *Runtime) rangeError(message string) goja.Value {
	object, err := rt.vm.New(rt.vm.GlobalObject().Get("RangeError"), rt.vm.ToValue(message))
	if err != nil {
		return rt.vm.ToValue(message)
	}
	return object
}

// newArrayBuffer puts an ArrayBuffer in the place of the engine's that throws for what does not fit
// into the memory.
func (rt *Runtime) newArrayBuffer(own *goja.Object) (goja.Value, error) {
	construct, isClass := goja.AssertConstructor(own)
	if !isClass {
		return nil, fmt.Errorf("the engine's ArrayBuffer is no class")
	}
	if err := rt.fixedSize(own); err != nil {
		return nil, err
	}
	return rt.classWith(own, &goja.ProxyTrapConfig{
		Construct: func(_ *goja.Object, arguments []goja.Value, newTarget *goja.Object) *goja.Object {
			if size := numberOf(arguments, 0); size >= largeSize && (size > maxBuffer && size < math.MaxInt64 || !rt.fits(size)) {
				panic(rt.rangeError("Array buffer allocation failed"))
			}
			made, err := construct(newTarget, arguments...)
			if err != nil {
				panic(err) // the script's own
			}
			return made
		},
	})
}

// fixedSize has buffers say that they keep their size, which the engine's all do.
func (rt *Runtime) fixedSize(own *goja.Object) error {
	prototype := own.Get("prototype").ToObject(rt.vm)
	length, err := rt.intrinsics.getter(goja.Undefined(), prototype, rt.vm.ToValue("byteLength"))
	if err != nil {
		return fmt.Errorf("read ArrayBuffer's byteLength: %w", err)
	}
	byteLength, ok := goja.AssertFunction(length)
	if !ok {
		return errors.New("the engine's ArrayBuffer has no byteLength")
	}
	of := func(this goja.Value) goja.Value {
		size, err := byteLength(this)
		if err != nil {
			panic(err) // it is no buffer
		}
		return size
	}
	resizable, err := rt.method("get resizable", 0, func(call goja.FunctionCall) goja.Value {
		of(call.This)
		return rt.vm.ToValue(false)
	})
	most, failed := rt.method("get maxByteLength", 0, func(call goja.FunctionCall) goja.Value { return of(call.This) })
	return errors.Join(err, failed,
		prototype.DefineAccessorProperty("resizable", resizable, nil, goja.FLAG_TRUE, goja.FLAG_FALSE),
		prototype.DefineAccessorProperty("maxByteLength", most, nil, goja.FLAG_TRUE, goja.FLAG_FALSE))
}
