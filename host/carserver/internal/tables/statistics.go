package tables

import "carjs/host/model"

// Statistic is what the query planner knows about an index: the number of rows in the table, then
// the number of rows for one value of the index's first column, of its first two columns, and so
// on.
type Statistic struct{ Table, Index, Numbers string }

// Statistics returns fixed statistics for the indexes of the table, those of a large graph. They
// tell the planner that a source has many objects and an object few edges. It could not tell from
// an empty database, and would rather read all edges of a source than sort those of one object. On
// a small graph every plan is fast.
func (t *Table) Statistics() []Statistic {
	current, ended := "1000000 100000 1", "1000000 100000 4 1"
	switch {
	case t.HasOwnKeys():
		current, ended = "1000000 100000 10 2 1", "1000000 100000 40 4 1"
	case t.Kind == model.Edge:
		current, ended = "1000000 100000 10 1", "1000000 100000 40 4 1"
	}
	all := []Statistic{{t.Name, t.Name + "_current", current}, {t.Name, t.Name + "_ended", ended},
		{t.Name, EndedAt(t.Name).Name, "1000000 1000"}}
	for _, index := range append(t.Indexes(), t.Past()[1:]...) {
		numbers := "1000000 10"
		if t.Kind == model.Edge {
			numbers = "1000000 100000 10"
		}
		all = append(all, Statistic{t.Name, index.Name, numbers})
	}
	return all
}
