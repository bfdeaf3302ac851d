package tables

import (
	"fmt"
	"strings"

	"carjs/host/model"
)

// createSerials creates the table of the numbers assigned last. A number is never assigned twice,
// even if the object that had it is gone.
const createSerials = `CREATE TABLE IF NOT EXISTS serials (
	collection TEXT NOT NULL, property TEXT NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (collection, property)) WITHOUT ROWID`

// NextSerial is the statement that assigns and returns the next number of a property. Its
// parameters are the names of the collection and the property.
const NextSerial = `INSERT INTO serials (collection, property, last) VALUES (?, ?, 1)
	ON CONFLICT (collection, property) DO UPDATE SET last = last + 1 RETURNING last`

// Spelled returns the properties that hold addresses, of the network or of hardware.
func (t *Table) Spelled() []*model.Property { return t.spelled }

// Shown returns a text of a property in the spelling in which it is stored.
func (t *Table) Shown(p *model.Property, text string) string {
	if t.Collection.Name == addresses && p.Name == "name" {
		return model.CanonicalInet(text)
	}
	return model.Shown(p.Column, text)
}

// Spell rewrites the addresses in a checked object in their canonical spelling.
func (t *Table) Spell(object map[string]any) {
	for _, p := range t.spelled {
		if text, ok := object[p.Name].(string); ok {
			object[p.Name] = t.Shown(p, text)
		}
	}
}

// Fill sets the defaults of the properties that a checked object lacks.
func (t *Table) Fill(object map[string]any) {
	for _, p := range t.defaults {
		if _, there := object[p.Name]; !there {
			object[p.Name] = p.Default
		}
	}
}

// Unnumbered returns the serial properties that an object lacks.
func (t *Table) Unnumbered(object map[string]any) []*model.Property {
	var missing []*model.Property
	for _, p := range t.serials {
		if _, there := object[p.Name]; !there {
			missing = append(missing, p)
		}
	}
	return missing
}

// Uniques returns the properties that must be unique among the current objects of a source.
func (t *Table) Uniques() []*model.Property { return t.uniques }

// Current returns the query for a property of the current version of an object, as JSON. Its
// parameters are the identity.
func (t *Table) Current(p *model.Property) string {
	return fmt.Sprintf(`SELECT %s FROM "%s" WHERE %s AND _t2 IS NULL`, JSON("doc", p.Name), t.Name, t.identified())
}

// Sharing returns the query for the names of up to two current objects with a value in a property.
// During a full import, objects that it has not reported yet do not count: they will be retired, or
// reported with another value. The parameters are the source and the value as canonical JSON.
func (t *Table) Sharing(p *model.Property) string {
	return fmt.Sprintf(`SELECT %s FROM "%s" WHERE source = ?1 AND %s = ?2 AND _t2 IS NULL
		AND generation >= coalesce((SELECT generation FROM sources WHERE key = ?1 AND full_import = 1), 0) ORDER BY n LIMIT 2`,
		strings.Join(t.ends()[1:], " || ' -> ' || "), t.Name, JSON("doc", p.Name))
}

// Constrained reports whether the table has serial or unique properties.
func (t *Table) Constrained() bool { return len(t.serials)+len(t.uniques) > 0 }
