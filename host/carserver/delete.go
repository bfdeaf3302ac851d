package carserver

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// deleteObjects handles DELETE /source/{source}/{collection}: it ends vertices and the source's
// edges at them, including those from tags. Ids that do not exist count as deleted.
func (s *Server) deleteObjects(r *http.Request) (int, any, error) {
	c := s.catalog.Load()
	t, err := c.table(r.PathValue("collection"))
	if err != nil {
		return 0, nil, err
	}
	if t.Kind == model.Edge {
		return s.deleteEdges(r, c, t)
	}
	right, wrong := "external_ids", "keys"
	if t.KeyedBy == model.ByKey {
		right, wrong = wrong, right
	}
	if r.URL.Query().Has(wrong) || !r.URL.Query().Has(right) {
		return 0, nil, badRequest("objects of %s are deleted by %s=", t.Collection.Name, right)
	}
	err = s.store.update(r.Context(), func(tx *sql.Tx) error {
		if err := mustBeReady(tx, c); err != nil {
			return err
		}
		ids, err := deletedIDs(tx, t, r, right)
		if err != nil {
			return err
		}
		for i, id := range ids {
			ids[i] = c.keys.Of(t.Collection.Name, id)
		}
		return endVertices(tx, c, t, r.PathValue("source"), ids)
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"result": "OK"}, nil
}

// deleteEdges ends all edges of a source in a collection.
func (s *Server) deleteEdges(r *http.Request, c *catalog, t *tables.Table) (int, any, error) {
	if query := r.URL.Query(); query.Has("external_ids") || query.Has("keys") {
		return 0, nil, badRequest("%s is an edge collection: switch single edges off with PATCH /%s", t.Collection.Name, t.Collection.Name)
	}
	err := s.store.update(r.Context(), func(tx *sql.Tx) error {
		if err := mustBeReady(tx, c); err != nil {
			return err
		}
		_, err := tx.Exec(t.EndAll(), time.Now().UnixMilli(), r.PathValue("source"))
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"result": "OK"}, nil
}

// deletedIDs reads the list of ids from the query. Unescaped commas separate ids; a comma within an
// id is escaped as %2C. If a client escapes the whole list, no unescaped comma is left; then
// escaped commas separate, unless an object has exactly that id.
func deletedIDs(tx *sql.Tx, t *tables.Table, r *http.Request, parameter string) ([]string, error) {
	raw := ""
	for pair := range strings.SplitSeq(r.URL.RawQuery, "&") {
		if value, ok := strings.CutPrefix(pair, parameter+"="); ok {
			raw = value
		}
	}
	ids := idList(raw)
	for i, id := range ids {
		unescaped, err := url.QueryUnescape(id)
		if err != nil {
			return nil, badRequest("%s is not escaped correctly: %v", parameter, err)
		}
		ids[i] = unescaped
	}
	if len(ids) != 1 || !strings.Contains(ids[0], ",") {
		return ids, nil
	}
	var there int
	err := tx.QueryRow(fmt.Sprintf(`SELECT count(*) FROM "%s" WHERE source = ? AND key = ? AND _t2 IS NULL`, t.Name),
		r.PathValue("source"), ids[0]).Scan(&there)
	if err != nil || there > 0 {
		return ids, err
	}
	return idList(ids[0]), nil
}

// endVertices ends vertices of a source and the source's edges at them.
func endVertices(tx *sql.Tx, c *catalog, t *tables.Table, source string, ids []string) error {
	list := tables.List(ids)
	now := time.Now().UnixMilli()
	if _, err := tx.Exec(t.EndListed("key"), now, source, list); err != nil {
		return fmt.Errorf("end %s: %w", t.Collection.Name, err)
	}
	for _, edges := range c.ends[t.Collection.Name] {
		if _, err := tx.Exec(edges.EndListed(edges.column), now, source, list); err != nil {
			return fmt.Errorf("end %s: %w", edges.Collection.Name, err)
		}
	}
	return nil
}
