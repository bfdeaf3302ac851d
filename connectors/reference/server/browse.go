package server

import (
	"database/sql/driver"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	// perPage is the number of rows on a page.
	perPage = 50
	// preview is how many members of a set a table shows.
	preview = 3
)

// frontPage shows the collections and the state of the data.
func (s *Server) frontPage(r *http.Request) (*page, error) {
	view := struct {
		State       int64
		Collections []collectionView
	}{}
	err := s.store.view(r.Context(), func(snap *snapshot) error {
		view.State = snap.state
		for _, c := range s.schema.collections {
			v := viewOf(c)
			var err error
			if v.Count, err = snap.number("SELECT count(*) FROM " + c.name); err != nil {
				return err
			}
			view.Collections = append(view.Collections, v)
		}
		return nil
	})
	return &page{template: "front", Title: "Collections", Page: view}, err
}

// changesPage shows the change log, newest first.
func (s *Server) changesPage(r *http.Request) (*page, error) {
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil {
		before = math.MaxInt64
	}
	view := struct {
		Changes []change
		Older   int64
	}{}
	err = s.store.view(r.Context(), func(snap *snapshot) (err error) {
		view.Changes, err = snap.lastChanges(before, perPage)
		return err
	})
	if n := len(view.Changes); n == perPage && view.Changes[n-1].ID > 1 {
		view.Older = view.Changes[n-1].ID
	}
	return &page{template: "changes", Title: "Changes", Current: "changes", Page: view}, err
}

// tableView is a page of the rows of a collection.
type tableView struct {
	collectionView
	Query    string
	Columns  []columnView
	Rows     []rowView
	From, To int64
	Pages    []link // without a path: the current page
}

type columnView struct{ Label, Class string }

type rowView struct {
	PK    int64
	Cells []cellView
}

// cellView is a value: a text, or links to the rows that it refers to.
type cellView struct {
	Text  string
	Links []link
	More  int64  // members of a set that are not shown
	Class string // in the style sheet
}

// tablePage shows a page of a collection, or of the results of a search in it.
func (s *Server) tablePage(r *http.Request, c *collection) (*page, error) {
	number, err := strconv.ParseInt(r.URL.Query().Get("page"), 10, 64)
	if err != nil || number < 1 || number > math.MaxInt64/perPage {
		number = 1
	}
	view := tableView{collectionView: viewOf(c), Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	for _, f := range c.fields {
		view.Columns = append(view.Columns, columnView{f.label, f.class()})
	}
	err = s.store.view(r.Context(), func(snap *snapshot) error {
		pks, count, err := s.tableRows(snap, c, view.Query, (number-1)*perPage)
		if err != nil {
			return err
		}
		view.Count, view.From, view.To = count, (number-1)*perPage+1, (number-1)*perPage+int64(len(pks))
		view.Rows, err = snap.rowViews(c, pks)
		return err
	})
	view.Pages = pager("/admin/"+c.name+"/", view.Query, number, view.Count)
	return &page{template: "table", Title: c.title, Current: c.name, Page: view}, err
}

// tableRows finds the rows of a page that begins at an offset, and the number of all rows that
// match.
func (s *Server) tableRows(snap *snapshot, c *collection, query string, offset int64) (pks []int64, count int64, err error) {
	if query == "" {
		sel, count, err := s.offsets.page(snap, c, perPage, offset)
		if err != nil || sel.only != nil {
			return nil, count, err
		}
		pks, err := snap.list("SELECT pk FROM "+c.name+" WHERE pk >= ?1 ORDER BY pk LIMIT ?2 OFFSET ?3", sel.from, sel.limit, sel.skip)
		return pks, count, err
	}
	conditions := []string{"CAST(pk AS TEXT) = ?1"}
	for _, f := range c.columns() {
		if f.target == nil {
			conditions = append(conditions, fmt.Sprintf(`CAST(%q AS TEXT) LIKE ?2 ESCAPE '\'`, f.name))
		}
	}
	where := " FROM " + c.name + " WHERE " + strings.Join(conditions, " OR ")
	like := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(query) + "%"
	if count, err = snap.number("SELECT count(*)"+where, query, like); err != nil {
		return nil, 0, err
	}
	pks, err = snap.list("SELECT pk"+where+" ORDER BY pk LIMIT ?3 OFFSET ?4", query, like, int64(perPage), offset)
	return pks, count, err
}

func pager(path, query string, number, count int64) []link {
	last := max(1, (count+perPage-1)/perPage)
	to := func(text string, n int64) link {
		if n < 1 || n > last || n == number {
			return link{Text: text}
		}
		params := url.Values{"page": {strconv.FormatInt(n, 10)}}
		if query != "" {
			params.Set("q", query)
		}
		return link{text, path + "?" + params.Encode()}
	}
	return []link{to("First", 1), to("Previous", number-1), to("Next", number+1), to("Last", last)}
}

// class is the style class of the cells of a field.
func (f *field) class() string {
	switch f.kind {
	case integer, number:
		return "number"
	case one:
		return "links"
	case many:
		return "links several"
	default:
		return ""
	}
}

// rowViews reads rows for a table.
func (s *snapshot) rowViews(c *collection, pks []int64) ([]rowView, error) {
	names := []string{"pk"}
	for _, f := range c.columns() {
		names = append(names, fmt.Sprintf("%q", f.name))
	}
	rows, at := []rowView{}, map[int64]int{}
	err := s.each(func(row []driver.Value) error {
		view := rowView{PK: row[0].(int64), Cells: make([]cellView, len(c.fields))}
		column := 1
		for i, f := range c.fields {
			view.Cells[i].Class = f.class()
			if f.kind == many {
				continue
			}
			if f.kind != one {
				view.Cells[i].Text = formatValue(row[column])
			}
			column++
		}
		at[view.PK] = len(rows)
		rows = append(rows, view)
		return nil
	}, "SELECT "+strings.Join(names, ", ")+" FROM "+c.name+" WHERE pk IN (SELECT value FROM json_each(?1)) ORDER BY pk", jsonArray(pks))
	if err != nil {
		return nil, err
	}
	for i, f := range c.fields {
		cell := func(pk int64) *cellView { return &rows[at[pk]].Cells[i] }
		switch f.kind {
		case one:
			err = s.nameReferences(c, f, pks, cell)
		case many:
			err = s.previewSets(c, f, pks, cell)
		}
		if err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// nameReferences puts the names of the rows that f refers to into the cells.
func (s *snapshot) nameReferences(c *collection, f *field, pks []int64, cell func(pk int64) *cellView) error {
	return s.each(func(row []driver.Value) error {
		cell(row[0].(int64)).Links = []link{rowLink(f.target, row[1].(int64), formatValue(row[2]))}
		return nil
	}, fmt.Sprintf("SELECT o.pk, t.pk, t.%q FROM %s o JOIN %s t ON t.pk = o.%q WHERE o.pk IN (SELECT value FROM json_each(?1))",
		f.target.label().name, c.name, f.to, f.name), jsonArray(pks))
}

// previewSets puts the first members of each row's set f into the cells, and how many more there
// are.
func (s *snapshot) previewSets(c *collection, f *field, pks []int64, cell func(pk int64) *cellView) error {
	table, list := c.linkTable(f), jsonArray(pks)
	err := s.each(func(row []driver.Value) error {
		cell(row[0].(int64)).More = row[1].(int64)
		return nil
	}, "SELECT owner, count(*) FROM "+table+" WHERE owner IN (SELECT value FROM json_each(?1)) GROUP BY owner", list)
	if err != nil {
		return err
	}
	return s.each(func(row []driver.Value) error {
		view := cell(row[0].(int64))
		view.Links = append(view.Links, rowLink(f.target, row[1].(int64), formatValue(row[2])))
		view.More--
		return nil
	}, fmt.Sprintf(`SELECT o.value, t.pk, t.%q FROM json_each(?1) o
		JOIN %s t ON t.pk IN (SELECT target FROM %s WHERE owner = o.value ORDER BY target LIMIT %d)
		ORDER BY o.value, t.pk`, f.target.label().name, f.to, table, preview), list)
}

func rowLink(c *collection, pk int64, text string) link {
	return link{text, fmt.Sprintf("/admin/%s/%d/", c.name, pk)}
}

// formatValue formats a value for forms and tables.
func formatValue(v driver.Value) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}
