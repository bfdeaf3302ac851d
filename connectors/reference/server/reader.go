package server

import (
	"database/sql/driver"
	"fmt"
	"strings"
)

// selection is which rows of a collection are read, in the order of their pks.
type selection struct {
	only  []int64 // these pks, if they exist; nil: all
	from  int64   // all: the lowest pk to start at
	skip  int64   // all: rows to skip from there
	limit int64   // maximum number of rows; negative: no limit
}

// everything selects all rows.
var everything = selection{limit: -1}

// reader streams the rows of one collection together with their sets: one query for the rows and
// one for each set, all ordered by pk and read in step. So a collection takes a fixed number of
// queries, and neither the collection nor a set is ever held in memory.
type reader struct {
	snap  *snapshot
	sel   selection
	c     *collection
	main  *cursor
	sets  []*setCursor // in the order of c.sets()
	first bool
}

// setCursor walks over the rows (owner, target) of a link table.
type setCursor struct {
	*cursor
	pending bool // the cursor's row has not been used yet
}

func newReader(snap *snapshot, c *collection, sel selection) (*reader, error) {
	columns := []string{"pk"}
	for _, f := range c.columns() {
		columns = append(columns, fmt.Sprintf("%q", f.name))
	}
	r := &reader{snap: snap, sel: sel, c: c, first: true}
	var err error
	head := "SELECT " + strings.Join(columns, ", ") + " FROM " + c.name
	if sel.only != nil {
		r.main, err = snap.query(head+" WHERE pk IN (SELECT value FROM json_each(?1)) ORDER BY pk", jsonArray(sel.only))
	} else {
		r.main, err = snap.query(head+" WHERE pk >= ?1 ORDER BY pk LIMIT ?2 OFFSET ?3", sel.from, sel.limit, sel.skip)
	}
	return r, err
}

// next moves to the next row. Its values are in row(), its sets in targets, which must be called in
// order.
func (r *reader) next() (bool, error) {
	ok, err := r.main.next()
	if !ok || err != nil {
		return false, err
	}
	if r.first {
		r.first = false
		return true, r.openSets()
	}
	return true, nil
}

// openSets starts the queries of the sets at the first row that is read.
func (r *reader) openSets() error {
	for _, f := range r.c.sets() {
		head := "SELECT owner, target FROM " + r.c.linkTable(f)
		var cur *cursor
		var err error
		if r.sel.only != nil {
			cur, err = r.snap.query(head+" WHERE owner IN (SELECT value FROM json_each(?1)) ORDER BY owner, target", jsonArray(r.sel.only))
		} else {
			cur, err = r.snap.query(head+" WHERE owner >= ?1 ORDER BY owner, target", r.pk())
		}
		if err != nil {
			return err
		}
		r.sets = append(r.sets, &setCursor{cursor: cur})
	}
	return nil
}

// pk is the current row's.
func (r *reader) pk() int64 { return r.main.row[0].(int64) }

// row holds the pk and the values of c.columns(). It is valid until the next call of next.
func (r *reader) row() []driver.Value { return r.main.row }

// targets calls f for each member of a set of the current row, the i-th of c.sets().
func (r *reader) targets(i int, f func(pk int64) error) error {
	set, owner := r.sets[i], r.pk()
	for {
		if !set.pending {
			ok, err := set.next()
			if !ok || err != nil {
				return err
			}
			set.pending = true
		}
		switch at := set.row[0].(int64); {
		case at > owner:
			return nil
		case at == owner:
			if err := f(set.row[1].(int64)); err != nil {
				return err
			}
		}
		set.pending = false
	}
}
