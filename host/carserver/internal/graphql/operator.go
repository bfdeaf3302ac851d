package graphql

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"carjs/host/carserver/internal/tables"
)

// operator is a comparison in a where clause.
type operator struct {
	name string
	// on lists the scalar types that have it; nil means all.
	on []string
	// list tells that the argument is a list; kind, when set, is the type of the argument where it
	// is not the field's.
	list bool
	kind string
	// sql is the condition: %[1]s is the field, %[2]s the parameter.
	sql string
	// bind changes the argument before it is bound.
	bind func(string) string
}

// texts are the types whose values are text.
var texts = []string{scalarString, scalarInet, scalarMac}

// operators is the table of all comparisons. LIKE ignores case in SQLite, so the operators that do
// not are GLOB.
func operators() []operator {
	return []operator{
		{name: "_eq", sql: "%[1]s = %[2]s"},
		{name: "_neq", sql: "%[1]s <> %[2]s"},
		{name: "_gt", sql: "%[1]s > %[2]s"},
		{name: "_gte", sql: "%[1]s >= %[2]s"},
		{name: "_lt", sql: "%[1]s < %[2]s"},
		{name: "_lte", sql: "%[1]s <= %[2]s"},
		{name: "_in", list: true, sql: "%[1]s IN (SELECT value FROM json_each(%[2]s))"},
		{name: "_nin", list: true, sql: "%[1]s NOT IN (SELECT value FROM json_each(%[2]s))"},
		{name: "_is_null", kind: scalarBoolean, sql: "(%[1]s IS NULL) = %[2]s"},
		{name: "_like", on: texts, sql: "%[1]s GLOB %[2]s", bind: glob},
		{name: "_nlike", on: texts, sql: "%[1]s NOT GLOB %[2]s", bind: glob},
		{name: "_ilike", on: texts, sql: `%[1]s LIKE %[2]s ESCAPE '\'`, bind: like},
		{name: "_nilike", on: texts, sql: `%[1]s NOT LIKE %[2]s ESCAPE '\'`, bind: like},
		{name: "_has_key", on: []string{scalarJSON}, kind: scalarString,
			sql: "json_type(%[1]s) = 'object' AND EXISTS (SELECT 1 FROM json_each(%[1]s) WHERE key = %[2]s)"},
	}
}

func (op *operator) takes(scalar string) bool { return op.on == nil || slices.Contains(op.on, scalar) }

// argument is the GraphQL type of the operator's argument.
func (op *operator) argument(scalar string) string {
	if op.kind != "" {
		scalar = op.kind
	}
	if op.list {
		return "[" + scalar + "!]"
	}
	return scalar
}

// glob turns a LIKE pattern into a GLOB pattern, in which case matters.
func glob(pattern string) string {
	var b strings.Builder
	literal := func(r rune) {
		if strings.ContainsRune("*?[", r) {
			b.WriteString("[" + string(r) + "]")
			return
		}
		b.WriteRune(r)
	}
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			literal(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '%':
			b.WriteByte('*')
		case r == '_':
			b.WriteByte('?')
		default:
			literal(r)
		}
	}
	if escaped {
		b.WriteByte('\\')
	}
	return b.String()
}

// like makes a trailing backslash literal, which SQLite would not accept.
func like(pattern string) string {
	if trailing := len(pattern) - len(strings.TrimRight(pattern, `\`)); trailing%2 == 1 {
		return pattern + `\`
	}
	return pattern
}

// convert makes the SQL value of an argument of a scalar type. The parser and the variables have
// been checked against the schema, except for what they take every scalar for.
func convert(scalar string, v any) (any, error) {
	if number, ok := v.(json.Number); ok {
		v = plainNumber(number)
	}
	switch scalar {
	case scalarString, scalarInet, scalarMac:
		if text, ok := v.(string); ok {
			return text, nil
		}
	case scalarBoolean:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case scalarTimestamp:
		if text, ok := v.(string); ok {
			return parseTime(text)
		}
		return convert(scalarNumeric, v)
	case scalarJSON:
		return string(tables.AppendCanonical(nil, v)), nil
	default:
		switch v := v.(type) {
		case int64, float64:
			return v, nil
		case string: // how JavaScript writes what it cannot count
			if f, err := strconv.ParseFloat(v, 64); err == nil {
				return f, nil
			}
		}
	}
	return nil, fmt.Errorf("cannot be compared with a value of type %s", scalar)
}

func plainNumber(number json.Number) any {
	if n, err := number.Int64(); err == nil {
		return n
	}
	if f, err := number.Float64(); err == nil {
		return f
	}
	return string(number)
}

// parseTime reads a time as epoch milliseconds.
func parseTime(text string) (any, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UnixMilli(), nil
		}
	}
	return nil, fmt.Errorf("%q is not a time like 2006-01-02T15:04:05.000", text)
}
