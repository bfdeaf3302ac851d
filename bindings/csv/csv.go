// Package csv is the module "carjs/csv": tables in text, as a whole or row by row, and back.
//
// Reading is strict unless a script asks for less: a row that has lost a field would otherwise
// shift values into columns where they do not belong, and nobody would see it.
package csv

import (
	"unicode/utf8"

	"carjs/bindings/internal/native"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Module is the package's row in the table of modules.
func Module() script.Module {
	return native.Module("carjs/csv", []native.Function{
		{Name: "parse", Run: parse},
		{Name: "records", Run: records},
		{Name: "stringify", Run: stringify},
	})
}

// parse is parse(data, options?).
func parse(c *native.Call) goja.Value {
	t := newTable(c)
	var rows []any
	for row := t.next(); row != nil; row = t.next() {
		rows = append(rows, row)
	}
	return c.VM().NewArray(rows...)
}

// records is records(data, options?).
func records(c *native.Call) goja.Value {
	return c.Iterator(newTable(c).next)
}

// character reads an option that is one character other than those with a meaning of their own.
func character(c *native.Call, options native.Options, name, byDefault string) rune {
	text := options.Text(name, byDefault)
	if text == "" {
		return 0
	}
	r, size := utf8.DecodeRuneInString(text)
	if size != len(text) || r == utf8.RuneError || r == '"' || r == '\r' || r == '\n' || r == 0 {
		c.Misuse("the option %s must be one character, and no quote or line end, not %q", name, text)
	}
	return r
}

// delimiter reads the option of the name.
func delimiter(c *native.Call, options native.Options) rune {
	r := character(c, options, "delimiter", ",")
	if r == 0 {
		c.Misuse("the option delimiter must be one character")
	}
	return r
}
