package inventory

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"carjs/host/esjson"
	"carjs/host/failure"
)

// rowPage is how many rows a request asks for.
const rowPage = 1000

// walk pages through the rows of one collection that meet some conditions. It continues after the
// last row, not at an offset, so that no row is missed if rows come or go meanwhile, and later
// pages take no longer.
type walk struct {
	collection string
	// where are conditions in GraphQL, all of which must hold.
	where []string
	// order are the fields that identify the rows and by which they are sorted.
	order []string
	// fields are the other fields to query.
	fields []field
	// most is how many rows there can be; 0 if unknown.
	most  int
	visit func(row map[string]any) error

	last []string // the values of order in the last row
	seen int
	done bool
	cut  cut
}

// newWalk returns a walk through the current objects of a collection that meet one of the
// conditions; without conditions, through all of them.
func newWalk(s *shape, conditions ...string) *walk {
	w := &walk{collection: s.c.Name, order: s.order(), fields: s.identities(), where: s.current()}
	if len(conditions) > 0 {
		w.where = append(w.where, "{_or: ["+strings.Join(conditions, ", ")+"]}")
	}
	return w
}

// follow completes all walks, with a page of each in every request. A walk ends at an empty page,
// not at a short one, because a service may return less than requested. The next pages are asked
// for while the rows of the last ones are visited. Errors name what was queried.
func (i *Inventory) follow(ctx context.Context, about string, walks ...*walk) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	visit := func() error { return nil }
	for {
		left := slices.DeleteFunc(slices.Clone(walks), func(w *walk) bool { return w.done })
		if len(left) == 0 {
			return visit()
		}
		next := i.askAhead(ctx, left, about)
		if err := visit(); err != nil {
			cancel()
			_, _ = next() // it ends before the caller goes on; only the first error counts
			return err
		}
		answer, err := next()
		if err != nil {
			return err
		}
		pages := make([][]map[string]any, len(left))
		for n, w := range left {
			rows, ok := answer[fmt.Sprintf("w%d", n)]
			if !ok {
				return unusable(w.collection, errNoList)
			}
			if rest := w.rest(rows); rest != nil {
				walks = append(walks, rest)
			}
			if err := w.take(rows); err != nil {
				return unusable(w.collection, err)
			}
			pages[n] = rows
		}
		visit = func() error { return visitAll(left, pages) }
	}
}

// askAhead sends the query for the next pages of walks. The function that it returns waits for the
// response.
func (i *Inventory) askAhead(ctx context.Context, walks []*walk, about string) func() (map[string][]map[string]any, error) {
	var query strings.Builder
	query.WriteString("{")
	for n, w := range walks {
		fmt.Fprintf(&query, " w%d: %s", n, w.next(rowPage))
	}
	query.WriteString(" }")
	var answer map[string][]map[string]any
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		answer, err = i.ask(ctx, query.String(), about)
	}()
	return func() (map[string][]map[string]any, error) {
		<-done
		return answer, err
	}
}

// visitAll visits the rows of a page of each walk.
func visitAll(walks []*walk, pages [][]map[string]any) error {
	for n, w := range walks {
		for _, row := range pages[n] {
			if err := w.visit(row); err != nil {
				return unusable(w.collection, err)
			}
		}
	}
	return nil
}

// errNoList is the error of a response that lacks a part of the query.
var errNoList = errors.New("it has no list of rows")

// ask sends a query and returns the rows of each of its parts.
func (i *Inventory) ask(ctx context.Context, query, about string) (map[string][]map[string]any, error) {
	data, err := i.car.Query(ctx, query, nil)
	if err != nil {
		return nil, err
	}
	if data == nil {
		return nil, &NoAnswerError{Collection: about}
	}
	answer, err := rowsOf(data)
	if err != nil {
		return nil, unusable(about, err)
	}
	return answer, nil
}

// rowsOf decodes the rows of each part of a response. encoding/json would replace unpaired
// surrogates by U+FFFD, so that an id with one became that of another object, and take twice as long.
func rowsOf(data []byte) (answer map[string][]map[string]any, err error) {
	decoded, err := esjson.Decode(data)
	if err != nil {
		return nil, err
	}
	parts, ok := decoded.(map[string]any)
	if !ok {
		return nil, errNoList
	}
	answer = make(map[string][]map[string]any, len(parts))
	for name, part := range parts {
		list, ok := part.([]any)
		if !ok && part != nil {
			return nil, errNoList
		}
		answer[name] = make([]map[string]any, len(list))
		for i, row := range list {
			if answer[name][i], ok = row.(map[string]any); !ok {
				return nil, errNoList
			}
		}
	}
	return answer, nil
}

// unusable is the failure for a response that does not fit its query.
func unusable(collection string, err error) error {
	return failure.New(failure.Recoverable, "CAR returned an unusable response to a query about %s: %v", collection, err).
		WithCause(err).WithHint("look at the log of the CAR service")
}

// next is the field of the query that asks for the next rows, limit at most.
func (w *walk) next(limit int) string {
	where := w.where
	if w.last != nil {
		where = append(slices.Clone(where), w.beyond())
	}
	order := make([]string, len(w.order))
	for i, field := range w.order {
		order[i] = "{" + field + ": asc}"
	}
	fields := slices.Clone(w.order)
	for _, f := range w.fields {
		fields = append(fields, f.String())
	}
	return fmt.Sprintf("%s(where: {_and: [%s]}, order_by: [%s], limit: %d) { %s }", w.collection,
		strings.Join(where, ", "), strings.Join(order, ", "), limit, strings.Join(fields, " "))
}

// beyond is the condition for rows after the last one.
func (w *walk) beyond() string {
	ways := make([]string, len(w.order))
	for i := range w.order {
		var same []string
		for j := range i {
			same = append(same, compare(w.order[j], "_eq", w.last[j]))
		}
		ways[i] = "{_and: [" + strings.Join(append(same, compare(w.order[i], "_gt", w.last[i])), ", ") + "]}"
	}
	return "{_or: [" + strings.Join(ways, ", ") + "]}"
}

// take checks the rows of a response and notes where the walk continues.
func (w *walk) take(rows []map[string]any) error {
	for _, row := range rows {
		if err := whole(row, w.order, w.fields); err != nil {
			return err
		}
	}
	w.seen += len(rows)
	w.cut.note(w, rows)
	if len(rows) == 0 || w.cut.between || w.most > 0 && w.seen >= w.most {
		w.done = true
		return nil
	}
	last := w.place(rows[len(rows)-1])
	if slices.Equal(last, w.last) {
		return errors.New("the same rows came twice")
	}
	w.last = last
	return nil
}

// compare is a condition on a field. Values are part of the query, as text or a list of texts:
// every CAR accepts that.
func compare(field, operator string, value any) string {
	return "{" + field + ": {" + operator + ": " + literal(value) + "}}"
}

// literal writes a string, a boolean or a list of them for GraphQL, in the form of JSON.
func literal(value any) string {
	switch value := value.(type) {
	case string:
		return string(esjson.AppendString(nil, value))
	case []string:
		list := []byte{'['}
		for i, text := range value {
			if i > 0 {
				list = append(list, ',')
			}
			list = esjson.AppendString(list, text)
		}
		return string(append(list, ']'))
	case bool:
		return strconv.FormatBool(value)
	}
	return "null"
}
