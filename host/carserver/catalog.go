package carserver

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"carjs/host/carserver/internal/graphql"
	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// catalog is the data model with all stored extensions, and everything derived from it. It is
// read-only: a new extension makes a new catalog.
type catalog struct {
	model  *model.Model
	tables []*tables.Table // vertices of the model, then edges, then tags
	byName map[string]*tables.Table
	keys   tables.Keys
	ends   map[string][]end // by the vertex collection of the end
	// importSchema is the response of GET importSchema; graphql checks and compiles queries. Both
	// are built on first use: they take a while, and many runs need neither.
	importSchema func() ([]byte, error)
	graphql      func() (*graphql.Schema, error)
}

// end is one end of the edges of a collection: the column with its keys.
type end struct {
	*tables.Table
	column string
}

// newCatalog merges extensions into the published model. If coming is one of them, it must be
// valid; the others were accepted earlier, perhaps under older rules.
func newCatalog(extensions []*model.Extension, coming *model.Extension, keys tables.Keys) (*catalog, error) {
	m := model.CAR()
	for _, e := range extensions {
		for _, v := range e.Schema.Vertices {
			if slices.Contains([]string{"source", "report", tables.TagCollection}, v.Name) {
				return nil, fmt.Errorf("schema extension %s: vertex %q: the name is taken", e.Key, v.Name)
			}
		}
		merge := m.Adopt
		if e == coming {
			merge = m.Extend
		}
		var err error
		if m, err = merge(*e); err != nil {
			return nil, err
		}
	}
	c := &catalog{model: m, byName: map[string]*tables.Table{}, keys: keys, ends: map[string][]end{}}
	for _, collection := range append(m.Vertices(), m.Edges()...) {
		c.add(tables.New(collection))
	}
	c.add(tables.Tags())
	for _, vertex := range m.Vertices() {
		c.add(tables.TagsOf(vertex.Name))
	}
	c.importSchema = sync.OnceValues(func() ([]byte, error) {
		return json.Marshal(map[string]any{"schema": m.ImportSchema()})
	})
	c.graphql = sync.OnceValues(func() (*graphql.Schema, error) { return graphql.New(m, c.byName) })
	return c, nil
}

func (c *catalog) add(t *tables.Table) {
	c.tables = append(c.tables, t)
	c.byName[t.Collection.Name] = t
	if t.Kind == model.Edge {
		c.ends[t.From] = append(c.ends[t.From], end{t, "from_key"})
		c.ends[t.To] = append(c.ends[t.To], end{t, "to_key"})
	}
}

// create creates the tables that do not exist yet.
func (c *catalog) create(tx *sql.Tx) error {
	there, err := schemaNames(tx, "table", "index")
	if err != nil {
		return err
	}
	for _, t := range c.tables {
		for _, part := range t.Parts() {
			if there[part.Name] != "" {
				continue
			}
			if _, err := tx.Exec(part.Create); err != nil {
				return fmt.Errorf("make %s: %w", part.Name, err)
			}
		}
	}
	return c.informPlanner(tx)
}

// table returns the table of a collection of the model, or a not-found error for the client.
func (c *catalog) table(collection string) (*tables.Table, error) {
	if t, ok := c.byName[collection]; ok && !t.OfTags {
		return t, nil
	}
	return nil, notFound("there is no collection %q", collection)
}

// loadExtensions reads the stored extensions in the order in which they were first posted, since
// later ones may build on the collections of earlier ones.
func loadExtensions(tx *sql.Tx) ([]*model.Extension, error) {
	rows, err := tx.Query("SELECT doc FROM extensions ORDER BY n")
	if err != nil {
		return nil, fmt.Errorf("read schema extensions: %w", err)
	}
	defer rows.Close()
	var extensions []*model.Extension
	for rows.Next() {
		var doc []byte
		if err := rows.Scan(&doc); err != nil {
			return nil, fmt.Errorf("read schema extensions: %w", err)
		}
		e, err := model.ReadExtension(doc)
		if err != nil {
			return nil, fmt.Errorf("stored extension: %w", err)
		}
		extensions = append(extensions, e)
	}
	return extensions, errors.Join(rows.Err(), rows.Close())
}
