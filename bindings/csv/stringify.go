package csv

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// stringify is stringify(rows, options?).
func stringify(c *args.Call) goja.Value {
	rows := c.Arg(0, "the rows").Array()
	options := c.Options(1, "columns", "delimiter")
	w := writer{call: c, comma: delimiter(options.Get("delimiter"))}
	columns := options.Get("columns").Texts()
	if columns == nil {
		columns = columnsOf(rows)
	}
	if len(columns) > 0 {
		w.row(columns)
	}
	number := 0
	args.Each(rows, func(row goja.Value) {
		number++
		if number%breath == 0 {
			c.Alive()
		}
		w.row(w.fields(row, number, columns))
	})
	return c.VM().ToValue(w.out.String())
}

// columnsOf are the properties of all rows that are objects, in the order in which they first come.
func columnsOf(rows *goja.Object) []string {
	var columns []string
	seen := map[string]bool{}
	args.Each(rows, func(row goja.Value) {
		if !args.IsRecord(row) {
			return
		}
		for _, name := range row.(*goja.Object).Keys() {
			if !seen[name] {
				seen[name] = true
				columns = append(columns, name)
			}
		}
	})
	return columns
}

// writer writes rows the way everybody reads them: quotes where they are needed, lines that end in
// a line feed. That of the standard library writes a lone empty field as an empty line, which
// readers skip, and does not know of byte order marks.
type writer struct {
	call  *args.Call
	comma rune
	out   strings.Builder
}

// fields are the texts of a row: an array as it is, an object by its columns.
func (w *writer) fields(row goja.Value, number int, columns []string) []string {
	var fields []string
	switch {
	case args.IsArray(row):
		args.Each(row.(*goja.Object), func(v goja.Value) {
			fields = append(fields, w.scalar(v, number, len(fields)))
		})
		if len(columns) > 0 && len(fields) != len(columns) {
			w.call.Misuse("row %d has %d fields, but there are %d columns", number, len(fields), len(columns))
		}
		if len(fields) == 0 {
			w.call.Misuse("row %d has no fields, which CSV cannot represent", number)
		}
	case args.IsRecord(row):
		if len(columns) == 0 {
			w.call.Misuse("row %d has no properties, which CSV cannot represent", number)
		}
		for i, name := range columns {
			fields = append(fields, w.scalar(row.(*goja.Object).Get(name), number, i))
		}
	default:
		w.call.Misuse("row %d must be an object or an array, not %s", number, args.Describe(row))
	}
	return fields
}

func (w *writer) scalar(v goja.Value, row, column int) string {
	if args.Absent(v) {
		return ""
	}
	text, ok := args.Scalar(v)
	if !ok {
		w.call.Misuse("field %d of row %d must be a text, number, boolean or valid date, not %s", column+1, row, args.Describe(v))
	}
	return text
}

func (w *writer) row(fields []string) {
	for i, field := range fields {
		if i > 0 {
			w.out.WriteRune(w.comma)
		}
		if !w.needsQuotes(field) && !(field == "" && len(fields) == 1) {
			w.out.WriteString(field)
			continue
		}
		w.out.WriteByte('"')
		w.out.WriteString(strings.ReplaceAll(field, `"`, `""`))
		w.out.WriteByte('"')
	}
	w.out.WriteByte('\n')
}

// needsQuotes tells whether a reader could take the field for something else.
func (w *writer) needsQuotes(field string) bool {
	if field == "" {
		return false
	}
	first, _ := utf8.DecodeRuneInString(field)
	last, _ := utf8.DecodeLastRuneInString(field)
	return strings.ContainsRune(field, w.comma) || strings.ContainsAny(field, "\"\r\n") ||
		unicode.IsSpace(first) || unicode.IsSpace(last) || first == '\ufeff' || first == '#' || first == '<'
}
