package carserver

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
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

// patchEnd reads an end of an edge, as the import names it or as a query shows it: the bare id or key, collection/key.
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

// patchFaults validates a patched document. The properties that have columns are not in it and not in question.
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

// replaceState ends a state and begins a copy of it that differs in document and activity. Nothing happens where
// neither differs.
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

// searchCollection answers GET /{collection}?attribute=value, the search from before there was GraphQL: the current objects
// whose attributes have these values. "related" is part of the answer's form and always empty.
func (s *Server) searchCollection(r *http.Request) (int, any, error) {
	t, err := s.catalog.Load().table(r.PathValue("collection"))
	if err != nil {
		return 0, nil, err
	}
	conditions, args := []string{"_t2 IS NULL"}, []any{}
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		condition, value, err := attribute(t, name, query.Get(name))
		if err != nil {
			return 0, nil, err
		}
		conditions, args = append(conditions, condition), append(args, value)
	}
	if len(args) == 0 {
		return 0, nil, badRequest("the query needs an attribute and its value")
	}
	found := []any{}
	err = s.store.view(r.Context(), func(tx *sql.Tx) error {
		found, err = search(tx, t, strings.Join(conditions, " AND "), args)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"related": []any{}, "result": found}, nil
}

// attribute is the condition that an attribute has a value, which the query gives as text.
func attribute(t *tables.Table, name, value string) (string, any, error) {
	for column, known := range searchColumns(t) {
		if slices.Contains(known, name) {
			return column + " = ?", value, nil
		}
	}
	p, ok := t.Property(name)
	if !ok || !t.InDocument(name) {
		return "", nil, badRequest("%s has no attribute %q", t.Collection.Name, name)
	}
	if p.Type == model.String {
		return tables.Text("doc", name) + " = ?", value, nil
	}
	var v any
	if err := decode([]byte(value), &v); err != nil {
		return "", nil, badRequest("%s: %q is not a value of type %s", name, value, p.Type)
	}
	return tables.JSON("doc", name) + " = ?", string(tables.AppendCanonical(nil, v)), nil
}

// searchColumns are the columns of a table and the attributes that they stand for.
func searchColumns(t *tables.Table) map[string][]string {
	if t.Kind == model.Edge {
		return map[string][]string{"source": {"source"}, "report": {"report"}, "from_key": {t.FromProperty()}, "to_key": {t.ToProperty()}}
	}
	return map[string][]string{"source": {"source"}, "report": {"report"}, "key": {t.KeyedBy}, "source || '/' || key": {"id"}}
}

func search(tx *sql.Tx, t *tables.Table, where string, args []any) ([]any, error) {
	rows, err := tx.Query(fmt.Sprintf(`SELECT %s, doc FROM "%s" WHERE %s ORDER BY %s`,
		strings.Join(t.Identity, ", "), t.Name, where, strings.Join(t.Identity, ", ")), args...)
	if err != nil {
		return nil, fmt.Errorf("search %s: %w", t.Collection.Name, err)
	}
	defer rows.Close()
	found := []any{}
	for rows.Next() {
		identity, doc := make([]string, len(t.Identity)), []byte{}
		into := []any{&identity[0], &identity[1], &doc}
		if t.Kind == model.Edge {
			into = []any{&identity[0], &identity[1], &identity[2], &doc}
		}
		if err := rows.Scan(into...); err != nil {
			return nil, errors.Join(fmt.Errorf("search %s: %w", t.Collection.Name, err), rows.Close())
		}
		object := map[string]any{}
		if err := json.Unmarshal(doc, &object); err != nil {
			return nil, fmt.Errorf("search %s: %w", t.Collection.Name, err)
		}
		object["source"] = identity[0]
		if t.Kind == model.Edge {
			object[t.FromProperty()], object[t.ToProperty()] = endValue(t.FromProperty(), t.From, identity[1]), endValue(t.ToProperty(), t.To, identity[2])
		} else {
			object[t.KeyedBy] = identity[1]
			object["id"] = identity[0] + "/" + identity[1]
		}
		found = append(found, object)
	}
	return found, rows.Err()
}

// endValue is an end of an edge as the import names it.
func endValue(property, vertex, key string) string {
	if strings.HasSuffix(property, model.ByExternalID) {
		return key
	}
	return vertex + "/" + key
}
