package car

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"carjs/host/model"
)

// check asks CAR whether a call has taken effect.
type check func(context.Context) (bool, error)

// do makes a call that changes something and whose answer says no more than that it was done:
// {"result":"OK"}, or the job that does it, which is waited for. A response without content ({} or
// empty) or that is not JSON may come from a proxy: then changed looks whether the call has taken
// effect, and the call is repeated until it has. changed is nil for calls whose effect cannot be
// seen.
func (c *Client) do(ctx context.Context, r request, changed check) error {
	for try := 1; ; try++ {
		var raw []byte
		var said confirmation
		var doubt Answer
		r.judge = func(body []byte) Answer {
			raw, said = body, confirmation{}
			doubt = doubtIn(body, &said)
			if doubt == Refused || doubt != "" && changed == nil {
				return doubt
			}
			return ""
		}
		status, err := c.send(ctx, r)
		switch {
		case err != nil || status == http.StatusNoContent:
			return err
		case said.JobID != "":
			return c.await(ctx, r.call, string(said.JobID))
		case doubt == "":
			return nil
		}
		if there, err := changed(ctx); err != nil || there {
			return err
		}
		answer := reply{answer: doubt, status: status, body: shorten(raw)}
		if err := c.again(ctx, r, answer, try, ", and the change is not in CAR"); err != nil {
			return err
		}
	}
}

// doubtIn is why a success does not confirm that something was done; "" when it does.
func doubtIn(body []byte, answer *confirmation) Answer {
	switch {
	case saysNothing(body):
		return Incomplete
	case !json.Valid(body):
		return Garbage
	}
	if json.Unmarshal(body, answer) == nil && answer.Success != nil && !bool(*answer.Success) {
		return Refused
	}
	return ""
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
				if same := model.SameKey(collection, key); same != key {
					others = append(others, same)
				}
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

// has checks that CAR shows an object of the source as it should be: with the fields that a change
// has given it, as far as queries show them. An edge that was switched on is there.
func (c *Client) has(collection, where string, fields map[string]any) check {
	return func(ctx context.Context) (bool, error) {
		known, ok := c.collection(collection)
		wanted := map[string]any{}
		for name, value := range fields {
			if !ok {
				break
			}
			if _, there := known.Property(name); there && known.ShownAs(name) != "" {
				wanted[known.ShownAs(name)] = value
			}
		}
		if len(wanted) == 0 && (!ok || known.Kind == model.Vertex) {
			return true, nil // nothing of it could be seen
		}
		shown := strings.Join(append(slices.Sorted(maps.Keys(wanted)), "source"), " ")
		rows, err := c.rows(ctx, collection, where, shown)
		if err != nil {
			return false, err
		}
		for _, row := range rows {
			for field, value := range wanted {
				if !sameValue(row[field], value) {
					return false, nil
				}
			}
		}
		return len(rows) > 0, nil
	}
}

// sameValue compares values as JSON.
func sameValue(a, b any) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

// gone checks that CAR has no edge of the source between the vertices with two ids any more.
func (c *Client) gone(collection, fromID, toID string) check {
	from, to := c.endsOf(collection)
	if from == "" {
		return nil
	}
	return func(ctx context.Context) (bool, error) {
		return c.none(ctx, collection, fmt.Sprintf("%s: {_eq: %s}, %s: {_eq: %s}", from, text(fromID), to, text(toID)), from, nil)
	}
}

// patched checks that CAR has an edge, whose ends are named without the source, as a patch leaves
// it: gone, or with other fields. Queries find the edge by the ends of its ids, and the comparison
// is made here. The check is nil when no query can find the edge.
func (c *Client) patched(collection, from, to string, fields map[string]any) check {
	fromField, toField := c.endsOf(collection)
	if fromField == "" {
		return nil
	}
	where := fmt.Sprintf("%s: {_like: %s}, %s: {_like: %s}", fromField, endingIn(from), toField, endingIn(to))
	if fields["active"] != false {
		return c.has(collection, where, fields)
	}
	fromVertex, toVertex, _ := strings.Cut(collection, "_")
	return func(ctx context.Context) (bool, error) {
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

// none tells whether CAR confirms that no object of the source meets a condition and passes a
// filter; a nil filter passes all. A CAR without queries confirms nothing.
func (c *Client) none(ctx context.Context, collection, where, fields string, meant func(map[string]any) bool) (bool, error) {
	rows, err := c.rows(ctx, collection, where, fields)
	if err != nil || rows == nil {
		return false, err
	}
	return !slices.ContainsFunc(rows, func(row map[string]any) bool { return meant == nil || meant(row) }), nil
}

// rows are the objects of the source that meet a condition; nil when CAR gives no such answer.
func (c *Client) rows(ctx context.Context, collection, where, fields string) ([]map[string]any, error) {
	query := fmt.Sprintf("{ %s(where: {source: {_eq: %s}, %s}) { %s } }", collection, text(c.config.Source), where, fields)
	data, err := c.Query(ctx, query, nil)
	if errors.Is(err, ErrQueryInvalid) {
		return nil, nil // queries do not show it: that says nothing of the change
	}
	if err != nil || data == nil {
		return nil, err
	}
	var answer map[string][]map[string]any
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, nil // not what was asked for
	}
	return answer[collection], nil
}

// endsOf are the names of an edge collection's fields for the ids of its two ends; "" when the name
// does not tell.
func (c *Client) endsOf(collection string) (from, to string) {
	known, ok := c.collection(collection)
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
