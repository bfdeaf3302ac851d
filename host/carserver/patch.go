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

// pendingUpdate is a field of vertices that only a PATCH sets. It is not part of the import schema.
const pendingUpdate = "pending_update"

// patchObject handles PATCH /{collection}: it changes fields of a vertex, or of the edges between
// two vertices.
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

// derived are the properties that follow from a vertex's key.
var derived = map[string][]string{"ipaddress": {"name", "region_id"}, "macaddress": {"name"}}

// patchable rejects fields that a PATCH cannot change.
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

// patchTarget turns the query parameters into a condition for the objects to change.
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
	where, args := "source = ? AND from_key = ? AND to_key = ?", []any{source, c.keys.Of(t.From, from), c.keys.Of(t.To, to)}
	if query.Has(model.ByExternalID) {
		where, args = where+" AND own_key = ?", append(args, query.Get(model.ByExternalID))
	}
	return where, args, nil
}

// patchEnd reads an end of an edge as an import or a query would name it: the bare id or key, or
// collection/key.
func patchEnd(property, vertex, value string) (string, bool) {
	if !strings.HasSuffix(property, model.ByExternalID) {
		value = strings.TrimPrefix(value, vertex+"/")
	}
	return value, value != ""
}

// version is one version of an object.
type version struct {
	n     int64
	doc   []byte
	ended bool
}

// patch creates a new version of an object with some fields changed; null removes a field. A vertex
// is patched alone, edges together with all others between the same vertices. Switching an edge off
// ends it; switched on again, it starts anew with the properties it had.
func patch(tx *sql.Tx, t *tables.Table, where string, args []any, fields map[string]any) error {
	active, given := fields["active"].(bool)
	if _, there := fields["active"]; there && !given && t.Kind == model.Edge {
		return invalid("active must be a boolean, not %s", kindOf(fields["active"]))
	}
	given = given && t.Kind == model.Edge
	versions, err := findCurrent(tx, t, where, args, given)
	if err != nil {
		return err
	}
	_, renames := fields[model.ByExternalID]
	if len(versions) > 1 && (renames || t.Kind == model.Vertex) {
		return ambiguous(t)
	}
	for _, v := range versions {
		if err := patchVersion(tx, t, v, fields, given && !active); err != nil {
			return err
		}
	}
	return nil
}

// ambiguous rejects a request that must name one object but matches several.
func ambiguous(t *tables.Table) error {
	if t.Kind == model.Edge {
		return refuse(http.StatusConflict, "several edges of %s join these vertices: set external_id=", t.Collection.Name)
	}
	return refuse(http.StatusConflict, "several sources have such a %s: set source=", t.Collection.Name)
}

// patchVersion creates the new version of one object.
func patchVersion(tx *sql.Tx, t *tables.Table, v *version, fields map[string]any, ends bool) error {
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
	if err := replaceVersion(tx, t, v, doc, ends); err != nil || len(t.Uniques()) == 0 {
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

// patchFaults validates a patched document. Properties with columns of their own are not in it and
// cannot change.
func patchFaults(t *tables.Table, object map[string]any) []model.Fault {
	faults := slices.DeleteFunc(t.Validate(object), func(f model.Fault) bool {
		return f.Property != "" && !t.InDocument(f.Property)
	})
	return append(faults, depthFaults(object)...)
}

// findCurrent returns the current objects that match a condition, at least one. If ended is set and
// none is current, it returns the version that ended last.
func findCurrent(tx *sql.Tx, t *tables.Table, where string, args []any, ended bool) ([]*version, error) {
	found, err := findVersions(tx, t, where+" AND _t2 IS NULL", args)
	if err == nil && len(found) == 0 && ended {
		found, err = findVersions(tx, t, where+" AND _t2 IS NOT NULL ORDER BY n DESC LIMIT 1", args)
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("find %s: %w", t.Collection.Name, err)
	case len(found) == 0:
		return nil, notFound("there is no such %s", t.Collection.Name)
	}
	return found, nil
}

// findVersions returns the versions that match a condition.
func findVersions(tx *sql.Tx, t *tables.Table, where string, args []any) ([]*version, error) {
	rows, err := tx.Query(fmt.Sprintf(`SELECT n, doc, _t2 IS NOT NULL FROM "%s" WHERE %s`, t.Name, where), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []*version
	for rows.Next() {
		v := &version{}
		if err := rows.Scan(&v.n, &v.doc, &v.ended); err != nil {
			return nil, err
		}
		found = append(found, v)
	}
	return found, rows.Err()
}

// replaceVersion ends a version and starts a copy of it with another document, unless the document
// is the same. If the object is to end, the copy ends as it starts, so that its properties are
// there when the object comes back.
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
	values := columns
	if t.HasOwnKeys() {
		values = strings.Replace(columns, tables.OwnKey, tables.OwnKeyOf("?1"), 1)
		if !ends {
			if err := mustBeFree(tx, t, v, doc); err != nil {
				return err
			}
		}
	}
	var end any
	if ends {
		end = now
	}
	_, err := tx.Exec(fmt.Sprintf(`INSERT INTO "%s" (%s, doc, _t1, _t2) SELECT %s, ?1, ?2, ?3 FROM "%s" WHERE n = ?4`,
		t.Name, columns, values, t.Name), string(doc), now, end, v.n)
	if err != nil {
		return fmt.Errorf("change %s: %w", t.Collection.Name, err)
	}
	return nil
}

// mustBeFree rejects a document whose external id another edge between the same vertices has.
func mustBeFree(tx *sql.Tx, t *tables.Table, v *version, doc []byte) error {
	var taken bool
	err := tx.QueryRow(fmt.Sprintf(`SELECT count(*) FROM "%[1]s" AS was JOIN "%[1]s" AS o
		ON o.source = was.source AND o.from_key = was.from_key AND o.to_key = was.to_key AND o.own_key = %[2]s AND o._t2 IS NULL
		WHERE was.n = ?2`, t.Name, tables.OwnKeyOf("?1")), string(doc), v.n).Scan(&taken)
	if err != nil {
		return fmt.Errorf("look at %s: %w", t.Collection.Name, err)
	}
	if taken {
		return refuse(http.StatusConflict, "another edge of %s between these vertices has this external_id", t.Collection.Name)
	}
	return nil
}
