package inventory

import (
	"slices"

	"carjs/host/model"
)

// cut is what a walk through edges knows of the end of its last page. Several edges may join the
// same two vertices, and the next page begins behind all of them: those that did not fit on the
// page are read by a walk of their own.
type cut struct {
	full    bool            // the page had as many rows as were asked for
	seen    map[string]bool // the external ids of the last edges, which join the same vertices
	between bool            // the walk is one of those, through a single page
}

// note notes the end of a page.
func (c *cut) note(w *walk, rows []map[string]any) {
	if len(w.order) != 2 || !w.asks(model.ByExternalID) || len(rows) == 0 {
		return
	}
	c.full, c.seen = len(rows) >= rowPage, map[string]bool{}
	last := w.place(rows[len(rows)-1])
	for _, row := range slices.Backward(rows) {
		if !slices.Equal(w.place(row), last) {
			break
		}
		own, _ := row[model.ByExternalID].(string)
		c.seen[own] = true
	}
}

// place are the values of a row by which the walk is ordered.
func (w *walk) place(row map[string]any) []string {
	values := make([]string, len(w.order))
	for i, field := range w.order {
		values[i], _ = row[field].(string)
	}
	return values
}

// rest returns the walk through the edges between the vertices at the end of the page before, if
// they may have been too many for it; rows is the page that followed.
func (w *walk) rest(rows []map[string]any) *walk {
	if w.last == nil || w.cut.seen == nil || len(rows) == 0 && !w.cut.full {
		return nil
	}
	where, seen, visit := slices.Clone(w.where), w.cut.seen, w.visit
	for i, field := range w.order {
		where = append(where, compare(field, "_eq", w.last[i]))
	}
	return &walk{
		collection: w.collection, where: where, order: w.order, fields: w.fields, cut: cut{between: true},
		visit: func(row map[string]any) error {
			if own, _ := row[model.ByExternalID].(string); seen[own] {
				return nil
			}
			return visit(row)
		},
	}
}
