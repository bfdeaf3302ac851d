package esjson

import (
	"encoding/json"
	"maps"
	"slices"
)

// AppendValue appends the JSON of a value, with the names of objects sorted. It writes what
// encoding/json does, except that unpaired surrogates, which that replaces by U+FFFD, are written
// as escapes, unless they are within a struct. Errors are those of encoding/json.
func AppendValue(dst []byte, v any) (out []byte, err error) {
	switch v := v.(type) {
	case string:
		return AppendString(dst, v), nil
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = AppendValue(dst, item); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	case map[string]any:
		dst = append(dst, '{')
		for i, name := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = AppendValue(append(AppendString(dst, name), ':'), v[name]); err != nil {
				return nil, err
			}
		}
		return append(dst, '}'), nil
	case json.RawMessage:
		if out, _, ok := Append(dst, v); ok {
			return out, nil
		}
	}
	text, err := json.Marshal(v)
	return append(dst, text...), err
}
