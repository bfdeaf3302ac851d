package car

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"carjs/host/model"
)

// check asks CAR whether what a call was to do is done.
type check func(context.Context) (bool, error)

// do makes a call that changes something and whose answer says no more than that it was done:
// {"result":"OK"}. An answer that says nothing, {} or nothing at all, may come from whatever stands
// between here and CAR: then CAR is asked for what should have changed, and the call is made again
// while it has not. A nil check is for what cannot be asked for.
func (c *Client) do(ctx context.Context, r request, changed check) error {
	for try := 1; ; try++ {
		var raw json.RawMessage
		said := func() bool { return !saysNothing(raw) }
		r.into = &raw
		r.complete = said
		if changed != nil {
			r.complete = nil
		}
		status, err := c.send(ctx, r)
		if err != nil || status == http.StatusNoContent || said() {
			return err
		}
		if there, err := changed(ctx); err != nil || there {
			return err
		}
		answer := reply{answer: Incomplete, status: status, body: shorten(raw)}
		if err := c.again(ctx, r, answer, try, ", and it is not done: it is asked again"); err != nil {
			return err
		}
	}
}

func saysNothing(raw json.RawMessage) bool {
	switch string(bytes.Join(bytes.Fields(raw), nil)) {
	case "", "{}", "null", "[]", `""`:
		return true
	}
	return false
}

// hasSavePoint checks that CAR has a save point.
func (c *Client) hasSavePoint(id string) check {
	return func(ctx context.Context) (bool, error) {
		there, err := c.SavePoint(ctx)
		return there == id, err
	}
}

// without checks that CAR has none of the source's vertices any more.
func (c *Client) without(collection string, ids []string) check {
	return func(ctx context.Context) (bool, error) {
		return c.none(ctx, collection, "id: {_in: "+list(c.idsInGraph(ids))+"}")
	}
}

// ended checks that CAR has no active edge of the source between two vertices any more; nil when
// that cannot be asked for.
func (c *Client) ended(collection, from, to string, fields map[string]any) check {
	fromField, toField := endsOf(collection)
	if fields["active"] != false || len(fields) != 1 || fromField == "" {
		return nil
	}
	return func(ctx context.Context) (bool, error) {
		return c.none(ctx, collection, fmt.Sprintf("active: {_eq: true}, %s: {_in: %s}, %s: {_in: %s}",
			fromField, list(c.idsInGraph([]string{from})), toField, list(c.idsInGraph([]string{to}))))
	}
}

// none tells whether CAR says that no object of the source meets a condition. A CAR that answers no
// queries says nothing.
func (c *Client) none(ctx context.Context, collection, where string) (bool, error) {
	query := fmt.Sprintf("{ %s(where: {source: {_eq: %s}, %s}, limit: 1) { source } }", collection, text(c.config.Source), where)
	data, err := c.Query(ctx, query, nil)
	if err != nil || data == nil {
		return false, err
	}
	var answer map[string][]json.RawMessage
	if err := json.Unmarshal(data, &answer); err != nil {
		return false, nil // not what was asked for
	}
	rows, there := answer[collection]
	return there && len(rows) == 0, nil
}

// idsInGraph are the ids of the source's vertices in CAR's graph.
func (c *Client) idsInGraph(keys []string) []string {
	ids := make([]string, len(keys))
	for i, key := range keys {
		ids[i] = c.config.Source + "/" + key
	}
	return ids
}

// endsOf are the names of an edge collection's fields for its two ends; "" when the name does not
// tell.
func endsOf(collection string) (from, to string) {
	end1, end2, _ := strings.Cut(collection, "_")
	if known, ok := model.CAR().Collection(collection); ok {
		end1, end2 = known.From, known.To
	}
	switch {
	case end1 == "" || end2 == "" || strings.Contains(end2, "_"):
		return "", ""
	case end1 == end2:
		return "from_" + end1 + "_id", "to_" + end2 + "_id"
	}
	return end1 + "_id", end2 + "_id"
}

func list(texts []string) string {
	written := make([]string, len(texts))
	for i, t := range texts {
		written[i] = text(t)
	}
	return "[" + strings.Join(written, ", ") + "]"
}
