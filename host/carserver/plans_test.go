package carserver

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

var scanned = regexp.MustCompile(`^SCAN (\S+)`)

// plan returns SQLite's plan for a statement.
func (c *client) plan(statement string) []string {
	c.tb.Helper()
	parameters := make([]any, strings.Count(statement, "?")) // too many where one is named twice
	for i := range parameters {
		parameters[i] = "[]"
	}
	for strings.Contains(statement, "?2") && len(parameters) > 2 {
		parameters = parameters[:2]
	}
	rows, err := c.carsrv.store.reads.Query("EXPLAIN QUERY PLAN "+statement, parameters...)
	if err != nil {
		c.tb.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			c.tb.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		c.tb.Fatal(err)
	}
	return steps
}

// No statement about some rows scans a whole table.
func TestStatementsUseIndexes(t *testing.T) {
	c := start(t, Config{Path: filepath.Join(t.TempDir(), "car.db"), Prepared: true})
	catalog := c.carsrv.catalog.Load()
	for _, table := range catalog.tables {
		statements := []string{table.Retire(), table.EndAll(), table.Any(), table.End(), "SELECT * FROM sources WHERE key = ?"}
		current := fmt.Sprintf(`SELECT n FROM "%s" WHERE _t2 IS NULL AND `, table.Name)
		ended := fmt.Sprintf(`SELECT n FROM "%s" WHERE _t2 IS NOT NULL AND `, table.Name)
		if table.Kind == model.Vertex {
			statements = append(statements, table.EndListed("key"), current+"source = ? AND key = ?", current+anySource+" AND key = ?",
				current+theSource+" AND key = ?2", current+"source = ? ORDER BY source, key LIMIT 10")
			if id := table.ConnectingID(""); id != "" {
				statements = append(statements, current+id+" = ?")
			}
			for _, p := range table.Document() {
				if p.Indexed {
					statements = append(statements, current+tables.Text("doc", p.Name)+" = ?")
				}
			}
		} else {
			statements = append(statements, current+"source = ? AND from_key = ?", current+"source = ? AND to_key = ?",
				current+"source = ? ORDER BY source, from_key, to_key LIMIT 10")
			if !table.OfTags {
				statements = append(statements, ended+"source = ? AND from_key = ? AND to_key = ? ORDER BY n DESC LIMIT 1")
			}
			for column, vertex := range map[string]string{"from_key": table.From, "to_key": table.To} {
				statements = append(statements, table.EndListed(column), table.EndAtRetired(column, catalog.byName[vertex]))
			}
		}
		for _, statement := range statements {
			for _, step := range c.plan(statement) {
				if m := scanned.FindStringSubmatch(step); m != nil && m[1] != "json_each" && m[1] != "sources" &&
					!strings.HasPrefix(step, "SCAN CONSTANT") {
					t.Errorf("%s\n%s", statement, step)
				}
				if strings.HasPrefix(step, "USE TEMP B-TREE") {
					t.Errorf("%s\n%s", statement, step)
				}
			}
		}
	}
}
