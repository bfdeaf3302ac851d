package server

import (
	"fmt"
	"strings"
)

// kind is what a field holds. It determines the column's SQL type, the JSON, the widget on a page
// and the checks.
type kind int

const (
	text       kind = iota
	integer         // 64 bits, signed
	number          // a float, never NaN or infinite
	ipAddress       // text: IPv4 or IPv6
	macAddress      // text: six octets, separated by colons or dashes
	one             // one row of another collection; deleting that row deletes this one
	many            // a set of rows of another collection, in a table of its own
)

// field is one property of a collection.
type field struct {
	name    string
	label   string
	help    string
	kind    kind
	to      string // one, many: the referenced collection
	initial any    // the value of a row created without the field; nil: it is required
	blank   bool   // text may be empty, a reference may be null
	min     int64  // limits of an integer, if they differ
	max     int64
	target  *collection // to, resolved
}

// required tells whether a new row must have a value for the field.
func (f *field) required() bool { return f.initial == nil && !f.blank && f.kind != many }

// collection is one kind of row.
type collection struct {
	name     string // in paths, in the change log, and the table's name
	singular string
	title    string
	note     string
	fields   []*field
}

// label is the field that names a row on the pages.
func (c *collection) label() *field { return c.fields[0] }

// field returns a field by name.
func (c *collection) field(name string) (*field, bool) {
	for _, f := range c.fields {
		if f.name == name {
			return f, true
		}
	}
	return nil, false
}

// columns are the fields kept in the collection's own table.
func (c *collection) columns() []*field { return c.pick(func(f *field) bool { return f.kind != many }) }

// sets are the many-to-many fields.
func (c *collection) sets() []*field { return c.pick(func(f *field) bool { return f.kind == many }) }

func (c *collection) pick(want func(*field) bool) []*field {
	var picked []*field
	for _, f := range c.fields {
		if want(f) {
			picked = append(picked, f)
		}
	}
	return picked
}

// linkTable is the name of the table with the set f of the collection's rows.
func (c *collection) linkTable(f *field) string { return c.name + "_" + f.name }

// schema is the table of collections with its references resolved. It never changes.
type schema struct {
	collections []*collection
	byName      map[string]*collection
}

// dependent is a field of another collection that refers to a row; rows are deleted with the row
// that they refer to.
type dependent struct {
	owner *collection
	field *field
}

// dependents lists the fields of kind one that refer to c.
func (s *schema) dependents(c *collection) []dependent {
	var found []dependent
	for _, owner := range s.collections {
		for _, f := range owner.fields {
			if f.kind == one && f.target == c {
				found = append(found, dependent{owner, f})
			}
		}
	}
	return found
}

// epoch2024 is the default date of a vulnerability: 2024-01-01, in milliseconds.
const epoch2024 = int64(1704067200000)

// newSchema builds the table of the collections: the one place from which the SQL tables, the JSON,
// the forms and the checks derive. A collection comes after those that it refers to, so tables are
// filled from the top and emptied from the bottom.
func newSchema() *schema {
	const ms = "Milliseconds since 1970."
	list := []*collection{
		{name: "xrefproperties", singular: "xref property", title: "Xref properties",
			note: "references into other catalogues", fields: []*field{
				{name: "extref_typename", label: "Type name", kind: text},
				{name: "extref_value", label: "Value", kind: text},
				{name: "q_extref_typeid", label: "Type id", kind: integer, initial: int64(0)},
			}},
		{name: "vulnerabilities", singular: "vulnerability", title: "Vulnerabilities",
			note: "what can be wrong with an asset", fields: []*field{
				{name: "name", label: "Name", kind: text},
				{name: "published_on", label: "Published on", kind: integer, help: ms, initial: epoch2024},
				{name: "disclosed_on", label: "Disclosed on", kind: integer, help: ms, initial: epoch2024},
				{name: "updated_on", label: "Updated on", kind: integer, help: ms, initial: epoch2024},
				{name: "vcvssbmid", label: "CVSS metric", kind: integer, initial: int64(0)},
				{name: "base_score", label: "Base score", kind: number, initial: 0.0},
				{name: "xref_properties", label: "Xref properties", kind: many, to: "xrefproperties"},
			}},
		{name: "sites", singular: "site", title: "Sites", note: "where assets stand", fields: []*field{
			{name: "name", label: "Name", kind: text},
			{name: "address", label: "Address", kind: text, initial: "", blank: true},
		}},
		{name: "assets", singular: "asset", title: "Assets", note: "machines and devices", fields: []*field{
			{name: "name", label: "Name", kind: text},
			{name: "type", label: "Type", kind: text, initial: "Other"},
			{name: "initial_value", label: "Initial value", kind: number, initial: 0.0},
			{name: "site", label: "Site", kind: one, to: "sites", blank: true},
			{name: "vulnerabilities", label: "Vulnerabilities", kind: many, to: "vulnerabilities"},
		}},
		{name: "ip_addresses", singular: "IP address", title: "IP addresses", note: "each of one asset", fields: []*field{
			{name: "address", label: "Address", kind: ipAddress, help: "IPv4 or IPv6, such as 10.0.0.1."},
			{name: "asset", label: "Asset", kind: one, to: "assets"},
		}},
		{name: "mac_addresses", singular: "MAC address", title: "MAC addresses", note: "each of one asset", fields: []*field{
			{name: "address", label: "Address", kind: macAddress, help: "Six octets, such as 02:00:00:00:00:01."},
			{name: "asset", label: "Asset", kind: one, to: "assets"},
			{name: "ip_addresses", label: "IP addresses", kind: many, to: "ip_addresses"},
		}},
		{name: "hosts", singular: "host", title: "Hosts", note: "host names of the assets", fields: []*field{
			{name: "host", label: "Host name", kind: text},
			{name: "asset", label: "Asset", kind: one, to: "assets"},
		}},
		{name: "apps", singular: "app", title: "Apps", note: "applications and the assets they run on", fields: []*field{
			{name: "name", label: "Name", kind: text},
			{name: "assets", label: "Assets", kind: many, to: "assets"},
		}},
		{name: "ports", singular: "port", title: "Ports",
			note: "with the apps behind them and the addresses they are open at", fields: []*field{
				{name: "port_number", label: "Port number", kind: integer, min: 0, max: 65535},
				{name: "layer7application", label: "Layer 7 application", kind: text, initial: "", blank: true},
				{name: "protocol", label: "Protocol", kind: text, initial: "TCP"},
				{name: "apps", label: "Apps", kind: many, to: "apps"},
				{name: "ip_addresses", label: "IP addresses", kind: many, to: "ip_addresses"},
			}},
	}
	s := &schema{collections: list, byName: make(map[string]*collection, len(list))}
	for _, c := range list {
		for _, f := range c.fields {
			f.target = s.byName[f.to]
		}
		s.byName[c.name] = c
	}
	return s
}

// ddl is the SQL that makes the tables.
func (s *schema) ddl() []string {
	statements := []string{
		`CREATE TABLE change (id INTEGER PRIMARY KEY AUTOINCREMENT, model TEXT NOT NULL, uid INTEGER NOT NULL, deleted INTEGER NOT NULL)`,
	}
	for _, c := range s.collections {
		statements = append(statements, c.ddl()...)
	}
	return statements
}

func (c *collection) ddl() []string {
	columns := []string{"pk INTEGER PRIMARY KEY AUTOINCREMENT"}
	var rest []string
	for _, f := range c.fields {
		switch f.kind {
		case many:
			table := c.linkTable(f)
			rest = append(rest,
				fmt.Sprintf("CREATE TABLE %s (owner INTEGER NOT NULL REFERENCES %s ON DELETE CASCADE, "+
					"target INTEGER NOT NULL REFERENCES %s ON DELETE CASCADE, "+
					"PRIMARY KEY (owner, target)) WITHOUT ROWID", table, c.name, f.to),
				fmt.Sprintf("CREATE INDEX %s_target ON %s (target)", table, table))
		case one:
			null := " NOT NULL"
			if f.blank {
				null = ""
			}
			columns = append(columns, fmt.Sprintf("%q INTEGER%s REFERENCES %s", f.name, null, f.to))
			rest = append(rest, fmt.Sprintf("CREATE INDEX %s_%s ON %s (%q)", c.name, f.name, c.name, f.name))
		default:
			columns = append(columns, fmt.Sprintf("%q %s NOT NULL", f.name, f.sqlType()))
		}
	}
	return append([]string{fmt.Sprintf("CREATE TABLE %s (%s)", c.name, strings.Join(columns, ", "))}, rest...)
}

func (f *field) sqlType() string {
	switch f.kind {
	case integer:
		return "INTEGER"
	case number:
		return "REAL"
	default:
		return "TEXT"
	}
}
