package carjs

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"carjs/host/lazyregexp"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// errUnfit tells that somewhere in a value is what no object can have. Where and what it is is
// looked for afterwards, so that walking good values costs nothing more.
var errUnfit = errors.New("a value has no form in JSON")

// mostUnfit is how deep that is looked for.
const mostUnfit = 2000

// checkFit is errUnfit for what no object can have.
func checkFit(v goja.Value, empty bool) error {
	object, ok := v.(*goja.Object)
	if !ok || unfitObject(object) != "" || empty && unfitEmpty(object) != "" {
		return errUnfit // a symbol, or an object that is unfit
	}
	return nil
}

// unfitObject says what is wrong with an object that has no toJSON and which JSON.stringify would
// leave out or make nothing of; empty for all others.
func unfitObject(object *goja.Object) string {
	switch t := object.ExportType(); {
	case script.IsArray(t) && t != listType && object.ClassName() == "Object":
		return "is a Set: use an array"
	case t == mapType && object.ClassName() == "Object":
		return "is a Map: use an object, or an array of its entries"
	case t == promiseType:
		return "is a Promise: await it"
	}
	if _, function := goja.AssertFunction(object); function {
		return "is a function: call it, or leave it out"
	}
	return ""
}

// unfitEmpty says what is wrong with an object that has no properties of its own: an iterator holds
// its values elsewhere.
func unfitEmpty(object *goja.Object) string {
	tag, ok := object.GetSymbol(goja.SymToStringTag).(goja.String)
	if ok && tag.String() != "" && tag.String() != "Object" {
		return fmt.Sprintf("is a %s: use an object or an array", tag)
	}
	return ""
}

const (
	unfitSymbol = "is a symbol: use a text"
	unfitCycle  = "contains itself"
)

// explainUnfit finds what is wrong in a value, and where below it: ".a[2]".
func explainUnfit(v goja.Value) (path, message string) {
	path, message = (&unfitSearch{above: map[*goja.Object]bool{}}).find(v)
	if len(path) > longestPath {
		path = strings.ToValidUTF8(path[:longestPath], "") + "…"
	}
	return path, message
}

// longestPath is how much of a path is told. One that is longer leads into something endless.
const longestPath = 160

type unfitSearch struct{ above map[*goja.Object]bool }

func (s *unfitSearch) find(v goja.Value) (path, message string) {
	if _, symbol := v.(*goja.Symbol); symbol {
		return "", unfitSymbol
	}
	object, ok := v.(*goja.Object)
	if !ok {
		return "", ""
	}
	if _, own := goja.AssertFunction(object.Get("toJSON")); own {
		return "", "" // it says itself what it is
	}
	if message := unfitObject(object); message != "" {
		return "", message
	}
	if s.above[object] {
		return "", unfitCycle
	}
	if len(s.above) == mostUnfit {
		return "", "is nested too deep"
	}
	s.above[object] = true
	defer delete(s.above, object)
	keys := object.Keys()
	if len(keys) == 0 && !script.IsArray(object.ExportType()) {
		return "", unfitEmpty(object)
	}
	list := script.IsArray(object.ExportType())
	for _, key := range keys {
		if below, message := s.find(object.Get(key)); message != "" {
			return step(key, list) + below, message
		}
	}
	return "", ""
}

var plainName = lazyregexp.New(`^[\pL_$][\pL\pN_$]*$`)

// step is how a path goes on to a property.
func step(key string, list bool) string {
	switch {
	case list:
		return "[" + key + "]"
	case plainName().MatchString(key):
		return "." + key
	}
	return "[" + strconv.Quote(key) + "]"
}
