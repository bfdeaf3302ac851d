package graphql

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// operator is a comparison in a where clause.
type operator struct {
	name, description string
	// on lists the scalar types that have it; nil means all.
	on []string
	// list marks operators whose argument is a list. kind is the argument's type if it is not the
	// field's.
	list bool
	kind string
	// sql is the condition: %[1]s is the field, %[2]s the parameter.
	sql string
	// bind converts text before it is bound; check rejects what PostgreSQL would reject.
	bind  func(string) string
	check func(any) error
}

// operators is the table of all comparisons. SQLite's LIKE ignores case, so the operators that do
// not use GLOB.
func operators() []operator {
	strings, documents := []string{scalarString}, []string{scalarJSON}
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
		{name: "_like", on: strings, sql: "%[1]s GLOB %[2]s", bind: glob, check: checkLike},
		{name: "_nlike", on: strings, sql: "%[1]s NOT GLOB %[2]s", bind: glob, check: checkLike},
		{name: "_ilike", on: strings, sql: `%[1]s LIKE %[2]s ESCAPE '\'`, bind: like, check: checkLike},
		{name: "_nilike", on: strings, sql: `%[1]s NOT LIKE %[2]s ESCAPE '\'`, bind: like, check: checkLike},
		{name: "_similar", on: strings, sql: similarFunction + "(%[1]s, %[2]s)", check: checkSimilar},
		{name: "_nsimilar", on: strings, sql: "NOT " + similarFunction + "(%[1]s, %[2]s)", check: checkSimilar},
		{name: "_contains", description: "does the column contain the given json value at the top level",
			on: documents, sql: containsFunction + "(%[1]s, %[2]s)"},
		{name: "_contained_in", description: "is the column contained in the given json value",
			on: documents, sql: containsFunction + "(%[2]s, %[1]s)"},
		{name: "_has_key", description: "does the string exist as a top-level key in the column",
			on: documents, kind: scalarString, sql: keysFunction + "(%[1]s, json_array(%[2]s)) = 1"},
		{name: "_has_keys_all", description: "do all of these strings exist as top-level keys in the column",
			on: documents, kind: scalarString, list: true, sql: keysFunction + "(%[1]s, %[2]s) = json_array_length(%[2]s)"},
		{name: "_has_keys_any", description: "do any of these strings exist as top-level keys in the column",
			on: documents, kind: scalarString, list: true, sql: keysFunction + "(%[1]s, %[2]s) > 0"},
	}
}

func operatorNamed(name string) operator {
	all := operators()
	return all[slices.IndexFunc(all, func(op operator) bool { return op.name == name })]
}

func (op *operator) takes(scalar string) bool { return op.on == nil || slices.Contains(op.on, scalar) }

// argument is the GraphQL type of the operator's argument.
func (op *operator) argument(scalar string) *ast.Type {
	if op.kind != "" {
		scalar = op.kind
	}
	if op.list {
		return listOf(scalar)
	}
	return named(scalar)
}

// The longest patterns, in bytes. SQLite rejects longer ones for LIKE; matching a regular
// expression takes time proportional to its length for every character of the text.
const (
	maxLike    = 50_000
	maxSimilar = 10_000
)

func checkLike(argument any) error {
	if pattern, _ := argument.(string); len(pattern) > maxLike {
		return problem(codeNotSupported, "this service takes patterns of up to %d bytes", maxLike)
	}
	return nil
}

// glob converts a LIKE pattern to a GLOB pattern, which respects case.
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

// like makes a trailing backslash literal, which SQLite would reject.
func like(pattern string) string {
	if trailing := len(pattern) - len(strings.TrimRight(pattern, `\`)); trailing%2 == 1 {
		return pattern + `\`
	}
	return pattern
}
