package server

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

const (
	// DefaultSize is the size of the model of a new data source if none is set.
	DefaultSize = 10
	// MaxSize is the size of the largest model that can be generated.
	MaxSize = 1_000_000
	// Empty is the size of the model without any rows.
	Empty = -1
)

// Generate replaces all rows by a model of a size: size assets and what belongs to them. The change
// log records the removal of all old rows and all new rows, so that connectors can follow. Empty
// leaves no rows at all.
func (s *Server) Generate(ctx context.Context, size int) error {
	if size > MaxSize || size < Empty {
		return fmt.Errorf("a model has 0 to %d assets, not %d", MaxSize, size)
	}
	err := s.store.update(ctx, func(tx *sql.Tx) error { return generate(ctx, tx, s.schema, size) })
	if err != nil {
		return fmt.Errorf("generate a model of size %d: %w", size, err)
	}
	s.log.Info("generated a model", "size", size)
	return nil
}

func generate(ctx context.Context, tx *sql.Tx, schema *schema, size int) error {
	g := &generator{mutation: mutation{ctx, tx, schema}, first: make(map[string]int64)}
	if err := g.clear(); err != nil || size == Empty {
		return err
	}
	for _, r := range recipes(size) {
		if err := g.fill(schema.byName[r.collection], r); err != nil {
			return err
		}
	}
	return nil
}

// generator fills the tables. Row i of a collection gets the pk first[collection]+i.
type generator struct {
	mutation
	first map[string]int64
}

// clear deletes all rows.
func (g *generator) clear() error {
	for _, c := range slices.Backward(g.schema.collections) {
		for _, f := range c.sets() {
			if _, err := g.exec("DELETE FROM " + c.linkTable(f)); err != nil {
				return err
			}
		}
		if _, err := g.exec("INSERT INTO change (model, uid, deleted) SELECT ?, pk, 1 FROM "+c.name+" ORDER BY pk", c.name); err != nil {
			return err
		}
		if _, err := g.exec("DELETE FROM " + c.name); err != nil {
			return err
		}
	}
	return nil
}

// fill makes the rows of a collection.
func (g *generator) fill(c *collection, r recipe) error {
	last, err := g.pks("SELECT seq FROM sqlite_sequence WHERE name = ?", c.name)
	if err != nil {
		return err
	}
	first := int64(1)
	if len(last) > 0 {
		first = last[0] + 1
	}
	g.first[c.name] = first

	columns, sets := c.columns(), c.sets()
	insert, links, err := g.inserts(c)
	if err != nil {
		return err
	}
	args := make([]any, len(columns)+1)
	for i := range r.count {
		values := r.row(i)
		args[0] = first + int64(i)
		for j, f := range columns {
			args[j+1] = values[f.name]
			if f.kind == one {
				args[j+1] = g.first[f.to] + int64(values[f.name].(int))
			}
		}
		if _, err := insert.ExecContext(g.ctx, args...); err != nil {
			return fmt.Errorf("add row to %s: %w", c.name, err)
		}
		for j, f := range sets {
			for _, target := range values[f.name].([]int) {
				if _, err := links[j].ExecContext(g.ctx, args[0], g.first[f.to]+int64(target)); err != nil {
					return fmt.Errorf("add to %s of %s: %w", f.name, c.name, err)
				}
			}
		}
	}
	_, err = g.exec("INSERT INTO change (model, uid, deleted) SELECT ?, pk, 0 FROM "+c.name+" ORDER BY pk", c.name)
	return err
}

// inserts prepares the statements that add a row to a collection and to its sets. They live as long
// as the transaction.
func (g *generator) inserts(c *collection) (*sql.Stmt, []*sql.Stmt, error) {
	names := []string{"pk"}
	for _, f := range c.columns() {
		names = append(names, fmt.Sprintf("%q", f.name))
	}
	marks := strings.Repeat(", ?", len(names))[2:]
	insert, err := g.tx.PrepareContext(g.ctx, fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", c.name, strings.Join(names, ", "), marks))
	if err != nil {
		return nil, nil, fmt.Errorf("prepare insert: %w", err)
	}
	var links []*sql.Stmt
	for _, f := range c.sets() {
		link, err := g.tx.PrepareContext(g.ctx, "INSERT INTO "+c.linkTable(f)+" (owner, target) VALUES (?, ?)")
		if err != nil {
			return nil, nil, fmt.Errorf("prepare insert: %w", err)
		}
		links = append(links, link)
	}
	return insert, links, nil
}
