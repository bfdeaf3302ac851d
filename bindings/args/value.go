package args

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"carjs/host/script"

	"github.com/dop251/goja"
)

// Absent tells whether a value is undefined, null, or no value at all.
func Absent(v goja.Value) bool { return v == nil || goja.IsUndefined(v) || goja.IsNull(v) }

// IsArray tells whether a value is an array.
func IsArray(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	return ok && object.ClassName() == "Array"
}

// IsRecord tells whether a value is an object with properties of its own: no array, function, date,
// map or buffer.
func IsRecord(v goja.Value) bool {
	object, ok := v.(*goja.Object)
	if !ok || object.ClassName() != "Object" {
		return false
	}
	t := object.ExportType()
	return t != nil && t.Kind() == reflect.Map || t == proxyType || t == recordType
}

// The Go types of objects that are no maps: proxies, records read off JSON, and buffers.
var (
	proxyType  = reflect.TypeFor[goja.Proxy]()
	recordType = reflect.TypeFor[*script.Record]()
	bufferType = reflect.TypeFor[goja.ArrayBuffer]()
)

// Bytes returns the bytes behind an ArrayBuffer or a view of one, without a copy; it is not ok for
// anything else.
func Bytes(vm *goja.Runtime, v goja.Value) (data []byte, ok bool) {
	object, isObject := v.(*goja.Object)
	if !isObject {
		return nil, false
	}
	// To export an object that is none would walk all that it refers to.
	if object.ExportType() == bufferType {
		if buffer, isBuffer := object.Export().(goja.ArrayBuffer); isBuffer {
			return buffer.Bytes(), true
		}
	}
	isView, isFunction := goja.AssertFunction(vm.Get("ArrayBuffer").ToObject(vm).Get("isView"))
	if !isFunction {
		return nil, false
	}
	answer, err := isView(goja.Undefined(), object)
	if err != nil || !answer.ToBoolean() || vm.ExportTo(object, &data) != nil {
		return nil, false
	}
	return data, true
}

// Each calls visit with the items of an array, holes as undefined.
func Each(array *goja.Object, visit func(goja.Value)) {
	for i := range array.Get("length").ToInteger() {
		item := array.Get(strconv.FormatInt(i, 10))
		if item == nil {
			item = goja.Undefined()
		}
		visit(item)
	}
}

// Scalar returns the text of a value that has one: a text, a finite number, true or false, a
// BigInt, or a valid date, which is ISO 8601 in UTC.
func Scalar(v goja.Value) (text string, ok bool) {
	if s, isText := v.(goja.String); isText {
		return s.String(), true
	}
	if object, isObject := v.(*goja.Object); isObject {
		if object.ClassName() != "Date" {
			return "", false
		}
		at, valid := object.Export().(time.Time)
		return at.UTC().Format("2006-01-02T15:04:05.000Z"), valid
	}
	if f, isFloat := v.Export().(float64); isFloat && (math.IsNaN(f) || math.IsInf(f, 0)) {
		return "", false
	}
	if _, isSymbol := v.(*goja.Symbol); isSymbol || Absent(v) {
		return "", false
	}
	return v.String(), true
}

// Describe says what kind of value it is, never the value, which may be a secret.
func Describe(v goja.Value) string {
	if v == nil || goja.IsUndefined(v) {
		return "undefined"
	}
	if goja.IsNull(v) {
		return "null"
	}
	switch v := v.(type) {
	case goja.String:
		return "a text"
	case *goja.Symbol:
		return "a symbol"
	case *goja.Object:
		if class := v.ClassName(); class != "Object" {
			return article(class) + strings.ToLower(class)
		}
		return "an object"
	}
	switch v.Export().(type) {
	case bool:
		return "a boolean"
	case int64, float64:
		return "a number"
	}
	return "a bigint"
}

func article(class string) string {
	if strings.ContainsAny(class[:1], "AEIOU") {
		return "an "
	}
	return "a "
}
