package carserver

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// createDatabase handles POST /databases. Creating an existing database changes nothing, so that a
// client may retry after losing the response.
func (s *Server) createDatabase(r *http.Request) (int, any, error) {
	return s.acceptJob(r, job{kind: jobCreateDatabase}, nil)
}

func (s *Server) runCreateDatabase(tx *sql.Tx, _ *job) error {
	d, err := readDatabase(tx, s.catalog.Load())
	if err != nil || d.Created {
		return err
	}
	return s.setDatabase(tx, DatabaseReady)
}

// completion is the body of PATCH /databases.
type completion struct {
	GraphName *string  `json:"graph_name,omitempty"`
	Indexes   []string `json:"collections_without_indexes,omitempty"`
}

// completeDatabase handles PATCH /databases: it creates the graph, or the indexes of some
// collections.
func (s *Server) completeDatabase(r *http.Request) (int, any, error) {
	object, err := s.readObject(r)
	if err != nil {
		return 0, nil, err
	}
	body, err := json.Marshal(object)
	if err != nil {
		return 0, nil, err
	}
	var wish completion
	if err := json.Unmarshal(body, &wish); err != nil {
		return 0, nil, badRequest("graph_name must be a string, collections_without_indexes an array of strings")
	}
	for name := range object {
		if name != "graph_name" && name != "collections_without_indexes" {
			return 0, nil, badRequest("%q cannot be changed, only graph_name and collections_without_indexes", name)
		}
	}
	if wish.GraphName == nil && wish.Indexes == nil || wish.GraphName != nil && *wish.GraphName == "" {
		return 0, nil, badRequest("nothing to do: set graph_name or collections_without_indexes")
	}
	c := s.catalog.Load()
	for _, name := range wish.Indexes {
		if _, err := c.table(name); err != nil {
			return 0, nil, badRequest("there is no collection %q", name)
		}
	}
	return s.acceptJob(r, job{kind: jobCompleteDatabase, body: body}, func(tx *sql.Tx) error { return mustBeCreated(tx, c) })
}

// runCompleteDatabase creates what a completion asks for. Both the graph and the indexes create
// missing collections, since clients have no other call for that.
func (s *Server) runCompleteDatabase(tx *sql.Tx, j *job) error {
	var wish completion
	if err := json.Unmarshal(j.body, &wish); err != nil {
		return fmt.Errorf("read job: %w", err)
	}
	c := s.catalog.Load()
	d, err := readDatabase(tx, c)
	if err != nil {
		return err
	}
	if wish.GraphName != nil {
		d.Graph = *wish.GraphName
	}
	d.Collections = true
	for _, t := range c.tables {
		if t.OfTags || slices.Contains(wish.Indexes, t.Collection.Name) {
			if err := setIndexes(tx, t, true); err != nil {
				return err
			}
		}
	}
	return writeDatabase(tx, d)
}
