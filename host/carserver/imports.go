package carserver

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// postImport answers POST /imports. Whether the body is JSON is said at once; whether what is in it
// holds is found by the job.
func (s *Server) postImport(r *http.Request) (int, any, error) {
	body, err := s.readBody(r)
	if err != nil {
		return 0, nil, err
	}
	if !json.Valid(body) {
		var ignored json.RawMessage
		return 0, nil, badRequest("the body is not JSON: %v", json.Unmarshal(body, &ignored))
	}
	if !bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte{'{'}) {
		return 0, nil, badRequest("the body is not a JSON object")
	}
	c := s.catalog.Load()
	id, err := s.enqueue(r.Context(), job{kind: jobImport, body: body}, func(tx *sql.Tx) error { return mustBeReady(tx, c) })
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"id": id, "status": stateRunning, "message": "watch it with GET /importstatus?ids=" + id}, nil
}

// runImport does the job of an import: all of the page is kept, or nothing. Checking comes before
// the transaction, so that requests are taken meanwhile.
func (s *Server) runImport(ctx context.Context, j *job) error {
	b, err := parseEnvelope(s.catalog.Load(), j.body)
	if err != nil {
		return err
	}
	return s.store.update(ctx, func(tx *sql.Tx) error {
		generation, err := mergeSource(tx, b.sourceKey, b.source)
		if err != nil {
			return err
		}
		w := &writer{tx: tx, batch: b, generation: generation, now: time.Now().UnixMilli()}
		for _, p := range b.parts {
			if err := w.write(p); err != nil {
				return fmt.Errorf("write %s: %w", p.table.Collection.Name, err)
			}
		}
		return finish(tx, j, nil)
	})
}

// writer writes one batch.
type writer struct {
	tx         *sql.Tx
	batch      *batch
	generation int64
	now        int64
}

// write reports the objects of one collection.
func (w *writer) write(p part) error {
	if len(p.rows) == 0 {
		return nil
	}
	upsert, err := w.tx.Prepare(p.table.Upsert())
	if err != nil {
		return err
	}
	defer upsert.Close()
	for i := range p.rows {
		r := &p.rows[i]
		values := w.values(p.table, r)
		result, err := upsert.Exec(values...)
		if err != nil {
			return err
		}
		written, err := result.RowsAffected()
		if err != nil {
			return err
		}
		if written == 0 {
			if err := w.change(p.table, r, values); err != nil {
				return err
			}
		}
		if r.tag != nil || r.untag != nil {
			if err := w.retag(p.table, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// values are the parameters of an upsert.
func (w *writer) values(t *tables.Table, r *row) []any {
	if t.Kind == model.Edge {
		return []any{w.batch.sourceKey, r.key[0], r.key[1], r.active, r.timestamp, r.doc, r.report, w.batch.reportedAt, w.generation, w.now}
	}
	return []any{w.batch.sourceKey, r.key[0], r.doc, r.report, w.batch.reportedAt, w.generation, w.now}
}

// change ends the current state of an object and adds the one that is reported now.
func (w *writer) change(t *tables.Table, r *row, values []any) error {
	identity := values[:len(t.Identity)]
	if _, err := w.tx.Exec(t.End(), append([]any{w.now}, identity...)...); err != nil {
		return err
	}
	if _, err := w.tx.Exec(t.Insert(), values...); err != nil {
		return err
	}
	if t.Kind == model.Edge {
		return nil
	}
	_, err := w.tx.Exec(t.CarryTags(), slices.Concat(identity, identity)...)
	return err
}

// retag adds and removes tags of a vertex. Tags are no part of its state: they are kept over
// reports that name none.
func (w *writer) retag(t *tables.Table, r *row) error {
	where := fmt.Sprintf(`"%s" SET tags = ? WHERE source = ? AND key = ? AND _t2 IS NULL`, t.Name)
	var stored sql.NullString
	err := w.tx.QueryRow(fmt.Sprintf(`SELECT tags FROM "%s" WHERE source = ? AND key = ? AND _t2 IS NULL`, t.Name),
		w.batch.sourceKey, r.key[0]).Scan(&stored)
	if err != nil {
		return err
	}
	var tags []any
	if stored.Valid {
		if err := json.Unmarshal([]byte(stored.String), &tags); err != nil {
			return errors.Join(errors.New("stored tags are damaged"), err)
		}
	}
	for _, tag := range r.tag {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	tags = slices.DeleteFunc(tags, func(tag any) bool { return slices.Contains(r.untag, tag) })
	_, err = w.tx.Exec("UPDATE "+where, string(tables.AppendCanonical(nil, tags)), w.batch.sourceKey, r.key[0])
	return err
}
