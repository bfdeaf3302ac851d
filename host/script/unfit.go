package script

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"carjs/host/lazyregexp"

	"github.com/dop251/goja"
)

// Unfit is the error of a value that JSON has no form for: one that JSON.stringify leaves out, or
// makes null, {} or something else of, without a word. Which values those are is in this file.
type Unfit struct {
	// Path is where below the value it is, ".a[2]"; empty for the value itself.
	Path string
	// Message follows what has the value: "is a Set: use an array".
	Message string
}

func (u *Unfit) Error() string { return "the value" + u.Path + " " + u.Message }

// errUnfit tells that there is such a value. Where and what it is is looked for afterwards, so that
// walking good values costs nothing more.
var errUnfit = errors.New("a value has no form in JSON")

const (
	unfitSymbol = "is a symbol: use a text"
	unfitCycle  = "contains itself"
	unfitDeep   = "is nested too deep"
)

// UnfitNumber says what is wrong with a number that JSON has no form for, empty for all others.
// Negative zero is zero.
func UnfitNumber(n float64) string {
	switch {
	case math.IsNaN(n):
		return "is NaN: check what it was calculated from, or leave it out"
	case math.IsInf(n, 1):
		return "is Infinity: check what it was calculated from, or leave it out"
	case math.IsInf(n, -1):
		return "is -Infinity: check what it was calculated from, or leave it out"
	}
	return ""
}

// UnfitObject says what is wrong with an object whose properties are not what it is: "is a Set: use
// an array". It is empty for plain objects, instances of a connector's classes, arrays, boxed
// scalars and valid dates.
func UnfitObject(object *goja.Object) string {
	class, t := object.ClassName(), object.ExportType()
	switch class {
	case "Array", "String", "Boolean", "Arguments":
		return ""
	case "Number":
		return UnfitNumber(object.ToFloat())
	case "Function":
		return "is a function: call it, or leave it out"
	case "RegExp":
		return "is a RegExp: use its source, a text"
	case "Error":
		return "is an Error: use its message"
	case "Date":
		if _, valid := object.Export().(time.Time); !valid {
			return "is an invalid Date: check it, or leave it out"
		}
		return ""
	}
	switch tag := tagOf(object); {
	case t == recordType, t == objectType && tag == "", t == bigIntType:
		return ""
	case IsArray(t):
		return "is a Set: use an array"
	case t == mapType:
		return "is a Map: use an object, or an array of its entries"
	case t == promiseType:
		return "is a Promise: await it"
	case t == symbolType:
		return unfitSymbol
	case strings.HasSuffix(tag, "Array"):
		return fmt.Sprintf("is %s: use an array, or a text in base64 or hex", withArticle(tag))
	case tag == "ArrayBuffer" || tag == "DataView":
		return fmt.Sprintf("is %s: use a text in base64 or hex", withArticle(tag))
	}
	return ""
}

// unfitEmpty says what is wrong with an object that has no properties of its own: an iterator, and
// an instance of a class with private fields, hold their values elsewhere.
func (rt *Runtime) unfitEmpty(object *goja.Object) string {
	if tag := tagOf(object); tag != "" && tag != "Object" {
		return fmt.Sprintf("is %s: use an object or an array", withArticle(tag))
	}
	if class := rt.classOf(object); class != nil && class.more {
		return fmt.Sprintf("is %s without properties of its own: JSON has neither getters nor private fields", class.name)
	}
	return ""
}

// isList tells whether JSON has an array for an object: for an array and a proxy of one.
func isList(object *goja.Object) bool {
	for object.ExportType() == proxyType {
		proxy, _ := object.Export().(goja.Proxy)
		if object = proxy.Target(); object == nil {
			return false
		}
	}
	return object.ClassName() == "Array"
}

// tagOf is what an object says that it is; built-in classes do.
func tagOf(object *goja.Object) string {
	tag, ok := object.GetSymbol(goja.SymToStringTag).(goja.String)
	if !ok {
		return ""
	}
	return tag.String()
}

func withArticle(class string) string {
	if strings.ContainsAny(class[:1], "AEIO") {
		return "an " + class
	}
	return "a " + class
}

// class is what JSON does not see of the instances of a class.
type class struct {
	// name is for messages: "an instance of Host".
	name string
	// getters are the names of its accessors, more tells that there is anything in the class
	// besides its constructor.
	getters string
	more    bool
}

// classOf is the class of an object, nil for a plain one.
func (rt *Runtime) classOf(object *goja.Object) *class {
	if object.ExportType() != objectType {
		return nil
	}
	prototype := object.Prototype()
	if prototype == nil || prototype == rt.intrinsics.objectPrototype {
		return nil
	}
	known, ok := rt.classes[prototype]
	if !ok {
		known = rt.readClass(prototype)
		if rt.classes == nil {
			rt.classes = map[*goja.Object]*class{}
		}
		rt.classes[prototype] = known
	}
	return known
}

func (rt *Runtime) readClass(prototype *goja.Object) *class {
	read, err := rt.intrinsics.class(goja.Undefined(), prototype)
	if err != nil {
		panic(err) // the script's own
	}
	object := read.ToObject(rt.vm)
	name := "an object"
	if own := object.Get("name").String(); own != "" {
		name = "an instance of " + strings.TrimPrefix(own, "_") // the bundler's for a class that refers to itself
	}
	return &class{name: name, getters: object.Get("getters").String(), more: object.Get("more").ToBoolean()}
}

// WarnGetters warns, once for each class, that JSON does not have what the getters of an instance
// return.
func (rt *Runtime) WarnGetters(object *goja.Object) {
	class := rt.classOf(object)
	if class == nil || class.getters == "" {
		return
	}
	at := rt.Caller().String()
	rt.WarnOnce(class.name+" "+class.getters, "an object has getters, which are left out: JSON has own properties only",
		"object", class.name, "getters", class.getters, "at", at, "hint", "add an object with the values, or give the class a toJSON")
}

// mostUnfit is how deep what is wrong is looked for.
const mostUnfit = 2000

// longestPath is how much of a path is told. One that is longer leads into something endless.
const longestPath = 160

// explainUnfit finds what is wrong in a value that is the property key of another; nil when nothing
// is.
func (rt *Runtime) explainUnfit(v goja.Value, key string) *Unfit {
	path, message := (&unfitSearch{rt: rt, above: map[*goja.Object]bool{}}).find(v, key)
	if message == "" {
		return nil
	}
	if len(path) > longestPath {
		path = strings.ToValidUTF8(path[:longestPath], "") + "…"
	}
	return &Unfit{path, message}
}

type unfitSearch struct {
	rt    *Runtime
	above map[*goja.Object]bool
}

func (s *unfitSearch) find(v goja.Value, key string) (path, message string) {
	object, ok := v.(*goja.Object)
	if !ok {
		return "", unfitScalar(v)
	}
	if message := UnfitObject(object); object.ClassName() == "Date" && message != "" {
		return "", message // its toJSON says null
	}
	if toJSON, own := goja.AssertFunction(object.Get("toJSON")); own {
		made, err := toJSON(object, s.rt.String(key))
		if err != nil {
			panic(err) // the script's own
		}
		if object, ok = made.(*goja.Object); !ok {
			return "", unfitScalar(made)
		}
	}
	if message := UnfitObject(object); message != "" {
		return "", message
	}
	if s.above[object] {
		return "", unfitCycle
	}
	if len(s.above) == mostUnfit {
		return "", unfitDeep
	}
	s.above[object] = true
	defer delete(s.above, object)
	list := isList(object)
	keys := object.Keys()
	if len(keys) == 0 && !list {
		return "", s.rt.unfitEmpty(object)
	}
	for _, key := range keys {
		if below, message := s.find(object.Get(key), key); message != "" {
			return step(key, list) + below, message
		}
	}
	return "", ""
}

// unfitScalar says what is wrong with a value that is no object.
func unfitScalar(v goja.Value) string {
	switch v := v.(type) {
	case nil, goja.String:
		return ""
	case *goja.Symbol:
		return unfitSymbol
	default:
		if v.ExportType() != floatType {
			return ""
		}
		return UnfitNumber(v.ToFloat())
	}
}

var plainName = lazyregexp.New(`^[\pL_$][\pL\pN_$]*$`)

// step is how a path goes on to a property.
func step(key string, list bool) string {
	switch {
	case list:
		if _, err := strconv.ParseUint(key, 10, 64); err == nil {
			return "[" + key + "]"
		}
	case plainName().MatchString(key):
		return "." + key
	}
	return "[" + strconv.Quote(key) + "]"
}
