package http

import (
	"carjs/bindings/args"
	"carjs/host/script"
)

// recordFormats is the table of the forms that an answer with records can have.
var recordFormats = map[string]form{
	"json":   {},
	"ndjson": {layout: script.Layout{Lines: true}, accept: "application/x-ndjson, application/json"},
	"csv":    {table: &table{}, accept: "text/csv, */*"},
}

// form is how records are written: JSON, or a table.
type form struct {
	layout script.Layout
	table  *table // nil for JSON
	// accept is what the request says that it accepts, "" for JSON.
	accept string
}

// recordOptions are the options that say how records are written.
var recordOptions = []string{"items", "format", "csv"}

// readForm reads the options that say how records are written.
func readForm(o args.Options) form {
	format, items, csv := o.Get("format"), o.Get("items"), o.Get("csv")
	f, known := recordFormats[format.TextOr("json")]
	switch f.layout.At = items.TextOr(""); {
	case !known:
		format.Misuse(`must be "json", "ndjson" or "csv", not %q`, format.Text())
	case f.layout.At != "" && (f.layout.Lines || f.table != nil):
		items.Misuse("names a list, but %s has none", format.Text())
	case csv.Given() && f.table == nil:
		csv.Misuse(`goes with format: "csv"`)
	case f.table != nil:
		t := readTable(csv)
		f.table = &t
	}
	return f
}

// accepts has a request ask for the form, unless the connector has said what to ask for.
func (f form) accepts(r *request) {
	if f.accept != "" && r.Header.Get("Accept") == "application/json" {
		r.Header.Set("Accept", f.accept)
	}
}
