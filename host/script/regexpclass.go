package script

import (
	"strings"

	"carjs/host/script/internal/patterns"

	"github.com/dop251/goja"
)

// make is new RegExp(pattern, flags).
func (r *regexps) make(args []goja.Value, newTarget *goja.Object) *goja.Object {
	pattern, flags := argument(args, 0), argument(args, 1)
	isRegExp := r.isRegExp(pattern)
	return r.construe(pattern, flags, isRegExp, newTarget)
}

// call is RegExp(pattern, flags).
func (r *regexps) call(args []goja.Value) goja.Value {
	pattern, flags := argument(args, 0), argument(args, 1)
	isRegExp := r.isRegExp(pattern)
	if isRegExp && goja.IsUndefined(flags) && pattern.(*goja.Object).Get("constructor").SameAs(r.class) {
		return pattern
	}
	return r.construe(pattern, flags, isRegExp, nil)
}

func (r *regexps) construe(pattern, flags goja.Value, isRegExp bool, newTarget *goja.Object) *goja.Object {
	x := r.of(pattern)
	same := x != nil && goja.IsUndefined(flags)
	switch {
	case x != nil:
		pattern = x.source
		if same {
			flags = r.rt.vm.ToValue(x.program.Flags.Text)
		}
	case isRegExp:
		object := pattern.(*goja.Object)
		if pattern = property(object, "source"); goja.IsUndefined(flags) {
			flags = property(object, "flags")
		}
	}
	if newTarget != nil && newTarget.StrictEquals(r.class) {
		newTarget = nil
	}
	made, err := r.construct(newTarget)
	if err != nil {
		panic(err) // the script's own
	}
	if !same {
		x = r.expression(r.optional(pattern), r.optional(flags).String())
	}
	r.attach(made, x)
	return made
}

// optional is an argument as a text, empty for undefined.
func (r *regexps) optional(v goja.Value) goja.String {
	if goja.IsUndefined(v) {
		return r.rt.vm.ToValue("").(goja.String)
	}
	return r.rt.toString(v)
}

// isRegExp tells whether a value counts as a RegExp.
func (r *regexps) isRegExp(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	if !ok {
		return false
	}
	if matcher := object.GetSymbol(goja.SymMatch); matcher != nil && !goja.IsUndefined(matcher) {
		return matcher.ToBoolean()
	}
	return object.ClassName() == "RegExp"
}

// compile is re.compile(pattern, flags).
func (r *regexps) compile(call goja.FunctionCall) goja.Value {
	pattern, flags := call.Argument(0), call.Argument(1)
	if r.of(call.This) == nil {
		panic(r.rt.vm.NewTypeError("RegExp.prototype.compile was called on something that is not a RegExp"))
	}
	x := r.of(pattern)
	if x != nil && !goja.IsUndefined(flags) {
		panic(r.rt.vm.NewTypeError("RegExp.prototype.compile takes no flags with a RegExp"))
	}
	if x == nil {
		x = r.expression(r.optional(pattern), r.optional(flags).String())
	}
	object := call.This.(*goja.Object)
	r.attach(object, x)
	r.setLastIndex(object, 0)
	return object
}

// escape is RegExp.escape(text).
func (r *regexps) escape(call goja.FunctionCall) goja.Value {
	text, ok := call.Argument(0).(goja.String)
	if !ok {
		panic(r.rt.vm.NewTypeError("RegExp.escape was called with something that is not a string"))
	}
	return r.rt.vm.ToValue(patterns.Escape(units(text)))
}

// flagGetter reads one flag.
func (r *regexps) flagGetter(name string, of func(patterns.Flags) bool) func(goja.FunctionCall) goja.Value {
	return func(call goja.FunctionCall) goja.Value {
		if x := r.of(call.This); x != nil {
			return r.rt.vm.ToValue(of(x.program.Flags))
		}
		if call.This != goja.Value(r.prototype) {
			panic(r.rt.vm.NewTypeError("RegExp.prototype.%s was read from something that is not a RegExp", name))
		}
		return goja.Undefined()
	}
}

func (r *regexps) flagsOf(call goja.FunctionCall) goja.Value {
	object := r.object(call.This, "flags")
	var b strings.Builder
	for _, flag := range flagProperties {
		if property(object, flag.name).ToBoolean() {
			b.WriteByte(flag.letter)
		}
	}
	return r.rt.vm.ToValue(b.String())
}

func (r *regexps) sourceOf(call goja.FunctionCall) goja.Value {
	if x := r.of(call.This); x != nil {
		return r.rt.String(patterns.Source(Text(x.source)))
	}
	if call.This != goja.Value(r.prototype) {
		panic(r.rt.vm.NewTypeError("RegExp.prototype.source was read from something that is not a RegExp"))
	}
	return r.rt.vm.ToValue("(?:)")
}

func (r *regexps) toString(call goja.FunctionCall) goja.Value {
	object := r.object(call.This, "toString")
	var b goja.StringBuilder
	b.WriteRune('/')
	b.WriteString(r.rt.toString(property(object, "source")))
	b.WriteRune('/')
	b.WriteString(r.rt.toString(property(object, "flags")))
	return b.String()
}

// object is the receiver of a method.
func (r *regexps) object(v goja.Value, method string) *goja.Object {
	object, ok := v.(*goja.Object)
	if !ok {
		panic(r.rt.vm.NewTypeError("RegExp.prototype.%s was called on something that is not an object", method))
	}
	return object
}
