package script

import (
	"errors"

	"carjs/host/script/internal/patterns"

	"github.com/dop251/goja"
)

// newRegExp puts a RegExp in the place of the engine's whose patterns are those of [patterns], as
// the patterns of literals are.
func (rt *Runtime) newRegExp(own *goja.Object) (goja.Value, error) {
	construct, isClass := goja.AssertConstructor(own)
	apply, isFunction := goja.AssertFunction(own)
	if !isClass || !isFunction {
		return nil, errors.New("the engine's RegExp cannot be called")
	}
	var replaced goja.Value
	var err error
	replaced, err = rt.classWith(own, &goja.ProxyTrapConfig{
		Construct: func(_ *goja.Object, args []goja.Value, newTarget *goja.Object) *goja.Object {
			made, err := construct(newTarget, rt.mended(args)...)
			if err != nil {
				panic(err) // the script's own
			}
			return made
		},
		Apply: func(_ *goja.Object, this goja.Value, args []goja.Value) goja.Value {
			if len(args) == 1 || len(args) > 1 && goja.IsUndefined(args[1]) {
				made, ok := args[0].(*goja.Object)
				if ok && made.ClassName() == "RegExp" && made.Get("constructor").SameAs(replaced) {
					return made
				}
			}
			made, err := apply(this, rt.mended(args)...)
			if err != nil {
				panic(err) // the script's own
			}
			return made
		},
	})
	return replaced, err
}

// mended are the arguments of RegExp with a pattern that the engine understands.
func (rt *Runtime) mended(args []goja.Value) []goja.Value {
	if len(args) == 0 {
		return args
	}
	flags := ""
	if len(args) > 1 && !goja.IsUndefined(args[1]) {
		text, ok := args[1].(goja.String)
		if !ok {
			return args
		}
		flags = text.String()
	}
	pattern, ok := args[0].(goja.String)
	if object, isObject := args[0].(*goja.Object); isObject && object.ClassName() == "RegExp" && len(args) > 1 {
		pattern, ok = object.Get("source").(goja.String)
	}
	if !ok {
		return args
	}
	text := Text(pattern)
	if mended := patterns.Mended(text, flags); mended != text {
		return append([]goja.Value{rt.String(mended)}, args[1:]...)
	}
	return args
}
