package tables

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"carjs/host/esjson"
	"carjs/host/model"
)

// AppendDocument appends the canonical document of an object to dst: its known properties that have
// no column, sorted by name. Objects with the same content have the same document, whatever the
// order of their properties and the spelling of their numbers, all digits of which count. So
// contents can be compared as text.
func (t *Table) AppendDocument(dst []byte, object map[string]any) []byte {
	dst = append(dst, '{')
	first := true
	for _, p := range t.document {
		v, ok := object[p.Name]
		if !ok {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(dst, '"')
		dst = append(dst, p.Name...)
		dst = append(dst, '"', ':')
		dst = AppendCanonical(dst, v)
	}
	return append(dst, '}')
}

// TooDeep returns a property whose value is nested deeper than [model.MaxNesting], if there is one.
func TooDeep(object map[string]any) (property string, found bool) {
	for name, v := range object {
		if deeper(v, model.MaxNesting) {
			return name, true
		}
	}
	return "", false
}

// deeper reports whether a value has more than levels levels.
func deeper(v any, levels int) bool {
	switch v := v.(type) {
	case []any:
		return levels == 0 || slices.ContainsFunc(v, func(item any) bool { return deeper(item, levels-1) })
	case map[string]any:
		if levels == 0 {
			return true
		}
		for _, item := range v {
			if deeper(item, levels-1) {
				return true
			}
		}
	}
	return false
}

// AppendCanonical appends the canonical JSON of a value as decoded by encoding/json.
func AppendCanonical(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return esjson.AppendString(dst, v)
	case json.Number:
		return esjson.AppendDecimal(dst, string(v))
	case float64:
		return esjson.AppendNumber(dst, v)
	case int64:
		return strconv.AppendInt(dst, v, 10)
	case bool:
		return strconv.AppendBool(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = AppendCanonical(dst, item)
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(esjson.AppendString(dst, name), ':')
			dst = AppendCanonical(dst, v[name])
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// List returns a list of texts as JSON, for json_each.
func List(texts []string) string {
	list := []byte{'['}
	for i, text := range texts {
		if i > 0 {
			list = append(list, ',')
		}
		list = esjson.AppendString(list, text)
	}
	return string(append(list, ']'))
}
