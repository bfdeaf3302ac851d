package carserver

import (
	"database/sql"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// searchCollection answers GET /{collection}?attribute=value, the search from before there was
// GraphQL: the current objects whose attributes have these values. "related" is part of the
// answer's form and always empty.
func (s *Server) searchCollection(r *http.Request) (int, any, error) {
	t, err := s.catalog.Load().table(r.PathValue("collection"))
	if err != nil {
		return 0, nil, err
	}
	c := s.catalog.Load()
	conditions, args := []string{"_t2 IS NULL"}, []any{}
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		condition, value, err := attribute(c, t, name, query.Get(name))
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
func attribute(c *catalog, t *tables.Table, name, value string) (string, any, error) {
	if t.Kind == model.Edge {
		switch name {
		case t.FromProperty():
			key, _ := patchEnd(name, t.From, value)
			return "from_key = ?", c.keys.Of(t.From, key), nil
		case t.ToProperty():
			key, _ := patchEnd(name, t.To, value)
			return "to_key = ?", c.keys.Of(t.To, key), nil
		}
	}
	if t.Kind == model.Vertex && (name == model.ByExternalID || name == t.KeyedBy) {
		return "key = ?", c.keys.Of(t.Collection.Name, value), nil
	}
	if column, ok := searchColumns(t)[name]; ok {
		return column + " = ?", value, nil
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

// searchColumns are the attributes that are columns.
func searchColumns(t *tables.Table) map[string]string {
	columns := map[string]string{"source": "source", "report": "report"}
	if t.Kind == model.Vertex {
		columns["id"] = "source || '/' || key"
	}
	return columns
}

func search(tx *sql.Tx, t *tables.Table, where string, args []any) ([]any, error) {
	columns := "source, key, '', doc"
	if t.Kind == model.Edge {
		columns = "source, from_key, to_key, doc"
	}
	rows, err := tx.Query(fmt.Sprintf(`SELECT %s FROM "%s" WHERE %s ORDER BY %s`, columns, t.Name, where,
		strings.Join(t.Identity, ", ")), args...)
	if err != nil {
		return nil, fmt.Errorf("search %s: %w", t.Collection.Name, err)
	}
	defer rows.Close()
	found := []any{}
	for rows.Next() {
		var source, key, to string
		var doc []byte
		object := map[string]any{}
		err := rows.Scan(&source, &key, &to, &doc)
		if err == nil {
			err = decode(doc, &object)
		}
		if err != nil {
			return nil, fmt.Errorf("search %s: %w", t.Collection.Name, err)
		}
		object["source"] = source
		if t.Kind == model.Edge {
			object[t.FromProperty()], object[t.ToProperty()] = endValue(t.FromProperty(), t.From, key), endValue(t.ToProperty(), t.To, to)
		} else {
			object[t.KeyedBy], object[model.ByExternalID], object["id"] = key, key, source+"/"+key
			if t.Collection.Name == "ipaddress" {
				_, object[t.KeyedBy] = tables.Region(key)
			}
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
