package carserver

import (
	"database/sql"
	"fmt"
	"strings"
)

// informPlanner writes the statistics of all tables where SQLite's planner looks for them, unless
// they are there. Connections that read see them when they next read the schema.
func (c *catalog) informPlanner(tx *sql.Tx) error {
	var all []string
	for _, t := range c.tables {
		for _, s := range t.Statistics() {
			all = append(all, fmt.Sprintf("('%s', '%s', '%s')", s.Table, s.Index, s.Numbers))
		}
	}
	var known int
	if err := tx.QueryRow("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'").Scan(&known); err != nil {
		return fmt.Errorf("look for statistics: %w", err)
	}
	if known > 0 {
		if err := tx.QueryRow("SELECT count(*) FROM sqlite_stat1").Scan(&known); err != nil || known == len(all) {
			return err
		}
	}
	return execAll(tx, []string{
		"ANALYZE sqlite_schema", // makes the table of statistics
		"DELETE FROM sqlite_stat1",
		"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES " + strings.Join(all, ", "),
		"ANALYZE sqlite_schema", // reads it, for the connection that writes
	})
}
