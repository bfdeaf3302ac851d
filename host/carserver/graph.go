package carserver

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/esjson"
	"carjs/host/model"
)

// VertexID identifies a vertex of a source.
type VertexID struct{ Collection, Key string }

// String returns the id as collection/key.
func (id VertexID) String() string { return id.Collection + "/" + id.Key }

// EdgeID identifies an edge of a source. From and To are the keys or external ids of its vertices,
// as the model has it. ExternalID is the edge's own, empty if it has none: several edges may join
// the same two vertices.
type EdgeID struct{ Collection, From, To, ExternalID string }

// String returns the id as collection/from -> to, with the edge's external id in parentheses.
func (id EdgeID) String() string {
	text := id.Collection + "/" + id.From + " -> " + id.To
	if id.ExternalID != "" {
		text += " (" + id.ExternalID + ")"
	}
	return text
}

// Graph is what a source has in CAR: its current vertices and edges with their properties as
// canonical JSON, and the tags of vertices as a sorted array. When and by which report an object
// arrived is left out, so that the graphs of two runs or two services can be compared.
//
// Objects are named as in an import: an address in the default region by the address alone, any
// other as region/address.
type Graph struct {
	Vertices map[VertexID]string
	Edges    map[EdgeID]string
	Tags     map[VertexID]string
}

// Equal reports whether two graphs are the same.
func (g Graph) Equal(other Graph) bool {
	return maps.Equal(g.Vertices, other.Vertices) && maps.Equal(g.Edges, other.Edges) && maps.Equal(g.Tags, other.Tags)
}

// Diff lists the differences of other, sorted, one line for each object: "- asset/1 {...}" is
// missing from other, "+" is only in other, "~" has other properties.
func (g Graph) Diff(other Graph) []string {
	lines := append(diff(g.Vertices, other.Vertices), diff(g.Edges, other.Edges)...)
	for _, l := range diff(g.Tags, other.Tags) {
		lines = append(lines, line{l.sign, l.object + " tags", l.text})
	}
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
	g := Graph{Vertices: map[VertexID]string{}, Edges: map[EdgeID]string{}, Tags: map[VertexID]string{}}
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
	columns, group := "key, '', ''", ""
	doc := "doc"
	switch {
	case t.OfTags && t.Kind == model.Vertex:
		return nil // tags are read through their links
	case t.OfTags:
		columns, doc, group = "to_key, '', ''", "json_group_array(from_key ORDER BY from_key)", " GROUP BY to_key"
	case t.Kind == model.Edge:
		columns = "from_key, to_key, own_key"
	case t.Collection.Name == "ipaddress":
		doc = fmt.Sprintf(`CASE WHEN %s = '%s' THEN json_remove(doc, '$.region_id') ELSE doc END`,
			tables.Text("doc", "region_id"), tables.DefaultRegion)
	}
	rows, err := tx.Query(fmt.Sprintf(`SELECT %s, %s FROM "%s" WHERE source = ? AND _t2 IS NULL%s`, columns, doc, t.Name, group), source)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var key, to, own, doc string
		if err := rows.Scan(&key, &to, &own, &doc); err != nil {
			return err
		}
		switch {
		case t.OfTags:
			g.Tags[VertexID{t.To, shortKey(t.To, key)}] = string(esjson.EscapeLone([]byte(doc)))
		case t.Kind == model.Edge:
			g.Edges[EdgeID{t.Collection.Name, shortKey(t.From, key), shortKey(t.To, to), own}] = doc
		default:
			g.Vertices[VertexID{t.Collection.Name, shortKey(t.Collection.Name, key)}] = doc
		}
	}
	return rows.Err()
}

// shortKey leaves the default region out of the key of an address.
func shortKey(collection, key string) string {
	return tables.Keys{PlainAddresses: true}.Of(collection, key)
}

// Counts returns the number of current vertices and edges of a source by collection, without tags.
// Empty collections are left out.
func (s *Server) Counts(ctx context.Context, source string) (map[string]int, error) {
	counts := map[string]int{}
	err := s.store.view(ctx, func(tx *sql.Tx) error {
		for _, t := range s.catalog.Load().tables {
			if t.OfTags {
				continue
			}
			var n int
			err := tx.QueryRow(fmt.Sprintf(`SELECT count(*) FROM "%s" WHERE source = ? AND _t2 IS NULL`, t.Name), source).Scan(&n)
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

// Canonical returns a value as the documents of a [Graph] have it: members sorted by name, equal
// numbers written alike. The value must be decoded by encoding/json with UseNumber.
func Canonical(v any) []byte { return tables.AppendCanonical(nil, v) }
