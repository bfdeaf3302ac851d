package carserver

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"carjs/host/carserver/internal/tables"
)

// writeWhole writes the objects of a collection that has serial or unique properties. Uniqueness is
// checked after all objects are written, so that two of them may swap values. If the check fails,
// nothing of the collection is kept, and refused names the objects at fault.
func (w *writer) writeWhole(p part) (refused string, err error) {
	if _, err := w.tx.Exec("SAVEPOINT collection"); err != nil {
		return "", err
	}
	for i := range p.rows {
		if err := w.number(p.table, &p.rows[i]); err != nil {
			return "", err
		}
	}
	if err := w.write(p); err != nil {
		return "", err
	}
	var faulty []string
	for i := range p.rows {
		shared, err := w.shared(p.table, &p.rows[i])
		if err != nil {
			return "", err
		}
		if shared != "" {
			faulty = append(faulty, shared)
		}
	}
	if len(faulty) > 0 {
		if _, err := w.tx.Exec("ROLLBACK TO collection"); err != nil {
			return "", err
		}
		refused = fmt.Sprintf("%s was not imported: %d of %d objects are invalid: %s", p.table.Collection.Name, len(faulty), len(p.rows),
			strings.Join(faulty[:min(len(faulty), mostFaulty)], "; "))
	}
	_, err = w.tx.Exec("RELEASE collection")
	return refused, err
}

// number sets the serial properties that an object lacks: to the values it already has in CAR, or
// to new ones.
func (w *writer) number(t *tables.Table, r *row) error {
	for _, p := range r.unnumbered {
		var had sql.NullString
		err := w.tx.QueryRow(t.Current(p), w.identity(t, r)...).Scan(&had)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if had.Valid {
			r.object[p.Name] = json.Number(had.String)
			continue
		}
		var next int64
		if err := w.tx.QueryRow(tables.NextSerial, t.Collection.Name, p.Name).Scan(&next); err != nil {
			return fmt.Errorf("number %s.%s: %w", t.Collection.Name, p.Name, err)
		}
		r.object[p.Name] = next
	}
	if len(r.unnumbered) > 0 {
		r.doc = string(t.AppendDocument(nil, r.object))
	}
	return nil
}

// shared describes the unique values that a written object shares with another object; "" if there
// are none.
func (w *writer) shared(t *tables.Table, r *row) (string, error) {
	if r.off {
		return "", nil
	}
	text, err := sharedValues(w.tx, t, w.batch.sourceKey, r.doc)
	if text != "" {
		text = fmt.Sprintf("%s %q: %s", t.Collection.Name, strings.TrimSuffix(strings.Join(r.key[:], " -> "), " -> "), text)
	}
	return text, err
}

// sharedValues describes the unique values of a written document that two current objects of a
// source have.
func sharedValues(tx *sql.Tx, t *tables.Table, source, doc string) (string, error) {
	if len(t.Uniques()) == 0 {
		return "", nil
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal([]byte(doc), &values); err != nil {
		return "", err
	}
	var texts []string
	for _, p := range t.Uniques() {
		value, there := values[p.Name]
		if !there {
			continue
		}
		owners, err := names(tx, t.Sharing(p), source, string(value))
		if err != nil {
			return "", fmt.Errorf("look for %s.%s: %w", t.Collection.Name, p.Name, err)
		}
		if len(owners) > 1 {
			texts = append(texts, fmt.Sprintf("%s must be unique: %q and %q have %s", p.Name, owners[0], owners[1], value))
		}
	}
	return strings.Join(texts, "; "), nil
}

// names returns the rows of a query with one text column.
func names(tx *sql.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		found = append(found, name)
	}
	return found, rows.Err()
}
