package script

import (
	"math"
	"strings"

	"github.com/dop251/goja"
)

// match is re[Symbol.match](text).
func (r *regexps) match(call goja.FunctionCall) goja.Value {
	object := r.object(call.This, "[Symbol.match]")
	s := r.rt.toString(call.Argument(0))
	if x := r.plain(object); x != nil {
		if !x.program.Flags.Global {
			return r.execute(x, object, s)
		}
		r.setLastIndex(object, 0)
		found := r.all(x, textOf(s))
		if found == nil {
			return goja.Null()
		}
		step := 2 * x.program.Groups()
		texts := make([]any, 0, len(found)/step)
		for i := 0; i < len(found); i += step {
			texts = append(texts, s.Substring(int(found[i]), int(found[i+1])))
		}
		return r.rt.vm.NewArray(texts...)
	}
	flags := r.rt.toString(property(object, "flags")).String()
	if !strings.Contains(flags, "g") {
		return r.executed(object, s)
	}
	var texts []any
	r.each(object, s, flags, func(result *goja.Object) { texts = append(texts, r.rt.toString(index(result, 0))) })
	if texts == nil {
		return goja.Null()
	}
	return r.rt.vm.NewArray(texts...)
}

// each calls visit with all results of an object with the flag g.
func (r *regexps) each(object *goja.Object, s goja.String, flags string, visit func(*goja.Object)) {
	full := strings.ContainsAny(flags, "uv")
	r.setLastIndex(object, 0)
	for {
		result, ok := r.executed(object, s).(*goja.Object)
		if !ok {
			return
		}
		visit(result)
		if r.rt.toString(index(result, 0)).Length() == 0 {
			r.advance(object, s, full)
		}
	}
}

// advance moves lastIndex on behind an empty match.
func (r *regexps) advance(object *goja.Object, s goja.String, full bool) {
	r.setLastIndex(object, advanced(textOf(s), r.lastIndex(object), full))
}

// index reads an element of a result.
func index(result *goja.Object, n int) goja.Value { return property(result, itoa(n)) }

// matchAll is re[Symbol.matchAll](text).
func (r *regexps) matchAll(call goja.FunctionCall) goja.Value {
	object := r.object(call.This, "[Symbol.matchAll]")
	s := r.rt.toString(call.Argument(0))
	class := r.speciesOf(object)
	flags := r.rt.toString(property(object, "flags"))
	matcher := r.construction(class, object, flags)
	r.setLastIndex(matcher, r.lastIndex(object))
	has := func(letters string) bool { return strings.ContainsAny(flags.String(), letters) }
	state := &matching{matcher: matcher, text: s, global: has("g"), full: has("uv")}
	if r.stringIterator == nil {
		r.stringIterator = r.newStringIterator()
	}
	iterator := r.rt.vm.CreateObject(r.stringIterator)
	state.iterator = iterator
	_ = iterator.DefineDataPropertySymbol(r.link, r.rt.vm.ToValue(state), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_FALSE)
	return iterator
}

// matching is the state of the iterator that matchAll returns.
type matching struct {
	iterator, matcher  *goja.Object
	text               goja.String
	global, full, over bool
}

func (r *regexps) newStringIterator() *goja.Object {
	prototype := r.rt.vm.CreateObject(r.rt.intrinsics.iteratorPrototype.Prototype())
	next, err := r.rt.method("next", 0, r.next)
	if err == nil {
		err = prototype.DefineDataProperty("next", next, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	if err == nil {
		err = prototype.DefineDataPropertySymbol(goja.SymToStringTag, r.rt.vm.ToValue("RegExp String Iterator"),
			goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	}
	if err != nil {
		r.rt.Throw(err)
	}
	return prototype
}

func (r *regexps) next(call goja.FunctionCall) goja.Value {
	var state *matching
	if object, ok := call.This.(*goja.Object); ok {
		if linked := object.GetSymbol(r.link); linked != nil {
			if state, _ = linked.Export().(*matching); state != nil && state.iterator != object {
				state = nil // an object that inherits from one
			}
		}
	}
	if state == nil {
		panic(r.rt.vm.NewTypeError("next was called on something that matchAll did not return"))
	}
	if state.over {
		return r.rt.iteratorResult(goja.Undefined(), true)
	}
	result, ok := r.executed(state.matcher, state.text).(*goja.Object)
	if !ok {
		state.over = true
		return r.rt.iteratorResult(goja.Undefined(), true)
	}
	if state.over = !state.global; state.global && r.rt.toString(index(result, 0)).Length() == 0 {
		r.advance(state.matcher, state.text, state.full)
	}
	return r.rt.iteratorResult(result, false)
}

// search is re[Symbol.search](text).
func (r *regexps) search(call goja.FunctionCall) goja.Value {
	object := r.object(call.This, "[Symbol.search]")
	s := r.rt.toString(call.Argument(0))
	if x := r.plain(object); x != nil && !x.program.Flags.Global && !x.program.Flags.Sticky {
		if found := r.find(x, textOf(s), 0, false); found != nil {
			return r.rt.vm.ToValue(found[0])
		}
		return r.rt.vm.ToValue(-1)
	}
	zero := r.rt.vm.ToValue(0)
	before := property(object, "lastIndex")
	if !before.SameAs(zero) {
		r.set(object, "lastIndex", zero)
	}
	result, ok := r.executed(object, s).(*goja.Object)
	if !property(object, "lastIndex").SameAs(before) {
		r.set(object, "lastIndex", before)
	}
	if !ok {
		return r.rt.vm.ToValue(-1)
	}
	return property(result, "index")
}

// speciesOf is the class that a method makes another object with.
func (r *regexps) speciesOf(object *goja.Object) goja.Value {
	class, err := r.species(goja.Undefined(), object, r.class)
	if err != nil {
		panic(err) // the script's own
	}
	return class
}

func (r *regexps) construction(class goja.Value, object *goja.Object, flags goja.Value) *goja.Object {
	if class == r.class {
		return r.make([]goja.Value{object, flags}, nil)
	}
	made, err := r.rt.vm.New(class, object, flags)
	if err != nil {
		panic(err) // the script's own
	}
	return made
}

// split is re[Symbol.split](text, limit).
func (r *regexps) split(call goja.FunctionCall) goja.Value {
	object := r.object(call.This, "[Symbol.split]")
	s := r.rt.toString(call.Argument(0))
	class := r.speciesOf(object)
	if x := r.plain(object); x != nil && class == r.class {
		return r.splitPlain(x, s, r.limit(call.Argument(1)))
	}
	flags := r.rt.toString(property(object, "flags"))
	if !strings.Contains(flags.String(), "y") {
		flags = flags.Concat(r.rt.vm.ToValue("y").(goja.String))
	}
	splitter := r.construction(class, object, flags)
	return r.splitWith(splitter, s, r.limit(call.Argument(1)), strings.ContainsAny(flags.String(), "uv"))
}

// limit is the most parts that split returns.
func (r *regexps) limit(v goja.Value) int {
	if goja.IsUndefined(v) {
		return math.MaxUint32
	}
	n := math.Trunc(v.ToNumber().ToFloat())
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	if n = math.Mod(n, 1<<32); n < 0 {
		n += 1 << 32
	}
	return int(n)
}

func (r *regexps) splitPlain(x *expression, s goja.String, limit int) goja.Value {
	var parts []any
	if limit == 0 {
		return r.rt.vm.NewArray()
	}
	text := textOf(s)
	size := text.Length()
	if size == 0 {
		if r.find(x, text, 0, true) == nil {
			parts = append(parts, s)
		}
		return r.rt.vm.NewArray(parts...)
	}
	full := x.program.Flags.FullUnicode()
	begin := 0
	for at := 0; at < size; {
		found := r.find(x, text, at, false)
		if found == nil || int(found[0]) >= size {
			break
		}
		if at = int(found[0]); int(found[1]) == begin {
			at = int(advanced(text, int64(at), full))
			continue
		}
		parts = append(parts, s.Substring(begin, at))
		for _, group := range captured(s, found)[1:] {
			if len(parts) < limit {
				parts = append(parts, group)
			}
		}
		if len(parts) >= limit {
			return r.rt.vm.NewArray(parts...)
		}
		begin = int(found[1])
		at = begin
	}
	return r.rt.vm.NewArray(append(parts, s.Substring(begin, size))...)
}

// splitWith splits with an object that a script may have changed.
func (r *regexps) splitWith(splitter *goja.Object, s goja.String, limit int, full bool) goja.Value {
	var parts []any
	if limit == 0 {
		return r.rt.vm.NewArray()
	}
	text := textOf(s)
	size := int64(text.Length())
	if size == 0 {
		if goja.IsNull(r.executed(splitter, s)) {
			parts = append(parts, s)
		}
		return r.rt.vm.NewArray(parts...)
	}
	begin := int64(0)
	for at := int64(0); at < size; {
		r.setLastIndex(splitter, at)
		result, ok := r.executed(splitter, s).(*goja.Object)
		if !ok {
			at = advanced(text, at, full)
			continue
		}
		end := min(r.lastIndex(splitter), size)
		if end == begin {
			at = advanced(text, at, full)
			continue
		}
		if parts = append(parts, s.Substring(int(begin), int(at))); len(parts) == limit {
			return r.rt.vm.NewArray(parts...)
		}
		begin = end
		for i := range max(length(result)-1, 0) {
			if parts = append(parts, index(result, i+1)); len(parts) == limit {
				return r.rt.vm.NewArray(parts...)
			}
		}
		at = begin
	}
	return r.rt.vm.NewArray(append(parts, s.Substring(int(begin), int(size)))...)
}

// length is how many elements a result says it has.
func length(result *goja.Object) int { return clampToInt(property(result, "length").ToInteger()) }
