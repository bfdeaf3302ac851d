package console

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"carjs/bindings/args"

	"github.com/dop251/goja"
	"github.com/hashicorp/go-hclog"
)

// table logs rows and columns; what is no table is logged as it is.
func (c *console) table(call goja.FunctionCall) goja.Value {
	if !c.enabled(hclog.Info) {
		return goja.Undefined()
	}
	data, ok := call.Argument(0).(*goja.Object)
	if !ok {
		c.write(hclog.Info, c.format(call.Arguments))
		return goja.Undefined()
	}
	var only []string
	if wanted := args.Of(c.rt, call, "console.table").Arg(1, "the columns"); wanted.Given() {
		args.Each(wanted.Array(), func(name goja.Value) { only = append(only, name.String()) })
	}
	text := ""
	if exception := c.rt.VM().Try(func() { text = c.grid(data, only) }); exception != nil {
		text = c.inspect(data, defaultDepth)
	}
	c.write(hclog.Info, text)
	return goja.Undefined()
}

// Names of the columns that are no properties.
const (
	indexColumn = "(index)"
	valueColumn = "Values"
)

// grid lays the rows out.
func (c *console) grid(data *goja.Object, only []string) string {
	header := []string{indexColumn}
	rows := []map[string]string{}
	hasValues := false
	for i, key := range data.Keys() {
		if i == maxItems {
			break
		}
		row := map[string]string{indexColumn: key}
		if object, ok := data.Get(key).(*goja.Object); ok {
			for _, name := range object.Keys() {
				if only == nil && !slices.Contains(header[1:], name) {
					header = append(header, name)
				}
				row["."+name] = c.inspect(object.Get(name), 0)
			}
		} else {
			hasValues = true
			row[valueColumn] = c.inspect(data.Get(key), 0)
		}
		rows = append(rows, row)
	}
	header = append(header, only...)
	lines := make([][]string, 0, len(rows)+1)
	if hasValues {
		lines = append(lines, append(slices.Clone(header), valueColumn))
	} else {
		lines = append(lines, header)
	}
	for _, row := range rows {
		line := []string{row[indexColumn]}
		for _, name := range header[1:] {
			line = append(line, row["."+name])
		}
		if hasValues {
			line = append(line, row[valueColumn])
		}
		lines = append(lines, line)
	}
	text := draw(lines)
	if total := len(data.Keys()); total > maxItems {
		text += "\n... " + strconv.Itoa(total-maxItems) + " more rows"
	}
	return text
}

// draw aligns the columns; the first line is the header.
func draw(lines [][]string) string {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, line := range lines {
		if n > 0 {
			b.WriteByte('\n')
		}
		for i, cell := range line {
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(cell)
			if i < len(line)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)))
			}
		}
		if n == 0 {
			b.WriteByte('\n')
			for i, width := range widths {
				if i > 0 {
					b.WriteString("-+-")
				}
				b.WriteString(strings.Repeat("-", width))
			}
		}
	}
	return b.String()
}
