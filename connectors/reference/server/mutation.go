package server

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// errNoRow is the error for a pk without a row.
var errNoRow = errors.New("there is no such row")

// mutation changes rows within one write transaction, and logs every change with it:
//   - a row created or edited: an update of the row;
//   - a set edited: an update of its owner and of each row that came or went;
//   - a row deleted: a deletion of the row and of the rows that go down with it.
//
// A deleted row leaves the sets that contain it without an entry in the change log for their
// owners. Real data sources do that, and a connector must cope.
type mutation struct {
	ctx    context.Context
	tx     *sql.Tx
	schema *schema
}

// create adds a row; omitted fields get their initial values. Its error is a faults if values are
// invalid.
func (m *mutation) create(c *collection, v values) (int64, error) {
	c.complete(v)
	if err := m.checkReferences(c, v); err != nil {
		return 0, err
	}
	columns := c.columns()
	names, marks, args := make([]string, len(columns)), make([]string, len(columns)), make([]any, len(columns))
	for i, f := range columns {
		names[i], marks[i], args[i] = fmt.Sprintf("%q", f.name), "?", v[f]
	}
	result, err := m.exec(fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", c.name, strings.Join(names, ", "),
		strings.Join(marks, ", ")), args...)
	if err != nil {
		return 0, err
	}
	pk, err := result.LastInsertId()
	if err != nil {
		return 0, fmt.Errorf("read new pk: %w", err)
	}
	return pk, errors.Join(m.log(c, []int64{pk}, false), m.setAll(c, pk, v))
}

// edit changes the fields of a row that are in v. Its error is errNoRow, or a faults if values are
// invalid.
func (m *mutation) edit(c *collection, pk int64, v values) error {
	// Even without a column to change, this tells whether the row exists.
	assignments, args := []string{"pk = pk"}, []any{}
	for _, f := range c.columns() {
		if value, given := v[f]; given {
			assignments, args = append(assignments, fmt.Sprintf("%q = ?", f.name)), append(args, value)
		}
	}
	if err := m.checkReferences(c, v); err != nil {
		return err
	}
	result, err := m.exec("UPDATE "+c.name+" SET "+strings.Join(assignments, ", ")+" WHERE pk = ?", append(args, pk)...)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil {
		return fmt.Errorf("count changed rows: %w", err)
	} else if n == 0 {
		return errNoRow
	}
	return errors.Join(m.log(c, []int64{pk}, false), m.setAll(c, pk, v))
}

// remove deletes rows and what depends on them.
func (m *mutation) remove(c *collection, pks []int64) error {
	if len(pks) == 0 {
		return nil
	}
	list := jsonArray(pks)
	for _, d := range m.schema.dependents(c) {
		children, err := m.pks(fmt.Sprintf("SELECT pk FROM %s WHERE %q IN (SELECT value FROM json_each(?)) ORDER BY pk",
			d.owner.name, d.field.name), list)
		if err != nil {
			return err
		}
		if err := m.remove(d.owner, children); err != nil {
			return err
		}
	}
	if err := m.log(c, pks, true); err != nil {
		return err
	}
	// The foreign keys of the link tables remove the row's sets and its memberships.
	_, err := m.exec("DELETE FROM "+c.name+" WHERE pk IN (SELECT value FROM json_each(?))", list)
	return err
}

// removeOne deletes a row that may not exist (errNoRow).
func (m *mutation) removeOne(c *collection, pk int64) error {
	found, err := m.pks("SELECT pk FROM "+c.name+" WHERE pk = ?", pk)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return errNoRow
	}
	return m.remove(c, found)
}

// setAll changes the sets of a row to those in v.
func (m *mutation) setAll(c *collection, pk int64, v values) error {
	for _, f := range c.sets() {
		if set, given := v[f]; given {
			if err := m.set(c, pk, f, set.([]int64)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *mutation) set(c *collection, pk int64, f *field, want []int64) error {
	table := c.linkTable(f)
	have, err := m.pks("SELECT target FROM "+table+" WHERE owner = ? ORDER BY target", pk)
	if err != nil {
		return err
	}
	added, removed := difference(want, have), difference(have, want)
	if _, err := m.exec("INSERT INTO "+table+" (owner, target) SELECT ?, value FROM json_each(?)", pk, jsonArray(added)); err != nil {
		return err
	}
	if _, err := m.exec("DELETE FROM "+table+" WHERE owner = ? AND target IN (SELECT value FROM json_each(?))", pk,
		jsonArray(removed)); err != nil {
		return err
	}
	return m.log(f.target, sortedSet(append(added, removed...)), false)
}

// checkReferences returns which references of v lead nowhere.
func (m *mutation) checkReferences(c *collection, v values) error {
	wrong := faults{}
	for _, f := range c.fields {
		value, given := v[f]
		if f.target == nil || !given || value == nil {
			continue
		}
		pks, isSet := value.([]int64)
		if !isSet {
			pks = []int64{value.(int64)}
		}
		missing, err := m.pks("SELECT value FROM json_each(?) WHERE value NOT IN (SELECT pk FROM "+f.to+") LIMIT 1", jsonArray(pks))
		if err != nil {
			return err
		}
		for _, pk := range missing {
			wrong.add(f.name, fmt.Sprintf("There is no row %d in %s.", pk, f.to))
		}
	}
	return wrong.err()
}

// log records a change of each of the rows.
func (m *mutation) log(c *collection, pks []int64, deleted bool) error {
	_, err := m.exec("INSERT INTO change (model, uid, deleted) SELECT ?, value, ? FROM json_each(?)", c.name, deleted, jsonArray(pks))
	return err
}

func (m *mutation) exec(query string, args ...any) (sql.Result, error) {
	result, err := m.tx.ExecContext(m.ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("change rows: %w", err)
	}
	return result, nil
}

func (m *mutation) pks(query string, args ...any) ([]int64, error) {
	rows, err := m.tx.QueryContext(m.ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("find rows: %w", err)
	}
	defer rows.Close()
	var found []int64
	for rows.Next() {
		var pk int64
		if err := rows.Scan(&pk); err != nil {
			return nil, fmt.Errorf("find rows: %w", err)
		}
		found = append(found, pk)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("find rows: %w", err)
	}
	return found, nil
}

// difference returns the members of the sorted set a that are not in the sorted set b.
func difference(a, b []int64) []int64 {
	rest := []int64{}
	for _, pk := range a {
		if _, found := slices.BinarySearch(b, pk); !found {
			rest = append(rest, pk)
		}
	}
	return rest
}
