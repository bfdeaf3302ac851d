// Package xml is the module "carjs/xml": XML as plain objects, as a whole or record by record, and
// back.
//
// The form of the objects is described once, in typings/xml.d.ts. The bytes go through scanner
// (well-formedness, places of faults), then builder (objects); writer goes the other way. Nothing
// outside the text is ever read: no document type definition, no external entity.
package xml

import (
	"io"

	"carjs/bindings/internal/native"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Module is the package's row in the table of modules.
func Module() script.Module {
	return native.Module("carjs/xml", []native.Function{
		{Name: "parse", Run: parse},
		{Name: "records", Run: records},
		{Name: "stringify", Run: stringify},
		{Name: "list", Run: list},
		{Name: "text", Run: text},
	})
}

// parse is parse(data, options?).
func parse(c *native.Call) goja.Value {
	b := newBuilder(c, readOptions(c, 1))
	if _, err := b.scanner.next(); err != nil {
		fault(c, err) // outside the root there is nothing but its start
	}
	name := b.scanner.name()
	value := b.element()
	if _, err := b.scanner.next(); err != io.EOF {
		fault(c, err) // what follows the root is checked by the scanner, and nothing else can follow
	}
	document := c.VM().NewObject()
	b.set(document, name, value)
	return document
}

// records is records(data, path, options?).
func records(c *native.Call) goja.Value {
	wanted := pathOf(c, c.Text(1, "the path"))
	b := newBuilder(c, readOptions(c, 2))
	return c.Iterator(func() goja.Value {
		for {
			event, err := b.scanner.next()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				fault(c, err)
			}
			if event == started && wanted.matches(b.scanner.path) {
				return b.element()
			}
			b.breathe()
		}
	})
}

// list is list(value): what may be missing, one, or several, as an array.
func list(c *native.Call) goja.Value {
	switch v := c.Value(0); {
	case native.Absent(v):
		return c.VM().NewArray()
	case native.IsArray(v):
		return v
	default:
		return c.VM().NewArray(v)
	}
}

// text is text(value): the text of an element, whether it has attributes or not.
func text(c *native.Call) goja.Value {
	v := c.Value(0)
	if native.IsArray(v) {
		v = v.(*goja.Object).Get("0")
	}
	if native.IsRecord(v) {
		v = v.(*goja.Object).Get(textName)
	}
	if native.Absent(v) {
		return c.VM().ToValue("")
	}
	scalar, ok := native.Scalar(v)
	if !ok {
		c.Misuse("the value must be an element of parse or records, not %s", native.Describe(v))
	}
	return c.VM().ToValue(scalar)
}

// fault throws what the scanner has found.
func fault(c *native.Call, err error) { c.Malformed(err, "%s", err) }
