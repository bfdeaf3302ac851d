// Package tables maps the collections of the CAR data model to SQL tables: their names, columns and
// indexes, the statements that write them, and the canonical document that holds an object's
// properties.
//
// Every collection has one table, including its history: a row is one version of a vertex or edge,
// current while _t2 is null. Switching an edge off ends it; there is no other mark. Only what
// identifies, orders and retires rows has a column. All other properties are in one JSON document,
// so that a schema extension does not change existing tables. The tags of vertices have a vertex
// table and edge tables of their own, see [Tags] and [TagsOf]. The package runs no statements.
package tables

import (
	"fmt"
	"slices"
	"strings"

	"carjs/host/model"
)

// The columns that every table has, beside those of its kind (key; from_key, to_key, own_key):
//
//	n            row number
//	source       key of the source that reports the object
//	doc          canonical JSON of the properties that have no column
//	report       key of the report that brought or confirmed this version last
//	reported_at  that report's time, epoch milliseconds
//	generation   the source's full-import counter at that time
//	_t1, _t2     when this version became current and when it ended, epoch milliseconds: it was
//	             current at t where _t1 <= t < _t2; _t2 is null while it is current
//
// A key is the external id as queries show it: see [Keys]. An edge's own key is its external id, by
// which it is told from other edges between the same vertices; it is empty where the edge has none,
// and stays in doc as well. Edges of tags have no such column.
const (
	commonColumns = "doc TEXT NOT NULL, report TEXT, reported_at INTEGER NOT NULL, generation INTEGER NOT NULL, " +
		"_t1 INTEGER NOT NULL, _t2 INTEGER"
	vertexColumns = "n INTEGER PRIMARY KEY, source TEXT NOT NULL, key TEXT NOT NULL, " + commonColumns
	edgeColumns   = "n INTEGER PRIMARY KEY, source TEXT NOT NULL, from_key TEXT NOT NULL, to_key TEXT NOT NULL, " + commonColumns
	ownKeyColumn  = "own_key TEXT NOT NULL DEFAULT ''"
)

// Table is the table of one collection.
type Table struct {
	*model.Collection
	// Name is the table's name. Its prefix separates the collections, including those of
	// extensions, from the service's own tables.
	Name string
	// Identity are the columns that identify an object of the collection.
	Identity []string
	// OfTags marks the tables of tags: the service fills them from the properties tag and untag of
	// vertices, and imports cannot name them.
	OfTags bool

	document []*model.Property // the properties in doc, sorted by name
	// The document's properties that have defaults, that the service numbers, that must be unique,
	// and that hold addresses.
	defaults, serials, uniques, spelled []*model.Property
}

// New returns the table of a collection.
func New(c *model.Collection) *Table {
	t := &Table{Collection: c}
	columns := []string{"source"}
	if c.Kind == model.Vertex {
		t.Name, t.Identity = "v_"+c.Name, []string{"source", "key"}
		columns = append(columns, model.ByKey, model.ByExternalID, "tag", "untag")
	} else {
		t.Name, t.Identity = "e_"+c.Name, []string{"source", "from_key", "to_key", OwnKey}
		columns = append(columns, c.FromProperty(), c.ToProperty(), "active", "report")
	}
	for i := range c.Properties {
		if p := &c.Properties[i]; !slices.Contains(columns, p.Name) {
			t.document = append(t.document, p)
		}
	}
	slices.SortFunc(t.document, func(a, b *model.Property) int { return strings.Compare(a.Name, b.Name) })
	for _, p := range t.document {
		switch {
		case p.Default != nil:
			t.defaults = append(t.defaults, p)
		case p.Serial():
			t.serials = append(t.serials, p)
		}
		if p.Unique {
			t.uniques = append(t.uniques, p)
		}
		if t.isSpelled(p) {
			t.spelled = append(t.spelled, p)
		}
	}
	return t
}

// ends returns the columns of the identity without the own key.
func (t *Table) ends() []string {
	if t.HasOwnKeys() {
		return t.Identity[:3]
	}
	return t.Identity
}

// OwnKey is the column of an edge's own key.
const OwnKey = "own_key"

// HasOwnKeys reports whether the edges of the table have keys of their own.
func (t *Table) HasOwnKeys() bool { return t.Kind == model.Edge && !t.OfTags }

// AddOwnKeys returns the statements that add the column of own keys to a table and to its index of
// identities, and fill it from the documents.
func (t *Table) AddOwnKeys() []string {
	statements := []string{
		fmt.Sprintf(`ALTER TABLE "%s" ADD COLUMN %s`, t.Name, ownKeyColumn),
		fmt.Sprintf(`UPDATE "%s" SET own_key = %s WHERE %s IS NOT NULL`, t.Name, OwnKeyOf("doc"), Text("doc", model.ByExternalID)),
	}
	current := t.Parts()[1]
	return append(statements, fmt.Sprintf(`DROP INDEX IF EXISTS "%s"`, current.Name), current.Create)
}

// OwnKeyOf returns the expression for the own key of the edge with a document.
func OwnKeyOf(doc string) string { return "coalesce(" + Text(doc, model.ByExternalID) + ", '')" }

// Document returns the properties in the column doc, sorted by name.
func (t *Table) Document() []*model.Property { return t.document }

// InDocument reports whether a property is in the column doc.
func (t *Table) InDocument(property string) bool {
	return slices.ContainsFunc(t.document, func(p *model.Property) bool { return p.Name == property })
}

// isSpelled reports whether a property holds addresses, which are stored in their canonical spelling.
func (t *Table) isSpelled(p *model.Property) bool {
	return p.Column == "inet" || p.Column == "macaddr" || t.Collection.Name == addresses && p.Name == "name"
}

// Part is a table or an index, with the statement that creates it.
type Part struct{ Name, Create string }

// Parts returns the table and the index that keeps identities unique, and for edges the index that
// finds the last ended version when an edge comes back. That one costs nothing until an edge ends.
func (t *Table) Parts() []Part {
	columns, identity := vertexColumns, strings.Join(t.Identity, ", ")
	if t.Kind == model.Edge {
		columns = edgeColumns
	}
	if t.HasOwnKeys() {
		columns += ", " + ownKeyColumn
	}
	parts := []Part{
		{t.Name, fmt.Sprintf(`CREATE TABLE "%s" (%s)`, t.Name, columns)},
		{t.Name + "_current", fmt.Sprintf(`CREATE UNIQUE INDEX "%s_current" ON "%s" (%s) WHERE _t2 IS NULL`, t.Name, t.Name, identity)},
	}
	if t.Kind == model.Edge && !t.OfTags {
		parts = append(parts, t.Ended())
	}
	if len(t.serials) > 0 {
		parts = append(parts, Part{"serials", createSerials}) // shared by all tables; creating it again does nothing
	}
	return parts
}

// Ended returns the index of the ended versions of a vertex, or of the edges between two vertices.
// Queries of the past need it for every collection, everything else only for edges.
func (t *Table) Ended() Part {
	name := t.Name + "_ended"
	return Part{
		name,
		fmt.Sprintf(`CREATE INDEX IF NOT EXISTS "%s" ON "%s" (%s, n) WHERE _t2 IS NOT NULL`, name, t.Name,
			strings.Join(t.ends(), ", ")),
	}
}

// Past returns the indexes for queries of the past: those of ended versions, for edges by either
// end, and by connecting id where current rows have such an index. Creating an existing one does
// nothing.
func (t *Table) Past() []Part {
	past := []Part{t.Ended()}
	add := func(on, columns string) {
		name := t.Name + "_ended_by_" + on
		past = append(past, Part{
			Name:   name,
			Create: fmt.Sprintf(`CREATE INDEX IF NOT EXISTS "%s" ON "%s" (%s) WHERE _t2 IS NOT NULL`, name, t.Name, columns),
		})
	}
	if t.Kind == model.Edge {
		add("to", "source, to_key")
	} else if connecting := t.ConnectingID(""); connecting != "" {
		add("connecting_id", connecting)
	}
	return past
}

// Indexes returns the indexes that only make queries faster: of unique properties, of a vertex's
// indexed properties and connecting id, and of an edge's second end. Creating an existing one does
// nothing.
func (t *Table) Indexes() []Part {
	var indexes []Part
	add := func(on, columns string) {
		name := t.Name + "_by_" + on
		indexes = append(indexes, Part{
			Name:   name,
			Create: fmt.Sprintf(`CREATE INDEX IF NOT EXISTS "%s" ON "%s" (%s) WHERE _t2 IS NULL`, name, t.Name, columns),
		})
	}
	for _, p := range t.uniques {
		add("unique_"+p.Name, "source, "+JSON("doc", p.Name))
	}
	if t.Kind == model.Edge {
		columns := "source, to_key, from_key" // the order in which clients page through the edges at a vertex
		if t.HasOwnKeys() {
			columns += ", " + OwnKey
		}
		add("to", columns)
		return indexes
	}
	for _, p := range t.document {
		if p.Indexed {
			add(p.Name, Text("doc", p.Name))
		}
	}
	switch { // the connecting id of the others is an indexed property
	case t.OfTags:
		add("key", "key")
	case t.Collection.Name == "macaddress":
		add("key", t.ConnectingID("")) // states of earlier versions have it on the key itself
	}
	return indexes
}

// ConnectingID returns the expression, also that of an index, whose value is the same for the same
// thing in several sources: the name or the address. It is empty for collections without one. The
// prefix goes before column names: an alias with a dot, or nothing.
func (t *Table) ConnectingID(prefix string) string {
	switch t.Collection.Name {
	case "hostname":
		return Text(prefix+"doc", "host_name")
	case "ipaddress":
		return Text(prefix+"doc", "name")
	case "macaddress":
		return "lower(" + prefix + "key)" // keys are pairs of digits with colons between
	}
	return ""
}

// Text returns the expression for a property of a document as an SQL value: text, a number, 0 or 1
// for a boolean, null if it is missing.
func Text(doc, property string) string { return doc + ` ->> '$."` + property + `"'` }

// JSON returns the expression for a property of a document as JSON, null if it is missing.
func JSON(doc, property string) string { return doc + ` -> '$."` + property + `"'` }
