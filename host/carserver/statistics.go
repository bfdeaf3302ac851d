package carserver

import (
	"database/sql"
	"fmt"
	"strings"
)

// informPlanner stores the statistics of all tables for SQLite's planner, unless they are there
// already. Reading connections notice them when they next load the schema.
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
		"ANALYZE sqlite_schema", // creates the table of statistics
		"DELETE FROM sqlite_stat1",
		"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES " + strings.Join(all, ", "),
		"ANALYZE sqlite_schema", // loads it on this connection
	})
}
