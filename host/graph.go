package host

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"carjs/host/failure"
)

const (
	// rowPage is how many rows are asked for at once.
	rowPage = 1000
	// idBatch is how many ids stand in one condition.
	idBatch = 200
)

// walk is a way through the rows of one collection that meet some conditions. It goes from row to
// row by their order and not by counting, so that no row is missed when rows come or go meanwhile,
// and long ways take no longer a step.
type walk struct {
	collection string
	// where are conditions in GraphQL, all of which must hold.
	where []string
	// order are the fields that tell the rows apart and by which they are sorted.
	order []string
	// fields are what else is asked for.
	fields []string
	// most is how many rows there can be; 0 is not known.
	most  int
	visit func(row map[string]any) error

	last []string // the values of order in the last row
	seen int
	done bool
}

// nothing is CAR's answer that it has nothing to say to a query.
type nothing struct{}

func (nothing) Error() string { return "CAR answers no query" }

// follow goes all the ways to their ends, a step of each in every request. A way ends at an empty
// page and not at a short one, because a service may give less at once than it is asked for.
func (s *Service) follow(ctx context.Context, walks ...*walk) error {
	for {
		left := slices.DeleteFunc(slices.Clone(walks), func(w *walk) bool { return w.done })
		if len(left) == 0 {
			return nil
		}
		var query strings.Builder
		query.WriteString("{")
		for i, w := range left {
			fmt.Fprintf(&query, " w%d: %s", i, w.next())
		}
		query.WriteString(" }")
		data, err := s.client.Query(ctx, query.String(), nil)
		if err != nil {
			return err
		}
		if data == nil {
			return nothing{}
		}
		var answer map[string][]map[string]any
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.UseNumber()
		if err := decoder.Decode(&answer); err != nil {
			return nonsense("read what CAR has", err)
		}
		for i, w := range left {
			rows, ok := answer[fmt.Sprintf("w%d", i)]
			if !ok {
				return nonsense("read what CAR has", fmt.Errorf("the answer has no %s", w.collection))
			}
			if err := w.take(rows); err != nil {
				return err
			}
		}
	}
}

// nonsense is an answer that CAR cannot mean.
func nonsense(what string, err error) error {
	return failure.New(failure.Recoverable, "%s: %v", what, err).WithCause(err).
		WithHint("look at the log of the CAR service")
}

// next is the field of the query that asks for the next rows.
func (w *walk) next() string {
	where := w.where
	if w.last != nil {
		where = append(slices.Clone(where), w.beyond())
	}
	order := make([]string, len(w.order))
	for i, field := range w.order {
		order[i] = "{" + field + ": asc}"
	}
	return fmt.Sprintf("%s(where: {_and: [%s]}, order_by: [%s], limit: %d) { %s }", w.collection,
		strings.Join(where, ", "), strings.Join(order, ", "), rowPage, strings.Join(append(slices.Clone(w.order), w.fields...), " "))
}

// beyond is the condition for rows behind the last one.
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

// take visits the rows of an answer.
func (w *walk) take(rows []map[string]any) error {
	for _, row := range rows {
		if err := w.visit(row); err != nil {
			return nonsense("read "+w.collection+" in CAR", err)
		}
	}
	w.seen += len(rows)
	if len(rows) == 0 || w.most > 0 && w.seen >= w.most {
		w.done = true
		return nil
	}
	last := make([]string, len(w.order))
	for i, field := range w.order {
		last[i], _ = rows[len(rows)-1][field].(string)
	}
	if slices.Equal(last, w.last) {
		return nonsense("read "+w.collection+" in CAR", fmt.Errorf("the answer comes again and again"))
	}
	w.last = last
	return nil
}

// compare is a condition on a field. Values stand in the query itself, as text or a list of texts:
// every CAR takes that.
func compare(field, operator string, value any) string {
	return "{" + field + ": {" + operator + ": " + literal(value) + "}}"
}

// literal writes a string, a boolean or a list of them in GraphQL, where they are written as in
// JSON.
func literal(value any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "null" // texts and booleans always encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}
