package carserver

import (
	"database/sql"
	"fmt"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// respelled is a row whose address must be rewritten.
type respelled struct {
	n   int64
	key string
}

// spellAddresses rewrites the addresses in keys, ends of edges and documents in their canonical
// spelling. Versions before 3 stored them as they were sent, so an edge could miss its address, and
// an address could exist twice.
func spellAddresses(tx *sql.Tx, c *catalog) error {
	vertices := end{c.byName["ipaddress"], "key"}
	for _, place := range append([]end{vertices}, c.ends["ipaddress"]...) {
		rows, err := misspelled(tx, place)
		if err != nil {
			return fmt.Errorf("%s: %w", place.Collection.Name, err)
		}
		for _, r := range rows {
			if err := respell(tx, place, r); err != nil {
				return fmt.Errorf("%s: %w", place.Collection.Name, err)
			}
		}
	}
	for _, t := range c.tables {
		if err := spellDocuments(tx, t); err != nil {
			return fmt.Errorf("%s: %w", t.Collection.Name, err)
		}
	}
	return nil
}

// misspelled returns the rows to rewrite, oldest first.
func misspelled(tx *sql.Tx, place end) ([]respelled, error) {
	rows, err := tx.Query(fmt.Sprintf(`SELECT n, %[1]s FROM "%[2]s" WHERE instr(%[1]s, ':') OR %[1]s GLOB '*0[0-9]*' ORDER BY n`,
		place.column, place.Name))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []respelled
	for rows.Next() {
		var r respelled
		var key string
		if err := rows.Scan(&r.n, &key); err != nil {
			return nil, err
		}
		region, address := tables.Region(key)
		if r.key = model.CanonicalAddress(address); strings.Contains(key, "/") {
			r.key = region + "/" + r.key
		}
		if r.key != key {
			found = append(found, r)
		}
	}
	return found, rows.Err()
}

// respell changes the key of a row. If another current row then has the same identity, the older of
// the two ends.
func respell(tx *sql.Tx, place end, r respelled) error {
	var same []string
	for _, column := range place.Identity {
		if column != place.column {
			same = append(same, fmt.Sprintf("o.%[1]s = r.%[1]s", column))
		}
	}
	_, err := tx.Exec(fmt.Sprintf(`UPDATE "%[1]s" SET _t2 = max(_t1, reported_at) WHERE n IN (
		SELECT min(r.n, o.n) FROM "%[1]s" AS r JOIN "%[1]s" AS o ON %[2]s AND o.%[3]s = ?1 AND o._t2 IS NULL AND o.n <> r.n
		WHERE r.n = ?2 AND r._t2 IS NULL)`, place.Name, strings.Join(same, " AND "), place.column), r.key, r.n)
	if err != nil {
		return err
	}
	_, err = tx.Exec(fmt.Sprintf(`UPDATE "%s" SET %s = ? WHERE n = ?`, place.Name, place.column), r.key, r.n)
	return err
}

// spellDocuments rewrites the addresses in the documents of a table.
func spellDocuments(tx *sql.Tx, t *tables.Table) error {
	for _, p := range t.Spelled() {
		rows, err := tx.Query(fmt.Sprintf(`SELECT n, %s FROM "%s"`, tables.Text("doc", p.Name), t.Name))
		if err != nil {
			return err
		}
		var found []respelled
		for rows.Next() {
			var n int64
			var text sql.NullString
			if err := rows.Scan(&n, &text); err != nil {
				rows.Close()
				return err
			}
			if same := t.Shown(p, text.String); same != text.String {
				found = append(found, respelled{n, same})
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for _, r := range found {
			_, err := tx.Exec(fmt.Sprintf(`UPDATE "%s" SET doc = json_set(doc, '$."%s"', ?) WHERE n = ?`, t.Name, p.Name), r.key, r.n)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
