package script

import (
	"errors"
	"fmt"
	"unicode/utf16"
	"unsafe"

	"carjs/host/script/internal/patterns"

	"github.com/dop251/goja"
)

// regexps is RegExp: the class of the language over package patterns, in the place of the engine's,
// whose matchers find other things than the standard says. An object of it is one of the engine's,
// so that it is what the language calls one, with an [expression] in a property that nobody sees.
type regexps struct {
	rt   *Runtime
	link *goja.Symbol // names that property
	// own is the engine's class and class the one that scripts have; construct makes an object.
	own, prototype *goja.Object
	class          goja.Value
	construct      goja.Constructor
	// exec is RegExp.prototype.exec, the same for as long as scripts leave it alone.
	exec goja.Value
	// source and flags read an object that the engine made of a literal.
	source goja.Callable
	flags  map[byte]goja.Callable
	// species finds the class for what a method makes, (object, class).
	species goja.Callable
	// stringIterator is the prototype of what matchAll returns, made when it is wanted.
	stringIterator *goja.Object
	matcher        patterns.Matcher
	last           lastMatch
	// known are the expressions that were made, by flags and source, and carried those of literals,
	// by what the engine has as their source.
	known, carried map[string]*expression
	// recent are objects that were used last, by their places in memory: most are used again at
	// once, or never.
	recent [32]recentRegExp
}

type recentRegExp struct {
	object *goja.Object
	means  *expression
}

// expression is what a RegExp means.
type expression struct {
	program *patterns.Program
	source  goja.String
	value   goja.Value // itself, for the engine
}

// maxKnown bounds how many expressions a runtime keeps, those of literals aside.
const maxKnown = 2000

// installRegExp puts RegExp in its place.
func (rt *Runtime) installRegExp() error {
	global := rt.vm.GlobalObject()
	own := global.Get("RegExp").ToObject(rt.vm)
	r := &rt.regexps
	*r = regexps{rt: rt, own: own, link: goja.NewSymbol("carjs.RegExp"), species: rt.intrinsics.species}
	r.prototype = own.Get("prototype").ToObject(rt.vm)
	r.matcher.Stopped = rt.guard.interrupted
	var ok bool
	if r.construct, ok = goja.AssertConstructor(own); !ok {
		return errors.New("the engine's RegExp is no class")
	}
	if err := r.readEngine(global); err != nil {
		return err
	}
	var err error
	if r.class, err = rt.classWith(own, &goja.ProxyTrapConfig{
		Construct: func(_ *goja.Object, args []goja.Value, newTarget *goja.Object) *goja.Object {
			return r.make(args, newTarget)
		},
		Apply: func(_ *goja.Object, _ goja.Value, args []goja.Value) goja.Value { return r.call(args) },
		Get:   r.property,
	}); err != nil {
		return err
	}
	if err := r.methods(); err != nil {
		return fmt.Errorf("install RegExp: %w", err)
	}
	return global.DefineDataProperty("RegExp", r.class, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
}

// readEngine takes what reads the engine's own objects, before it is replaced.
func (r *regexps) readEngine(global *goja.Object) error {
	r.flags = map[byte]goja.Callable{}
	for name, flag := range map[string]byte{
		"source": 0, "global": 'g', "ignoreCase": 'i', "multiline": 'm', "dotAll": 's', "unicode": 'u', "sticky": 'y',
	} {
		get, err := r.rt.intrinsics.getter(goja.Undefined(), r.prototype, r.rt.vm.ToValue(name))
		if err != nil {
			return err
		}
		callable, ok := goja.AssertFunction(get)
		if !ok {
			return fmt.Errorf("the engine's RegExp has no %s", name)
		}
		if flag == 0 {
			r.source = callable
		} else {
			r.flags[flag] = callable
		}
	}
	return nil
}

// methods puts the methods and properties of the prototype in their place.
func (r *regexps) methods() error {
	var problems []error
	method := func(target *goja.Object, name string, length int, f func(goja.FunctionCall) goja.Value) goja.Value {
		made, err := r.rt.method(name, length, f)
		problems = append(problems, err, target.DefineDataProperty(name, made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
		return made
	}
	r.exec = method(r.prototype, "exec", 1, r.execMethod)
	method(r.prototype, "test", 1, r.test)
	method(r.prototype, "toString", 0, r.toString)
	method(r.prototype, "compile", 2, r.compile)
	method(r.own, "escape", 1, r.escape)
	for _, symbolic := range []struct {
		symbol *goja.Symbol
		name   string
		length int
		f      func(goja.FunctionCall) goja.Value
	}{
		{goja.SymMatch, "[Symbol.match]", 1, r.match},
		{goja.SymMatchAll, "[Symbol.matchAll]", 1, r.matchAll},
		{goja.SymReplace, "[Symbol.replace]", 2, r.replace},
		{goja.SymSearch, "[Symbol.search]", 1, r.search},
		{goja.SymSplit, "[Symbol.split]", 2, r.split},
	} {
		made, err := r.rt.method(symbolic.name, symbolic.length, symbolic.f)
		problems = append(problems, err,
			r.prototype.DefineDataPropertySymbol(symbolic.symbol, made, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	for _, flag := range flagProperties {
		get, err := r.rt.method("get "+flag.name, 0, r.flagGetter(flag.name, flag.of))
		problems = append(problems, err, r.prototype.DefineAccessorProperty(flag.name, get, nil, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	for name, f := range map[string]func(goja.FunctionCall) goja.Value{"flags": r.flagsOf, "source": r.sourceOf} {
		get, err := r.rt.method("get "+name, 0, f)
		problems = append(problems, err, r.prototype.DefineAccessorProperty(name, get, nil, goja.FLAG_TRUE, goja.FLAG_FALSE))
	}
	return errors.Join(problems...)
}

// flagProperties are the properties of flags, in the order in which flags are written.
var flagProperties = []struct {
	name   string
	letter byte
	of     func(patterns.Flags) bool
}{
	{"hasIndices", 'd', func(f patterns.Flags) bool { return f.Indices }},
	{"global", 'g', func(f patterns.Flags) bool { return f.Global }},
	{"ignoreCase", 'i', func(f patterns.Flags) bool { return f.IgnoreCase }},
	{"multiline", 'm', func(f patterns.Flags) bool { return f.Multiline }},
	{"dotAll", 's', func(f patterns.Flags) bool { return f.DotAll }},
	{"unicode", 'u', func(f patterns.Flags) bool { return f.Unicode }},
	{"unicodeSets", 'v', func(f patterns.Flags) bool { return f.UnicodeSets }},
	{"sticky", 'y', func(f patterns.Flags) bool { return f.Sticky }},
}

// method makes a function that looks like one of the language.
func (rt *Runtime) method(name string, length int, f func(goja.FunctionCall) goja.Value) (goja.Value, error) {
	made := rt.vm.ToValue(f).ToObject(rt.vm)
	return made, errors.Join(
		made.DefineDataProperty("name", rt.vm.ToValue(name), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
		made.DefineDataProperty("length", rt.vm.ToValue(length), goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE),
	)
}

// of is what an object means, nil if it is no RegExp.
func (r *regexps) of(v goja.Value) *expression {
	object, ok := v.(*goja.Object)
	if !ok {
		return nil
	}
	if recent := r.place(object); recent.object == object {
		return recent.means
	}
	if object.ClassName() != "RegExp" {
		return nil
	}
	var x *expression
	if linked := object.GetSymbol(r.link); linked != nil {
		x, _ = linked.Export().(*expression)
	} else {
		x = r.ofEngine(object)
	}
	r.remember(object, x)
	return x
}

func (r *regexps) attach(object *goja.Object, x *expression) {
	err := object.DefineDataPropertySymbol(r.link, x.value, goja.FLAG_FALSE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	if err != nil {
		panic(err) // an object of a script's own that takes no properties
	}
	r.remember(object, x)
}

// remember keeps what an object means until another one takes its place.
func (r *regexps) remember(object *goja.Object, x *expression) {
	recent := r.place(object)
	recent.object, recent.means = object, x
}

func (r *regexps) place(object *goja.Object) *recentRegExp {
	return &r.recent[uintptr(unsafe.Pointer(object))/64%uintptr(len(r.recent))]
}

// ofEngine is what an object means that the engine made of a literal.
func (r *regexps) ofEngine(object *goja.Object) *expression {
	source := r.read(r.source, object).String()
	if x := r.carried[source]; x != nil {
		return x
	}
	if literal := patterns.Carried(source); literal != nil {
		x := &expression{program: literal.Program, source: r.rt.String(literal.Pattern).(goja.String)}
		x.value = r.rt.vm.ToValue(x)
		if r.carried == nil {
			r.carried = map[string]*expression{}
		}
		r.carried[source] = x
		return x
	}
	var flags string
	for _, flag := range flagProperties {
		if get := r.flags[flag.letter]; get != nil && r.read(get, object).ToBoolean() {
			flags += string(flag.letter)
		}
	}
	return r.expression(r.rt.String(source).(goja.String), flags)
}

func (r *regexps) read(get goja.Callable, object *goja.Object) goja.Value {
	value, err := get(object)
	if err != nil {
		panic(err)
	}
	return value
}

// expression compiles a pattern; it throws a SyntaxError. It keeps what it made, because bundles make
// such expressions anew wherever a literal stood that the bundler took for new.
func (r *regexps) expression(source goja.String, flags string) *expression {
	key := flags + "/" + Text(source)
	if x := r.known[key]; x != nil {
		return x
	}
	parsed, err := patterns.ParseFlags(flags)
	if err != nil {
		panic(r.rt.syntaxErrorOf("%v", err))
	}
	program, err := patterns.Compile(units(source), parsed)
	if err != nil {
		panic(r.rt.syntaxErrorOf("Invalid regular expression: /%s/%s: %v", source, flags, err))
	}
	x := &expression{program: program, source: source}
	x.value = r.rt.vm.ToValue(x)
	if r.known == nil || len(r.known) >= maxKnown {
		r.known = map[string]*expression{}
	}
	r.known[key] = x
	return x
}

// property reads a property; undefined is a value too.
func property(object *goja.Object, name string) goja.Value {
	if v := object.Get(name); v != nil {
		return v
	}
	return goja.Undefined()
}

// toString is what the language makes a string of.
func (rt *Runtime) toString(v goja.Value) goja.String {
	if text, ok := v.(goja.String); ok {
		return text
	}
	made, err := rt.intrinsics.text(goja.Undefined(), v)
	if err != nil {
		panic(err) // the script's own
	}
	text, _ := made.(goja.String)
	return text
}

// units are those of a string.
func units(s goja.String) []uint16 {
	text := textOf(s)
	if text.Units != nil {
		return text.Units
	}
	return utf16.Encode([]rune(string(text.ASCII)))
}

// syntaxErrorOf makes a SyntaxError.
func (rt *Runtime) syntaxErrorOf(format string, args ...any) goja.Value {
	made, err := rt.vm.New(rt.vm.Get("SyntaxError"), rt.vm.ToValue(fmt.Sprintf(format, args...)))
	if err != nil {
		panic(err)
	}
	return made
}
