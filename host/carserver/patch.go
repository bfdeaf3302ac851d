package carserver

import (
	"bytes"
	"database/sql"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// pendingUpdate is a field of vertices that only a PATCH sets: it is none of the import.
const pendingUpdate = "pending_update"

// patchObject answers PATCH /{collection}: fields of one vertex, or of one edge, are changed.
func (s *Server) patchObject(r *http.Request) (int, any, error) {
	c := s.catalog.Load()
	t, err := c.table(r.PathValue("collection"))
	if err != nil {
		return 0, nil, err
	}
	fields, err := s.readObject(r)
	if err != nil {
		return 0, nil, err
	}
	if err := patchable(t, fields); err != nil {
		return 0, nil, err
	}
	where, args, err := patchTarget(t, r.URL.Query())
	if err != nil {
		return 0, nil, err
	}
	err = s.store.update(r.Context(), func(tx *sql.Tx) error {
		if err := mustBeReady(tx, c); err != nil {
			return err
		}
		return patch(tx, t, where, args, fields)
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"result": "OK"}, nil
}

// patchable refuses fields that a PATCH cannot change.
func patchable(t *tables.Table, fields map[string]any) error {
	if len(fields) == 0 {
		return badRequest("there is nothing to change")
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		known := t.InDocument(name)
		if t.Kind == model.Edge {
			known = known || name == "active"
		} else {
			known = known || name == pendingUpdate
		}
		if !known {
			return badRequest("%s has no field %q that can be changed", t.Collection.Name, name)
		}
	}
	return nil
}

// patchTarget reads from the query which object is meant, as a condition.
func patchTarget(t *tables.Table, query url.Values) (string, []any, error) {
	if t.Kind == model.Vertex {
		id, source := query.Get(model.ByExternalID), query.Get("source")
		if id == "" {
			return "", nil, badRequest("the query needs external_id=")
		}
		return "(key = ?1 OR " + tables.Text("doc", model.ByExternalID) + " = ?1) AND (?2 = '' OR source = ?2)", []any{id, source}, nil
	}
	source := query.Get("source")
	from, okFrom := patchEnd(t.FromProperty(), t.From, query.Get("from"))
	to, okTo := patchEnd(t.ToProperty(), t.To, query.Get("to"))
	if source == "" || !okFrom || !okTo {
		return "", nil, badRequest("the query needs source=, from= and to=")
	}
	return "source = ? AND from_key = ? AND to_key = ?", []any{source, from, to}, nil
}

// patchEnd reads an end of an edge, as the import names it or as a query shows it: the bare id or
// key, collection/key.
func patchEnd(property, vertex, value string) (string, bool) {
	if !strings.HasSuffix(property, model.ByExternalID) {
		value = strings.TrimPrefix(value, vertex+"/")
	}
	return value, value != ""
}

// patch gives an object a new state in which fields are changed; a null removes one.
func patch(tx *sql.Tx, t *tables.Table, where string, args []any, fields map[string]any) error {
	n, doc, err := findOne(tx, t, where, args)
	if err != nil {
		return err
	}
	var object map[string]any
	if err := decode(doc, &object); err != nil {
		return fmt.Errorf("read %s: %w", t.Collection.Name, err)
	}
	active, given := fields["active"]
	if _, ok := active.(bool); given && t.Kind == model.Edge && !ok {
		return invalid("active must be a boolean, not %s", kindOf(active))
	}
	for name, v := range fields {
		if name == "active" && t.Kind == model.Edge {
			continue
		}
		object[name] = v
		if v == nil {
			delete(object, name)
		}
	}
	if faults := patchFaults(t, object); len(faults) > 0 {
		return invalid("%s would not be valid: %s", t.Collection.Name, model.Faults(faults))
	}
	return replaceState(tx, t, n, doc, tables.AppendCanonical(nil, object), active)
}

// patchFaults validates a patched document. The properties that have columns are not in it and not
// in question.
func patchFaults(t *tables.Table, object map[string]any) []model.Fault {
	return slices.DeleteFunc(t.Validate(object), func(f model.Fault) bool {
		return f.Property != "" && !t.InDocument(f.Property)
	})
}

// findOne finds the one current object that a condition is about.
func findOne(tx *sql.Tx, t *tables.Table, where string, args []any) (n int64, doc []byte, err error) {
	rows, err := tx.Query(fmt.Sprintf(`SELECT n, doc FROM "%s" WHERE %s AND _t2 IS NULL LIMIT 2`, t.Name, where), args...)
	if err != nil {
		return 0, nil, fmt.Errorf("find %s: %w", t.Collection.Name, err)
	}
	defer rows.Close()
	found := 0
	for ; rows.Next(); found++ {
		if err := rows.Scan(&n, &doc); err != nil {
			return 0, nil, fmt.Errorf("find %s: %w", t.Collection.Name, err)
		}
	}
	switch {
	case rows.Err() != nil:
		return 0, nil, fmt.Errorf("find %s: %w", t.Collection.Name, rows.Err())
	case found == 0:
		return 0, nil, notFound("there is no such %s", t.Collection.Name)
	case found > 1:
		return 0, nil, refuse(http.StatusConflict, "several sources have such a %s: say source=", t.Collection.Name)
	}
	return n, doc, nil
}

// replaceState ends a state and begins a copy of it that differs in document and activity. Nothing
// happens where neither differs.
func replaceState(tx *sql.Tx, t *tables.Table, n int64, before, after []byte, active any) error {
	columns, shown := "source, key, tags, report, reported_at, generation", ""
	if t.Kind == model.Edge {
		columns, shown = "source, from_key, to_key, timestamp, report, reported_at, generation", ", active"
		var was bool
		if err := tx.QueryRow(fmt.Sprintf(`SELECT active FROM "%s" WHERE n = ?`, t.Name), n).Scan(&was); err != nil {
			return fmt.Errorf("read %s: %w", t.Collection.Name, err)
		}
		if active == nil {
			active = was
		}
		if active == was && bytes.Equal(before, after) {
			return nil
		}
	} else if bytes.Equal(before, after) {
		return nil
	}
	now := time.Now().UnixMilli()
	_, err := tx.Exec(fmt.Sprintf(`UPDATE "%s" SET _t2 = ? WHERE n = ?`, t.Name), now, n)
	values := []any{string(after), now}
	added := ""
	if shown != "" {
		values, added = append(values, active), ", ?"
	}
	if err == nil {
		_, err = tx.Exec(fmt.Sprintf(`INSERT INTO "%s" (%s, doc, _t1%s) SELECT %s, ?, ?%s FROM "%s" WHERE n = ?`,
			t.Name, columns, shown, columns, added, t.Name), append(values, n)...)
	}
	if err != nil {
		return fmt.Errorf("change %s: %w", t.Collection.Name, err)
	}
	return nil
}
