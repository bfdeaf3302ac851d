package script

import (
	"strconv"

	"github.com/dop251/goja"
)

// items is what a runtime keeps for loops over lists.
type items struct {
	// iterable is the prototype of all iterators: each of them iterates itself.
	iterable *goja.Object
	// idle are iterators that got to the end of their list. No script ever has one in its hands, so
	// that the next loop can take it.
	idle []*itemIterator
	// names are the names of the first items, "0", "1" and so on, as far as they were needed.
	names []string
}

// namesKept is how many names of items are kept, idleKept how many iterators: more than that, loops
// that were open at the same time, are not often needed.
const namesKept, idleKept = 4096, 64

// each returns what a loop is to go over instead of what it was written to: an iterator of ours for
// an array that iterates as the language has it, when nothing was put in the place of its iterator,
// nor of that iterator's method, and the value itself otherwise.
func (rt *Runtime) each(call goja.FunctionCall) goja.Value {
	value := call.Argument(0)
	object, ok := value.(*goja.Object)
	if !ok {
		return value
	}
	in := &rt.intrinsics
	kind := object.ExportType()
	if !IsArray(kind) || object.Prototype() != in.arrayPrototype ||
		object.GetSymbol(goja.SymIterator) != in.arrayValues || in.iteratorPrototype.Get("next") != in.iteratorNext {
		return value
	}
	it := rt.itemIterator()
	it.array, it.done = object, false
	if kind == listType {
		it.list, _ = object.Export().(*List)
	}
	return it.object
}

// itemIterator takes an iterator that is idle, or makes one.
func (rt *Runtime) itemIterator() *itemIterator {
	if n := len(rt.items.idle); n > 0 {
		it := rt.items.idle[n-1]
		rt.items.idle = rt.items.idle[:n-1]
		return it
	}
	if rt.items.iterable == nil {
		rt.items.iterable = rt.vm.NewObject()
		if err := rt.items.iterable.SetSymbol(goja.SymIterator, func(call goja.FunctionCall) goja.Value { return call.This }); err != nil {
			rt.Throw(err)
		}
	}
	it := &itemIterator{rt: rt}
	it.object = rt.vm.NewDynamicObject(it)
	it.next = rt.vm.ToValue(it.step)
	if err := it.object.SetPrototype(rt.items.iterable); err != nil {
		rt.Throw(err)
	}
	return it
}

// itemName is the name of an item of an array.
func (rt *Runtime) itemName(i int) string {
	if i >= namesKept {
		return strconv.Itoa(i)
	}
	for len(rt.items.names) <= i {
		rt.items.names = append(rt.items.names, strconv.Itoa(len(rt.items.names)))
	}
	return rt.items.names[i]
}

// itemIterator goes over an array, and is the result of each of its steps as well: the engine reads
// that at once and keeps it nowhere.
type itemIterator struct {
	rt     *Runtime
	object *goja.Object // the iterator as the engine sees it
	next   goja.Value   // its method
	array  *goja.Object
	list   *List // what is behind array, when that is ours
	at     int   // the item that comes next
	item   goja.Value
	done   bool
}

// step goes to the next item. Like the iterator of an array it asks for the length each time,
// because that may have changed.
func (it *itemIterator) step(goja.FunctionCall) goja.Value {
	if it.at >= it.length() {
		*it = itemIterator{rt: it.rt, object: it.object, next: it.next, done: true}
		if len(it.rt.items.idle) < idleKept {
			it.rt.items.idle = append(it.rt.items.idle, it)
		}
		return it.object
	}
	if it.list != nil {
		it.item = it.list.Get(it.at)
	} else {
		it.item = it.array.Get(it.rt.itemName(it.at))
	}
	if it.item == nil {
		it.item = goja.Undefined() // a hole
	}
	it.at++
	return it.object
}

func (it *itemIterator) length() int {
	if it.list != nil {
		return it.list.Len()
	}
	return int(it.array.Get("length").ToInteger())
}

// Get gives the engine what it asks an iterator and the result of a step for.
func (it *itemIterator) Get(name string) goja.Value {
	switch name {
	case "next":
		return it.next
	case "done":
		return it.rt.vm.ToValue(it.done)
	case "value":
		return it.item
	case "return": // asked for when a loop is left; arrays have none, unless a script gave them one
		return it.rt.intrinsics.iteratorPrototype.Get("return")
	}
	return nil
}

// Set, Has, Delete and Keys are never asked for.
func (it *itemIterator) Set(string, goja.Value) bool { return false }

// Has tells of no property.
func (it *itemIterator) Has(string) bool { return false }

// Delete deletes nothing.
func (it *itemIterator) Delete(string) bool { return false }

// Keys are none.
func (it *itemIterator) Keys() []string { return nil }
