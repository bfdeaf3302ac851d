package http

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/internal/csvtext"
	"carjs/bindings/internal/webpage"
	"carjs/host/script"
)

// table is how a CSV file is written.
type table struct {
	comma, comment rune
	trim, relaxed  bool
	// names are the columns; nil when the first row has them.
	names []string
}

// readTable reads the option csv.
func readTable(given args.Arg) table {
	o := given.FieldsOr("delimiter", "comment", "header", "trim", "relaxed")
	t := table{
		comma: character(o.Get("delimiter"), ','), comment: character(o.Get("comment"), 0),
		trim: o.Get("trim").BoolOr(false), relaxed: o.Get("relaxed").BoolOr(false),
	}
	if header := o.Get("header"); header.Given() {
		t.names = header.Texts()
		if problem := csvtext.NamesProblem(t.names); problem != "" {
			header.Misuse("%s", problem)
		}
	}
	return t
}

// character reads an option that is one character.
func character(option args.Arg, otherwise rune) rune {
	if !option.Given() {
		return otherwise
	}
	return csvtext.Character(option, option.Text())
}

// maxRow is the largest row, as that of JSON is: a quote that is never closed makes one of the rest.
const maxRow = 64 << 20

// read reads the rows of a file while it arrives, and hands them over.
func (t table) read(ctx context.Context, file *beginning, out *script.Records) error {
	text := &tableText{src: file, mends: t.comment == 0 && !t.relaxed} // else quotes may be anywhere
	buffered := bufio.NewReaderSize(text, 64<<10)
	if mark, err := buffered.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = buffered.Discard(3)
	}
	t.separator(buffered)
	rest := bufio.NewReaderSize(newLineEnds(buffered, t), 64<<10)
	r := csv.NewReader(rest)
	r.Comma, r.Comment, r.LazyQuotes, r.TrimLeadingSpace = t.comma, t.comment, t.relaxed, t.trim && t.comma != ' ' && t.comma != '\t'
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	names := t.names
	var rows *script.Rows
	count := func() int64 {
		if rows == nil {
			return 0
		}
		return rows.Count
	}
	wrong := func(format string, args ...any) error {
		return &script.RecordsError{Message: fmt.Sprintf(format, args...), Offset: -1, Records: count()}
	}
	for {
		text.row = 0
		fields, err := r.Read()
		var syntax *csv.ParseError
		switch {
		case err == io.EOF && names == nil:
			return wrong("the file is empty: it has no header")
		case err == io.EOF:
			if rows == nil && t.names == nil && csvtext.Sentence(names, t.trim) {
				return wrong("the file is a text and not CSV: %q", strings.Join(names, string(t.comma)))
			}
			if rows == nil {
				return nil
			}
			return rows.Flush(ctx)
		case errors.As(err, &syntax):
			return wrong("not CSV: %s at line %d, column %d", csvtext.Problem(syntax), syntax.Line, syntax.Column)
		case err != nil:
			return &script.RecordsError{Err: err, Offset: text.offset, Records: count()}
		}
		line, _ := r.FieldPos(0)
		if t.trim {
			for i := range fields {
				fields[i] = strings.TrimSpace(fields[i])
			}
		}
		if names == nil {
			names = slices.Clone(fields)
			if page, ok := webpage.Of(file.kept); ok {
				return wrong("the file is %s and not CSV", page)
			}
			if strings.Contains(strings.Join(names, ""), "\r") {
				return wrong("the lines of the file end in a carriage return alone")
			}
			if problem := csvtext.NamesProblem(names); problem != "" {
				return wrong("the header in line %d %s", line, problem)
			}
			continue
		}
		if len(fields) != len(names) && !t.relaxed {
			return wrong("the row in line %d has %d fields, not %d", line, len(fields), len(names))
		}
		if rows == nil {
			rows = out.Rows(names)
		}
		if err := rows.Add(ctx, fields); err != nil {
			return err
		}
		if rest.Buffered() == 0 { // the source may be slow
			if err := rows.Flush(ctx); err != nil {
				return err
			}
		}
	}
}

// separator takes away the line "sep=;" with which spreadsheets say what is between fields.
func (t *table) separator(in *bufio.Reader) {
	line, _ := in.Peek(len("sep=;\r\n"))
	if len(line) < len("sep=;\n") || !bytes.EqualFold(line[:4], []byte("sep=")) || line[5] != '\n' && string(line[5:]) != "\r\n" {
		return
	}
	t.comma = rune(line[4])
	_, _ = in.ReadString('\n')
}
