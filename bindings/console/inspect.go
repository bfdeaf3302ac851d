package console

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"carjs/host/lazyregexp"

	"github.com/dop251/goja"
)

// How much of a value is shown.
const (
	defaultDepth = 2      // objects inside of objects
	maxDepth     = 50     // even when a script asks for all of it
	maxItems     = 100    // of an array, a Map, a Set or an object
	maxText      = 10_000 // bytes of a string inside an object
	lineWidth    = 76     // what is longer goes over several lines
)

// inspector shows one value.
type inspector struct {
	c     *console
	depth int
	// above are the objects that are being shown: one that comes again inside of itself is a
	// circle.
	above []*goja.Object
}

// inspect shows a value down to a depth of objects inside of objects.
func (c *console) inspect(v goja.Value, depth int) string {
	in := inspector{c: c, depth: min(depth, maxDepth)}
	return in.value(v)
}

// value shows any value. What cannot be read, because a getter or a proxy throws, is shown as that.
func (in *inspector) value(v goja.Value) string {
	object, ok := v.(*goja.Object)
	if !ok {
		return primitive(v)
	}
	text := ""
	above := len(in.above)
	if exception := in.c.rt.VM().Try(func() { text = in.object(object) }); exception != nil {
		in.above = in.above[:above]
		return "[an object that cannot be shown]"
	}
	return text
}

// object shows an object by its kind.
func (in *inspector) object(object *goja.Object) string {
	for _, outer := range in.above {
		if outer == object {
			return "[Circular]"
		}
	}
	class := in.className(object)
	kind := object.ClassName()
	if _, ok := goja.AssertFunction(object); ok {
		return in.function(object, class)
	}
	switch kind {
	case "Error":
		return in.err(object)
	case "Date":
		return in.c.call(object, "toISOString", "Invalid Date")
	case "RegExp":
		return in.c.call(object, "toString", "[RegExp]")
	case "String", "Number", "Boolean", "BigInt", "Symbol":
		return "[" + kind + ": " + primitive(in.c.primitiveOf(object)) + "]"
	}
	if in.c.instance(object, "Promise") {
		if promise, ok := object.Export().(*goja.Promise); ok {
			return in.promise(promise)
		}
	}
	if len(in.above) > in.depth {
		if kind == "Array" {
			return "[Array]"
		}
		return "[" + class + "]"
	}
	in.above = append(in.above, object)
	defer func() { in.above = in.above[:len(in.above)-1] }()
	switch {
	case kind == "Array":
		return in.array(object, class)
	case in.c.instance(object, "Map"):
		return in.collection(object, class, true)
	case in.c.instance(object, "Set"):
		return in.collection(object, class, false)
	case in.c.instance(object, "ArrayBuffer"):
		return fmt.Sprintf("ArrayBuffer { byteLength: %v }", object.Get("byteLength"))
	case in.c.instance(object, "URL"), in.c.instance(object, "URLSearchParams"):
		return class + " { " + quote(object.String()) + " }"
	case object.Get("BYTES_PER_ELEMENT") != nil && object.Get("byteOffset") != nil:
		return in.typedArray(object, class)
	}
	prefix := ""
	if class != "Object" {
		prefix = class + " "
	}
	return prefix + braces(in.properties(object, nil), "{", "}")
}

// className is the name of the object's class.
func (in *inspector) className(object *goja.Object) string {
	proto := object.Prototype()
	if proto == nil {
		return "[Object: null prototype]"
	}
	if class, ok := proto.Get("constructor").(*goja.Object); ok {
		if name := class.Get("name"); name != nil && goja.IsString(name) && name.String() != "" {
			// The bundler renames a class that refers to itself from X to _X.
			return strings.TrimPrefix(name.String(), "_")
		}
	}
	return "Object"
}

func (in *inspector) function(object *goja.Object, kind string) string {
	name := ""
	if own := object.Get("name"); own != nil {
		name = own.String()
	}
	if strings.HasPrefix(object.String(), "class") {
		kind = "class"
	}
	if name == "" {
		return "[" + kind + " (anonymous)]"
	}
	if kind == "class" {
		return "[class " + strings.TrimPrefix(name, "_") + "]"
	}
	return "[" + kind + ": " + name + "]"
}

func (in *inspector) promise(promise *goja.Promise) string {
	switch promise.State() {
	case goja.PromiseStateFulfilled:
		if len(in.above) > in.depth {
			return "[Promise]"
		}
		return "Promise { " + in.value(promise.Result()) + " }"
	case goja.PromiseStateRejected:
		return "Promise { <rejected> }"
	}
	return "Promise { <pending> }"
}

var identifier = lazyregexp.New(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// properties are the own enumerable properties, without those of the names to skip.
func (in *inspector) properties(object *goja.Object, skip map[string]bool) []string {
	keys := object.Keys()
	var parts []string
	for i, key := range keys {
		if skip[key] {
			continue
		}
		if i == maxItems {
			return more(parts, len(keys))
		}
		shown := key
		if !identifier().MatchString(key) {
			shown = quote(key)
		}
		parts = append(parts, shown+": "+in.property(object, key))
	}
	for _, symbol := range object.Symbols() {
		if in.c.enumerable(object, symbol) {
			parts = append(parts, "["+primitive(symbol)+"]: "+in.value(object.GetSymbol(symbol)))
		}
	}
	return parts
}

// property shows one property; a getter is not called.
func (in *inspector) property(object *goja.Object, key string) string {
	descriptor := in.c.descriptor(object, in.c.rt.VM().ToValue(key))
	if descriptor == nil {
		return in.value(object.Get(key))
	}
	getter, setter := present(descriptor.Get("get")), present(descriptor.Get("set"))
	switch {
	case getter && setter:
		return "[Getter/Setter]"
	case getter:
		return "[Getter]"
	case setter:
		return "[Setter]"
	}
	return in.value(descriptor.Get("value"))
}

func present(v goja.Value) bool { return v != nil && !goja.IsUndefined(v) }

// braces joins parts, on one line when they fit on one.
func braces(parts []string, open, end string) string {
	if len(parts) == 0 {
		return open + end
	}
	width, broken := len(open)+len(end)+2, false
	for _, part := range parts {
		width += utf8.RuneCountInString(part) + 2
		broken = broken || strings.Contains(part, "\n")
	}
	if !broken && width <= lineWidth {
		return open + " " + strings.Join(parts, ", ") + " " + end
	}
	return open + "\n  " + strings.ReplaceAll(strings.Join(parts, ",\n"), "\n", "\n  ") + "\n" + end
}
