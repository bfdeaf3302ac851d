package script

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"unsafe"

	"carjs/host/script/internal/patterns"

	"github.com/dop251/goja"
)

// textOf is a string as package patterns has it, without a copy.
func textOf(s goja.String) patterns.Text {
	v := reflect.ValueOf(s)
	if kind := v.Kind(); kind != reflect.String && kind != reflect.Slice {
		v = reflect.ValueOf(s.Substring(0, s.Length())) // has the engine look at what came from Go
	}
	switch v.Kind() {
	case reflect.String: // ASCII
		text := v.String()
		return patterns.Text{ASCII: unsafe.Slice(unsafe.StringData(text), len(text))}
	case reflect.Slice: // UTF-16 with a mark in front
		return patterns.Text{Units: unsafe.Slice((*uint16)(v.UnsafePointer()), v.Len())[1:]}
	}
	units := make([]uint16, s.Length())
	for i := range units {
		units[i] = s.CharAt(i)
	}
	return patterns.Text{Units: units}
}

// find looks for a match from a position on; nil when there is none. What it returns is valid until
// the next one.
func (r *regexps) find(x *expression, text patterns.Text, from int, there bool) []int32 {
	found, err := r.matcher.Match(x.program, text, from, there)
	switch {
	case errors.Is(err, patterns.ErrStopped):
		return nil // the turn was interrupted: nothing of the script sees this
	case err != nil:
		panic(r.rt.rangeErrorOf("%v", err))
	}
	if found != nil {
		r.last.note(text, found)
	}
	return found
}

// plain is what an object means when nothing of it was changed, so that nobody can tell in which
// steps it works; nil otherwise.
func (r *regexps) plain(object *goja.Object) *expression {
	x := r.of(object)
	if x == nil || object.Prototype() != r.prototype || object.Get("exec") != r.exec || len(object.GetOwnPropertyNames()) != 1 {
		return nil
	}
	return x
}

// lastIndex reads re.lastIndex.
func (r *regexps) lastIndex(object *goja.Object) int64 {
	return min(max(property(object, "lastIndex").ToInteger(), 0), 1<<53-1)
}

func (r *regexps) setLastIndex(object *goja.Object, n int64) {
	r.set(object, "lastIndex", r.rt.vm.ToValue(n))
}

func (r *regexps) set(object *goja.Object, name string, value goja.Value) {
	if err := object.Set(name, value); err != nil {
		panic(err) // the script's own
	}
}

func (r *regexps) define(object *goja.Object, name string, value goja.Value) {
	if err := object.DefineDataProperty(name, value, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE); err != nil {
		panic(err)
	}
}

// matched does what exec does but for making a result of what it finds.
func (r *regexps) matched(x *expression, object *goja.Object, text patterns.Text) []int32 {
	from := r.lastIndex(object)
	flags := &x.program.Flags
	moves := flags.Global || flags.Sticky
	if !moves {
		from = 0
	}
	var found []int32
	if from <= int64(text.Length()) {
		found = r.find(x, text, int(from), flags.Sticky)
	}
	if !moves {
		return found
	}
	if found == nil {
		r.setLastIndex(object, 0)
	} else {
		r.setLastIndex(object, int64(found[1]))
	}
	return found
}

func (r *regexps) execMethod(call goja.FunctionCall) goja.Value {
	x := r.of(call.This)
	if x == nil {
		panic(r.rt.vm.NewTypeError("RegExp.prototype.exec was called on something that is not a RegExp"))
	}
	return r.execute(x, call.This.(*goja.Object), r.rt.toString(call.Argument(0)))
}

func (r *regexps) execute(x *expression, object *goja.Object, s goja.String) goja.Value {
	found := r.matched(x, object, textOf(s))
	if found == nil {
		return goja.Null()
	}
	return r.result(x, s, found)
}

// executed is what exec returns, whatever exec is.
func (r *regexps) executed(object *goja.Object, s goja.String) goja.Value {
	exec := object.Get("exec")
	if exec != r.exec {
		if callable, ok := goja.AssertFunction(exec); ok {
			result, err := callable(object, s)
			if err != nil {
				panic(err) // the script's own
			}
			if _, isObject := result.(*goja.Object); !isObject && !goja.IsNull(result) {
				panic(r.rt.vm.NewTypeError("exec returned something other than an object or null"))
			}
			return result
		}
	}
	x := r.of(object)
	if x == nil {
		panic(r.rt.vm.NewTypeError("RegExp.prototype.exec was called on something that is not a RegExp"))
	}
	return r.execute(x, object, s)
}

func (r *regexps) test(call goja.FunctionCall) goja.Value {
	object := r.object(call.This, "test")
	s := r.rt.toString(call.Argument(0))
	if x := r.of(object); x != nil && object.Get("exec") == r.exec {
		return r.rt.vm.ToValue(r.matched(x, object, textOf(s)) != nil)
	}
	return r.rt.vm.ToValue(!goja.IsNull(r.executed(object, s)))
}

// captured are the texts of the groups, undefined for those that did not match.
func captured(s goja.String, found []int32) []any {
	values := make([]any, len(found)/2)
	for i := range values {
		if start := found[2*i]; start >= 0 {
			values[i] = s.Substring(int(start), int(found[2*i+1]))
		} else {
			values[i] = goja.Undefined()
		}
	}
	return values
}

// result makes what exec returns.
func (r *regexps) result(x *expression, s goja.String, found []int32) goja.Value {
	values := captured(s, found)
	index := int(found[0])
	var indices []any
	if x.program.Flags.Indices {
		indices = r.indices(found)
	}
	result := r.rt.vm.NewArray(values...)
	r.define(result, "index", r.rt.vm.ToValue(index))
	r.define(result, "input", s)
	r.define(result, "groups", r.groups(x, values))
	if indices != nil {
		list := r.rt.vm.NewArray(indices...)
		r.define(list, "groups", r.groups(x, indices))
		r.define(result, "indices", list)
	}
	return result
}

func (r *regexps) indices(found []int32) []any {
	list := make([]any, len(found)/2)
	for i := range list {
		if start := found[2*i]; start >= 0 {
			list[i] = r.rt.vm.NewArray(start, found[2*i+1])
		} else {
			list[i] = goja.Undefined()
		}
	}
	return list
}

// groups makes the object of the groups that have names, undefined when there are none.
func (r *regexps) groups(x *expression, values []any) goja.Value {
	if !x.program.Named {
		return goja.Undefined()
	}
	groups := r.rt.vm.CreateObject(nil)
	set := map[string]bool{}
	for i, name := range x.program.Names {
		if name == "" || set[name] {
			continue
		}
		value, _ := values[i].(goja.Value)
		r.define(groups, name, value)
		set[name] = !goja.IsUndefined(value)
	}
	return groups
}

// rangeErrorOf makes a RangeError.
func (rt *Runtime) rangeErrorOf(format string, args ...any) goja.Value {
	made, err := rt.vm.New(rt.vm.Get("RangeError"), rt.vm.ToValue(fmt.Sprintf(format, args...)))
	if err != nil {
		panic(err)
	}
	return made
}

// advanced is the position behind that of an empty match.
func advanced(text patterns.Text, at int64, full bool) int64 {
	if !full || text.Units == nil || at+1 >= int64(len(text.Units)) {
		return at + 1
	}
	if c := text.Units[at]; c < 0xD800 || c > 0xDBFF {
		return at + 1
	}
	if c := text.Units[at+1]; c < 0xDC00 || c > 0xDFFF {
		return at + 1
	}
	return at + 2
}

// all are the matches of a text one after the other, as with the flag g.
func (r *regexps) all(x *expression, text patterns.Text) (found []int32) {
	for at := int64(0); at <= int64(text.Length()); {
		one := r.find(x, text, int(at), x.program.Flags.Sticky)
		if one == nil {
			break
		}
		found = append(found, one...)
		if at = int64(one[1]); one[0] == one[1] {
			at = advanced(text, at, x.program.Flags.FullUnicode())
		}
	}
	return found
}

// clampToInt is a position as an int.
func clampToInt(n int64) int { return int(min(max(n, 0), math.MaxInt32)) }
