package script

import (
	"errors"
	"fmt"

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
			made, err := construct(newTarget, rt.understood(construct, args)...)
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
			made, err := apply(this, rt.understood(construct, args)...)
			if err != nil {
				panic(err) // the script's own
			}
			return made
		},
	})
	return replaced, err
}

// understood are the arguments of RegExp with a pattern that the engine understands.
func (rt *Runtime) understood(construct goja.Constructor, args []goja.Value) []goja.Value {
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
	if patterns.Unicode(text, flags) {
		return []goja.Value{rt.translated(construct, text, flags)}
	}
	if mended := patterns.Mended(text, flags); mended != text {
		return append([]goja.Value{rt.String(mended)}, args[1:]...)
	}
	return args
}

// maxTranslated bounds how many patterns a runtime keeps for [Runtime.translated].
const maxTranslated = 200

// translated is a regular expression of the engine's own class with what a pattern of Unicode means.
// It is kept, because bundles make such expressions anew wherever a literal stood, and the engine
// takes a millisecond to compile the characters of a property.
func (rt *Runtime) translated(construct goja.Constructor, pattern, flags string) *goja.Object {
	key := flags + "/" + pattern
	if made, ok := rt.patterns[key]; ok {
		return made
	}
	translated, with, err := patterns.Translated(pattern, flags)
	if err != nil {
		panic(rt.syntaxErrorOf("Invalid regular expression: /%s/%s: %v", pattern, flags, err))
	}
	made, err := construct(nil, rt.String(patterns.Mended(translated, with)), rt.vm.ToValue(with))
	if err != nil {
		panic(err) // the script's own
	}
	if rt.patterns == nil || len(rt.patterns) >= maxTranslated {
		rt.patterns = map[string]*goja.Object{}
	}
	rt.patterns[key] = made
	return made
}

// syntaxErrorOf makes a SyntaxError.
func (rt *Runtime) syntaxErrorOf(format string, args ...any) goja.Value {
	made, err := rt.vm.New(rt.vm.Get("SyntaxError"), rt.vm.ToValue(fmt.Sprintf(format, args...)))
	if err != nil {
		panic(err)
	}
	return made
}
