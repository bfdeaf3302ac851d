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
func (c *Client) without(collection string, keys []string) check {
	return func(ctx context.Context) (bool, error) {
		if !model.Regional(collection) {
			return c.none(ctx, collection, "external_id: {_in: "+list(keys)+"}", "external_id", nil)
		}
		var addresses, others []string
		gone := map[string]bool{}
		for _, key := range keys {
			gone[model.SameKey(collection, key)] = true
			if model.IsAddress(key) {
				addresses = append(addresses, key)
			} else {
				others = append(others, key)
			}
		}
		return c.none(ctx, collection, "_or: [{name: {_in: "+list(addresses)+"}}, {external_id: {_in: "+list(others)+"}}]",
			"name region_id", func(row map[string]any) bool {
				region, _ := row["region_id"].(string)
				address, _ := row["name"].(string)
				return gone[model.SameKey(collection, model.RegionalKey(region, address))]
			})
	}
}

// gone checks that CAR has no edge of the source between the vertices with two ids any more.
func (c *Client) gone(collection, fromID, toID string) check {
	from, to := endsOf(collection)
	if from == "" {
		return nil
	}
	return func(ctx context.Context) (bool, error) {
		return c.none(ctx, collection, fmt.Sprintf("%s: {_eq: %s}, %s: {_eq: %s}", from, text(fromID), to, text(toID)), from, nil)
	}
}

// ended checks the same of an edge whose ends are named without the source; nil when that cannot be
// asked for. What CAR has is found by how the ids end, and compared here.
func (c *Client) ended(collection, from, to string, fields map[string]any) check {
	fromField, toField := endsOf(collection)
	if fields["active"] != false || len(fields) != 1 || fromField == "" {
		return nil
	}
	fromVertex, toVertex, _ := strings.Cut(collection, "_")
	return func(ctx context.Context) (bool, error) {
		where := fmt.Sprintf("%s: {_like: %s}, %s: {_like: %s}", fromField, endingIn(from), toField, endingIn(to))
		return c.none(ctx, collection, where, fromField+" "+toField, func(row map[string]any) bool {
			fromID, _ := row[fromField].(string)
			toID, _ := row[toField].(string)
			return model.SameKey(fromVertex, c.withoutSource(fromID)) == model.SameKey(fromVertex, from) &&
				model.SameKey(toVertex, c.withoutSource(toID)) == model.SameKey(toVertex, to)
		})
	}
}

// endingIn is the pattern of ids that end in a text.
func endingIn(end string) string {
	return text("%/" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(end))
}

// none tells whether CAR says that no object of the source meets a condition and is one of those
// that are meant; nil means all. A CAR that answers no queries says nothing.
func (c *Client) none(ctx context.Context, collection, where, fields string, meant func(map[string]any) bool) (bool, error) {
	query := fmt.Sprintf("{ %s(where: {source: {_eq: %s}, %s}) { %s } }", collection, text(c.config.Source), where, fields)
	data, err := c.Query(ctx, query, nil)
	if err != nil || data == nil {
		return false, err
	}
	var answer map[string][]map[string]any
	if err := json.Unmarshal(data, &answer); err != nil {
		return false, nil // not what was asked for
	}
	rows, there := answer[collection]
	for _, row := range rows {
		if meant == nil || meant(row) {
			return false, nil
		}
	}
	return there, nil
}

// endsOf are the names of an edge collection's fields for the ids of its two ends; "" when the name
// does not tell.
func endsOf(collection string) (from, to string) {
	known, ok := model.CAR().Collection(collection)
	if !ok {
		end1, end2, _ := strings.Cut(collection, "_")
		if end1 == "" || end2 == "" || strings.Contains(end2, "_") {
			return "", ""
		}
		known = &model.Collection{Kind: model.Edge, From: end1, To: end2}
	}
	from, to = known.Relations()
	return from + "_id", to + "_id"
}

func list(texts []string) string {
	written := make([]string, len(texts))
	for i, t := range texts {
		written[i] = text(t)
	}
	return "[" + strings.Join(written, ", ") + "]"
}
