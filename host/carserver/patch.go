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
	where, args, err := patchTarget(c, t, r.URL.Query())
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
	return http.StatusOK, map[string]any{"success": true, "message": t.Collection.Name + " was changed"}, nil
}

// derived are the properties that follow from the key of a vertex.
var derived = map[string][]string{"ipaddress": {"name", "region_id"}, "macaddress": {"name"}}

// patchable refuses fields that a PATCH cannot change.
func patchable(t *tables.Table, fields map[string]any) error {
	if len(fields) == 0 {
		return badRequest("there is nothing to change")
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		known := t.InDocument(name) && !slices.Contains(derived[t.Collection.Name], name)
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
func patchTarget(c *catalog, t *tables.Table, query url.Values) (string, []any, error) {
	source := query.Get("source")
	if t.Kind == model.Vertex {
		id := query.Get(model.ByExternalID)
		if id == "" {
			return "", nil, badRequest("the query needs external_id=")
		}
		return theSource + " AND key = ?2", []any{source, c.keys.Of(t.Collection.Name, id)}, nil
	}
	from, okFrom := patchEnd(t.FromProperty(), t.From, query.Get("from"))
	to, okTo := patchEnd(t.ToProperty(), t.To, query.Get("to"))
	if source == "" || !okFrom || !okTo {
		return "", nil, badRequest("the query needs source=, from= and to=")
	}
	return "source = ? AND from_key = ? AND to_key = ?", []any{source, c.keys.Of(t.From, from), c.keys.Of(t.To, to)}, nil
}

// patchEnd reads an end of an edge, as the import names it or as a query shows it: the bare id or
// key, collection/key.
func patchEnd(property, vertex, value string) (string, bool) {
	if !strings.HasSuffix(property, model.ByExternalID) {
		value = strings.TrimPrefix(value, vertex+"/")
	}
	return value, value != ""
}

// version is one version of an object, as a PATCH finds it.
type version struct {
	n     int64
	doc   []byte
	ended bool
}

// patch gives an object a new version in which fields are changed; a null removes one. An edge that
// is switched off ends. Switched on again, it begins anew with the properties that it had.
func patch(tx *sql.Tx, t *tables.Table, where string, args []any, fields map[string]any) error {
	active, given := fields["active"].(bool)
	if _, there := fields["active"]; there && !given && t.Kind == model.Edge {
		return invalid("active must be a boolean, not %s", kindOf(fields["active"]))
	}
	given = given && t.Kind == model.Edge
	v, err := findOne(tx, t, where, args, given)
	if err != nil {
		return err
	}
	var object map[string]any
	if err := decode(v.doc, &object); err != nil {
		return fmt.Errorf("read %s: %w", t.Collection.Name, err)
	}
	for name, value := range fields {
		if name == "active" && t.Kind == model.Edge {
			continue
		}
		object[name] = value
		if value == nil {
			delete(object, name)
		}
	}
	if faults := patchFaults(t, object); len(faults) > 0 {
		return invalid("%s would not be valid: %s", t.Collection.Name, model.Faults(faults))
	}
	t.Spell(object)
	doc := tables.AppendCanonical(nil, object)
	if err := replaceVersion(tx, t, v, doc, given && !active); err != nil || len(t.Uniques()) == 0 {
		return err
	}
	var source string
	if err := tx.QueryRow(fmt.Sprintf(`SELECT source FROM "%s" WHERE n = ?`, t.Name), v.n).Scan(&source); err != nil {
		return fmt.Errorf("find %s: %w", t.Collection.Name, err)
	}
	shared, err := sharedValues(tx, t, source, string(doc))
	if err == nil && shared != "" {
		err = invalid("%s would not be valid: %s", t.Collection.Name, shared)
	}
	return err
}

// patchFaults validates a patched document. The properties that have columns are not in it and not
// in question.
func patchFaults(t *tables.Table, object map[string]any) []model.Fault {
	return slices.DeleteFunc(t.Validate(object), func(f model.Fault) bool {
		return f.Property != "" && !t.InDocument(f.Property)
	})
}

// findOne finds the one current object that a condition is about. Where an ended edge will do and
// there is no current one, it is the version that ended last.
func findOne(tx *sql.Tx, t *tables.Table, where string, args []any, ended bool) (*version, error) {
	v, found, err := findVersions(tx, t, where+" AND _t2 IS NULL LIMIT 2", args)
	if err == nil && found == 0 && ended {
		v, found, err = findVersions(tx, t, where+" AND _t2 IS NOT NULL ORDER BY n DESC LIMIT 1", args)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("find %s: %w", t.Collection.Name, err)
	case found == 0:
		return nil, notFound("there is no such %s", t.Collection.Name)
	case found > 1:
		return nil, refuse(http.StatusConflict, "several sources have such a %s: set source=", t.Collection.Name)
	}
	return v, nil
}

// findVersions returns the last of the versions for which a condition holds, and their number.
func findVersions(tx *sql.Tx, t *tables.Table, where string, args []any) (*version, int, error) {
	rows, err := tx.Query(fmt.Sprintf(`SELECT n, doc, _t2 IS NOT NULL FROM "%s" WHERE %s`, t.Name, where), args...)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	v, found := &version{}, 0
	for ; rows.Next(); found++ {
		if err := rows.Scan(&v.n, &v.doc, &v.ended); err != nil {
			return nil, 0, err
		}
	}
	return v, found, rows.Err()
}

// replaceVersion ends a version and begins a copy of it with another document. Nothing happens
// where they are the same. Where the object is to end, the copy is over as soon as it begins: what
// it says is there when the object comes back.
func replaceVersion(tx *sql.Tx, t *tables.Table, v *version, doc []byte, ends bool) error {
	same := bytes.Equal(v.doc, doc)
	if same && ends == v.ended {
		return nil
	}
	now := time.Now().UnixMilli()
	if !v.ended {
		if _, err := tx.Exec(fmt.Sprintf(`UPDATE "%s" SET _t2 = ? WHERE n = ?`, t.Name), now, v.n); err != nil {
			return fmt.Errorf("change %s: %w", t.Collection.Name, err)
		}
		if same {
			return nil
		}
	}
	columns := strings.Join(t.Identity, ", ") + ", report, reported_at, generation"
	var end any
	if ends {
		end = now
	}
	_, err := tx.Exec(fmt.Sprintf(`INSERT INTO "%s" (%s, doc, _t1, _t2) SELECT %s, ?, ?, ? FROM "%s" WHERE n = ?`,
		t.Name, columns, columns, t.Name), string(doc), now, end, v.n)
	if err != nil {
		return fmt.Errorf("change %s: %w", t.Collection.Name, err)
	}
	return nil
}
