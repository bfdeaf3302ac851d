package server

import (
	"database/sql/driver"
	"fmt"
	"net/http"
)

// confirm asks before a row is deleted, and shows what is deleted with it.
func (f *forms) confirm(r *http.Request) (*page, error) {
	pk, err := pathPK(r)
	if err != nil {
		return nil, err
	}
	view := struct {
		collectionView
		PK         int64
		Label      string
		Dependents []collectionView
	}{collectionView: viewOf(f.c), PK: pk}
	err = f.s.store.view(r.Context(), func(snap *snapshot) error {
		names, err := snap.names(f.c, []int64{pk})
		if err != nil {
			return err
		}
		label, ok := names[pk]
		if !ok {
			return errNoRow
		}
		view.Label = label
		view.Dependents, err = snap.dependents(f.s.schema, f.c, []int64{pk})
		return err
	})
	return &page{template: "delete", Title: fmt.Sprintf("Delete %s %d", f.c.singular, pk), Current: f.c.name, Page: view}, err
}

// remove deletes a row.
func (f *forms) remove(r *http.Request) (*page, error) {
	pk, err := pathPK(r)
	if err != nil {
		return nil, err
	}
	err = f.s.change(r, func(m *mutation) error { return m.removeOne(f.c, pk) })
	return done("/admin/"+f.c.name+"/", "deleted", pk), err
}

// dependents counts what is deleted with rows, by collection.
func (s *snapshot) dependents(all *schema, c *collection, pks []int64) ([]collectionView, error) {
	var views []collectionView
	for _, d := range all.dependents(c) {
		query := fmt.Sprintf("SELECT pk FROM %s WHERE %q IN (SELECT value FROM json_each(?1)) ORDER BY pk", d.owner.name, d.field.name)
		children, err := s.list(query, jsonArray(pks))
		if err != nil {
			return nil, err
		}
		if len(children) == 0 {
			continue
		}
		view := viewOf(d.owner)
		view.Count = int64(len(children))
		below, err := s.dependents(all, d.owner, children)
		if err != nil {
			return nil, err
		}
		views = append(append(views, view), below...)
	}
	return views, nil
}

// names returns the names of the existing rows of a collection.
func (s *snapshot) names(c *collection, pks []int64) (map[int64]string, error) {
	names := make(map[int64]string, len(pks))
	err := s.each(func(row []driver.Value) error {
		names[row[0].(int64)] = formatValue(row[1])
		return nil
	}, fmt.Sprintf("SELECT pk, %q FROM %s WHERE pk IN (SELECT value FROM json_each(?1))", c.label().name, c.name), jsonArray(pks))
	return names, err
}
