package carserver

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// VertexID tells the vertices of a source apart.
type VertexID struct{ Collection, Key string }

// String returns the id as collection/key.
func (id VertexID) String() string { return id.Collection + "/" + id.Key }

// EdgeID tells the edges of a source apart. From and To are keys or external ids, as the model has
// it.
type EdgeID struct{ Collection, From, To string }

// String returns the id as collection/from -> to.
func (id EdgeID) String() string { return id.Collection + "/" + id.From + " -> " + id.To }

// Graph is what a source has in CAR: its current vertices and active edges, each with its
// properties as canonical JSON. What says when and by which report something arrived is not in it,
// so that the graphs of two runs, or of two services, can be compared.
type Graph struct {
	Vertices map[VertexID]string
	Edges    map[EdgeID]string
}

// Equal tells whether two graphs are the same.
func (g Graph) Equal(other Graph) bool {
	return maps.Equal(g.Vertices, other.Vertices) && maps.Equal(g.Edges, other.Edges)
}

// Diff lists what other has differently, sorted, a line for each object: "- asset/1 {...}" is
// missing in other, "+" is only there, "~" has other properties.
func (g Graph) Diff(other Graph) []string {
	lines := append(diff(g.Vertices, other.Vertices), diff(g.Edges, other.Edges)...)
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.object, b.object) })
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.sign + " " + l.object + " " + l.text
	}
	return texts
}

type line struct{ sign, object, text string }

func diff[ID interface {
	comparable
	String() string
}](before, after map[ID]string) []line {
	var lines []line
	for id, was := range before {
		is, there := after[id]
		switch {
		case !there:
			lines = append(lines, line{"-", id.String(), was})
		case is != was:
			lines = append(lines, line{"~", id.String(), was + " -> " + is})
		}
	}
	for id, is := range after {
		if _, there := before[id]; !there {
			lines = append(lines, line{"+", id.String(), is})
		}
	}
	return lines
}

// Graph reads the graph of a source.
func (s *Server) Graph(ctx context.Context, source string) (Graph, error) {
	g := Graph{Vertices: map[VertexID]string{}, Edges: map[EdgeID]string{}}
	err := s.store.view(ctx, func(tx *sql.Tx) error {
		for _, t := range s.catalog.Load().tables {
			if err := g.read(tx, t, source); err != nil {
				return fmt.Errorf("read %s: %w", t.Collection.Name, err)
			}
		}
		return nil
	})
	return g, err
}

func (g Graph) read(tx *sql.Tx, t *tables.Table, source string) error {
	columns := "key, ''"
	if t.Kind == model.Edge {
		columns = "from_key, to_key"
	}
	rows, err := tx.Query(fmt.Sprintf(`SELECT %s, doc FROM "%s" WHERE source = ? AND %s`, columns, t.Name, present(t)), source)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key, to, doc string
		if err := rows.Scan(&key, &to, &doc); err != nil {
			return err
		}
		if t.Kind == model.Edge {
			g.Edges[EdgeID{t.Collection.Name, key, to}] = doc
		} else {
			g.Vertices[VertexID{t.Collection.Name, key}] = doc
		}
	}
	return rows.Err()
}

// present is the condition for what a source has now.
func present(t *tables.Table) string {
	if t.Kind == model.Edge {
		return "_t2 IS NULL AND active"
	}
	return "_t2 IS NULL"
}

// Counts returns how many current vertices and active edges a source has, by collection.
// Collections of which it has none are not in it.
func (s *Server) Counts(ctx context.Context, source string) (map[string]int, error) {
	counts := map[string]int{}
	err := s.store.view(ctx, func(tx *sql.Tx) error {
		for _, t := range s.catalog.Load().tables {
			var n int
			err := tx.QueryRow(fmt.Sprintf(`SELECT count(*) FROM "%s" WHERE source = ? AND %s`, t.Name, present(t)), source).Scan(&n)
			if err != nil {
				return fmt.Errorf("count %s: %w", t.Collection.Name, err)
			}
			if n > 0 {
				counts[t.Collection.Name] = n
			}
		}
		return nil
	})
	return counts, err
}
