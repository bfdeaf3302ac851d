package served

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// typeOf is the type of a value that encoding/json decoded; all numbers have the same type.
func typeOf(v any) types {
	switch v.(type) {
	case string:
		return isString
	case bool:
		return isBoolean
	case []any:
		return isArray
	case map[string]any:
		return isObject
	case nil:
		return isNull
	}
	return isNumber
}

func nameOf(t types) string {
	for name, of := range typeNames {
		if of == t {
			return name
		}
	}
	return ""
}

var typeWords = map[string]string{
	"string": "a string", "integer": "a whole number", "number": "a number", "boolean": "a boolean", "object": "an object",
	"array": "an array", "null": "null",
}

// named puts the names of types into words.
func named(names []string) string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = typeWords[name]
	}
	return strings.Join(words, " or ")
}

// texts returns a list of strings.
func texts(v any) (list []string, ok bool) {
	elements, ok := v.([]any)
	for _, element := range elements {
		s, isText := element.(string)
		list, ok = append(list, s), ok && isText
	}
	return list, ok
}

// maxDigits is the largest exponent of a number that is expanded to digits. No float64 has a larger
// one.
const maxDigits = 400

// rational returns a number with all of its digits.
func rational(v any) (*big.Rat, bool) {
	s := ""
	switch v := v.(type) {
	case float64:
		s = strconv.FormatFloat(v, 'g', -1, 64)
	case json.Number:
		s = string(v)
	default:
		return nil, false
	}
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if exponent, err := strconv.Atoi(s[i+1:]); err != nil || exponent > maxDigits || exponent < -maxDigits {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

func whole(v any) bool {
	r, ok := rational(v)
	return ok && r.IsInt()
}

// text is a value as JSON.
func text(v any) string {
	if f, ok := v.(float64); ok {
		return number(f)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(v) != nil {
		return "a value" // what was JSON always encodes
	}
	return strings.TrimSpace(b.String())
}

// number is a number in digits if it is not too large to read.
func number(f float64) string {
	if f > -1e21 && f < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// canonical returns equal text for equal values; numbers are compared by value.
func canonical(v any) string {
	switch v := v.(type) {
	case []any:
		parts := make([]string, len(v))
		for i, element := range v {
			parts[i] = canonical(element)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case map[string]any:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, text(name)+":"+canonical(v[name]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	}
	if r, ok := rational(v); ok {
		return r.RatString()
	}
	return text(v)
}

// shortened is a value that is quoted in a message.
func shortened(v string) string {
	const most = 60
	if utf8.RuneCountInString(v) > most {
		return string([]rune(v)[:most]) + "…"
	}
	return v
}
