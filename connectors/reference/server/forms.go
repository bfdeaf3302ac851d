package server

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxOptions is how many rows a form lists to choose from; if there are more, pks are typed.
const maxOptions = 200

// forms are the pages on which the rows of a collection are created, edited and deleted.
type forms struct {
	s *Server
	c *collection
}

// formView is the form of a row.
type formView struct {
	collectionView
	Heading string
	PK      int64 // 0: a new row
	Inputs  []inputView
	Wrong   bool
}

// inputView is a field on a form.
type inputView struct {
	Name, Label, Help string
	Widget            string // "text", "select", "checks" or "pks"
	Mode              string // of the keyboard that a phone shows
	Value             string
	Options           []optionView
	Errors            []string
	Required          bool
}

// Described tells whether there is text below the input.
func (v inputView) Described() bool { return v.Help != "" || len(v.Errors) > 0 }

type optionView struct {
	Value, Label string
	Chosen       bool
}

// blank is the form of a new row.
func (f *forms) blank(r *http.Request) (*page, error) {
	typed := url.Values{}
	for _, field := range f.c.columns() {
		if field.initial != nil {
			typed.Set(field.name, formatValue(field.initial))
		}
	}
	return f.form(r, 0, typed, nil)
}

// current is the form of an existing row.
func (f *forms) current(r *http.Request) (*page, error) {
	pk, err := pathPK(r)
	if err != nil {
		return nil, err
	}
	typed := url.Values{}
	err = f.s.store.view(r.Context(), func(snap *snapshot) error {
		rows, err := newReader(snap, f.c, selection{only: []int64{pk}})
		if err != nil {
			return err
		}
		if ok, err := rows.next(); err != nil {
			return err
		} else if !ok {
			return errNoRow
		}
		for i, field := range f.c.columns() {
			typed.Set(field.name, formatValue(rows.row()[i+1]))
		}
		for i, field := range f.c.sets() {
			var set []int64
			if err := rows.targets(i, func(pk int64) error { set = append(set, pk); return nil }); err != nil {
				return err
			}
			typed.Set(field.name, formatSet(set))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f.form(r, pk, typed, nil)
}

// form makes the form of a row (pk 0: a new one) with the input and its faults.
func (f *forms) form(r *http.Request, pk int64, typed url.Values, wrong faults) (*page, error) {
	view := formView{collectionView: viewOf(f.c), Heading: "New " + f.c.singular, PK: pk, Wrong: wrong != nil}
	status := http.StatusOK
	if pk != 0 {
		view.Heading = fmt.Sprintf("Edit %s %d", f.c.singular, pk)
	}
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	err := f.s.store.view(r.Context(), func(snap *snapshot) error {
		for _, field := range f.c.fields {
			input, err := snap.input(field, typed[field.name])
			if err != nil {
				return err
			}
			input.Errors = wrong[field.name]
			view.Inputs = append(view.Inputs, input)
		}
		return nil
	})
	return &page{status: status, template: "form", Title: view.Heading, Current: f.c.name, Page: view}, err
}

// input makes the input of a field with its text.
func (s *snapshot) input(f *field, typed []string) (inputView, error) {
	view := inputView{Name: f.name, Label: f.label, Help: f.help, Widget: "text", Required: f.required(), Value: strings.Join(typed, ", ")}
	switch f.kind {
	case integer:
		view.Mode = "numeric"
	case number:
		view.Mode = "decimal"
	}
	if f.target == nil {
		return view, nil
	}
	count, err := s.number("SELECT count(*) FROM " + f.to)
	if err != nil {
		return view, err
	}
	switch {
	case count > maxOptions && f.kind == one:
		view.Mode = "numeric"
		view.Help = fmt.Sprintf("The pk of one of the %s %s.", formatCount(count), f.to)
		return view, nil
	case count > maxOptions:
		view.Widget = "pks"
		view.Help = fmt.Sprintf("pks of the %s %s, such as 1-3, 7.", formatCount(count), f.to)
		return view, nil
	case f.kind == one:
		view.Widget = "select"
		view.Options = []optionView{{Label: "–"}}
	default:
		view.Widget = "checks"
	}
	options, err := s.options(f, view.Value)
	view.Options = append(view.Options, options...)
	return view, err
}

// options lists all rows that f can refer to, with those in typed selected.
func (s *snapshot) options(f *field, typed string) ([]optionView, error) {
	chosen, err := parseSet(typed)
	if err != nil {
		chosen = nil // the form shows its fault
	}
	pks, err := s.list("SELECT pk FROM " + f.to + " ORDER BY pk")
	if err != nil {
		return nil, err
	}
	names, err := s.names(f.target, pks)
	if err != nil {
		return nil, err
	}
	options := make([]optionView, len(pks))
	for i, pk := range pks {
		_, found := slices.BinarySearch(chosen, pk)
		options[i] = optionView{Value: strconv.FormatInt(pk, 10), Label: names[pk], Chosen: found}
	}
	return options, nil
}

// create adds the row of a form.
func (f *forms) create(r *http.Request) (*page, error) { return f.store(r, 0) }

// save changes a row to the values of a form.
func (f *forms) save(r *http.Request) (*page, error) {
	pk, err := pathPK(r)
	if err != nil {
		return nil, err
	}
	return f.store(r, pk)
}

// store saves the values of a form to a row (pk 0: a new one), or shows the form again with its
// faults.
func (f *forms) store(r *http.Request, pk int64) (*page, error) {
	v, err := f.c.parseForm(r.PostForm)
	what := "saved"
	if err == nil {
		err = f.s.change(r, func(m *mutation) (err error) {
			if pk != 0 {
				return m.edit(f.c, pk, v)
			}
			what = "created"
			pk, err = m.create(f.c, v)
			return err
		})
	}
	if wrong := faults(nil); errors.As(err, &wrong) {
		return f.form(r, pk, r.PostForm, wrong)
	}
	return done("/admin/"+f.c.name+"/", what, pk), err
}

// parseForm reads the values of a row from a form, which contains all fields.
func (c *collection) parseForm(form url.Values) (values, error) {
	v, wrong := values{}, faults{}
	for _, f := range c.fields {
		typed := form[f.name]
		if f.kind == many && strings.Join(typed, "") == "" {
			v[f] = []int64{}
			continue
		}
		value, err := f.parse(strings.Join(typed, ","))
		if err != nil {
			wrong.add(f.name, err.Error())
			continue
		}
		v[f] = value
	}
	return v, wrong.err()
}
