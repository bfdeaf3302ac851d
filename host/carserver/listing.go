package carserver

import (
	"database/sql"
	"fmt"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// listing reads objects of a collection as the REST calls return them: their properties, their
// source, and the ids used by queries and imports.
type listing struct {
	*tables.Table
	// where is a condition on the columns of the table.
	where string
	args  []any
}

func (l listing) objects(tx *sql.Tx) ([]any, error) {
	columns := "source, key, '', doc"
	if l.Kind == model.Edge {
		columns = "source, from_key, to_key, doc"
	}
	rows, err := tx.Query(fmt.Sprintf(`SELECT %s FROM "%s" WHERE _t2 IS NULL AND %s ORDER BY 1, 2, 3`, columns, l.Name, l.where), l.args...)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", l.Collection.Name, err)
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
			return nil, fmt.Errorf("list %s: %w", l.Collection.Name, err)
		}
		object["source"] = source
		if l.Kind == model.Edge {
			l.nameEdge(object, source, key, to)
		} else {
			l.nameVertex(object, source, key)
		}
		found = append(found, object)
	}
	return found, rows.Err()
}

func (l listing) nameVertex(object map[string]any, source, key string) {
	object["id"], object[model.ByExternalID] = source+"/"+key, key
	switch {
	case l.Collection.Name == "ipaddress":
		_, object[model.ByKey] = tables.Region(key)
	case l.KeyedBy == model.ByKey:
		object[model.ByKey] = key
	}
}

func (l listing) nameEdge(object map[string]any, source, from, to string) {
	fromID, toID := endIDs(l.Table)
	object[fromID], object[toID] = source+"/"+from, source+"/"+to
	object[l.FromProperty()] = endValue(l.FromProperty(), l.From, shortKey(l.From, from))
	object[l.ToProperty()] = endValue(l.ToProperty(), l.To, shortKey(l.To, to))
}

// endIDs returns the fields by which queries show the ends of an edge.
func endIDs(t *tables.Table) (from, to string) {
	if t.From == t.To {
		return "from_" + t.From + "_id", "to_" + t.To + "_id"
	}
	return t.From + "_id", t.To + "_id"
}
