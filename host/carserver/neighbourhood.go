package carserver

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// neighbourhood is a vertex with its edges and the vertices at their other ends, listed by
// collection. If several sources have the vertex, it covers all of them.
type neighbourhood struct {
	tx      *sql.Tx
	catalog *catalog
	key     string
	sources string // the sources that have the vertex, as a JSON array
	found   map[string][]any
	seen    map[string]bool
}

// getNeighbourhood handles GET /{collection}/{id}/graph.
func (s *Server) getNeighbourhood(r *http.Request) (int, any, error) {
	c := s.catalog.Load()
	if r.PathValue("part") != "graph" {
		return 0, nil, notFound("there is nothing at %s", r.URL.Path)
	}
	t, err := c.table(r.PathValue("collection"))
	if err != nil {
		return 0, nil, err
	}
	if t.Kind == model.Edge {
		return 0, nil, badRequest("%s is an edge collection: only a vertex has a graph", t.Collection.Name)
	}
	n := &neighbourhood{
		catalog: c, key: c.keys.Of(t.Collection.Name, r.PathValue("id")), found: map[string][]any{}, seen: map[string]bool{},
	}
	err = s.store.view(r.Context(), func(tx *sql.Tx) error {
		n.tx = tx
		there, err := n.centre(t, r.URL.Query().Get("source"))
		if err == nil && !there {
			return notFound("there is no %s %q", t.Collection.Name, r.PathValue("id"))
		}
		if err != nil {
			return err
		}
		for _, edges := range c.ends[t.Collection.Name] {
			if err := n.along(edges); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, map[string]any{"data": n.found}, nil
}

// centre adds the vertex itself, of one source or of all, and reports whether it exists.
func (n *neighbourhood) centre(t *tables.Table, source string) (bool, error) {
	err := n.tx.QueryRow(fmt.Sprintf(`SELECT json_group_array(source) FROM "%s" WHERE %s AND key = ?2 AND _t2 IS NULL`, t.Name, theSource),
		source, n.key).Scan(&n.sources)
	if err != nil {
		return false, fmt.Errorf("find %s: %w", t.Collection.Name, err)
	}
	return n.sources != "[]", n.add(listing{t, "source IN (SELECT value FROM json_each(?)) AND key = ?", []any{n.sources, n.key}})
}

// along adds the edges at the vertex and the vertices at their other ends.
func (n *neighbourhood) along(edges end) error {
	here := fmt.Sprintf("source IN (SELECT value FROM json_each(?)) AND %s = ?", edges.column)
	args := []any{n.sources, n.key}
	if err := n.add(listing{edges.Table, here, args}); err != nil {
		return err
	}
	other, column := edges.To, "to_key"
	if edges.column == column {
		other, column = edges.From, "from_key"
	}
	return n.add(listing{
		n.catalog.byName[other],
		fmt.Sprintf(`(source, key) IN (SELECT source, %s FROM "%s" WHERE %s AND _t2 IS NULL)`, column, edges.Name, here), args,
	})
}

// add adds objects of a collection, each once.
func (n *neighbourhood) add(l listing) error {
	objects, err := l.objects(n.tx)
	if err != nil {
		return err
	}
	for _, object := range objects {
		known, err := json.Marshal(object)
		if err != nil {
			return err
		}
		if id := l.Collection.Name + string(known); !n.seen[id] {
			n.seen[id] = true
			n.found[l.Collection.Name] = append(n.found[l.Collection.Name], object)
		}
	}
	return nil
}
