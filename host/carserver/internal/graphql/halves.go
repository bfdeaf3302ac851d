package graphql

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/vektah/gqlparser/v2/ast"

	"carjs/host/esjson"
)

// Halves of surrogate pairs are ids and values like any others, but the parser makes U+FFFD of
// them. So they go through it as a character that the query does not have and four digits.

// firstMark is the first of the characters for private use that may stand for a half.
const firstMark = '\U000F0000'

// markHalves replaces the escapes of halves in the strings of a query. restore puts them back into
// the value of a string; it is nil where there are none.
func markHalves(query string) (marked string, restore func(string) string) {
	if !strings.Contains(query, `\ud`) && !strings.Contains(query, `\uD`) || strings.Contains(query, `"""`) {
		return query, nil
	}
	mark := firstMark
	for strings.ContainsRune(query, mark) {
		mark++
	}
	var b strings.Builder
	for i := 0; i < len(query); {
		unit, is := unitAt(query, i)
		switch next, also := unitAt(query, i+6); {
		case !is && query[i] == '\\' && i+1 < len(query):
			b.WriteString(query[i : i+2])
			i += 2
		case !is:
			b.WriteByte(query[i])
			i++
		case also && utf16.DecodeRune(unit, next) != '\uFFFD':
			b.WriteString(query[i : i+12])
			i += 12
		case utf16.IsSurrogate(unit):
			b.WriteRune(mark)
			b.WriteString(query[i+2 : i+6])
			i += 6
		default:
			b.WriteString(query[i : i+6])
			i += 6
		}
	}
	return b.String(), func(value string) string {
		parts := strings.Split(value, string(mark))
		for i, part := range parts[1:] {
			parts[i+1] = esjson.Unescape([]byte(`\u`+part[:4])) + part[4:]
		}
		return strings.Join(parts, "")
	}
}

// unitAt reads the escape of a 16-bit unit.
func unitAt(query string, i int) (rune, bool) {
	if i+6 > len(query) || query[i:i+2] != `\u` {
		return 0, false
	}
	unit, err := strconv.ParseUint(query[i+2:i+6], 16, 16)
	return rune(unit), err == nil
}

// restoreHalves puts the halves back into the values of a query.
func restoreHalves(document *ast.QueryDocument, restore func(string) string) {
	var value func(v *ast.Value)
	value = func(v *ast.Value) {
		if v == nil {
			return
		}
		if v.Kind == ast.StringValue {
			v.Raw = restore(v.Raw)
		}
		for _, child := range v.Children {
			value(child.Value)
		}
	}
	arguments := func(list ast.ArgumentList, directives ast.DirectiveList) {
		for _, a := range list {
			value(a.Value)
		}
		for _, d := range directives {
			for _, a := range d.Arguments {
				value(a.Value)
			}
		}
	}
	var selections func(set ast.SelectionSet)
	selections = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch s := selection.(type) {
			case *ast.Field:
				arguments(s.Arguments, s.Directives)
				selections(s.SelectionSet)
			case *ast.InlineFragment:
				arguments(nil, s.Directives)
				selections(s.SelectionSet)
			case *ast.FragmentSpread:
				arguments(nil, s.Directives)
			}
		}
	}
	for _, o := range document.Operations {
		for _, d := range o.VariableDefinitions {
			value(d.DefaultValue)
		}
		selections(o.SelectionSet)
	}
	for _, f := range document.Fragments {
		selections(f.SelectionSet)
	}
}
