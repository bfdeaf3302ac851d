// Package xml is the module "carjs/xml": XML as plain objects, as a whole or record by record, and
// back.
//
// The form of the objects is described once, in typings/xml.d.ts. The bytes go through scanner
// (well-formedness, places of faults), then builder (objects); writer goes the other way. Nothing
// outside the text is ever read: no document type definition, no external entity.
package xml

import (
	"io"

	"carjs/bindings/args"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Module is the package's row in the table of modules.
func Module() script.Module {
	return args.Module("carjs/xml", []args.Function{
		{Name: "parse", Run: parse},
		{Name: "records", Run: records},
		{Name: "stringify", Run: stringify},
		{Name: "list", Run: list},
		{Name: "text", Run: text},
	})
}

// parse is parse(data, options?).
func parse(c *args.Call) goja.Value {
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
func records(c *args.Call) goja.Value {
	wanted := pathOf(c, c.Arg(1, "the path").Text())
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
func list(c *args.Call) goja.Value {
	switch v := c.Value(0); {
	case args.Absent(v):
		return c.VM().NewArray()
	case args.IsArray(v):
		return v
	default:
		return c.VM().NewArray(v)
	}
}

// text is text(value): the text of an element, whether it has attributes or not.
func text(c *args.Call) goja.Value {
	v := c.Value(0)
	if args.IsArray(v) {
		v = v.(*goja.Object).Get("0")
	}
	if args.IsRecord(v) {
		v = v.(*goja.Object).Get(textName)
	}
	if args.Absent(v) {
		return c.VM().ToValue("")
	}
	scalar, ok := args.Scalar(v)
	if !ok {
		c.Misuse("the value must be an element of parse or records, not %s", args.Describe(v))
	}
	return c.VM().ToValue(scalar)
}

// fault throws what the scanner has found.
func fault(c *args.Call, err error) { c.Malformed(err, "%s", err) }
