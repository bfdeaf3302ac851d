package carserver

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"carjs/host/carserver/internal/tables"
)

// DatabaseState is a stage in the life of a tenant's database, as GET /databases shows it.
type DatabaseState string

// The states. A client moves a database from any of the first four to DatabaseReady; requests that
// need a ready database are rejected until then.
const (
	// DatabaseAbsent is a fresh tenant, before a client creates the database.
	DatabaseAbsent DatabaseState = "absent"
	// DatabaseEmpty is created, without collections, graph and indexes.
	DatabaseEmpty DatabaseState = "empty"
	// DatabaseWithoutGraph has collections and indexes but no graph.
	DatabaseWithoutGraph DatabaseState = "without graph"
	// DatabaseWithoutIndexes has collections and the graph but no indexes.
	DatabaseWithoutIndexes DatabaseState = "without indexes"
	// DatabaseBusy has everything but is not ready, until SetDatabase changes the state.
	DatabaseBusy DatabaseState = "busy"
	// DatabaseReady accepts imports.
	DatabaseReady DatabaseState = "ready"
)

// graphName is the name of the graph that clients create.
const graphName = "assets"

// database is the stored state of the database, and which indexes exist.
type database struct {
	Created bool `json:"created"`
	// Collections reports whether the collections are listed. Their tables always exist.
	Collections bool   `json:"collections"`
	Graph       string `json:"graph"`
	Busy        bool   `json:"busy"`

	unindexed []string
}

func (d *database) ready() bool {
	return d.Created && d.Collections && d.Graph != "" && len(d.unindexed) == 0 && !d.Busy
}

// readDatabase reads the state of the database.
func readDatabase(tx *sql.Tx, c *catalog) (*database, error) {
	d := &database{}
	var doc []byte
	if err := tx.QueryRow("SELECT value FROM state WHERE name = 'database'").Scan(&doc); err != nil {
		return nil, fmt.Errorf("read the state of the database: %w", err)
	}
	if err := json.Unmarshal(doc, d); err != nil {
		return nil, fmt.Errorf("read the state of the database: %w", err)
	}
	if !d.Created {
		return d, nil
	}
	there, err := schemaNames(tx, "index", "index")
	if err != nil {
		return nil, err
	}
	for _, t := range c.tables {
		if !t.OfTags && slices.ContainsFunc(t.Indexes(), func(i tables.Part) bool { return there[i.Name] == "" }) {
			d.unindexed = append(d.unindexed, t.Collection.Name)
		}
	}
	return d, nil
}

// schemaNames maps the names of the tables or indexes in the file to the tables they belong to.
func schemaNames(tx *sql.Tx, kind, otherKind string) (map[string]string, error) {
	rows, err := tx.Query("SELECT name, tbl_name FROM sqlite_schema WHERE type IN (?, ?)", kind, otherKind)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	defer rows.Close()
	names := map[string]string{}
	for rows.Next() {
		var name, table string
		if err := rows.Scan(&name, &table); err != nil {
			return nil, err
		}
		names[name] = table
	}
	return names, rows.Err()
}

func writeDatabase(tx *sql.Tx, d *database) error {
	doc, err := json.Marshal(d)
	if err != nil {
		return err
	}
	const statement = "INSERT INTO state (name, value) VALUES ('database', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
	if _, err := tx.Exec(statement, string(doc)); err != nil {
		return fmt.Errorf("keep the state of the database: %w", err)
	}
	return nil
}

// prepare creates or upgrades the service's tables and loads the catalog.
func (s *Server) prepare(ready bool) error {
	return s.store.update(context.Background(), func(tx *sql.Tx) error {
		version, err := claim(tx)
		if err != nil {
			return err
		}
		extensions, err := loadExtensions(tx)
		if err != nil {
			return err
		}
		c, err := newCatalog(extensions, nil, s.keys)
		if err != nil {
			return err
		}
		if err := widen(tx, c, version); err != nil {
			return err
		}
		if err := c.create(tx); err != nil {
			return err
		}
		if err := migrate(tx, c, version); err != nil {
			return err
		}
		s.catalog.Store(c)
		var known int
		if err := tx.QueryRow("SELECT count(*) FROM state WHERE name = 'database'").Scan(&known); err != nil || known > 0 {
			return err
		}
		if !ready {
			return writeDatabase(tx, &database{})
		}
		return s.setDatabase(tx, DatabaseReady)
	})
}

// SetDatabase puts the database into a state, for tests of how clients react. DatabaseAbsent and
// DatabaseEmpty remove all data, but not the schema extensions.
func (s *Server) SetDatabase(ctx context.Context, state DatabaseState) error {
	return s.store.update(ctx, func(tx *sql.Tx) error { return s.setDatabase(tx, state) })
}

func (s *Server) setDatabase(tx *sql.Tx, state DatabaseState) error {
	d := &database{Created: true, Collections: true, Graph: graphName}
	c, indexed := s.catalog.Load(), true
	switch state {
	case DatabaseAbsent, DatabaseEmpty:
		d, indexed = &database{Created: state == DatabaseEmpty}, false
		if err := c.clear(tx); err != nil {
			return err
		}
	case DatabaseWithoutGraph:
		d.Graph = ""
	case DatabaseWithoutIndexes:
		indexed = false
	case DatabaseBusy:
		d.Busy = true
	case DatabaseReady:
	default:
		return fmt.Errorf("there is no database state %q", state)
	}
	for _, t := range c.tables {
		if err := setIndexes(tx, t, indexed); err != nil {
			return err
		}
	}
	return writeDatabase(tx, d)
}

func setIndexes(tx *sql.Tx, t *tables.Table, there bool) error {
	for _, index := range t.Indexes() {
		statement := index.Create
		if !there {
			statement = fmt.Sprintf(`DROP INDEX IF EXISTS "%s"`, index.Name)
		}
		if _, err := tx.Exec(statement); err != nil {
			return fmt.Errorf("index %s: %w", index.Name, err)
		}
	}
	return nil
}

// clear removes all data.
func (c *catalog) clear(tx *sql.Tx) error {
	names := []string{"sources"}
	for _, t := range c.tables {
		names = append(names, t.Name)
	}
	for _, name := range names {
		if _, err := tx.Exec(fmt.Sprintf(`DELETE FROM "%s"`, name)); err != nil {
			return fmt.Errorf("remove data: %w", err)
		}
	}
	return nil
}

// mustBeCreated rejects a request if the database does not exist.
func mustBeCreated(tx *sql.Tx, c *catalog) error {
	d, err := readDatabase(tx, c)
	if err == nil && !d.Created {
		return badRequest("the database is not created yet")
	}
	return err
}

// mustBeReady rejects a request if the database is not ready.
func mustBeReady(tx *sql.Tx, c *catalog) error {
	d, err := readDatabase(tx, c)
	switch {
	case err != nil:
		return err
	case !d.Created:
		return badRequest("the database is not created yet")
	case !d.ready():
		return badRequest("the database is not ready: see GET /databases")
	}
	return nil
}

func (s *Server) getDatabases(r *http.Request) (int, any, error) {
	c := s.catalog.Load()
	var d *database
	err := s.store.view(r.Context(), func(tx *sql.Tx) error {
		var err error
		d, err = readDatabase(tx, c)
		return err
	})
	if err != nil {
		return 0, nil, err
	}
	if !d.Created {
		return 0, nil, badRequest("the database is not created yet")
	}
	var all []string
	for _, t := range c.tables {
		if !t.OfTags {
			all = append(all, t.Collection.Name)
		}
	}
	there, missing := []string{}, all
	if d.Collections {
		there, missing = all, there
	}
	return http.StatusOK, map[string]any{"databases": []any{map[string]any{
		"name": "car", "graph_name": d.Graph, "is_ready": d.ready(), "collections": there, "missing_collections": missing,
		"collections_without_indexes": append([]string{}, d.unindexed...),
	}}}, nil
}
