package carserver

import (
	"database/sql"

	"carjs/host/carserver/internal/tables"
)

const (
	// atOnce is how many objects one statement writes. It saves a fifth of an import's CPU; with
	// more, what SQLite keeps to undo a statement takes that again.
	atOnce = 16
	// singly is how many objects are then written one by one if the content of one has changed:
	// others near it probably have, too.
	singly = 4 * atOnce
)

// write writes the objects of one collection, in their order.
func (w *writer) write(p part) error {
	if len(p.rows) == 0 {
		return nil
	}
	one, err := w.tx.Prepare(p.table.Upsert())
	if err != nil {
		return err
	}
	defer one.Close()
	var many *sql.Stmt
	if len(p.rows) >= atOnce {
		if many, err = w.tx.Prepare(p.table.UpsertMany(atOnce)); err != nil {
			return err
		}
		defer many.Close()
	}
	alone := 0
	for rows := p.rows; len(rows) > 0; {
		if many != nil && alone == 0 && w.plain(rows) {
			unchanged, err := w.reportMany(many, p.table, rows[:atOnce])
			if err != nil {
				return err
			}
			if unchanged {
				rows = rows[atOnce:]
				continue
			}
			alone = singly
		}
		if err := w.writeRow(one, p.table, &rows[0]); err != nil {
			return err
		}
		rows, alone = rows[1:], max(alone-1, 0)
	}
	return nil
}

// plain reports whether the next objects can be written by one statement.
func (w *writer) plain(rows []row) bool {
	if len(rows) < atOnce {
		return false
	}
	for i := range rows[:atOnce] {
		if r := &rows[i]; r.off || r.tag != nil || r.untag != nil || r.report != w.batch.report {
			return false
		}
	}
	return true
}

// reportMany writes several objects. It returns false if one of them exists with another content:
// then all of them have to be written again one by one, which does no harm to the others.
func (w *writer) reportMany(upsert *sql.Stmt, t *tables.Table, rows []row) (bool, error) {
	values := make([]any, 0, 5+len(rows)*(len(t.Identity)))
	values = append(values, w.batch.sourceKey, w.batch.report, w.batch.reportedAt, w.generation, w.now)
	for i := range rows {
		r := &rows[i]
		values = append(append(values, w.identity(t, r)[1:]...), r.doc)
	}
	result, err := upsert.Exec(values...)
	if err != nil {
		return false, err
	}
	written, err := result.RowsAffected()
	return written == int64(len(rows)), err
}

// writeRow writes one object.
func (w *writer) writeRow(upsert *sql.Stmt, t *tables.Table, r *row) error {
	if r.off {
		return w.switchOff(t, r)
	}
	if err := w.report(upsert, t, r); err != nil || r.tag == nil && r.untag == nil {
		return err
	}
	return w.retag(t, r)
}
