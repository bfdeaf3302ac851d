package server

import (
	"database/sql/driver"
	"sync"
)

// stride is how many rows lie between two remembered pks.
const stride = 1024

// offsets finds the row at an offset without reading all rows before it: otherwise the server would
// read half the collection, on average, for each page of a client that reads page by page.
//
// For each collection it remembers the pk of every stride-th row and the number of rows, as of one
// state of the database. The last number of the change log tells whether they are still valid; if
// not, they are made again by reading all pks once.
type offsets struct {
	mu    sync.Mutex
	marks map[*collection]*marks
}

// marks are what is remembered about a collection.
type marks struct {
	mu    sync.Mutex // held while they are made, so that concurrent requests make them once
	state int64      // -1: never made
	count int64
	pks   []int64 // of the rows 0, stride, 2*stride, ...
}

func (o *offsets) of(c *collection) *marks {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.marks == nil {
		o.marks = make(map[*collection]*marks)
	}
	m, ok := o.marks[c]
	if !ok {
		m = &marks{state: -1}
		o.marks[c] = m
	}
	return m
}

// page turns limit and offset into a selection of rows, and returns the number of all rows.
func (o *offsets) page(snap *snapshot, c *collection, limit, offset int64) (selection, int64, error) {
	m := o.of(c)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.state != snap.state {
		if err := m.make(snap, c); err != nil {
			return selection{}, 0, err
		}
	}
	if offset >= m.count {
		return selection{only: []int64{}}, m.count, nil
	}
	return selection{from: m.pks[offset/stride], skip: offset % stride, limit: limit}, m.count, nil
}

func (m *marks) make(snap *snapshot, c *collection) error {
	m.state, m.count, m.pks = -1, 0, m.pks[:0]
	err := snap.each(func(row []driver.Value) error {
		if m.count%stride == 0 {
			m.pks = append(m.pks, row[0].(int64))
		}
		m.count++
		return nil
	}, "SELECT pk FROM "+c.name+" ORDER BY pk")
	if err == nil {
		m.state = snap.state
	}
	return err
}
