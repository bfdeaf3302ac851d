package carserver

import (
	"database/sql"
	"maps"
	"net/http"
	"slices"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

const (
	// anySource is a condition that is always true. It lets a search by key use the index of
	// identities, which starts with the source.
	anySource = "source IN (SELECT key FROM sources)"
	// theSource restricts rows to the source in the first parameter; an empty one allows every
	// source.
	theSource = "source IN (SELECT key FROM sources WHERE ?1 = '' OR key = ?1)"
)

// searchCollection handles GET /{collection}?attribute=value, the search that predates GraphQL: it
// returns an array of the current objects with these values.
func (s *Server) searchCollection(r *http.Request) (int, any, error) {
	c := s.catalog.Load()
	t, err := c.table(r.PathValue("collection"))
	if err != nil {
		return 0, nil, err
	}
	w := &search{catalog: c, table: t}
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if err := w.attribute(name, query.Get(name)); err != nil {
			return 0, nil, err
		}
	}
	if len(w.args) == 0 {
		return 0, nil, badRequest("the query needs an attribute and its value")
	}
	if w.byKey && !query.Has("source") {
		w.conditions = append(w.conditions, anySource)
	}
	var found []any
	err = s.store.view(r.Context(), func(tx *sql.Tx) error {
		found, err = listing{t, strings.Join(w.conditions, " AND "), w.args}.objects(tx)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	if s.objectSearch {
		return http.StatusOK, map[string]any{"related": []any{}, "result": found}, nil
	}
	return http.StatusOK, found, nil
}

// search collects the conditions of a search.
type search struct {
	catalog    *catalog
	table      *tables.Table
	conditions []string
	args       []any
	byKey      bool
}

func (w *search) add(condition string, args ...any) {
	w.conditions, w.args = append(w.conditions, condition), append(w.args, args...)
}

// attribute adds a condition on an attribute. The value is text, as in the query string.
func (w *search) attribute(name, value string) error {
	if w.identity(name, value) {
		return nil
	}
	t := w.table
	if name == "source" || name == "report" {
		w.add(name+" = ?", value)
		return nil
	}
	name = t.ShowsAs(name)
	p, ok := t.Property(name)
	if !ok || !t.InDocument(name) {
		return badRequest("%s has no attribute %q", t.Collection.Name, name)
	}
	value = t.Shown(p, value)
	if p.Type == model.String {
		w.add(tables.Text("doc", name)+" = ?", value)
		return nil
	}
	var v any
	if err := decode([]byte(value), &v); err != nil {
		return badRequest("%s: %q is not a value of type %s", name, value, p.Type)
	}
	w.add(tables.JSON("doc", name)+" = ?", string(tables.AppendCanonical(nil, v)))
	return nil
}

// identity adds a condition on an attribute that identifies objects, and reports whether it is one.
func (w *search) identity(name, value string) bool {
	t := w.table
	columns := map[string]string{"id": "key", model.ByExternalID: "key", t.KeyedBy: "key"}
	vertex := map[string]string{"key": t.Collection.Name, "from_key": t.From, "to_key": t.To}
	if t.Kind == model.Edge {
		from, to := endIDs(t)
		columns = map[string]string{from: "from_key", to: "to_key", t.FromProperty(): "from_key", t.ToProperty(): "to_key"}
	}
	column, ok := columns[name]
	if !ok {
		return false
	}
	if name == "id" || strings.HasSuffix(name, "_id") && !strings.HasSuffix(name, model.ByExternalID) {
		// A source's key has no slash.
		source, key, _ := strings.Cut(value, "/")
		w.add("source = ? AND "+column+" = ?", source, w.catalog.keys.Of(vertex[column], key))
		return true
	}
	key, _ := patchEnd(name, vertex[column], value)
	w.add(column+" = ?", w.catalog.keys.Of(vertex[column], key))
	w.byKey = true
	return true
}

// endValue names an end of an edge as an import does.
func endValue(property, vertex, key string) string {
	if strings.HasSuffix(property, model.ByExternalID) {
		return key
	}
	return vertex + "/" + key
}
