package csv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"carjs/bindings/args"
	"carjs/bindings/internal/charset"
	"carjs/bindings/internal/csvtext"
	"carjs/bindings/internal/webpage"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// breath is how many rows are read between two looks at whether the run is over.
const breath = 1 << 10

// table reads rows as values.
type table struct {
	call    *args.Call
	vm      *goja.Runtime
	reader  *csv.Reader
	trim    bool
	relaxed bool

	// names are the columns, nil when rows are arrays; width is how many fields a row has to have,
	// 0 while that is open.
	names []string
	width int
	// fromText tells that the first row is the header; it is read with the first row of data.
	fromText bool
	rows     int
}

// newTable reads the arguments of parse and records.
func newTable(c *args.Call) *table {
	options := c.Options(1, "delimiter", "header", "comment", "trim", "relaxed", "charset", "invalidBytes")
	text, comma := separatorLine(c, source(c, options), options.Get("delimiter"))
	f := form{comma: comma, comment: character(options.Get("comment"), "")}
	if f.comment == f.comma {
		c.Misuse("the options comment and delimiter must differ")
	}
	t := &table{
		call: c, vm: c.VM(),
		trim:    options.Get("trim").BoolOr(false),
		relaxed: options.Get("relaxed").BoolOr(false),
	}
	// White space before a quote would make the quote part of the value. A delimiter that is itself
	// white space would be taken for it.
	f.relaxed = t.relaxed
	f.indented = t.trim && !unicode.IsSpace(f.comma)
	t.reader = csv.NewReader(bytes.NewReader(f.lines(text)))
	t.reader.Comma, t.reader.Comment, t.reader.TrimLeadingSpace = f.comma, f.comment, f.indented
	t.reader.LazyQuotes = t.relaxed
	t.reader.FieldsPerRecord = -1 // checked here, where the message can be better
	t.reader.ReuseRecord = true
	t.header(options.Get("header"))
	return t
}

// header reads the option of that name: true, false, or the names of the columns.
func (t *table) header(option args.Arg) {
	switch {
	case !option.Given():
		t.fromText = true
	case args.IsArray(option.Value()):
		t.columns(option.Texts(), func(problem string) { option.Misuse("%s", problem) })
	default:
		t.fromText = option.Bool()
	}
}

// columns sets the names of the columns, or tells what is wrong with them.
func (t *table) columns(names []string, refuse func(problem string)) {
	if problem := csvtext.NamesProblem(names); problem != "" {
		refuse(problem)
	}
	t.names, t.width = names, len(names)
}

// source reads the first argument: a text, or bytes in the encoding that the option charset names.
func source(c *args.Call, options args.Options) []byte {
	given := c.Arg(0, "CSV")
	text := given.Data()
	if given.IsText() {
		text = bytes.TrimPrefix(text, []byte("\ufeff"))
	} else {
		var err error
		replace := options.Get("invalidBytes").OneOf("fail", "replace") == "replace"
		text, err = charset.Source{Label: label(c, options), Replace: replace}.Decode(text)
		if err != nil {
			c.Malformed(err, "%s; name its encoding in the option charset", charset.Explain("the table", err))
		}
	}
	// Either would be a table of one column without rows.
	if page, ok := webpage.Of(text); ok {
		c.Malformed(nil, "the text is %s and not CSV", page)
	}
	if bytes.HasPrefix(text, []byte("<?xml ")) {
		c.Malformed(nil, "the text is XML and not CSV")
	}
	return text
}

// label reads the option charset.
func label(c *args.Call, options args.Options) string {
	given := options.Get("charset").TextOr("")
	if given != "" {
		if _, err := charset.Lookup(given); err != nil {
			c.Misuse("the option charset: %s", err)
		}
	}
	return given
}

// next returns the next row, nil at the end.
func (t *table) next() goja.Value {
	if t.rows++; t.rows%breath == 0 {
		t.call.Alive()
	}
	fields := t.read()
	if fields == nil && t.fromText {
		t.call.Malformed(nil, "the text is empty: it has no header")
	}
	if fields != nil && t.fromText {
		t.fromText = false
		line, _ := t.reader.FieldPos(0)
		header := append([]string(nil), fields...)
		t.columns(header, func(problem string) {
			t.call.Malformed(nil, "the header in line %d %s", line, problem)
		})
		if fields = t.read(); fields == nil && csvtext.Sentence(header, t.trim) {
			t.call.Malformed(nil, "it is a text and not CSV: %q", strings.Join(header, string(t.reader.Comma)))
		}
	}
	switch {
	case fields == nil:
		return nil
	case t.names != nil:
		return t.object(fields)
	default:
		return t.array(fields)
	}
}

// read returns the fields of the next row, nil at the end.
func (t *table) read() []string {
	fields, err := t.reader.Read()
	if err == io.EOF {
		return nil
	}
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		t.call.Malformed(err, "not CSV: %s at line %d, column %d%s", csvtext.Problem(syntax), syntax.Line, syntax.Column, begun(syntax))
	}
	if err != nil {
		t.call.Rethrow(err) // the reader knows no other, and reading from memory does not fail
	}
	if t.trim {
		for i, field := range fields {
			fields[i] = strings.TrimSpace(field)
		}
	}
	if t.width == 0 {
		t.width = len(fields)
	}
	if len(fields) != t.width && !t.relaxed && !t.fromText {
		line, _ := t.reader.FieldPos(0)
		t.call.Malformed(nil, "the row in line %d has %d fields, not %d", line, len(fields), t.width)
	}
	return fields
}

// begun says where a row began, when that is not where its fault is.
func begun(err *csv.ParseError) string {
	if err.StartLine == err.Line {
		return ""
	}
	return fmt.Sprintf(", in the row that begins at line %d", err.StartLine)
}

// object makes a row with names. In a relaxed table missing fields are empty and surplus ones
// dropped.
func (t *table) object(fields []string) goja.Value {
	row := t.vm.NewObject()
	for i, name := range t.names {
		value := ""
		if i < len(fields) {
			value = fields[i]
		}
		if err := script.SetProperty(row, name, t.vm.ToValue(value)); err != nil {
			t.call.Rethrow(err)
		}
	}
	return row
}

// array makes a row without names.
func (t *table) array(fields []string) goja.Value {
	items := make([]any, len(fields))
	for i, field := range fields {
		items[i] = t.vm.ToValue(field)
	}
	return t.vm.NewArray(items...)
}
