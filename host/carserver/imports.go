package carserver

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// postImport handles POST /imports. Malformed JSON is rejected at once; the contents are checked by
// the job.
func (s *Server) postImport(r *http.Request) (int, any, error) {
	body, err := s.readBody(r, s.maxReport)
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
	return http.StatusOK, map[string]any{
		"id": id, "job_id": id, "status": stateRunning, "message": "watch it with GET /importstatus/" + id + " or GET /importstatus?ids=" + id,
	}, nil
}

// runImport runs an import: of each collection it keeps all objects or none. The checks come before
// the transaction, so that requests are served meanwhile.
func (s *Server) runImport(ctx context.Context, j *job) error {
	c := s.catalog.Load()
	b, err := parseEnvelope(c, j.body)
	if err != nil {
		return err
	}
	var failed error
	err = s.store.update(ctx, func(tx *sql.Tx) error {
		generation, err := mergeSource(tx, b.sourceKey, b.source)
		if err != nil {
			return err
		}
		w := &writer{tx: tx, catalog: c, batch: b, generation: generation, now: time.Now().UnixMilli()}
		kept := len(b.parts)
		for _, p := range b.parts {
			refused, err := w.part(p)
			if err != nil {
				return fmt.Errorf("write %s: %w", p.table.Collection.Name, err)
			}
			if refused != "" {
				b.refused = append(b.refused, refused)
				kept--
			}
		}
		failed = b.failure(kept)
		return finish(tx, j, failed)
	})
	if failed != nil {
		s.log.Warn("import refused", "id", j.id, "source_key", b.sourceKey, "cause", failed)
	}
	return err
}

// writer writes one batch.
type writer struct {
	tx         *sql.Tx
	catalog    *catalog
	batch      *batch
	generation int64
	now        int64
	// prepared are the statements by their text. The end of the transaction closes them.
	prepared map[string]*sql.Stmt
}

// exec runs a statement that is prepared once.
func (w *writer) exec(statement string, args ...any) (sql.Result, error) {
	prepared := w.prepared[statement]
	if prepared == nil {
		var err error
		if prepared, err = w.tx.Prepare(statement); err != nil {
			return nil, err
		}
		if w.prepared == nil {
			w.prepared = map[string]*sql.Stmt{}
		}
		w.prepared[statement] = prepared
	}
	return prepared.Exec(args...)
}

// part writes the objects of one collection; refused gives the reason if they were not kept.
func (w *writer) part(p part) (refused string, err error) {
	if p.table.Constrained() {
		return w.writeWhole(p)
	}
	return "", w.write(p)
}

// report writes one object with its table's upsert.
func (w *writer) report(upsert *sql.Stmt, t *tables.Table, r *row) error {
	values := append(w.identity(t, r), r.doc, r.report, w.batch.reportedAt, w.generation, w.now)
	result, err := upsert.Exec(values...)
	if err != nil {
		return err
	}
	if written, err := result.RowsAffected(); err != nil || written > 0 {
		return err
	}
	// A version with another content is current: end it.
	if err := w.end(t, r); err != nil {
		return err
	}
	_, err = w.exec(t.Insert(), values...)
	return err
}

// switchOff ends the edge with the row's external id, or, without one, all edges between its
// vertices.
func (w *writer) switchOff(t *tables.Table, r *row) error {
	if r.own != "" {
		return w.end(t, r)
	}
	_, err := w.exec(t.EndBetween(), w.now, w.batch.sourceKey, r.key[0], r.key[1])
	return err
}

// end ends the current version of an object.
func (w *writer) end(t *tables.Table, r *row) error {
	_, err := w.exec(t.End(), append([]any{w.now}, w.identity(t, r)...)...)
	return err
}

func (w *writer) identity(t *tables.Table, r *row) []any {
	const more = 5 // values that report appends
	switch {
	case t.HasOwnKeys():
		return append(make([]any, 0, 4+more), w.batch.sourceKey, r.key[0], r.key[1], r.own)
	case t.Kind == model.Edge:
		return append(make([]any, 0, 3+more), w.batch.sourceKey, r.key[0], r.key[1])
	}
	return append(make([]any, 0, 2+more), w.batch.sourceKey, r.key[0])
}

// retag links a vertex to tags, creating them if necessary, and unlinks it from others. A report
// without tags leaves them alone: they are vertices of their own.
func (w *writer) retag(t *tables.Table, r *row) error {
	c := w.catalog
	tags, links := c.byName[tables.TagCollection], c.byName[tables.TagCollection+"_"+t.Collection.Name]
	for _, tag := range r.tag {
		text, _ := tag.(string)
		if text == "" {
			continue
		}
		if err := w.add(tags, row{key: [2]string{text}, doc: tagDocument(text), report: r.report}); err != nil {
			return err
		}
		if err := w.add(links, row{key: [2]string{text, r.key[0]}, doc: "{}", report: r.report}); err != nil {
			return err
		}
	}
	for _, tag := range r.untag {
		text, _ := tag.(string)
		if err := w.end(links, &row{key: [2]string{text, r.key[0]}}); err != nil {
			return err
		}
	}
	return nil
}

// add writes a single object.
func (w *writer) add(t *tables.Table, r row) error {
	upsert, err := w.tx.Prepare(t.Upsert())
	if err != nil {
		return err
	}
	defer upsert.Close()
	return w.report(upsert, t, &r)
}

// tagDocument returns the document of a tag.
func tagDocument(text string) string {
	return string(tables.AppendCanonical(nil, map[string]any{"name": text}))
}
