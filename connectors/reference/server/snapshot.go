package server

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// rawConn is what the package needs from the driver's connection.
type rawConn interface {
	driver.QueryerContext
	driver.ExecerContext
}

// snapshot is the database at one moment, identified by the number of its last change.
type snapshot struct {
	conn    rawConn
	state   int64
	cursors []*cursor
}

// open takes the snapshot: SQLite takes it at the first read.
func (s *snapshot) open() (err error) {
	s.state, err = s.number("SELECT coalesce(max(id), 0) FROM change")
	return err
}

// query starts a query. Its cursor is closed with the snapshot, if not before.
func (s *snapshot) query(query string, args ...any) (*cursor, error) {
	named := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
	}
	// A cancellable context would cost a goroutine per query and a lock per row; the code that
	// copies rows to a client checks its context instead.
	rows, err := s.conn.QueryContext(context.Background(), query, named)
	if err != nil {
		return nil, fmt.Errorf("query: %w", err)
	}
	c := &cursor{rows: rows, row: make([]driver.Value, len(rows.Columns()))}
	s.cursors = append(s.cursors, c)
	return c, nil
}

// each calls f for every row of a query. The row is valid during the call only.
func (s *snapshot) each(f func(row []driver.Value) error, query string, args ...any) error {
	c, err := s.query(query, args...)
	if err != nil {
		return err
	}
	defer c.close()
	for {
		if ok, err := c.next(); !ok {
			return err
		}
		if err := f(c.row); err != nil {
			return err
		}
	}
}

// number returns the integer of a query with one row and column; 0 if it returns no row.
func (s *snapshot) number(query string, args ...any) (int64, error) {
	var n int64
	err := s.each(func(row []driver.Value) error {
		n, _ = row[0].(int64)
		return nil
	}, query, args...)
	return n, err
}

// list returns the pks of a query with one column.
func (s *snapshot) list(query string, args ...any) ([]int64, error) {
	pks := []int64{}
	err := s.each(func(row []driver.Value) error {
		pks = append(pks, row[0].(int64))
		return nil
	}, query, args...)
	return pks, err
}

// cursor walks over the rows of a query.
type cursor struct {
	rows driver.Rows // nil once closed
	row  []driver.Value
}

// next moves to the next row and tells whether there is one.
func (c *cursor) next() (bool, error) {
	if c.rows == nil {
		return false, nil
	}
	err := c.rows.Next(c.row)
	if errors.Is(err, io.EOF) {
		c.close()
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read row: %w", err)
	}
	return true, nil
}

func (c *cursor) close() {
	if c.rows != nil {
		c.rows.Close() // closing a read-only statement loses nothing
		c.rows = nil
	}
}
