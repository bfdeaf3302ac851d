package tables

import (
	"fmt"
	"strings"
)

// Upsert returns the statement that reports an object. Its parameters are the identity, then doc,
// report, reported_at, generation and _t1.
//
// A new object is inserted. A current one with the same content is only marked as reported. If the
// content differs, the statement affects no row, and the caller runs [Table.End] and
// [Table.Insert]. So the two common cases, all new and all known, cost one statement per object.
func (t *Table) Upsert() string {
	return t.Insert() + t.known()
}

// UpsertMany returns the statement that reports several objects. Its parameters are what they share:
// source, report, reported_at, generation and _t1, then for each one the rest of its identity and
// its doc. What it affects is fewer rows than objects if the content of one differs.
func (t *Table) UpsertMany(objects int) string {
	var b strings.Builder
	fmt.Fprintf(&b, `INSERT INTO "%s" (%s, doc, source, report, reported_at, generation, _t1) VALUES `,
		t.Name, strings.Join(t.Identity[1:], ", "))
	parameter := 5
	for i := range objects {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteByte('(')
		for range t.Identity { // the source is shared, doc is not
			parameter++
			fmt.Fprintf(&b, "?%d, ", parameter)
		}
		b.WriteString("?1, ?2, ?3, ?4, ?5)")
	}
	b.WriteString(t.known())
	return b.String()
}

// known is what [Table.Upsert] does with an object that is there already.
func (t *Table) known() string {
	return fmt.Sprintf(` ON CONFLICT (%s) WHERE _t2 IS NULL DO UPDATE SET report = excluded.report, reported_at = excluded.reported_at,
		generation = excluded.generation WHERE doc = excluded.doc`, strings.Join(t.Identity, ", "))
}

// Insert returns the statement that inserts a version. Its parameters are those of [Table.Upsert].
func (t *Table) Insert() string {
	columns := append([]string{}, t.Identity...)
	columns = append(columns, "doc", "report", "reported_at", "generation", "_t1")
	return fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES (?%s)`, t.Name, strings.Join(columns, ", "), strings.Repeat(", ?", len(columns)-1))
}

// End returns the statement that ends the current version of an object. Its parameters are _t2 and
// the identity.
func (t *Table) End() string {
	return fmt.Sprintf(`UPDATE "%s" SET _t2 = ? WHERE %s AND _t2 IS NULL`, t.Name, t.identified())
}

// Retire returns the statement that ends what a source reported before a generation. Its parameters
// are _t2, the source and the generation.
func (t *Table) Retire() string {
	return fmt.Sprintf(`UPDATE "%s" SET _t2 = ? WHERE source = ? AND _t2 IS NULL AND generation < ?`, t.Name)
}

// Any returns the query for whether a source has anything in the table. Its parameter is the
// source.
func (t *Table) Any() string {
	return fmt.Sprintf(`SELECT EXISTS (SELECT 1 FROM "%s" WHERE source = ? AND _t2 IS NULL)`, t.Name)
}

// EndAll returns the statement that ends everything of a source. Its parameters are _t2 and the
// source.
func (t *Table) EndAll() string {
	return fmt.Sprintf(`UPDATE "%s" SET _t2 = ? WHERE source = ? AND _t2 IS NULL`, t.Name)
}

// EndListed returns the statement that ends the current rows of a source whose column has one of
// the listed values. Its parameters are _t2, the source and the list as a JSON array.
func (t *Table) EndListed(column string) string {
	return fmt.Sprintf(`UPDATE "%s" SET _t2 = ? WHERE source = ? AND %s IN (SELECT value FROM json_each(?)) AND _t2 IS NULL`, t.Name, column)
}

// EndBetween returns the statement that ends all edges between two vertices. Its parameters are
// _t2, the source and the two keys.
func (t *Table) EndBetween() string {
	return fmt.Sprintf(`UPDATE "%s" SET _t2 = ? WHERE source = ? AND from_key = ? AND to_key = ? AND _t2 IS NULL`, t.Name)
}

func (t *Table) identified() string {
	return strings.Join(t.Identity, " = ? AND ") + " = ?"
}

// EndAtRetired returns the statement that ends the edges at the vertices that [Table.Retire] is
// about to end. The column is the edges' end. Its parameters are _t2, the source, the source and
// the generation.
func (t *Table) EndAtRetired(column string, vertices *Table) string {
	return fmt.Sprintf(`UPDATE "%s" SET _t2 = ? WHERE source = ? AND _t2 IS NULL
		AND %s IN (SELECT key FROM "%s" WHERE source = ? AND _t2 IS NULL AND generation < ?)`, t.Name, column, vertices.Name)
}

// EndedAt returns the index of a table's ended versions by time.
func EndedAt(table string) Part {
	name := table + "_ended_at"
	return Part{name, fmt.Sprintf(`CREATE INDEX "%s" ON "%s" (_t2) WHERE _t2 IS NOT NULL`, name, table)}
}

// Forget returns the statement that removes the versions of a table that ended first. Its
// parameters are the time before which they ended, and the maximum number.
func Forget(table string) string {
	return fmt.Sprintf(`DELETE FROM "%[1]s" WHERE n IN (SELECT n FROM "%[1]s" WHERE _t2 < ? ORDER BY _t2 LIMIT ?)`, table)
}
