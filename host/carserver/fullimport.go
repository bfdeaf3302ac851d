package carserver

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// enterFullImport handles POST full-import-in-progress.
func (s *Server) enterFullImport(r *http.Request) (int, any, error) {
	return s.acceptFullImportJob(r, jobEnterFullImport)
}

// leaveFullImport handles DELETE full-import-in-progress.
func (s *Server) leaveFullImport(r *http.Request) (int, any, error) {
	return s.acceptFullImportJob(r, jobLeaveFullImport)
}

func (s *Server) acceptFullImportJob(r *http.Request, kind jobKind) (int, any, error) {
	c, key := s.catalog.Load(), r.PathValue("source")
	if faults := model.Source().Validate(map[string]any{"_key": key}); len(faults) > 0 {
		return 0, nil, badRequest("%q cannot be the key of a source: %s", key, model.Faults(faults))
	}
	return s.acceptJob(r, job{kind: kind, source: key}, func(tx *sql.Tx) error { return mustBeReady(tx, c) })
}

// runEnterFullImport starts a new generation of the source: objects reported from now on carry its
// number. Entering again after a full import that died starts another generation, so that nothing
// of the unfinished one counts. Numbers, unlike times, do not depend on clocks.
func (s *Server) runEnterFullImport(tx *sql.Tx, j *job) error {
	if _, err := mergeSource(tx, j.source, nil); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE sources SET generation = generation + 1, full_import = 1 WHERE key = ?", j.source)
	return err
}

// runLeaveFullImport retires what the source reported before the full import but not during it, and
// all edges at the retired vertices. Without a full import in progress it does nothing: the client
// may be retrying after losing the response.
func (s *Server) runLeaveFullImport(tx *sql.Tx, j *job) error {
	var generation int64
	err := tx.QueryRow("SELECT generation FROM sources WHERE key = ? AND full_import = 1", j.source).Scan(&generation)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read source: %w", err)
	}
	if err := s.catalog.Load().retire(tx, j.source, generation); err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE sources SET full_import = 0 WHERE key = ?", j.source)
	return err
}

// retire ends what a source reported before a generation, edges first: further edges are found
// through the vertices about to end. Tags live as long as the vertices that have them, however
// often they are reported.
func (c *catalog) retire(tx *sql.Tx, source string, generation int64) error {
	now := time.Now().UnixMilli()
	for _, kind := range []model.Kind{model.Edge, model.Vertex} {
		for _, t := range c.tables {
			if t.OfTags || t.Kind != kind {
				continue
			}
			if err := c.retireEdgesAt(tx, t, now, source, generation); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Retire(), now, source, generation); err != nil {
				return fmt.Errorf("retire %s: %w", t.Collection.Name, err)
			}
		}
	}
	return nil
}

// retireEdgesAt ends the edges at the vertices of a table that are about to be retired, even if the
// edges were reported in this generation.
func (c *catalog) retireEdgesAt(tx *sql.Tx, vertices *tables.Table, now int64, source string, generation int64) error {
	for _, edges := range c.ends[vertices.Collection.Name] {
		var any bool
		if err := tx.QueryRow(edges.Any(), source).Scan(&any); err != nil {
			return fmt.Errorf("look at %s: %w", edges.Collection.Name, err)
		}
		if !any { // most collections are empty: skip looking for their vertices
			continue
		}
		if _, err := tx.Exec(edges.EndAtRetired(edges.column, vertices), now, source, source, generation); err != nil {
			return fmt.Errorf("retire %s: %w", edges.Collection.Name, err)
		}
	}
	return nil
}
