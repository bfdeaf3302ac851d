package carserver

import (
	"database/sql"
	"fmt"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// migrate upgrades the tables of an older file. It runs in the transaction that opens the file, so
// a file never ends up between two versions.
func migrate(tx *sql.Tx, c *catalog, version int) error {
	for _, step := range []struct {
		before int // the first version that does not need it
		what   string
		run    func(*sql.Tx, *catalog) error
	}{
		{2, "end edges that are switched off", endInactive},
		{2, "read documents", settleDocuments},
		{3, "spell addresses", spellAddresses},
		{2, "give addresses their region", nameRegions},
		{2, "link tags", linkTags},
		{2, "make indexes", replaceIndexes},
		{2, "drop columns", dropColumns},
	} {
		if version >= step.before {
			continue
		}
		if err := step.run(tx, c); err != nil {
			return fmt.Errorf("upgrade the database from version %d to %d: %s: %w", version, schemaVersion, step.what, err)
		}
	}
	if version < schemaVersion {
		if _, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", schemaVersion)); err != nil {
			return err
		}
	}
	return rename(tx, c)
}

// widen adds the columns that files before version 3 lack. It runs before indexes on them are
// created.
func widen(tx *sql.Tx, c *catalog, version int) error {
	if version >= 3 {
		return nil
	}
	there, err := schemaNames(tx, "table", "table")
	if err != nil {
		return err
	}
	for _, t := range c.tables {
		if there[t.Name] == "" || !t.HasOwnKeys() {
			continue
		}
		if err := execAll(tx, t.AddOwnKeys()); err != nil {
			return fmt.Errorf("upgrade the database from version %d to %d: add own keys to %s: %w", version, schemaVersion, t.Collection.Name, err)
		}
	}
	return nil
}

// endInactive ends the versions in which an edge was switched off. Such a version ends when it
// begins: it was never visible, but its properties are there when the edge comes back.
func endInactive(tx *sql.Tx, c *catalog) error {
	for _, t := range c.tables {
		if there, err := hasColumn(tx, t, "active"); err != nil {
			return err
		} else if !there {
			continue
		}
		if _, err := tx.Exec(fmt.Sprintf(`UPDATE "%s" SET _t2 = _t1 WHERE NOT active`, t.Name)); err != nil {
			return err
		}
	}
	return nil
}

// settleDocuments rewrites the documents of vertices as an import would write them today: without
// ids that are columns, and with the name and region of an address.
func settleDocuments(tx *sql.Tx, c *catalog) error {
	for _, t := range c.tables {
		if t.Kind != model.Vertex || t.OfTags {
			continue
		}
		where := fmt.Sprintf("coalesce(%s, %s) IS NOT NULL", tables.Text("doc", model.ByKey), tables.Text("doc", model.ByExternalID))
		if len(model.Derived(t.Collection.Name)) > 0 {
			where = "true"
		}
		if err := settleTable(tx, t, where); err != nil {
			return fmt.Errorf("%s: %w", t.Collection.Name, err)
		}
	}
	return nil
}

func settleTable(tx *sql.Tx, t *tables.Table, where string) error {
	rows, err := tx.Query(fmt.Sprintf(`SELECT n, key, doc FROM "%s" WHERE %s`, t.Name, where))
	if err != nil {
		return err
	}
	defer rows.Close()
	changed := map[int64]string{}
	for rows.Next() {
		var n int64
		var key, doc string
		if err := rows.Scan(&n, &key, &doc); err != nil {
			return err
		}
		var object map[string]any
		if err := decode([]byte(doc), &object); err != nil {
			return err
		}
		pending, patched := object[pendingUpdate]
		object[t.KeyedBy] = key
		var r row
		r.readVertex(t, object, tables.Keys{})
		after := string(t.AppendDocument(nil, object))
		if patched { // only a PATCH sets it
			after = withPending(after, pending)
		}
		if after != doc {
			changed[n] = after
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for n, doc := range changed {
		if _, err := tx.Exec(fmt.Sprintf(`UPDATE "%s" SET doc = ? WHERE n = ?`, t.Name), doc, n); err != nil {
			return err
		}
	}
	return nil
}

// withPending restores the field that only a PATCH sets.
func withPending(doc string, value any) string {
	var object map[string]any
	if decode([]byte(doc), &object) != nil {
		return doc
	}
	object[pendingUpdate] = value
	return string(tables.AppendCanonical(nil, object))
}

// nameRegions adds regions to the keys of addresses and the ends of edges. Version 1 told the
// addresses of a source apart by address alone, so an edge's end is in the region of the one
// address that it names.
func nameRegions(tx *sql.Tx, c *catalog) error {
	addresses := c.byName["ipaddress"]
	region := tables.Text("doc", "region_id")
	statements := []string{
		fmt.Sprintf(`CREATE TEMP TABLE regions AS SELECT source, key, %s AS region, max(n) FROM "%s" GROUP BY source, key`,
			region, addresses.Name),
		`CREATE UNIQUE INDEX temp.region_of ON regions (source, key)`,
	}
	for _, edges := range c.ends["ipaddress"] {
		if edges.OfTags {
			continue
		}
		// There may be another edge that was reported with the region, before regions had a
		// meaning.
		statements = append(statements, fmt.Sprintf(`UPDATE OR IGNORE "%[1]s" SET %[2]s =
				coalesce((SELECT region FROM regions AS r WHERE r.source = "%[1]s".source AND r.key = %[2]s), '%[3]s') || '/' || %[2]s
				WHERE instr(%[2]s, '/') = 0`, edges.Name, edges.column, tables.DefaultRegion),
			fmt.Sprintf(`UPDATE "%[1]s" SET _t2 = max(_t1, reported_at) WHERE instr(%[2]s, '/') = 0 AND _t2 IS NULL`, edges.Name, edges.column))
	}
	return execAll(tx, append(statements,
		fmt.Sprintf(`UPDATE "%s" SET key = %s || '/' || key`, addresses.Name, region), "DROP TABLE regions"))
}

// rename converts the keys of addresses to the form that the service was opened with. The file
// remembers the form of its last service.
func rename(tx *sql.Tx, c *catalog) error {
	const name = "plain addresses"
	var was bool
	if err := tx.QueryRow("SELECT count(*) FROM state WHERE name = ?", name).Scan(&was); err != nil || was == c.keys.PlainAddresses {
		return err
	}
	update := `UPDATE "%[1]s" SET %[2]s = substr(%[2]s, 3) WHERE %[2]s LIKE '0/%%'`
	remember := "INSERT INTO state (name, value) VALUES (?, '1')"
	if was {
		update = `UPDATE "%[1]s" SET %[2]s = '0/' || %[2]s WHERE instr(%[2]s, '/') = 0`
		remember = "DELETE FROM state WHERE name = ?"
	}
	all := append([]end{{c.byName["ipaddress"], "key"}}, c.ends["ipaddress"]...)
	for _, place := range all {
		if _, err := tx.Exec(fmt.Sprintf(update, place.Name, place.column)); err != nil {
			return fmt.Errorf("rename addresses: %w", err)
		}
	}
	_, err := tx.Exec(remember, name)
	return err
}

// linkTags turns the lists of tags of vertices into tag vertices and edges. A link exists as long
// as the versions that had the tag.
func linkTags(tx *sql.Tx, c *catalog) error {
	tags := c.byName[tables.TagCollection]
	for _, t := range c.tables {
		if there, err := hasColumn(tx, t, "tags"); err != nil {
			return err
		} else if !there {
			continue
		}
		links := c.byName[tables.TagCollection+"_"+t.Collection.Name]
		from := fmt.Sprintf(`FROM "%s" AS v, json_each(v.tags) AS tag WHERE v.tags IS NOT NULL AND tag.value <> ''`, t.Name)
		err := execAll(tx, []string{
			fmt.Sprintf(`INSERT INTO "%s" (source, from_key, to_key, doc, report, reported_at, generation, _t1, _t2)
				SELECT v.source, tag.value, v.key, '{}', v.report, v.reported_at, v.generation, v._t1, v._t2 %s ORDER BY v.n, tag.key`,
				links.Name, from),
			fmt.Sprintf(`INSERT INTO "%[1]s" (source, key, doc, report, reported_at, generation, _t1)
				SELECT v.source, tag.value, json_object('name', tag.value), v.report, v.reported_at, v.generation, min(v._t1) %[2]s
				AND NOT EXISTS (SELECT 1 FROM "%[1]s" AS o WHERE o.source = v.source AND o.key = tag.value AND o._t2 IS NULL)
				GROUP BY v.source, tag.value`, tags.Name, from),
		})
		if err != nil {
			return fmt.Errorf("%s: %w", t.Collection.Name, err)
		}
	}
	return nil
}

// replaceIndexes drops obsolete indexes and creates the new ones, for collections that had indexes.
func replaceIndexes(tx *sql.Tx, c *catalog) error {
	there, err := schemaNames(tx, "index", "index")
	if err != nil {
		return err
	}
	for _, t := range c.tables {
		wanted, indexed := map[string]bool{}, t.OfTags
		for _, index := range t.Indexes() {
			wanted[index.Name] = true
		}
		for name, table := range there {
			if table != t.Name || !strings.HasPrefix(name, t.Name+"_by_") {
				continue
			}
			indexed = true
			if wanted[name] {
				continue
			}
			if _, err := tx.Exec(fmt.Sprintf(`DROP INDEX "%s"`, name)); err != nil {
				return err
			}
		}
		if indexed {
			if err := setIndexes(tx, t, true); err != nil {
				return err
			}
		}
	}
	return nil
}

func dropColumns(tx *sql.Tx, c *catalog) error {
	for _, t := range c.tables {
		for _, column := range []string{"tags", "active", "timestamp"} {
			if there, err := hasColumn(tx, t, column); err != nil {
				return err
			} else if !there {
				continue
			}
			if _, err := tx.Exec(fmt.Sprintf(`ALTER TABLE "%s" DROP COLUMN %s`, t.Name, column)); err != nil {
				return fmt.Errorf("%s: %w", t.Collection.Name, err)
			}
		}
	}
	return nil
}

// hasColumn reports whether a table has a column that only older versions create. Tables of
// collections that are new in the model have none of them.
func hasColumn(tx *sql.Tx, t *tables.Table, column string) (bool, error) {
	var there bool
	err := tx.QueryRow("SELECT count(*) FROM pragma_table_info(?) WHERE name = ?", t.Name, column).Scan(&there)
	return there, err
}
