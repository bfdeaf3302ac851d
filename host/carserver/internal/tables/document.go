package tables

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// AppendDocument appends the canonical document of an object to dst: the properties that the model
// knows and that have no column of their own, sorted by name. Two objects with the same content
// have the same document, whatever the order of their properties and the spelling of their numbers;
// so content can be compared as text.
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

// AppendCanonical appends the canonical JSON of a value as encoding/json decodes it.
func AppendCanonical(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendString(dst, v)
	case json.Number:
		return appendNumber(dst, string(v))
	case float64:
		return appendFloat(dst, v)
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
			dst = append(appendString(dst, name), ':')
			dst = AppendCanonical(dst, v[name])
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

func appendString(dst []byte, s string) []byte {
	// The error is about invalid UTF-8, which comes out as U+FFFD, as it does in encoding/json.
	dst, _ = jsontext.AppendQuote(dst, s)
	return dst
}

// appendNumber writes integers that fit SQLite's 64 bits digit by digit, everything else as the
// nearest float64.
func appendNumber(dst []byte, literal string) []byte {
	if n, err := strconv.ParseInt(literal, 10, 64); err == nil {
		return strconv.AppendInt(dst, n, 10)
	}
	f, err := strconv.ParseFloat(literal, 64)
	if err != nil {
		return append(dst, literal...) // out of range; only inside objects that CAR does not look into
	}
	return appendFloat(dst, f)
}

func appendFloat(dst []byte, f float64) []byte {
	if f == math.Trunc(f) && math.Abs(f) < 1<<63 {
		return strconv.AppendInt(dst, int64(f), 10)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}
