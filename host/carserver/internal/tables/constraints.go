package tables

import (
	"fmt"
	"strings"

	"carjs/host/model"
)

// createSerials makes the table of the numbers that were given last. A number is never given twice,
// also when the object that had it is gone.
const createSerials = `CREATE TABLE IF NOT EXISTS serials (
	collection TEXT NOT NULL, property TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (collection, property)) WITHOUT ROWID`

// NextSerial is the statement that takes the next number of a property and returns it. Its
// parameters are the names of collection and property.
const NextSerial = `INSERT INTO serials (collection, property, last) VALUES (?, ?, 1)
	ON CONFLICT (collection, property) DO UPDATE SET last = last + 1 RETURNING last`

// Inets returns the properties that hold addresses.
func (t *Table) Inets() []*model.Property { return t.inets }

// Spell brings the addresses in an object that was checked to their canonical spelling.
func (t *Table) Spell(object map[string]any) {
	for _, p := range t.inets {
		if text, ok := object[p.Name].(string); ok {
			object[p.Name] = model.CanonicalInet(text)
		}
	}
}

// Fill gives an object that was checked the defaults of the properties that it lacks.
func (t *Table) Fill(object map[string]any) {
	for _, p := range t.defaults {
		if _, there := object[p.Name]; !there {
			object[p.Name] = p.Default
		}
	}
}

// Unnumbered returns the properties for which an object has to be given a number.
func (t *Table) Unnumbered(object map[string]any) []*model.Property {
	var missing []*model.Property
	for _, p := range t.serials {
		if _, there := object[p.Name]; !there {
			missing = append(missing, p)
		}
	}
	return missing
}

// Uniques returns the properties in which no two current objects of a source may have the same
// value.
func (t *Table) Uniques() []*model.Property { return t.uniques }

// Current returns the query for a property of the current version of an object, as JSON. Its
// parameters are the identity.
func (t *Table) Current(p *model.Property) string {
	return fmt.Sprintf(`SELECT %s FROM "%s" WHERE %s AND _t2 IS NULL`, JSON("doc", p.Name), t.Name, t.identified())
}

// Sharing returns the query for the names of the current objects that have a value in a property,
// at most two. While the source is in a full import, what it has not reported in that does not
// count: it is retired at the end, or reported with another value. The parameters are the source
// and the value as canonical JSON.
func (t *Table) Sharing(p *model.Property) string {
	return fmt.Sprintf(`SELECT %s FROM "%s" WHERE source = ?1 AND %s = ?2 AND _t2 IS NULL
		AND generation >= coalesce((SELECT generation FROM sources WHERE key = ?1 AND full_import = 1), 0) ORDER BY n LIMIT 2`,
		strings.Join(t.ends()[1:], " || ' -> ' || "), t.Name, JSON("doc", p.Name))
}

// Constrained tells whether the table has properties that are numbered or unique.
func (t *Table) Constrained() bool { return len(t.serials)+len(t.uniques) > 0 }
