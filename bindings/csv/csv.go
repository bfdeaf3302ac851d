// Package csv is the module "carjs/csv": tables in text, as a whole or row by row, and back.
//
// Reading is strict unless a script asks for less: a row that has lost a field would otherwise
// shift values into columns where they do not belong, and nobody would see it.
package csv

import (
	"carjs/bindings/args"
	"carjs/bindings/internal/csvtext"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Module is the package's row in the table of modules.
func Module() script.Module {
	return args.Module("carjs/csv", []args.Function{
		{Name: "parse", Run: parse},
		{Name: "records", Run: records},
		{Name: "stringify", Run: stringify},
	})
}

// parse is parse(data, options?).
func parse(c *args.Call) goja.Value {
	t := newTable(c)
	var rows []any
	for row := t.next(); row != nil; row = t.next() {
		rows = append(rows, row)
	}
	return c.VM().NewArray(rows...)
}

// records is records(data, options?).
func records(c *args.Call) goja.Value {
	return c.Iterator(newTable(c).next)
}

// character reads an option that is one character, or none.
func character(option args.Arg, byDefault string) rune {
	text := option.TextOr(byDefault)
	if text == "" {
		return 0
	}
	return csvtext.Character(option, text)
}

// delimiter reads the option that separates fields.
func delimiter(option args.Arg) rune {
	r := character(option, ",")
	if r == 0 {
		option.Misuse("must be one character")
	}
	return r
}
