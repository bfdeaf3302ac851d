package carserver

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"carjs/host/carserver/internal/graphql"
	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// catalog is the data model with all stored extensions, and what derives from it. It is read-only:
// a new extension makes a new catalog.
type catalog struct {
	model  *model.Model
	tables []*tables.Table // vertices before edges, as in the model
	byName map[string]*tables.Table
	// importSchema is the answer to importSchema, graphql what queries are checked and translated
	// with. Both take a while to make and many runs never ask for them.
	importSchema func() ([]byte, error)
	graphql      func() (*graphql.Schema, error)
}

// newCatalog merges extensions into the published model.
func newCatalog(extensions []*model.Extension) (*catalog, error) {
	m := model.CAR()
	for _, e := range extensions {
		for _, v := range e.Schema.Vertices {
			if v.Name == "source" || v.Name == "report" {
				return nil, fmt.Errorf("schema extension %s: vertex %q: the name is taken in the import envelope", e.Key, v.Name)
			}
		}
		var err error
		if m, err = m.Extend(*e); err != nil {
			return nil, err
		}
	}
	c := &catalog{model: m, byName: map[string]*tables.Table{}}
	for _, collection := range append(m.Vertices(), m.Edges()...) {
		t := tables.New(collection)
		c.tables = append(c.tables, t)
		c.byName[t.Collection.Name] = t
	}
	c.importSchema = sync.OnceValues(func() ([]byte, error) {
		return json.Marshal(map[string]any{"schema": m.ImportSchema()})
	})
	c.graphql = sync.OnceValues(func() (*graphql.Schema, error) { return graphql.New(m, c.byName) })
	return c, nil
}

// create makes the tables of collections that have none yet.
func (c *catalog) create(tx *sql.Tx) error {
	for _, t := range c.tables {
		if err := execAll(tx, t.Create()); err != nil {
			return fmt.Errorf("collection %s: %w", t.Collection.Name, err)
		}
	}
	return nil
}

// table returns the table of a collection, or the error that a client gets.
func (c *catalog) table(collection string) (*tables.Table, error) {
	if t, ok := c.byName[collection]; ok {
		return t, nil
	}
	return nil, notFound("there is no collection %q", collection)
}

// loadExtensions reads the stored extensions in the order in which they first came, since later
// ones may build on the collections of earlier ones.
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
		e, err := model.ParseExtension(doc)
		if err != nil {
			return nil, fmt.Errorf("stored extension: %w", err)
		}
		extensions = append(extensions, e)
	}
	return extensions, errors.Join(rows.Err(), rows.Close())
}
